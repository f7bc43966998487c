"""The models of ``scale:``: a rule measured on the training examples, or explicit constants."""

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


Scale = Annotated[
    Standardize | Interval | Divide,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval"]}),
]
"""The scaling of all columns."""

ColumnScale = Annotated[
    Standardize | Interval | Divide | Unscaled,
    Field(discriminator="name"),
    Short(named, {"enum": ["standardize", "interval", "none"]}),
]
"""The scaling of a single column."""
