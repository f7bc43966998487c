"""How a row of the data becomes the inputs of a network, and how its outputs become an answer."""

import math
from functools import cached_property
from typing import ClassVar

from nngen.common.records import dataclass
from nngen.description.data.cells import MISSING, lists_truths
from nngen.description.data.scaling import Scaling, scaled, unscaled
from nngen.description.model import CIRCLES, DateForm, DatePart, NumberStyle, Row
from nngen.mathematics.formulas import Formula

FAR = 10.0
"""How large a scaled number is that is far outside: 10 deviations from the mean, or 10 times the range."""


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers: ``(x - subtract) / divide``, after missing values are filled."""

    column: str
    """Its name in the data."""
    name: str
    """The name of its input."""
    fill: float | None
    """The replacement of missing values; None if they are refused."""
    filled_by: str
    """The replacement in words; empty if missing values are refused."""
    indicator: str
    """The name of the input that marks missing values; empty without one."""
    subtract: float
    divide: float
    """Infinity for a column that becomes 0."""
    clipped: bool = False
    """Whether the scaled number is kept within ±3 smoothly."""
    style: NumberStyle | None = None
    """How texts write its numbers; None if they are plain."""
    missing_texts: tuple[str, ...] = ()
    """The texts that mean a missing value besides the usual ones."""

    @property
    def usual(self) -> tuple[float, float] | None:
        """The least and the greatest number that is not far from those of the training rows; None if none is."""
        if (self.subtract, self.divide) == (0.0, 1.0) or math.isinf(self.divide):
            return None
        return self.subtract - FAR * self.divide, self.subtract + FAR * self.divide

    @property
    def scaled(self) -> Formula:
        """The input for a number ``x``."""
        return scaled(self.subtract, self.divide, self.clipped)

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        gap = f": {self.filled_by} in place of a missing value" if self.filled_by else ""
        return f"{self.column}{gap}"


@dataclass(frozen=True)
class CategoryColumn:
    """A column of categories: an input for each."""

    column: str
    """Its name in the data."""
    name: str
    """The prefix of its inputs' names."""
    categories: tuple[str, ...]
    inputs: tuple[str, ...]
    """The names of their inputs."""
    fill: str | None
    """The category of missing values, "" for no category; None if they are refused."""
    indicator: str
    """The name of the input that marks missing values; empty without one."""
    unknown: bool
    """Whether other categories are accepted and encoded as zeros."""

    @property
    def fill_place(self) -> int:
        """The place of the category of missing values: -1 if they are refused, the one after the last for none."""
        listed = [category.strip(" \t\n\v\f\r") for category in self.categories]
        fill = "" if self.fill is None else self.fill.strip(" \t\n\v\f\r")
        return -1 if self.fill is None else listed.index(fill) if fill in listed else len(listed)

    @property
    def truths(self) -> bool:
        """Whether truth values are among the categories, in whatever spelling."""
        return lists_truths(self.categories)

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        return f"{self.column}: 1 for the category of the row, 0 for the others"


@dataclass(frozen=True)
class IndexColumn:
    """A column of ids: an input, the index of a row of embeddings."""

    column: str
    """Its name in the data."""
    name: str
    """The name of its input."""
    ids: tuple[str, ...]
    """The ids as the data write them, in the order of the rows; empty if the data have whole numbers from 0."""
    count: int
    """The number of rows."""
    unknown: bool
    """Whether other ids are accepted; they select the last row."""
    indicator: str = ""
    """The name as in other columns; always empty, because a missing id is refused."""

    @property
    def truths(self) -> bool:
        """Whether truth values are among the ids, in whatever spelling."""
        return lists_truths(self.ids)

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        return f"{self.column}: the place of the id of the row, from 0"


@dataclass(frozen=True)
class PartOfDate:
    """A part of a date: a number ``(x - subtract) / divide``, or a point on a circle."""

    part: DatePart
    inputs: tuple[str, ...]
    """The names of its inputs."""
    subtract: float = 0.0
    divide: float = 1.0
    """Infinity for a part that becomes 0."""
    clipped: bool = False
    """Whether the scaled number is kept within ±3 smoothly."""

    @property
    def circle(self) -> int:
        """After how many it begins again; 0 for a number."""
        return CIRCLES.get(self.part, 0)

    @property
    def scaled(self) -> Formula:
        """The input for a number ``x``."""
        return scaled(self.subtract, self.divide, self.clipped)


@dataclass(frozen=True)
class DateColumn:
    """A column of dates: one or two inputs for each part."""

    column: str
    """Its name in the data."""
    name: str
    """The prefix of its inputs' names."""
    variable: str
    """The name of its seconds in ``encode``, which no column has."""
    form: DateForm
    """How texts write its dates."""
    parts: tuple[PartOfDate, ...]
    since: int
    """The seconds from the start of 1970 to the day that ``days`` counts from."""
    fill: int | None
    """The seconds that replace a missing value; None if missing values are refused."""
    filled_by: str
    """The replacement in words; empty if missing values are refused."""
    indicator: str
    """The name of the input that marks missing values; empty without one."""

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        gap = f": {self.filled_by} in place of a missing value" if self.filled_by else ""
        return f"{self.column}{gap}"


AnyColumn = NumberColumn | CategoryColumn | IndexColumn | DateColumn
"""A column of the data."""


@dataclass(frozen=True)
class Encoding:
    """The encoding of rows to inputs, and of outputs to answers."""

    says_notes: ClassVar[tuple[str, str]] = (
        "What is unusual about the cell of each column.",
        "A number may be `far` from those of the training rows, a value `missing`, and a category or an id `unknown`.",
    )
    """What the comment of a module says of ``notes``, in two paragraphs."""

    columns: tuple[AnyColumn, ...]
    predicts: bool
    """Whether a module takes raw rows: the data are a table, or the spec describes columns, classes or targets."""
    plain: bool
    """Whether each column is an input without missing values, categories or its own scaling."""
    classes: tuple[str, ...]
    """The display names of the classes, in the order of the outputs; empty if targets are numbers."""
    threshold: float
    """For one output and two classes: an output above it means the second class."""
    probabilities: bool
    """Whether the outputs are probabilities of the classes."""
    targets: Scaling | None
    """The scaling of numeric targets, or None."""
    scaling: Scaling | None
    """The scaling of the inputs if ``plain``, or None."""
    ends: tuple[tuple[float, float], ...] = ()
    """The least and the greatest numeric answer of each output; empty if any number is one."""
    of_inputs: bool = False
    """Whether the inputs are the targets, so that a row has an anomaly score."""
    percentile: float = 99.0
    """The share of the training rows, in percent, whose scores are not above the limit."""
    limit: float | None = None
    """The score above which a row is an anomaly; None before parameters are known."""
    level: float | None = None
    """The share of new rows whose interval holds the true answer; None without intervals."""
    scores: Row = ()
    """Half the width of the interval of each output; of classes the largest ``1 - p`` of one in the set. Empty until
    they are measured on a trained network."""
    typical: tuple[float | str | None, ...] = ()
    """A typical row of the training examples, where contributions are asked for."""

    @cached_property
    def numeric(self) -> tuple[NumberColumn, ...]:
        """The columns of numbers."""
        return tuple(column for column in self.columns if isinstance(column, NumberColumn))

    @cached_property
    def categorical(self) -> tuple[CategoryColumn, ...]:
        """The columns of categories."""
        return tuple(column for column in self.columns if isinstance(column, CategoryColumn))

    @cached_property
    def dates(self) -> tuple[DateColumn, ...]:
        """The columns of dates."""
        return tuple(column for column in self.columns if isinstance(column, DateColumn))

    @cached_property
    def indices(self) -> tuple[IndexColumn, ...]:
        """The columns of ids."""
        return tuple(column for column in self.columns if isinstance(column, IndexColumn))

    @property
    def in_units(self) -> str:
        """What the numbers of answers are, as a part of a sentence."""
        if self.of_inputs:
            return "encoded as the inputs are"
        return f"in the units of the data{', within the answer_range of the spec' if self.ends else ''}"

    @property
    def holds(self) -> str:
        """What an interval or a set of classes is, as a part of a sentence; empty without intervals."""
        if self.level is None:
            return ""
        share = f"{100.0 * self.level:g}% of new rows"
        if self.classes:
            return f"classes that a row may have, as truth values; {share} have one of them"
        each = "each answer in turn" if len(self.scores) > 1 else "the answer"
        return f"lower and the upper bound of {each}; {share} are within"

    @property
    def alike(self) -> bool:
        """Whether all columns are numbers with the same limits, beyond which one is far."""
        return self.plain and len({column.usual for column in self.numeric}) == 1

    @property
    def says_anomaly(self) -> str:
        """What the comment of a module says of the function that finds anomalies, without a point."""
        most = f"{self.percentile:g} % of the training rows have at most the score {self.limit}"
        return f"Whether a row of the data is an anomaly: {most}"

    @property
    def listed(self) -> tuple[CategoryColumn | IndexColumn, ...]:
        """The columns whose texts are listed: categories and ids."""
        listed = (column for column in self.indices if column.ids)
        return (*self.categorical, *listed)

    @property
    def has_texts(self) -> bool:
        """Whether texts of the data stand for a category, an id, a date, or a number in a style."""
        return bool(self.listed or self.dates or any(column.style for column in self.numeric))

    @property
    def numbered(self) -> tuple[IndexColumn, ...]:
        """The columns of ids that are whole numbers from 0."""
        return tuple(column for column in self.indices if not column.ids)

    @property
    def fills_texts(self) -> bool:
        """Whether a missing text of some column has a replacement."""
        return any(column.fill is not None for column in self.categorical)

    @property
    def missing(self) -> tuple[str, ...]:
        """The texts that stand for a missing value."""
        return MISSING

    @property
    def answers(self) -> tuple[Formula, ...]:
        """Numeric answers in the units of the data, each a formula of its output ``a``."""
        if not self.ends:
            return self.unscaled
        found = self.unscaled or (Formula("a"),) * len(self.ends)
        kept = zip(found, self.ends, strict=True)
        return tuple(Formula(f"minimum(maximum({one.text}, {low!r}), {high!r})") for one, (low, high) in kept)

    @property
    def bounds(self) -> tuple[Formula, ...]:
        """The lower and the upper bound of each numeric answer, formulas of its output ``a``; empty without any."""
        if self.classes:
            return ()
        pairs = zip(self.answers or (Formula("a"),) * len(self.scores), self.scores, strict=False)
        return tuple(Formula(f"{one.text} {sign} {score!r}") for one, score in pairs for sign in "-+")

    @property
    def unscaled(self) -> tuple[Formula, ...]:
        """The same without a range; empty if targets are not scaled."""
        if self.targets is None:
            return ()
        return tuple(unscaled(*pair) for pair in zip(self.targets.subtract, self.targets.divide, strict=True))
