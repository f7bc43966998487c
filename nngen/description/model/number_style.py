"""The model of ``number:``, how the data write the numbers of a column."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from nngen.description.model.fields import Model, Text

MAX_MISSING_TEXTS = 100
"""Texts of a column that mean a missing value."""

SIGNS = "+-\u2212"
"""The signs of a number: plus, the hyphen that stands for minus, and the minus of mathematics."""

_TAKEN = f"0123456789(){SIGNS}"
"""What numbers are written with, so that no mark before or after them may have it."""

_SEPARATING = ".,'\u2019"


def _mark(text: str) -> str:
    """Refuse a mark that could be a part of the number.

    Raises:
        ValueError: it could.
    """
    wrong = next((each for each in text if each in _TAKEN or each.isspace()), None)
    if wrong is not None:
        raise ValueError(f"a mark before or after numbers cannot have {wrong!r}")
    if not text.strip(_SEPARATING):
        raise ValueError("a mark before or after numbers needs more than separators")
    return text


Mark = Annotated[Text, Field(min_length=1, max_length=20), AfterValidator(_mark)]


class NumberStyle(Model):
    """How the texts of a column write numbers. Plain numbers are read as well, as `-1234.5` is."""

    thousands: Literal[",", ".", " ", "'"] | None = None
    """The character between groups of three digits, a comma also as in `12,34,567`; a space stands for no-break and
    narrow ones, too."""
    decimal: Literal[".", ","] = "."
    """The character before decimals."""
    prefix: Mark | None = None
    """What may stand before a number, such as `$`."""
    suffix: Mark | None = None
    """What may stand after a number, such as `%`; it changes no value: `13.99%` is 13.99."""
    minus: Literal["before", "after", "parentheses"] = "before"
    """How negative numbers are written besides `-5`: `5-`, or `(5)` as in accounts."""

    @property
    def marks(self) -> dict[str, str]:
        """What is not as in plain numbers, by the names of the fields."""
        return {name: value for name, value in self if value != type(self).model_fields[name].default}

    @property
    def texts(self) -> dict[str, str]:
        """All fields, by their names; empty for what numbers do not have."""
        return {name: value or "" for name, value in self}


def style_of(number: NumberStyle | None, missing_texts: Sequence[str]) -> NumberStyle | None:
    """How a column writes numbers; None if they are plain, and only the usual texts mean a missing value."""
    return NumberStyle() if number is None and missing_texts else number
