"""Symbols and lines of general equations, which are about no particular unit."""

from nngen.learning.trace.worksheet import Line
from nngen.learning.typeset import Name, Node, Symbol
from nngen.plan import derivative_of, full_name


def symbol(base: str, *indices: str) -> Symbol:
    """A symbol with indices: ``symbol("w", "j", "i")`` is w_j_i."""
    return Symbol(full_name(base, *indices), base, indices)


def slope(base: str, *indices: str) -> Symbol:
    """The derivative of the loss by a symbol."""
    return Symbol(derivative_of(full_name(base, *indices)), base, indices, slope=True)


def name(base: str, *indices: str) -> Node:
    """A symbol as an expression."""
    return Name(symbol(base, *indices))


def line(left: Symbol, *forms: Node, again: bool = False) -> Line:
    """A general equation."""
    return Line(left, None, forms, None, again)
