"""The common part of all formats: parentheses and signs; of LaTeX and MathML also products of symbols."""

from collections.abc import Mapping
from typing import ClassVar

from nngen.learning.typeset.digits import Digits
from nngen.learning.typeset.tree import (
    Choice,
    Comparison,
    Name,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Series,
    Sum,
    signed,
)

CHOICE, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)
"""How tightly an expression binds: one that binds less tightly than its place needs gets parentheses."""

_BINDING: Mapping[type, int] = {
    Choice: CHOICE,
    Comparison: COMPARE,
    Sum: SUM,
    Product: PRODUCT,
    Quotient: PRODUCT,
    Series: PRODUCT,
    Power: POWER,
}
"""How tightly each kind of expression binds; others are atoms."""


class Writer:
    """Writes mathematics. A subclass defines the marks of a format."""

    minus: ClassVar[str]
    """The sign before a number or at the start of an expression."""
    less: ClassVar[str]
    plus: ClassVar[str]
    close: ClassVar[str]
    """The mark between two symbols of a product."""
    times: ClassVar[str]
    by_number: ClassVar[str]
    """The mark of a product of vectors, number by number."""

    def __init__(self, digits: Digits) -> None:
        self.digits = digits

    def pieces(self, node: Node) -> list[tuple[str, str]]:
        """The terms of a sum or the factors of a product, each with its sign. Other expressions are one piece."""
        match node:
            case Sum(terms):
                return [self._term(term, leading=place == 0) for place, term in enumerate(terms)]
            case Product():
                return self.factors(node, leading=True)
        return [("", self.write(node, leading=True))]

    def write(self, node: Node, needed: int = 0, *, leading: bool = False) -> str:
        """Write an expression, in parentheses if it binds less tightly than its place needs.

        A minus sign needs them, too, except at the start of an expression (``leading``).
        """
        binding = SIGN if signed(node) else _BINDING.get(type(node), ATOM)
        fits = binding >= needed and (leading or not signed(node))
        bare = self.bare(node, leading=leading or not fits)
        return bare if fits else self.fenced(bare)

    def factors(self, node: Product, *, leading: bool) -> list[tuple[str, str]]:
        """The factors of a product, each with the sign before it."""
        pieces: list[tuple[str, str]] = []
        for place, factor in enumerate(node.factors):
            first = place == 0
            fraction = isinstance(factor, Quotient)
            written = self.write(factor, PRODUCT if fraction else SIGN if first else POWER, leading=leading and first)
            close = not first and _is_symbol(factor) and _is_symbol(node.factors[place - 1])
            sign = self.by_number if node.sign == "⊙" else self.close if node.sign or close else self.times
            pieces.append(("" if first else sign, written))
        return pieces

    def fenced(self, inner: str) -> str:
        """An expression in parentheses."""
        raise NotImplementedError

    def bare(self, node: Node, *, leading: bool) -> str:
        """An expression without parentheses around it."""
        raise NotImplementedError

    def _term(self, term: Node, *, leading: bool) -> tuple[str, str]:
        if isinstance(term, Negative):
            return self.minus if leading else self.less, self.write(term.operand, PRODUCT)
        return "" if leading else self.plus, self.write(term, SUM if leading else PRODUCT, leading=leading)


def _is_symbol(node: Node) -> bool:
    """Whether it is a symbol with indices. Two such factors need no multiplication sign."""
    return isinstance(node, Name) and not node.symbol.slope
