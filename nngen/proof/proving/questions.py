"""Properties in whole numbers: which rows they are about, and what each of these rows must answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nngen.common.records import dataclass
from nngen.common.text import joined
from nngen.description.model import Between, Equal, Monotone, Never, Property, Robust
from nngen.integers import MISSING, Codes, Integers, Whole, run

LARGEST = 32767

SAME = "same"
"""The kind of the property that a changed header answers as the one that nngen writes."""


@dataclass(frozen=True)
class Values:
    """The whole numbers that a column may have: those from low to high, and some more."""

    low: int
    high: int
    more: tuple[int, ...] = ()

    @property
    def all(self) -> list[int]:
        """All of them."""
        return [*range(self.low, self.high + 1), *self.more]


@dataclass(frozen=True)
class Question:
    """A property of a network in integers."""

    kind: str
    says: str
    """The property in words."""
    columns: tuple[Values, ...]
    """The rows that it is about."""
    output: int
    """The place of the numeric answer that it is about; 0 for a class."""
    walked: int | None = None
    """The column whose values are compared."""
    rises: bool = True
    """Of a monotone one: whether the answer may only rise."""
    low: int = 0
    high: int = 0
    """The least and the greatest answer: the place of a class, or a whole number in its unit."""
    other: bool = False
    """Whether answers from low to high are those that must not be."""
    stated: str = ""
    """The property as its file states it, in JSON."""


def question(asked: Property, network: Integers, outputs: Sequence[str]) -> Question:
    """A property, with the texts that say and state it; see ``_asked``."""
    made = _asked(asked, network, outputs)
    where = "" if isinstance(asked, Robust) else _rows(asked.where)
    return replace(made, says=asked.name or made.says + where, stated=asked.model_dump_json(exclude_unset=True))


def _rows(where: Mapping[str, Any]) -> str:
    """The rows that a property is about, in words; empty for all."""
    found = []
    for name, said in where.items():
        several = said if isinstance(said, tuple) else (said,)
        texts = [one if isinstance(one, str) else f"{one:g}" for one in several]
        found.append(f"{name} is {joined(texts, 'or') if isinstance(several[0], str) else ' to '.join(texts)}")
    return f" where {joined(found, 'and')}" if found else ""


def _asked(asked: Property, network: Integers, outputs: Sequence[str]) -> Question:
    """A property in whole numbers.

    Args:
        asked: a property that fits the network.
        network: the network.
        outputs: the names of its outputs.
    """
    names = [column.column for column in network.inputs.columns]
    if isinstance(asked, Robust):
        columns = tuple(_near(column, asked) for column in network.inputs.columns)
        row = [_whole(column, asked.row[column.column]) for column in network.inputs.columns]
        place = int(run(network, [row]).answers[0])
        near = [f"{by:g} of {name}" for name, by in asked.within.items()]
        says = f"{network.classes[place]} stays the class of the row{' within ' * bool(near)}{joined(near, 'and')}"
        return Question("robust", says, columns, 0, low=place, high=place)
    columns = tuple(_values(column, asked.where) for column in network.inputs.columns)
    place = outputs.index(asked.output) if isinstance(asked, Monotone | Between | Equal) and asked.output else 0
    match asked:
        case Monotone():
            back, lowers = ("back", "lowers") if asked.direction == "increasing" else ("forward", "raises")
            moves = f"never moves the class {back}" if network.classes else f"never {lowers} the answer"
            says = f"a larger value of {asked.input} {moves}"
            walked, rises = names.index(asked.input), asked.direction == "increasing"
            numbers = replace(columns[walked], more=())  # a missing one is neither larger nor smaller
            columns = (*columns[:walked], numbers, *columns[walked + 1 :])
            return Question("monotone", says, columns, place, walked, rises)
        case Equal():
            return Question("equal", f"{asked.input} does not matter", columns, place, names.index(asked.input))
        case Never():
            k = network.classes.index(asked.answer)
            return Question("never", f"the class is never {asked.answer}", columns, 0, low=k, high=k, other=True)
        case Between():
            unit = network.output.resolutions[place]
            low = -LARGEST - 1 if asked.low is None else min(_up(asked.low / unit), LARGEST + 1)
            high = LARGEST if asked.high is None else max(-_up(-asked.high / unit), -LARGEST - 2)
            ends = (("least", asked.low), ("most", asked.high))
            stated = " and ".join(f"at {word} {end:g}" for word, end in ends if end is not None)
            return Question("range", f"the answer is {stated}", columns, place, low=low, high=high)


def same(network: Integers) -> Question:
    """Whether a changed header gives the same answers, for all values, and for some beyond the range of each column."""
    columns = []
    for column in network.inputs.columns:
        values = _values(column, {})
        if not isinstance(column, Codes):
            least, most = (-128, 127) if network.inputs.direct else (MISSING, LARGEST)
            beyond = (n for n in (least, least + 1, values.low - 1, values.high + 1, most) if least <= n <= most)
            more = dict.fromkeys(n for n in beyond if not values.low <= n <= values.high)
            values = Values(values.low, values.high, tuple(more))
        columns.append(values)
    return Question(
        SAME, "it answers as the header that nngen writes", tuple(columns), 0, stated=f'{{"kind": "{SAME}"}}'
    )


def _up(x: float) -> int:
    """The least whole number that is not below a number, apart from its rounding."""
    return math.ceil(x - 1e-9 * max(1.0, abs(x)))


def _values(column: Whole | Codes, where: Mapping[str, Any]) -> Values:
    """All values of a column that differ for the network, or those that a property is about."""
    said = where.get(column.column)
    marked = column.indicator is not None
    if isinstance(column, Codes):
        if said is None:
            return Values(0, len(column.categories) - 1, (-1, -2) if marked else (-1,))
        return Values(
            1, 0, tuple(column.categories.index(name) for name in ([said] if isinstance(said, str) else said))
        )
    if said is None:
        return Values(column.low, column.high, (MISSING,) if marked else ())
    low, high = said if isinstance(said, tuple) else (said, said)
    return _range(column, float(low), float(high))


def _range(column: Whole, low: float, high: float) -> Values:
    """The whole numbers of a range of values; what is outside of the range of the column counts as its nearer end."""
    first, last = _up((low - column.offset) / column.resolution), -_up((column.offset - high) / column.resolution)
    first, last = (min(max(n, column.low), column.high) for n in (first, max(first, last)))
    return Values(first, last)


def _near(column: Whole | Codes, asked: Robust) -> Values:
    value, by = asked.row[column.column], asked.within.get(column.column, 0.0)
    if isinstance(column, Codes):
        n = _whole(column, value)
        return Values(n, n)
    if not by:
        n = _whole(column, value)
        return Values(n, n)
    return _range(column, float(value) - by, float(value) + by)


def _whole(column: Whole | Codes, value: float | str) -> int:
    if isinstance(column, Codes):
        return column.categories.index(str(value))
    n = math.floor((float(value) - column.offset) / column.resolution + 0.5)
    return min(max(n, column.low), column.high)
