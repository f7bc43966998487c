"""What a user may write about how numbers are scaled: by a rule that is measured on the data, or by value."""

from typing import Annotated, Literal

from pydantic import Field

from nngen.spec.fields import Model, Number, Row, Short, is_list, named


def _as_list(value: object) -> object:
    return value if value is None or is_list(value) else [value]


_Values = Annotated[Row | None, Short(_as_list, {"type": "number"})]


class Standardize(Model):
    """Subtract the mean and divide by the standard deviation of each column, both of the training examples."""

    name: Literal["standardize"]
    """`standardize`"""
    mean: _Values = None
    """The mean, where it is known: a number for each column that is scaled. Without it, it is measured."""
    deviation: _Values = None
    """The standard deviation, where it is known: a number greater than 0 for each column that is scaled."""


class Interval(Model):
    """Map the smallest value of each column to 0 and the largest to 1, both of the training examples."""

    name: Literal["interval"]
    """`interval`"""
    low: _Values = None
    """The value that becomes 0, where it is known: a number for each column that is scaled. Without it, it is
    measured."""
    high: _Values = None
    """The value that becomes 1, where it is known: a number for each column that is scaled."""


class Divide(Model):
    """Divide by a number."""

    name: Literal["divide"]
    """`divide`"""
    by: Annotated[Number, Field(gt=0)]
    """The number."""


class Unscaled(Model):
    """Leave the numbers as they are."""

    name: Literal["none"]
    """`none`"""


Scale = Annotated[
    Standardize | Interval | Divide,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval"]}),
]
"""How columns are scaled."""

ColumnScale = Annotated[
    Standardize | Interval | Divide | Unscaled,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval", "none"]}),
]
"""How a single column is scaled."""
