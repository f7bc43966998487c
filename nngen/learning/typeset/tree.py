"""Mathematics as a tree: sums of terms, products of factors, fractions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import EllipsisType
from typing import Any, TypeAlias

from nngen.common.records import dataclass
from nngen.learning.typeset.symbols import Symbol, symbol


@dataclass(frozen=True)
class Number:
    """A number. It may stand in place of a symbol."""

    value: float
    symbol: Symbol | None = None


@dataclass(frozen=True)
class Name:
    """A symbol."""

    symbol: Symbol


def name(base: str, *indices: str) -> Name:
    """A symbol with indices as an expression."""
    return Name(symbol(base, *indices))


@dataclass(frozen=True)
class Sum:
    """A sum of terms. Subtracted terms are ``Negative``."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Negative:
    """An expression with a minus sign."""

    operand: "Node"


@dataclass(frozen=True)
class Product:
    """A product of factors."""

    factors: tuple["Node", ...]
    sign: str = ""
    """The sign between factors: ``⊙`` for the product of vectors number by number, a space for that of matrices."""


@dataclass(frozen=True)
class Quotient:
    """A fraction."""

    above: "Node"
    below: "Node"


@dataclass(frozen=True)
class Series:
    """The sum of a term over all values of an index."""

    index: str
    term: "Node"


@dataclass(frozen=True)
class Power:
    """A power."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True)
class Call:
    """A call of a function, of the catalogues or of the page. ``prime`` marks a derivative."""

    function: str
    arguments: tuple["Node", ...]
    prime: bool = False


@dataclass(frozen=True)
class Choice:
    """A case distinction: the first value whose condition holds, or ``otherwise``."""

    cases: tuple[tuple["Node", "Node"], ...]
    """Pairs of a value and its condition."""
    otherwise: "Node"

    @property
    def values(self) -> tuple["Node", ...]:
        """The values, the last of which has no condition."""
        return (*(value for value, _ in self.cases), self.otherwise)


@dataclass(frozen=True)
class Comparison:
    """A chain of comparisons. There is one sign fewer than there are parts."""

    parts: tuple["Node", ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Partial:
    """The derivative of one symbol with respect to another, in the chain rule."""

    of: Symbol
    by: Symbol


@dataclass(frozen=True)
class Rest:
    """The omitted terms of a long sum: their number, and their value if numbers are shown."""

    count: int
    value: float | None = None


ROOM = "________"
"""Room for a number."""

NARROW = 4
"""The columns of a matrix that would leave the page otherwise."""

Cell = float | EllipsisType | None
"""A number of a matrix, a gap, or room for a number."""


@dataclass(frozen=True)
class Matrix:
    """A matrix of numbers, or a vector as a matrix of one column, with the names of its rows and columns."""

    rows: tuple[tuple[Cell, ...], ...]
    down: tuple[str, ...] = ()
    """The names of its rows; empty where they are not shown. A gap has an empty name."""
    across: tuple[str, ...] = ()
    """The names of its columns."""

    @property
    def transposed(self) -> "Matrix":
        """The transposed matrix."""
        return Matrix(tuple(zip(*self.rows, strict=True)), self.across, self.down)

    @property
    def narrow(self) -> "Matrix":
        """The matrix with its first two columns and its last one."""
        if len(self.rows[0]) <= NARROW:
            return self
        rows = tuple((*row[:2], ..., row[-1]) for row in self.rows)
        return Matrix(rows, self.down, (*self.across[:2], "", *self.across[-1:]) if self.across else ())

    @property
    def emptied(self) -> "Matrix":
        """The matrix with room for its numbers."""
        return replace(self, rows=tuple(tuple(... if cell is ... else None for cell in row) for row in self.rows))

    @property
    def plain(self) -> "Matrix":
        """The matrix without names."""
        return Matrix(self.rows)


Calculated = Sum | Series | Negative | Product | Quotient | Power | Call | Choice | Comparison
Node: TypeAlias = Number | Name | Matrix | Partial | Rest | Calculated


@dataclass(frozen=True)
class Equation:
    """``symbol = value``, a statement of a page."""

    symbol: Symbol
    value: Node

    @property
    def again(self) -> bool:
        """Whether the value contains the old value of the symbol."""
        return self.symbol in symbols(self.value)


def walk(node: Node) -> Iterator[Node]:
    """A node and all its descendants."""
    yield node
    for part in vars(node).values():
        yield from _nodes_of(part)


def _nodes_of(part: Any) -> Iterator[Node]:
    """The nodes of a field, which is a node, or a tuple of such fields."""
    if isinstance(part, Node):
        yield from walk(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _nodes_of(each)


def symbols(node: Node) -> Iterator[Symbol]:
    """The symbols in an expression."""
    return (part.symbol for part in walk(node) if isinstance(part, Name))


def signed(node: Node) -> bool:
    """Whether it starts with its own minus sign, not with that of its first part."""
    match node:
        case Number(value) | Rest(value=float() as value):
            return value < 0
        case Negative():
            return True
    return False


def difference(value: float, less: float) -> Node:
    """A number from which another is subtracted, unless that is 0."""
    return Sum((Number(value), Negative(Number(less)))) if less else Number(value)


def renamed(node: Node, named: Callable[[str], Node | None]) -> Node:
    """A copy in which other nodes replace symbols: what ``named`` gives for their names, or None to keep them."""
    return replaced(node, lambda part: named(part.symbol.name) if isinstance(part, Name) else None)


def replaced(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """A copy with some nodes replaced. ``change`` returns the new node, or None to keep the old one."""

    def copied(part: Any) -> Any:
        if isinstance(part, Node):
            return replaced(part, change)
        return tuple(map(copied, part)) if isinstance(part, tuple) else part

    changed = change(node)
    return changed if changed is not None else type(node)(*map(copied, vars(node).values()))
