"""What a module states beside functions."""

from collections.abc import Sequence

from nngen.common.records import dataclass

CONSTANTS = (
    "BLOCK_ROWS CLASSES CLASS_WEIGHTS COLUMNS DIVIDE INPUTS LAYOUT MISSING OUTPUTS PARAMETERS SEED SUBTRACT TYPICAL"
    " VALIDATION_PLACES"
).split()
"""The constants that functions of the source read, which a module states under other names in some languages."""


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
    columns: Sequence[str] = ()
    """The names of the columns of a row."""
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
    """Its type, as the source writes it."""
    says: str
    """What its comment says."""
    start: str = ""
    """What a new record has there, an expression of the source; nothing if that is 0, or no value."""


@dataclass(frozen=True)
class Record:
    """The type of a record of a module."""

    name: str
    says: str
    """What its comment says."""
    fields: Sequence[Field]
    private: Sequence[Field] = ()
    """Fields that only the module itself reads, in languages where it keeps arrays for later."""
    continues: bool = False
    """Whether a training can be continued, which copies a state."""
