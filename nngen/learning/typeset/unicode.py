"""Mathematics as Unicode text for a terminal: ``∂loss/∂z_h1 · a_h1 · (1 − a_h1)``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import ClassVar

from nngen.common.messages import message
from nngen.common.text import columns, padded
from nngen.learning.typeset import tree
from nngen.learning.typeset.boxes import Box, box, lines_of, matrix_width, side_by_side
from nngen.learning.typeset.digits import MINUS, Digits
from nngen.learning.typeset.symbols import RAISED, Symbol
from nngen.learning.typeset.writer import ATOM, POWER, PRODUCT, SIGN, SUM, Writer

FUNCTIONS = {"sigmoid": "σ"}
"""Functions with a sign that is shorter than their name."""


_PRIVATE = 0xE000
"""The first letter for private use: a run of one of them stands for a matrix, in its width."""

_MATRIX = re.compile("([\ue000-\uf8ff])\\1*")

_SIGN = re.compile("(?= [+−⊙] )")
"""A text may continue on the next line before a sign."""


def with_matrices(lead: str, node: tree.Node, digits: Digits, width: int) -> Iterator[str]:
    """The lines of an expression with matrices, as blocks beside the texts between them; the first begins with a lead.

    Lines are no wider than the lead and ``width``.
    """
    writer, boxes = _Writer(digits), list[Box]()
    for place, piece in enumerate(_MATRIX.split(writer.whole(node))):
        parts = [writer.matrices[ord(piece) - _PRIVATE]] if place % 2 else filter(None, _SIGN.split(piece))
        boxes += (box(part, digits) for part in parts)
    for place, group in enumerate(side_by_side(boxes, width)):
        yield from lines_of([Box((lead if place == 0 else " " * (columns(lead) + 2),)), *group])


def wrapped(nodes: Sequence[tree.Node], digits: Digits | None = None, width: int | None = None) -> list[list[str]]:
    """Write several forms of an expression, each on as many lines as it needs.

    Corresponding parts of forms with the same signs between them are aligned in columns.
    """
    lines: list[list[str]] = []
    parts = [_parts(node, digits) for node in nodes]
    for _, group in groupby(parts, lambda row: [sign for sign, piece in row]):
        cells = [[sign + piece for sign, piece in row] for row in group]
        widths = _widths(cells)
        padding = [list(map(padded, row, widths)) for row in cells]
        lines += [["".join(row[start:end]).rstrip() for start, end in _places(widths, width)] for row in padding]
    return lines


def _parts(node: tree.Node, digits: Digits | None) -> list[tuple[str, str]]:
    """The pieces of an expression. A fraction over a sum, such as a mean, has the pieces of the sum."""
    writer = _Writer(digits)
    if not (isinstance(node, tree.Quotient) and isinstance(node.above, tree.Sum)):
        return writer.pieces(node)
    (_, first), *rest = writer.pieces(node.above)
    end = writer.whole(node).removeprefix(f"({writer.whole(node.above)}")
    *between, (sign, last) = [("", f"({first}"), *rest]
    return [*between, (sign, last + end)]


def rows(nodes: Sequence[tree.Node], digits: Digits | None, width: int) -> Iterator[tuple[tree.Node, bool, int, int]]:
    """The rows of several forms of an expression: the form, whether its parts stand in columns, and which are there.

    Sums with the same signs have columns; those of products, and of matrices, would be too far apart.
    """
    for _, group in groupby(nodes, lambda node: [sign for sign, piece in _Writer(digits).pieces(node)]):
        forms = list(group)
        widths = _widths([[sign + piece for sign, piece in _Writer(digits).pieces(form)] for form in forms])
        apart = len(forms) > 1 and not any(isinstance(part, tree.Matrix) for form in forms for part in tree.walk(form))
        for form in forms:
            for start, end in _places(widths, width):
                yield form, apart and isinstance(form, tree.Sum), start, end


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


class _Writer(Writer):
    minus, less, plus = MINUS, f" {MINUS} ", " + "
    marks: ClassVar[Mapping[str, str]] = {
        "fence": "(%s)",
        "partial": "∂%s/∂%s",
        "series": "Σ_%s %s",
        "negative": f"{MINUS}%s",
        "relation": " %s ",
        "rest": "⟨%s⟩",
        "abs": "|%s|",
        "mod": "(%s mod %s)",
    }

    def __init__(self, digits: Digits | None = None) -> None:
        super().__init__(digits)
        self.matrices: list[tree.Matrix] = []

    def matrix(self, matrix: tree.Matrix) -> str:
        self.matrices.append(matrix)
        return chr(_PRIVATE + len(self.matrices) - 1) * matrix_width(matrix, self.digits)

    def factors(self, node: tree.Product, *, leading: bool) -> list[tuple[str, str]]:
        sign = {"": " · ", " ": " "}.get(node.sign, f" {node.sign} ")
        return [
            (sign if place else "", self._factor(factor, leading=leading and place == 0))
            for place, factor in enumerate(node.factors)
        ]

    def _factor(self, factor: tree.Node, *, leading: bool) -> str:
        if isinstance(factor, tree.Quotient):
            return self.fenced(self.bare(factor, leading=True))
        return self.write(factor, SIGN if leading else POWER, leading=leading)

    def bare(self, node: tree.Node, *, leading: bool) -> str:
        match node:
            case tree.Product():
                close = {"": "·", "⊙": " ⊙ "}.get(node.sign, node.sign)
                return close.join(piece for _, piece in self.factors(node, leading=leading))
            case tree.Quotient(above, below):
                product = isinstance(above, tree.Product)  # as it is read from the left: 0.1·g / 2
                upper = self._part(above, PRODUCT if product else SIGN if leading else POWER, leading=leading)
                return f"{upper} / {self._part(below, POWER)}"
            case tree.Power(base, exponent):
                return self.base(base) + self._raised(exponent)
            case tree.Call("sqrt", (argument,)):
                return f"√{self.base(argument)}"
        return super().bare(node, leading=leading)

    def number(self, value: float, symbol: Symbol | None) -> str:
        return self.digits.text(value)

    def symbol(self, symbol: Symbol) -> str:
        return f"∂loss/∂{symbol.by.name}" if symbol.slope else symbol.name

    def _part(self, node: tree.Node, needed: int, *, leading: bool = False) -> str:
        """The numerator or denominator of a fraction. A derivative needs parentheses, since it is a fraction itself."""
        if (isinstance(node, tree.Name) and node.symbol.slope) or isinstance(node, tree.Partial):
            return self.fenced(self.bare(node, leading=True))
        return self.write(node, needed, leading=leading)

    def base(self, base: tree.Node) -> str:
        written = self.write(base, leading=True)
        root = isinstance(base, tree.Call) and base.function == "sqrt"
        plain = isinstance(base, tree.Name | tree.Number | tree.Matrix | tree.Call) and not root
        return written if plain and not self.is_tall(base) and not tree.signed(base) else self.fenced(written)

    def _raised(self, exponent: tree.Node) -> str:
        match exponent:
            case tree.Name(Symbol(name="T")):
                return "ᵀ"
            case tree.Number(value) if float(value).is_integer():
                return self.digits.text(value).translate(RAISED)
        return f"^{self.write(exponent, ATOM)}"

    def choice(self, node: tree.Choice) -> str:
        whens = [
            message("{value} if {test}", value=self.write(value, SUM, leading=True), test=self.write(test))
            for value, test in node.cases
        ]
        last = message("else {value}", value=self.write(node.otherwise, SUM, leading=True))
        return ", ".join(map(self.digits.says, (*whens, last)))

    def call(self, node: tree.Call, arguments: Sequence[str]) -> str:
        name = FUNCTIONS.get(node.function, node.function)
        return f"{name}{'′' if node.prime else ''}({', '.join(arguments)})"


Text: type[Writer] = _Writer
"""Mathematics as text."""
