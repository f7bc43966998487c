"""The models of ``scale:``: a rule measured on the training examples, or explicit constants."""

from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from nngen.description.model.fields import Model, Number, Row, Short, is_list, named


def _as_list(value: object) -> object:
    return value if value is None or is_list(value) else [value]


_Values = Annotated[Row | None, Short(_as_list, {"type": "number"})]


class Standardize(Model):
    """Subtract the mean and divide by the standard deviation of each column of the training examples."""

    name: Literal["standardize"]
    """`standardize`"""
    mean: _Values = None
    """The known means, one for each scaled column. By default, they are measured."""
    deviation: _Values = None
    """The known standard deviations, greater than 0, one for each scaled column."""


class Interval(Model):
    """Map the smallest value of each column of the training examples to 0, and the largest to 1."""

    name: Literal["interval"]
    """`interval`"""
    low: _Values = None
    """The known values that become 0, one for each scaled column. By default, they are measured."""
    high: _Values = None
    """The known values that become 1, one for each scaled column."""


LEAST_SPREAD = 1e-50
"""A smaller distance counts as 0: a cell has at most 1e100, and the square of a scaled one may not overflow."""


class RobustScale(Model):
    """Subtract the median, divide by the distance between the quartiles, and keep the result within ±3.

    The smooth clip is `x / sqrt(1 + (x / 3)^2)` (RealMLP; Holzmüller et al., NeurIPS 2024).
    """

    name: Literal["robust"]
    """`robust`"""
    median: _Values = None
    """The known medians, one for each scaled column. By default, they are measured."""
    spread: _Values = None
    """The known distances, one for each scaled column; 0 makes each value 0. By default, they are measured: half the
    range where the quartiles are equal, 0 for a constant column."""


class LogScale(Model):
    """Standardize the natural logarithms of the targets, which must be greater than 0.

    Answers are then positive, and errors relative.
    """

    name: Literal["log"]
    """`log`"""
    mean: _Values = None
    """The known means of the logarithms, one for each output. By default, they are measured."""
    deviation: _Values = None
    """The known standard deviations of the logarithms, greater than 0, one for each output."""


class Divide(Model):
    """Divide by a number."""

    name: Literal["divide"]
    """`divide`"""
    by: Annotated[Number, Field(gt=0)]
    """The divisor."""


class Unscaled(Model):
    """Leave the numbers as they are."""

    name: Literal["none"]
    """`none`"""


Level = Annotated[Number, Field(gt=0, lt=1)]
"""A share of the answers."""


class AnswerRange(Model):
    """The range of the answers."""

    low: Annotated[Row, Short(_as_list, {"type": "number"})]
    """The least answer of each output."""
    high: Annotated[Row, Short(_as_list, {"type": "number"})]
    """The greatest answer of each output."""


class Calibrated(Model):
    """A share of the answers, with the known score of each output."""

    level: Level
    """The share of intervals that hold the true answer, such as 0.9."""
    score: Annotated[tuple[Annotated[Number, Field(ge=0)], ...] | None, Short(_as_list, {"type": "number"})] = None
    """Half the width of the interval of each output; with `scale_targets: log` the ratio of its ends to the answer; of
    classes one number, the largest `1 - p` of a class in the set. By default, training measures it on the rows of
    `calibration`."""

    @classmethod
    def least(cls, level: float) -> int:
        """The fewest rows on which a score can be measured: one more, times the level, is at most this many."""
        share = Fraction(repr(level))
        return ceil(share / (1 - share))


Scale = Annotated[
    Standardize | Interval | RobustScale | Divide,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval", "robust"]}),
]
"""The scaling of all columns."""

TargetScale = Annotated[
    Standardize | Interval | LogScale | Divide,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval", "log"]}),
]
"""The scaling of all targets, which can be undone."""

ColumnScale = Annotated[
    Standardize | Interval | RobustScale | Divide | Unscaled,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval", "robust", "none"]}),
]
"""The scaling of a single column."""
