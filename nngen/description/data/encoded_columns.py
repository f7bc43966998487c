"""The columns of the data: how each becomes inputs of the network."""

import math

from nngen.common.records import dataclass
from nngen.description.data.cells import lists_truths
from nngen.description.data.scaling import scaled
from nngen.description.model import CIRCLES, DateForm, DatePart, NumberStyle
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
