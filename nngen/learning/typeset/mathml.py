"""Mathematics as MathML Core.

Each symbol is one element with its name on the page in ``data-name``. A number in the place of a symbol has it, too.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import ClassVar

from nngen.common.messages import message
from nngen.learning.typeset import tree
from nngen.learning.typeset.digits import MINUS, Digits
from nngen.learning.typeset.symbols import Symbol, parted
from nngen.learning.typeset.unicode import FUNCTIONS
from nngen.learning.typeset.writer import ATOM, Writer

_MINUS = f'<mo form="prefix">{MINUS}</mo>'
_APPLY = "<mo>&#8289;</mo>"
_TIMES = "<mo>·</mo>"


def math(equation: tree.Equation, digits: Digits | None = None) -> str:
    """Write an equation as a ``<math>`` element."""
    sign = "←" if equation.again else "="
    writer = _Writer(digits)
    return f"<math>{writer.symbol(equation.symbol)}<mo>{sign}</mo>{writer.whole(equation.value)}</math>"


def _named(symbol: Symbol) -> str:
    return f' data-name="{escape(symbol.name)}"'


def _indexed(symbol: Symbol, attribute: str = "") -> str:
    base, below = symbol.base, "<mo>,</mo>".join(map(_numbered, symbol.indices))
    if base == "loss":
        base = "L"
    elif not symbol.indices:
        base, number = parted(base)
        below = number and f"<mn>{number}</mn>"
    elif len(symbol.indices) > 1:
        below = f"<mrow>{below}</mrow>"
    kind = "mn" if symbol.example.isdigit() else "mi"
    raised = symbol.example and f"<mrow><mo>(</mo><{kind}>{symbol.example}</{kind}><mo>)</mo></mrow>"
    script = "msubsup" if below and raised else "msub" if below else "msup" if raised else ""
    inner = f"<mi>{escape(base)}</mi>{below}{raised}"
    return f"<{script}{attribute}>{inner}</{script}>" if script else f"<mi{attribute}>{escape(base)}</mi>"


def _numbered(name: str) -> str:
    base, number = parted(name)
    return f"<msub><mi>{escape(base)}</mi><mn>{number}</mn></msub>" if number else f"<mi>{escape(name)}</mi>"


class _Writer(Writer):
    minus, less, plus, close, times = _MINUS, f"<mo>{MINUS}</mo>", "<mo>+</mo>", "<mo>&#8290;</mo>", _TIMES
    by_number = "<mo>⊙</mo>"
    relations: ClassVar[Mapping[str, str]] = {"<": "&lt;", ">": "&gt;"}
    marks: ClassVar[Mapping[str, str]] = {
        "fence": "<mrow><mo>(</mo>%s<mo>)</mo></mrow>",
        "partial": "<mfrac><mrow><mo>∂</mo>%s</mrow><mrow><mo>∂</mo>%s</mrow></mfrac>",
        "series": "<mrow><munder><mo>∑</mo><mi>%s</mi></munder>%s</mrow>",
        "negative": f"<mrow>{_MINUS}%s</mrow>",
        "quotient": "<mfrac>%s%s</mfrac>",
        "power": "<msup>%s%s</msup>",
        "relation": "<mo>%s</mo>",
        "rest": "<mi>⟨%s⟩</mi>",  # an <mtext> would be taken for a space
        "exp": "<msup><mi>e</mi>%s</msup>",
        "abs": "<mrow><mo>|</mo>%s<mo>|</mo></mrow>",
        "sqrt": "<msqrt>%s</msqrt>",
        "floor": "<mrow><mo>⌊</mo>%s<mo>⌋</mo></mrow>",
        "mod": "<mrow><mo>(</mo>%s<mo>mod</mo>%s<mo>)</mo></mrow>",
        "gap": "<mo>⋯</mo>",
        "room": f"<mtext>{tree.ROOM}</mtext>",
    }

    def joined(self, pieces: Sequence[tuple[str, str]]) -> str:
        inner = super().joined(pieces)
        return inner if len(pieces) == 1 else f"<mrow>{inner}</mrow>"

    def number(self, value: float, symbol: Symbol | None) -> str:
        negative, digits, exponent = self.digits.parts(value)
        name = _named(symbol) if symbol else ""
        if not negative and not exponent:
            return f"<mn{name}>{digits}</mn>"
        power = f"<mrow>{_MINUS}<mn>{-exponent}</mn></mrow>" if exponent < 0 else f"<mn>{exponent}</mn>"
        scale = f"<msup><mn>10</mn>{power}</msup>" if exponent else ""
        sized = "" if exponent and digits == "1" else f"<mn>{digits}</mn>{_TIMES if exponent else ''}"
        return f"<mrow{name}>{_MINUS if negative else ''}{sized}{scale}</mrow>"

    def symbol(self, symbol: Symbol) -> str:
        name = _named(symbol)
        if symbol.slope:
            return f"<mfrac{name}><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo>{_indexed(symbol.by)}</mrow></mfrac>"
        return _indexed(symbol, name)

    def matrix(self, matrix: tree.Matrix) -> str:
        """A matrix in brackets, which are borders of its cells, with the names of its rows and columns outside."""
        down, head = [*map(self._label, matrix.down)], "".join(map(self._label, matrix.across))
        rows = [f"<mtr>{'<mtd></mtd>' * bool(down)}{head}</mtr>"] if head else []
        last, end = len(matrix.rows) - 1, len(matrix.rows[0]) - 1
        for i, (name, row) in enumerate(zip(down or [""] * (last + 1), matrix.rows, strict=True)):
            across = " top" * (i == 0) + " bottom" * (i == last)
            ends = ("cell" + " first" * (j == 0) + " last" * (j == end) + across for j in range(end + 1))
            cells = (f'<mtd class="{kind}">{self.cell(cell)}</mtd>' for kind, cell in zip(ends, row, strict=True))
            rows.append(f"<mtr>{name}{''.join(cells)}</mtr>")
        return f'<mtable class="matrix">{"".join(rows)}</mtable>'

    def _label(self, name: str) -> str:
        """The name of a row or column of a matrix; of a gap, dots."""
        return f'<mtd class="label">{self.symbol(Symbol(name, name)) if name else self.marks["gap"]}</mtd>'

    def value(self, symbol: Symbol) -> str:
        return _indexed(symbol)

    def base(self, base: tree.Node) -> str:
        return self.fenced(self.write(base)) if self.is_tall(base) and not tree.signed(base) else self.write(base, ATOM)

    def choice(self, node: tree.Choice) -> str:
        # spaces at the ends of an <mtext> would be lost
        around = self.digits.says(message("if {test}", test="|")).replace(" ", "&#160;")
        before, after = map(_words, around.split("|"))
        whens = [before + self.write(test, leading=True) + after for _, test in node.cases]
        rows = zip(node.values, [*whens, _words(self.digits.says(message("else")))], strict=True)
        cases = (f"<mtr><mtd>{self.write(value, leading=True)}</mtd><mtd>{when}</mtd></mtr>" for value, when in rows)
        return f"<mrow><mo>{{</mo><mtable>{''.join(cases)}</mtable></mrow>"

    def call(self, node: tree.Call, arguments: Sequence[str]) -> str:
        name = f"<mi>{escape(FUNCTIONS.get(node.function, node.function))}</mi>"
        called = f"<msup>{name}<mo>′</mo></msup>" if node.prime else name
        return f"<mrow>{called}{_APPLY}{self.fenced('<mo>,</mo>'.join(arguments))}</mrow>"


def _words(text: str) -> str:
    return text and f"<mtext>{text}</mtext>"


MathML: type[Writer] = _Writer
"""Mathematics as the content of a ``<math>`` element."""
