"""What an entry of a catalogue is made of.

An entry is a constant that states its mathematics once, as text. Targets write it, the schema offers it, ``nngen
formulas`` lists it, and the tests prove it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class Option:
    """A number that a spec may set, such as the learning rate; without a default it has to be given."""

    name: str
    description: str
    default: float | None = None
    above: float | None = None
    """The number has to be greater than this."""
    least: float | None = None
    """The number has to be at least this."""
    below: float | None = None
    """The number has to be less than this."""


class Entry(Protocol):
    """What every entry of every catalogue has."""

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str:
        """What a spec calls it."""

    @property
    def textbook(self) -> str:
        """Its formula, as a textbook has it."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The numbers that a spec may set."""

    @property
    def source(self) -> str:
        """The paper or book that it comes from."""


E = TypeVar("E", bound=Entry)


def catalogue(entries: Iterable[E]) -> Mapping[str, E]:
    """The entries by name, in the order in which they are listed."""
    return MappingProxyType({entry.name: entry for entry in entries})
