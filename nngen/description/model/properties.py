"""The models of properties: what the owner of a predictor needs to hold for all rows."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from nngen.description.model.fields import Model, Number, Text, is_list

MAX_PROPERTIES = 1_000
"""Properties of a network."""


def _form(value: object) -> str:
    if is_list(value):
        return "numbers" if all(isinstance(one, int | float) for one in value) else "texts"  # type: ignore[attr-defined]
    return "text" if isinstance(value, str) else "number"


Where = Annotated[
    Annotated[tuple[Number, Number], Tag("numbers")]
    | Annotated[tuple[Text, ...], Tag("texts")]
    | Annotated[Text, Tag("text")]
    | Annotated[Number, Tag("number")],
    Discriminator(_form),
]
"""What a column has: a number, the two ends of a range, a category, or some categories."""


class _Property(Model):
    name: Text = ""
    """What the property says, for its readers."""
    where: dict[Text, Where] = Field(default={})
    """The rows that it is about: for some columns a range, `[2, 5]`, or categories. Others may have any value."""


class Monotone(_Property):
    """A larger number never moves the answer back: the class in the order of the classes, or a numeric answer."""

    kind: Literal["monotone"]
    """`monotone`"""
    input: Text
    """The column of numbers."""
    direction: Literal["increasing", "decreasing"] = "increasing"
    """Whether the answer may only rise or only fall."""
    output: Text | None = None
    """The numeric answer, if there are several."""


class Never(_Property):
    """A class is never the answer."""

    kind: Literal["never"]
    """`never`"""
    answer: Text
    """The class."""


class Between(_Property):
    """A numeric answer stays within a range."""

    kind: Literal["range"]
    """`range`"""
    low: Number | None = None
    """The least answer."""
    high: Number | None = None
    """The greatest answer."""
    output: Text | None = None
    """The numeric answer, if there are several."""


class Equal(_Property):
    """A column does not matter: the answer is the same for all its values."""

    kind: Literal["equal"]
    """`equal`"""
    input: Text
    """The column."""
    output: Text | None = None
    """The numeric answer, if there are several."""


class Robust(Model):
    """The class of a row stays, as long as its numbers change by no more than some distances."""

    kind: Literal["robust"]
    """`robust`"""
    name: Text = ""
    """What the property says, for its readers."""
    row: dict[Text, Number | Text]
    """The row, with all columns."""
    within: dict[Text, Annotated[Number, Field(ge=0)]]
    """For columns of numbers, how far they may change up and down."""


Property = Annotated[Monotone | Never | Between | Equal | Robust, Field(discriminator="kind")]
"""What holds for all rows."""


class PropertyFile(Model):
    """A file of properties, perhaps a spec."""

    model_config = ConfigDict(extra="ignore")

    properties: Annotated[tuple[Property, ...], Field(min_length=1, max_length=MAX_PROPERTIES)]
    """What holds for all rows."""
