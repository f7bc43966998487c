"""An equation between numbers, one of those of single units."""

from dataclasses import dataclass
from enum import StrEnum, auto


class UnitForm(StrEnum):
    """The form of an assignment. The macro that prints it has the same name."""

    VALUE = auto()
    SUM = auto()
    MEAN = auto()
    MAX = auto()
    DROPOUT = auto()
    """The terms are the number of the unit and the dropout probability."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An equation between numbers: a name, and the text of each term in the target language."""

    name: str
    """The name of its value, as the language writes variables."""
    form: UnitForm
    """A value, or a sum, mean or maximum of terms, or a dropout factor."""
    terms: tuple[str, ...]
    """Its terms in the target language, with marks where lines may break; the filter ``flat`` removes them."""
    again: bool = False
    """Whether it changes a name that has a value already."""
    factor: str = ""
    """A factor of all terms but the first: the share of an example; empty if there is none."""
    changed: bool = False
    """Whether several equations of the gradient assign this name."""
