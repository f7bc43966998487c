"""What a module states beside functions: constants, and records with their fields."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Constant:
    """A constant of a module."""

    name: str
    """Its name in the source."""
    kind: str
    """Its type there; a table of texts is of ``Categories`` or ``Ids``."""
    says: str
    """What its comment says."""
    rows: Sequence[Sequence[str]] = ()
    """Its numbers, row by row, or its texts; the numbers of a row of a list of lists are one text."""
    public: bool = True
    """Whether users of a module read it."""
    table: Sequence[tuple[str, int, Sequence[str]]] = ()
    """For each column its name, how many ids it has, and its texts."""
    many: bool = False
    """Whether the module has very many texts."""

    @property
    def values(self) -> Sequence[str]:
        """All of its numbers or texts."""
        return [one for row in self.rows for one in row]


@dataclass(frozen=True)
class Field:
    """A field of a record."""

    name: str
    kind: str
    says: str
    start: str = ""
    """Its first value, as the source writes it; empty if it is that of the language."""


@dataclass(frozen=True)
class Record:
    """A record of a module, which users read and change."""

    name: str
    says: str
    fields: Sequence[Field]
