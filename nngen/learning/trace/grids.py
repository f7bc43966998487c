"""Equations of matrices and vectors, for worksheets in matrix form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from types import EllipsisType

from nngen.common.records import dataclass
from nngen.learning.typeset import Node, Symbol

MOST = 6
"""The most rows or columns of a matrix that are shown without a gap. Of more, the last is shown after a gap."""

NARROW = 4
"""The columns of a matrix that would leave the page otherwise."""

Cell = float | EllipsisType | None
"""A number of a matrix, a gap, or room for a number."""


@dataclass(frozen=True)
class Grid:
    """A matrix, or a vector as a matrix of one column, with the names of its rows and columns."""

    rows: tuple[tuple[Cell, ...], ...]
    down: tuple[str, ...] = ()
    """The names of its rows; empty where they are not shown. A gap has an empty name."""
    across: tuple[str, ...] = ()
    """The names of its columns."""

    @property
    def transposed(self) -> "Grid":
        """The transposed matrix."""
        return Grid(tuple(zip(*self.rows, strict=True)), self.across, self.down)

    @property
    def narrow(self) -> "Grid":
        """The matrix with its first two columns and its last one."""
        if len(self.rows[0]) <= NARROW:
            return self
        rows = tuple((*row[:2], ..., row[-1]) for row in self.rows)
        return Grid(rows, self.down, (*self.across[:2], "", *self.across[-1:]) if self.across else ())

    @property
    def emptied(self) -> "Grid":
        """The matrix with room for its numbers."""
        return replace(self, rows=tuple(tuple(... if cell is ... else None for cell in row) for row in self.rows))

    @property
    def plain(self) -> "Grid":
        """The matrix without names."""
        return Grid(self.rows)


def grid(values: Sequence[Sequence[float]], down: Sequence[str], across: Sequence[str] = (), *, whole: bool) -> Grid:
    """A matrix from its rows, with gaps in a large one unless it is ``whole``; a vector has no ``across``."""
    rows = _kept(len(values), whole=whole)
    columns = _kept(len(values[0]), whole=whole)
    cells = tuple(tuple(values[i][j] if i >= 0 and j >= 0 else ... for j in columns) for i in rows)
    return Grid(cells, _named(down, rows), _named(across, columns) if across else ())


def _kept(count: int, *, whole: bool) -> list[int]:
    """The places that are shown, and -1 for a gap."""
    return [*range(count)] if whole or count <= MOST else [*range(MOST - 2), -1, count - 1]


def _named(names: Sequence[str], places: Iterable[int]) -> tuple[str, ...]:
    return tuple(names[place] if place >= 0 else "" for place in places)


@dataclass(frozen=True)
class Form:
    """The right side of an equation, with a matrix in place of some names."""

    node: Node
    grids: Mapping[str, Grid] = field(default_factory=dict)


@dataclass(frozen=True)
class MatrixLine:
    """An equation of matrices, from symbols to numbers."""

    symbol: Symbol
    forms: tuple[Form, ...]
    """The equation in symbols and with numbers; empty for a given value."""
    value: Grid | float
    again: bool = False
    """Whether the symbol had a value before."""
    blank: bool = False
    """Whether its numbers are left out, for the reader to fill in."""
    whole: bool = False
    """Whether its matrices are shown completely, however wide they are."""

    def fitted(self, width: Callable[["Grid"], int], room: int) -> "MatrixLine":
        """The line with narrow matrices if one would leave the page."""
        grids = [grid for form in self.forms for grid in form.grids.values()]
        grids += [self.value] if isinstance(self.value, Grid) else []
        if self.whole or all(width(grid) <= room for grid in grids):
            return self
        forms = (replace(form, grids={name: grid.narrow for name, grid in form.grids.items()}) for form in self.forms)
        return replace(
            self, forms=tuple(forms), value=self.value.narrow if isinstance(self.value, Grid) else self.value
        )

    def blanked(self) -> "MatrixLine":
        """The line without its numbers, unless they are given."""
        symbolic = tuple(form for form in self.forms if not form.grids)
        return replace(self, forms=symbolic, blank=bool(self.forms))

    @property
    def shown(self) -> Grid | float | None:
        """Its numbers, or room for them."""
        return self.value if not self.blank else self.value.emptied if isinstance(self.value, Grid) else None
