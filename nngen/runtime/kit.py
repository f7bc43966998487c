"""The words of the source: its types, and the functions that each language brings itself."""

import math
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, TypeVar

T = TypeVar("T")

F64: TypeAlias = float
"""A number of 64 bits."""

Num: TypeAlias = float
"""A number of the width of the network."""


I64: TypeAlias = int
"""A whole number of 64 bits."""

Size: TypeAlias = int
"""The number of examples of a step."""

Title: TypeAlias = str
"""A text that the program itself has, such as the name of a column."""

Content: TypeAlias = str
"""The text of a file, as users of a module give it and get it."""

Texts: TypeAlias = Sequence[str]
"""Texts that users of a module can read, too."""

Cell: TypeAlias = object
"""A cell of a row: a text, a number, a truth value, or nothing."""


class U32(int):
    """A whole number from 0 to below 2^32, whose sums and products leave out higher bits."""

    def __new__(cls, value: int) -> "U32":
        """The lowest 32 bits of a whole number."""
        return super().__new__(cls, value & 0xFFFFFFFF)

    def __add__(self, other: int) -> "U32":
        return U32(int(self) + other)

    def __mul__(self, other: int) -> "U32":
        return U32(int(self) * other)

    def __xor__(self, other: int) -> "U32":
        return U32(int(self) ^ other)

    def __rshift__(self, other: int) -> "U32":
        return U32(int(self) >> other)


Params: TypeAlias = list[Num]
"""All parameters of a network, in their order."""

Start: TypeAlias = list[Num]
"""All parameters of a network, which a function makes."""

Inputs: TypeAlias = list[Num]
"""The inputs of an example."""

Outputs: TypeAlias = list[Num]
"""The outputs of an example, or its targets."""

Products: TypeAlias = list[tuple[Params, Outputs, Inputs]]
"""Matrices of derivatives, each with two vectors whose products it gets."""

Shares: TypeAlias = list[Num]
"""The probability of each class."""

Within: TypeAlias = list[bool]
"""Whether each class may be that of a row."""

Bounds: TypeAlias = list[Num]
"""The lower and the upper bound of each number."""

ByInput: TypeAlias = list[Num]
"""A derivative with respect to each input that is a number."""

ByInputs: TypeAlias = list[list[Num]]
"""The same for each output."""

ByColumn: TypeAlias = list[Num]
"""A number for each column of a row."""

ByColumns: TypeAlias = list[list[Num]]
"""The same for each answer, or for the score of a class and its probability."""

Notes: TypeAlias = list[Title]
"""A word for each column of a row that says what is unusual about its cell; empty where nothing is."""

Interval: TypeAlias = list[Num] | list[bool]
"""What holds the true answer: bounds of numbers, or the classes within a set."""

Row: TypeAlias = list[object]
"""A row of the data: a cell for each column."""

Answer: TypeAlias = str
"""What an output stands for: a class here, elsewhere also numbers."""


class RefusedError(ValueError):
    """What is wrong with an argument: its name, and what it has to be."""


def refuse(place: str, expected: str, got: object = "") -> NoReturn:
    """Refuse an argument.

    Args:
        place: its name.
        expected: what it has to be.
        got: what it is instead, where that is known; a value is shown by languages with ``SHOWS``.

    Raises:
        RefusedError: always.
    """
    raise RefusedError(f"{place}: expected {expected}{f', got {got!s:.80}' if got != '' else ''}")


def one_of(listed: Texts) -> str:
    """What a message says of a text that is not among those of a column."""
    return f"one of {', '.join(listed)}"


def whole_below(count: int) -> str:
    """What a message says of an id that is not below a count."""
    return f"a whole number from 0 to {count - 1}"


def dated(form: Title) -> str:
    """What a message says of a date."""
    return f"a date written as {form}"


def such_as(form: "Style") -> str:
    """What a message says of a number in a style."""
    return f"a number such as {form.prefix}1{form.thousands}234{form.decimal}5{form.suffix}"


def by_class(shares: Shares) -> Shares:
    """Probabilities in the order of the classes, or by their names where users expect that."""
    return shares


def unused(state: "State") -> None:
    """What a function does with a state that it does not need, where a language warns of it."""


def undrawn(seed: U32) -> None:
    """The same of a seed."""


def no_params() -> Start:
    """Parameters of 0."""
    return [0.0, 0.0]


def set_numbers(params: Start, table: int) -> None:
    """Give the numbers of a table of the module to parameters."""


def equations(text: int, *read: object) -> Num:
    """The equations of a template, with what they read; the loss, where they end with it."""
    return 0.0


def equations_of_slopes(slopes: Params, text: int) -> None:
    """The equations of a template that add to derivatives."""
    slopes[0] += 0.0


def copy_of(outputs: Outputs) -> Outputs:
    """The same numbers in a list of their own."""
    return list(outputs)


def check_row(row: Row) -> None:
    """Refuse a row of another size, in languages whose rows may have one."""
    if len(row) != 1:
        refuse("row", "a list of 1")


def cell_of(row: Row, place: int, column: Title) -> Cell:
    """The cell of a column."""
    return row[place]


def dated_cell(cell: Cell) -> Cell:
    """A cell of a column of dates, which may have a date of the language."""
    return cell


def categories_of(place: int, column: Title) -> Texts:
    """The categories of a column, the one at a place among those that have some."""
    return ("no", "yes")


def ids_of(place: int, column: Title) -> Texts:
    """The ids of a column, the one at a place among those that have some."""
    return ("no", "yes")


def no_inputs() -> Inputs:
    """Inputs of 0."""
    return [0.0]


def no_bounds() -> Bounds:
    """Bounds of 0."""
    return [0.0, 0.0]


def row_of(place: int) -> ByInput:
    """The derivatives that equations of a template have named."""
    return [0.0]


def no_outputs() -> Outputs:
    """Outputs of 0."""
    return [0.0, 0.0]


def no_jacobian() -> ByInputs:
    """The rows of a Jacobian, which are filled later."""
    return [[0.0], [0.0]]


def no_numbers() -> ByColumn:
    """A 0 for each column."""
    return [0.0]


def no_rows(count: int) -> ByColumns:
    """A number of such rows."""
    return [[0.0] for _ in range(count)]


def by_column(numbers: ByColumn) -> ByColumn:
    """Numbers in the order of the columns, or by their names where users expect that."""
    return numbers


def by_columns(rows: ByColumns) -> ByColumns:
    """The same for the numbers of each column."""
    return rows


def no_notes() -> Notes:
    """A place for each column."""
    return [""]


def unusual(found: Notes) -> Notes:
    """Words in the order of the columns, or those that are there by their names where users expect that."""
    return found


def by_name(chosen: list[bool]) -> Within:
    """Truth values in the order of the classes, or by their names where users expect that."""
    return chosen


def sorted_by(values: list[int], keys: list[U32]) -> list[int]:
    """Values in the increasing order of their keys; those with equal keys keep their order."""
    return [values[i] for i in sorted(range(len(keys)), key=keys.__getitem__)]


def rounded(value: F64) -> int:
    """The nearest whole number; of two that are equally near, the even one."""
    return round(value)


def filled(count: int, value: T) -> list[T]:
    """A list of the same values."""
    return [value] * count


@dataclass(frozen=True)
class Style:
    """How people write the numbers of a column."""

    thousands: str
    decimal: str
    prefix: str
    suffix: str
    minus: str
    missing: Texts = field(default_factory=tuple)
    """The texts that also mean a missing value."""


def is_text(cell: Cell) -> bool:
    """Whether a cell has a text."""
    return isinstance(cell, str)


def text_in(cell: Cell) -> str:
    """The text of a cell that has one."""
    return str(cell)


def is_truth(cell: Cell) -> bool:
    """Whether a cell has a truth value."""
    return isinstance(cell, bool)


def truth_in(cell: Cell) -> bool:
    """The truth value of a cell that has one."""
    return cell is True


def is_number(cell: Cell) -> bool:
    """Whether a cell has a number."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def is_object(cell: Cell) -> bool:
    """Whether a cell has what no table has, such as a list."""
    return not isinstance(cell, str | int | float | None)


def number_in(cell: Cell) -> F64:
    """The number of a cell that has one; an infinite one if it is larger than any."""
    try:
        return float(str(cell))
    except ValueError:
        return nan()


def is_none(cell: Cell) -> bool:
    """Whether a cell has nothing."""
    return cell is None


def number_texts(cell: Cell) -> list[str]:
    """The texts that stand for a number, as Python writes it: 3 is also 3.0; none if a cell has no finite one."""
    if not is_number(cell) or not math.isfinite(number_in(cell)):
        return []
    number = number_in(cell)
    return [str(int(number)), f"{int(number)}.0"] if number % 1.0 == 0.0 else [repr(number)]


def contains(texts: Texts, text: str) -> bool:
    """Whether a text is one of some texts."""
    return text in texts


def bare(text: str) -> str:
    """A text without what does not count around it."""
    return text.strip(" \t\n\v\f\r")


def has(text: str, mark: str) -> bool:
    """Whether a mark is in a text."""
    return mark in text


def find(text: str, mark: str) -> int | None:
    """The place of a mark in a text, if it is there."""
    place = text.find(mark)
    return None if place < 0 else place


def stripped(text: str) -> str:
    """A text without the spaces around it."""
    return text.strip(" ")


def is_digits(text: str) -> bool:
    """Whether a text has digits alone, and at least one."""
    return text != "" and text.strip("0123456789") == ""


def joined(texts: list[str], mark: str) -> str:
    """Texts with a mark between them."""
    return mark.join(texts)


def content_of(text: str) -> Content:
    """A text as the content of a file."""
    return text


def text_of_content(content: Content) -> str:
    """The text of a file."""
    return content


def shortest(number: F64) -> str:
    """The shortest text that reads back as a finite number, with a point or an exponent."""
    return repr(number)


def parsed(text: str) -> F64:
    """The number of a text such as -012.5e3; NaN if it is none."""
    form = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
    return float(text) if re.fullmatch(form, text) else nan()


def nan() -> F64:
    """No number."""
    return math.nan


def is_whole(value: F64) -> bool:
    """Whether a value is a whole number."""
    return value % 1.0 == 0.0


def is_finite(value: Num) -> bool:
    """Whether a value is a number, and not infinite."""
    return math.isfinite(value)


def is_nan(value: F64) -> bool:
    """Whether a value is no number."""
    return math.isnan(value)


def pi() -> F64:
    """Half the length of a circle with radius 1."""
    return math.pi


def sin(angle: F64) -> F64:
    """The sine."""
    return math.sin(angle)


def cos(angle: F64) -> F64:
    """The cosine."""
    return math.cos(angle)


def exp(x: F64) -> F64:
    """The exponential function; infinity where it overflows."""
    return math.inf if x > 709.782712893384 else math.exp(x)


def log(x: F64) -> F64:
    """The natural logarithm."""
    return math.log(x)


Kept: TypeAlias = list[Num]
"""A copy of parameters, which does not change."""


@dataclass
class State:
    """What an optimizer remembers from step to step."""

    slots: list[list[Num]] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """What a training needs to continue, besides its parameters."""

    epochs: int
    """The number of epochs so far."""
    state: State
    """The state of the optimizer."""
    measured: Num = math.inf
    """The last measurement of the stop rule."""
    best: Num = math.inf
    """The least measurement."""
    since: Num = 0.0
    """The number of epochs since then."""
    best_params: Kept = field(default_factory=list)
    """The parameters of the least measurement."""


Callback: TypeAlias = Callable[..., object]
"""What is called after each epoch with its number, its loss, the parameters and the progress; true ends training."""


@dataclass(frozen=True)
class Settings:
    """How `fit` trains, by default as the spec says."""

    epochs: int = 1
    """The number of epochs."""
    batch_size: Size | None = None
    """The number of examples of a step; None takes all of them."""
    seed: U32 | None = None
    """Draws the order of the examples; None leaves them as they are."""
    progress: Progress | None = None
    """Continues a training after its epoch; None begins one."""


DEFAULTS = Settings()
"""The settings of a training whose caller says nothing else."""


def not_there() -> None:
    """What a function begins with that some networks do not have."""


def check_size(values: list[Num], size: int, name: str) -> None:
    """Refuse a list of another size, in languages whose lists may have one."""
    if len(values) != size:
        refuse(name, f"a list of {size}")


def infinity() -> Num:
    """A number above all others."""
    return math.inf


def picked(values: list[T], places: list[int]) -> list[T]:
    """The values at some places."""
    return [values[place] for place in places]


def chunks(values: list[T], size: int) -> list[list[T]]:
    """The values in parts of a size, in order; the last part may be shorter."""
    return [values[first : first + size] for first in range(0, len(values), size)]


def distinct(values: list[int]) -> list[int]:
    """Values in increasing order, each once."""
    return sorted(set(values))


def no_slopes(params: Params) -> Params:
    """Derivatives of 0, for one call."""
    return [0.0] * len(params)


def no_slopes_in(state: State, params: Params) -> Params:
    """Derivatives of 0, in the place that the state of a language may have for them."""
    return [0.0] * len(params)


def slopes_of_training(params: Params) -> Params:
    """Derivatives of 0, for a whole training."""
    return [0.0] * len(params)


def clear(slopes: Params) -> None:
    """Set all to 0."""
    slopes[:] = [0.0] * len(slopes)


def divide(slopes: Params, by: Num) -> None:
    """Divide all by a number."""
    slopes[:] = [slope / by for slope in slopes]


def add_products(products: Products) -> None:
    """Add the products that were left for later."""


def kept(params: Params) -> Kept:
    """A copy of parameters."""
    return list(params)


def put_back(params: Params, kept: Kept) -> None:
    """Set parameters to those of a copy."""
    params[:] = kept


def with_params(params: Params, found: T) -> T:
    """What a function returns, with the new parameters of languages that return them."""
    return found


def with_state(found: T, params: Params, state: State) -> T:
    """The same with a new state."""
    return found


def copied(state: State) -> State:
    """A copy of a state."""
    return deepcopy(state)


def resume(state: State, kept: State) -> None:
    """Set a state to a copy of another one."""
    state.slots = deepcopy(kept.slots)
