"""The parts of a catalogue entry.

An entry states its mathematics once, as text. Targets print it, the schema offers it, ``nngen formulas`` lists it, and
the tests check it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar

from nngen.common.records import dataclass


@dataclass(frozen=True)
class Option:
    """A number that a spec may set, such as the learning rate. An option without a default is required."""

    name: str
    description: str
    default: float | None = None
    above: float | None = None
    """The number must be greater than this."""
    least: float | None = None
    """The number must be at least this."""
    below: float | None = None
    """The number must be less than this."""


class Entry(Protocol):
    """The attributes that all entries of all catalogues have."""

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str:
        """Its name in a spec."""

    @property
    def textbook(self) -> str:
        """Its formula as in a textbook."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The numbers that a spec may set."""

    @property
    def source(self) -> str:
        """The paper or book of the formula."""


E = TypeVar("E", bound=Entry)


def catalogue(entries: Iterable[E]) -> Mapping[str, E]:
    """The entries by name, in the given order."""
    return MappingProxyType({entry.name: entry for entry in entries})
