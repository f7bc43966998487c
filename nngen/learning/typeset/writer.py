"""The common part of all formats: the walk over an expression, its parentheses and signs."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from nngen.common.messages import message
from nngen.learning.typeset import tree
from nngen.learning.typeset.digits import Digits
from nngen.learning.typeset.symbols import Symbol

CHOICE, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)
"""How tightly an expression binds: one that binds less tightly than its place needs gets parentheses."""

_BINDING: Mapping[type, int] = {
    tree.Choice: CHOICE,
    tree.Comparison: COMPARE,
    tree.Sum: SUM,
    tree.Product: PRODUCT,
    tree.Quotient: PRODUCT,
    tree.Series: PRODUCT,
    tree.Power: POWER,
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
    marks: ClassVar[Mapping[str, str]]
    """What is around the parts of an expression, by its kind or its function. Other functions are calls."""
    relations: ClassVar[Mapping[str, str]] = {}
    """Signs of comparisons that are written in another way."""

    def __init__(self, digits: Digits | None = None) -> None:
        self.digits = digits or Digits()

    def whole(self, node: tree.Node) -> str:
        """Write an expression."""
        return self.joined(self.pieces(node))

    def pieces(self, node: tree.Node) -> list[tuple[str, str]]:
        """The terms of a sum or the factors of a product, each with its sign. Other expressions are one piece."""
        match node:
            case tree.Sum(terms):
                return [self._term(term, leading=place == 0) for place, term in enumerate(terms)]
            case tree.Product():
                return self.factors(node, leading=True)
        return [("", self.write(node, leading=True))]

    def write(self, node: tree.Node, needed: int = 0, *, leading: bool = False) -> str:
        """Write an expression, in parentheses if it binds less tightly than its place needs.

        A minus sign needs them, too, except at the start of an expression (``leading``).
        """
        binding = SIGN if tree.signed(node) else _BINDING.get(type(node), ATOM)
        fits = binding >= needed and (leading or not tree.signed(node))
        bare = self.bare(node, leading=leading or not fits)
        return bare if fits else self.fenced(bare)

    def factors(self, node: tree.Product, *, leading: bool) -> list[tuple[str, str]]:
        """The factors of a product, each with the sign before it."""
        pieces: list[tuple[str, str]] = []
        for place, factor in enumerate(node.factors):
            first = place == 0
            fraction = isinstance(factor, tree.Quotient)
            written = self.write(factor, PRODUCT if fraction else SIGN if first else POWER, leading=leading and first)
            close = not first and _is_symbol(factor) and _is_symbol(node.factors[place - 1])
            sign = self.by_number if node.sign == "⊙" else self.close if node.sign or close else self.times
            pieces.append(("" if first else sign, written))
        return pieces

    def fenced(self, inner: str) -> str:
        """An expression in parentheses."""
        return self.marks["fence"] % inner

    def joined(self, pieces: Sequence[tuple[str, str]]) -> str:
        """Pieces of an expression, each with the sign before it."""
        return "".join(sign + piece for sign, piece in pieces)

    def bare(self, node: tree.Node, *, leading: bool) -> str:
        """An expression without parentheses around it."""
        marks = self.marks
        match node:
            case tree.Number(value, symbol):
                return self.number(value, symbol)
            case tree.Name(symbol):
                return self.symbol(symbol)
            case tree.Matrix():
                return self.matrix(node)
            case tree.Partial(of, by):
                return marks["partial"] % (self.value(of), self.value(by))
            case tree.Sum():
                return self.joined(self.pieces(node))
            case tree.Series(index, term):
                return marks["series"] % (index, self.write(term, PRODUCT))
            case tree.Negative(operand):
                return marks["negative"] % self.write(operand, SIGN)
            case tree.Product():
                return self.joined(self.factors(node, leading=leading))
            case tree.Quotient(above, below):
                return marks["quotient"] % (self.write(above, leading=True), self.write(below, leading=True))
            case tree.Power(base, exponent):
                return marks["power"] % (self.base(base), self.write(exponent, leading=True))
            case tree.Call("mod", (left, right)):
                return marks["mod"] % (self.write(left, POWER), self.write(right, POWER))
            case tree.Call(name, (argument,)) if name in marks:
                return marks[name] % self.write(argument, leading=True)
            case tree.Call(_, arguments):
                return self.call(node, [self.write(argument, COMPARE, leading=True) for argument in arguments])
            case tree.Choice():
                return self.choice(node)
            case tree.Comparison(parts, signs):
                before = ("", *(marks["relation"] % self.relations.get(sign, sign) for sign in signs))
                return self.joined(
                    [(s, self.write(part, SUM, leading=True)) for s, part in zip(before, parts, strict=True)]
                )
            case tree.Rest(count, None):
                return marks["rest"] % self.digits.says(message("{count} more", count=count))
            case tree.Rest(value=float() as value):
                return self.number(value, None)
        raise AssertionError(node)

    def number(self, value: float, symbol: Symbol | None) -> str:
        """A number, which may stand in place of a symbol."""
        raise NotImplementedError

    def symbol(self, symbol: Symbol) -> str:
        """A symbol with its indices; a derivative is ∂L over the symbol, in text ∂loss/∂ and its name."""
        raise NotImplementedError

    def matrix(self, matrix: tree.Matrix) -> str:
        """A matrix, with the names of its rows and columns."""
        raise NotImplementedError

    def cell(self, cell: tree.Cell) -> str:
        """A number of a matrix, a gap, or room for a number."""
        return self.number(cell, None) if isinstance(cell, float) else self.marks["gap" if cell is ... else "room"]

    def value(self, symbol: Symbol) -> str:
        """A symbol within a fraction of the chain rule, which is no derivative."""
        return self.symbol(symbol)

    def base(self, base: tree.Node) -> str:
        """The base of a power. A fraction, and a power of ten, need parentheses."""
        raise NotImplementedError

    def call(self, node: tree.Call, arguments: Sequence[str]) -> str:
        """A call, with its arguments as they are written."""
        raise NotImplementedError

    def choice(self, node: tree.Choice) -> str:
        """A case distinction."""
        raise NotImplementedError

    def is_tall(self, base: tree.Node) -> bool:
        """Whether an expression is a fraction or a power of ten, though it is written like a symbol or a number."""
        if isinstance(base, tree.Number):
            return self.digits.parts(base.value)[2] != 0
        return isinstance(base, tree.Name) and base.symbol.slope

    def _term(self, term: tree.Node, *, leading: bool) -> tuple[str, str]:
        if isinstance(term, tree.Negative):
            return self.minus if leading else self.less, self.write(term.operand, PRODUCT)
        return "" if leading else self.plus, self.write(term, SUM if leading else PRODUCT, leading=leading)


def _is_symbol(node: tree.Node) -> bool:
    """Whether it is a symbol with indices, or a matrix. Two such factors need no multiplication sign."""
    return isinstance(node, tree.Matrix) or (isinstance(node, tree.Name) and not node.symbol.slope)
