"""Mathematics as Unicode text for a terminal: ``∂loss/∂z_h1 · a_h1 · (1 − a_h1)``."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from nngen.common.messages import message
from nngen.common.text import columns
from nngen.learning.typeset.digits import MINUS, Digits
from nngen.learning.typeset.symbols import RAISED, Symbol
from nngen.learning.typeset.tree import (
    Call,
    Choice,
    Comparison,
    Name,
    Negative,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Rest,
    Series,
    Sum,
)
from nngen.learning.typeset.writer import ATOM, COMPARE, POWER, PRODUCT, SIGN, SUM, Writer

FUNCTIONS = {"sigmoid": "σ"}
"""Functions with a sign that is shorter than their name."""


def text(node: Node, digits: Digits | None = None) -> str:
    """Write an expression on one line."""
    return "".join(sign + piece for sign, piece in _Writer(digits or Digits()).pieces(node))


def wrapped(nodes: Sequence[Node], digits: Digits | None = None, width: int | None = None) -> list[list[str]]:
    """Write several forms of an expression, each on as many lines as it needs.

    Corresponding parts of forms with the same signs between them are aligned in columns.
    """
    lines: list[list[str]] = []
    parts = [_parts(node, digits) for node in nodes]
    for _, group in groupby(parts, lambda row: [sign for sign, piece in row]):
        cells = [[sign + piece for sign, piece in row] for row in group]
        widths = _widths(cells)
        lines += [[_line(row[start:end], widths[start:end]) for start, end in _places(widths, width)] for row in cells]
    return lines


def _parts(node: Node, digits: Digits | None) -> list[tuple[str, str]]:
    """The pieces of an expression. A fraction over a sum, such as a mean, has the pieces of the sum."""
    if not (isinstance(node, Quotient) and isinstance(node.above, Sum)):
        return text_pieces(node, digits)
    (_, first), *rest = text_pieces(node.above, digits)
    end = text(node, digits).removeprefix(f"({text(node.above, digits)}")
    *between, (sign, last) = [("", f"({first}"), *rest]
    return [*between, (sign, last + end)]


def alike(nodes: Sequence[Node], digits: Digits | None = None) -> list[list[Node]]:
    """Group forms with the same signs between their parts."""
    groups = groupby(nodes, lambda node: [sign for sign, piece in text_pieces(node, digits)])
    return [list(group) for _, group in groups]


def places(nodes: Sequence[Node], digits: Digits | None, width: int) -> list[tuple[int, int]]:
    """The parts of such forms that share a line, as pairs of a start and an end index."""
    return _places(_widths([[sign + piece for sign, piece in text_pieces(node, digits)] for node in nodes]), width)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(columns, column)) for column in zip(*rows, strict=True)]


def _places(widths: Sequence[int], width: int | None) -> list[tuple[int, int]]:
    """Put as many cells on a line as fit, at least one."""
    ends, room = [0], width
    for place, cell in enumerate(widths):
        if room is not None and width is not None:
            if place > ends[-1] and cell > room:
                ends.append(place)
                room = width
            room -= cell
    return list(pairwise([*ends, len(widths)]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def symbol_text(symbol: Symbol) -> str:
    """A symbol by its name on the page. A derivative becomes ∂loss/∂ and the name."""
    return f"∂loss/∂{symbol.by.name}" if symbol.slope else symbol.name


def text_pieces(node: Node, digits: Digits | None = None) -> list[tuple[str, str]]:
    """The terms of a sum or the factors of a product, each with its sign. Other expressions are one piece."""
    return _Writer(digits or Digits()).pieces(node)


class _Writer(Writer):
    minus, less, plus = MINUS, f" {MINUS} ", " + "

    def fenced(self, inner: str) -> str:
        return f"({inner})"

    def factors(self, node: Product, *, leading: bool) -> list[tuple[str, str]]:
        sign = {"": " · ", " ": " "}.get(node.sign, f" {node.sign} ")
        return [
            (sign if place else "", self._factor(factor, leading=leading and place == 0))
            for place, factor in enumerate(node.factors)
        ]

    def _factor(self, factor: Node, *, leading: bool) -> str:
        if isinstance(factor, Quotient):
            return f"({self.bare(factor, leading=True)})"
        return self.write(factor, SIGN if leading else POWER, leading=leading)

    def bare(self, node: Node, *, leading: bool) -> str:
        match node:
            case Number(value):
                return self.digits.text(value)
            case Name(symbol):
                return symbol_text(symbol)
            case Partial(of, by):
                return f"∂{of.name}/∂{by.name}"
            case Sum():
                return "".join(sign + piece for sign, piece in self.pieces(node))
            case Series(index, term):
                return f"Σ_{index} {self.write(term, PRODUCT)}"
            case Negative(operand):
                return MINUS + self.write(operand, SIGN)
            case Product():
                close = {"": "·", "⊙": " ⊙ "}.get(node.sign, node.sign)
                return close.join(piece for _, piece in self.factors(node, leading=leading))
            case Quotient(above, below):
                product = isinstance(above, Product)  # as it is read from the left: 0.1·g / 2
                upper = self._part(above, PRODUCT if product else SIGN if leading else POWER, leading=leading)
                return f"{upper} / {self._part(below, POWER)}"
            case Power(base, exponent):
                return self._operand(base) + self._raised(exponent)
            case Call():
                return self._call(node)
            case Choice(cases, otherwise):
                whens = [
                    message("{value} if {test}", value=self.write(value, SUM, leading=True), test=self.write(test))
                    for value, test in cases
                ]
                last = message("else {value}", value=self.write(otherwise, SUM, leading=True))
                return ", ".join(map(self.digits.says, (*whens, last)))
            case Comparison(parts, signs):
                first, *rest = (self.write(part, SUM, leading=True) for part in parts)
                return first + "".join(f" {sign} {part}" for sign, part in zip(signs, rest, strict=True))
            case Rest(count, value):
                shown = self.digits.says(message("{count} more", count=count)) if value is None else ""
                return f"⟨{shown}⟩" if value is None else self.digits.text(value)

    def _part(self, node: Node, needed: int, *, leading: bool = False) -> str:
        """The numerator or denominator of a fraction. A derivative needs parentheses, since it is a fraction itself."""
        if (isinstance(node, Name) and node.symbol.slope) or isinstance(node, Partial):
            return f"({self.bare(node, leading=True)})"
        return self.write(node, needed, leading=leading)

    def _operand(self, base: Node) -> str:
        """The operand of a power or a root. Everything but a name or a plain number needs parentheses."""
        match base:
            case Name(symbol):
                bare = not symbol.slope
            case Number(value):
                bare = value >= 0 and self.digits.parts(value)[2] == 0
            case _:
                bare = isinstance(base, Call) and base.function != "sqrt"
        written = self.write(base, leading=True)
        return written if bare else f"({written})"

    def _raised(self, exponent: Node) -> str:
        match exponent:
            case Name(Symbol(name="T")):
                return "ᵀ"
            case Number(value) if float(value).is_integer():
                return self.digits.text(value).translate(RAISED)
        return f"^{self.write(exponent, ATOM)}"

    def _call(self, node: Call) -> str:
        match node:
            case Call("abs", (argument,)):
                return f"|{self.write(argument, leading=True)}|"
            case Call("sqrt", (argument,)):
                return f"√{self._operand(argument)}"
            case Call("mod", (left, right)):
                return f"({self.write(left, POWER)} mod {self.write(right, POWER)})"
        arguments = ", ".join(self.write(argument, COMPARE, leading=True) for argument in node.arguments)
        return f"{FUNCTIONS.get(node.function, node.function)}{'′' if node.prime else ''}({arguments})"
