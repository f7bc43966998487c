"""The words of the source: its types, and the functions that each language brings itself."""

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias, TypeVar

T = TypeVar("T")

F64: TypeAlias = float
"""A number of 64 bits."""

Num: TypeAlias = float
"""A number of the width of the network."""


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

Inputs: TypeAlias = list[Num]
"""The inputs of an example."""

Outputs: TypeAlias = list[Num]
"""The outputs of an example, or its targets."""

Shares: TypeAlias = list[Num]
"""The probability of each class."""

Row: TypeAlias = list[object]
"""A row of the data: a cell for each column."""

Answer: TypeAlias = str
"""What an output stands for: a class here, elsewhere also numbers."""


class RefusedError(ValueError):
    """What is wrong with an argument: its name, and what it has to be."""


def refuse(place: str, expected: str) -> NoReturn:
    """Refuse an argument.

    Raises:
        RefusedError: always.
    """
    raise RefusedError(f"{place}: expected {expected}")


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


def stripped(text: str) -> str:
    """A text without the spaces around it."""
    return text.strip(" ")


def is_digits(text: str) -> bool:
    """Whether a text has digits alone, and at least one."""
    return text != "" and text.strip("0123456789") == ""


def joined(texts: list[str]) -> str:
    """Texts one after the other."""
    return "".join(texts)


def parsed(text: str) -> F64:
    """The number of a text such as 012.5e3."""
    return float(text)


def nan() -> F64:
    """No number."""
    return math.nan


def is_nan(value: F64) -> bool:
    """Whether this is no number."""
    return math.isnan(value)


Kept: TypeAlias = list[Num]
"""A copy of parameters, which does not change."""


@dataclass
class State:
    """What an optimizer remembers from step to step."""

    slots: list[list[Num]] = field(default_factory=list)


@dataclass(frozen=True)
class Progress:
    """What a training needs to continue, besides its parameters; the last four for a stop rule."""

    epochs: int
    state: State
    measured: Num = math.inf
    best: Num = math.inf
    since: Num = 0.0
    best_params: Kept = field(default_factory=list)


Callback: TypeAlias = Callable[..., object]
"""What is called after each epoch with its number, its loss, the parameters and the progress; true ends training."""


@dataclass(frozen=True)
class Settings:
    """How a network is trained."""

    epochs: int = 1
    batch_size: int | None = None
    """The examples of a step; without it, all."""
    seed: U32 | None = None
    """Draws the order of the examples; without it, they stay in theirs."""
    progress: Progress | None = None
    """Where an earlier training ended."""


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


def sum_of(values: list[Num]) -> Num:
    """The sum, added one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total


def picked(values: list[T], places: list[int]) -> list[T]:
    """The values at some places."""
    return [values[place] for place in places]


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


def kept(params: Params) -> Kept:
    """A copy of parameters."""
    return list(params)


def put_back(params: Params, kept: Kept) -> None:
    """Set parameters to those of a copy."""
    params[:] = kept


def copied(state: State) -> State:
    """A copy of a state."""
    return deepcopy(state)


def resume(state: State, kept: State) -> None:
    """Set a state to a copy of another one."""
    state.slots = deepcopy(kept.slots)
