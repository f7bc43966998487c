"""Mathematics as MathML Core.

Each symbol is one element with its name on the page in ``data-name``. A number in the place of a symbol has it, too.
"""

from collections.abc import Sequence
from html import escape

from nngen.common.messages import message
from nngen.learning.typeset.digits import MINUS, Digits
from nngen.learning.typeset.symbols import Symbol, parted
from nngen.learning.typeset.tree import (
    Call,
    Choice,
    Comparison,
    Equation,
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
    signed,
)
from nngen.learning.typeset.unicode import FUNCTIONS
from nngen.learning.typeset.writer import ATOM, COMPARE, POWER, PRODUCT, SIGN, SUM, Writer

_MINUS = f'<mo form="prefix">{MINUS}</mo>'
_APPLY = "<mo>&#8289;</mo>"
_TIMES = "<mo>·</mo>"
_CLOSE = "<mo>&#8290;</mo>"


def mathml(node: Node, digits: Digits | None = None) -> str:
    """Write an expression as the content of a ``<math>`` element."""
    return joined(mathml_pieces(node, digits))


def math(equation: Equation, digits: Digits | None = None) -> str:
    """Write an equation as a ``<math>`` element."""
    sign = "←" if equation.again else "="
    return f"<math>{mathml_symbol(equation.symbol)}<mo>{sign}</mo>{mathml(equation.value, digits)}</math>"


def mathml_pieces(node: Node, digits: Digits | None = None) -> list[tuple[str, str]]:
    """The terms of a sum or the factors of a product, each with the sign before it. Other expressions are one piece."""
    return _Writer(digits or Digits()).pieces(node)


def mathml_symbol(symbol: Symbol) -> str:
    """A symbol with its indices. A derivative becomes ∂L over the symbol."""
    name = _named(symbol)
    if symbol.slope:
        return f"<mfrac{name}><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo>{_indexed(symbol.by)}</mrow></mfrac>"
    return _indexed(symbol, name)


def joined(pieces: Sequence[tuple[str, str]]) -> str:
    """Join pieces and their signs to one element."""
    inner = "".join(sign + piece for sign, piece in pieces)
    return inner if len(pieces) == 1 else f"<mrow>{inner}</mrow>"


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


def _numbered(name: str, attribute: str = "") -> str:
    base, number = parted(name)
    if not number:
        return f"<mi{attribute}>{escape(name)}</mi>"
    return f"<msub{attribute}><mi>{escape(base)}</mi><mn>{number}</mn></msub>"


def _fenced(inner: str, opening: str = "(", closing: str = ")") -> str:
    return f"<mrow><mo>{opening}</mo>{inner}<mo>{closing}</mo></mrow>"


class _Writer(Writer):
    minus, less, plus, close, times = _MINUS, f"<mo>{MINUS}</mo>", "<mo>+</mo>", _CLOSE, _TIMES
    by_number = "<mo>⊙</mo>"

    def fenced(self, inner: str) -> str:
        return _fenced(inner)

    def _number(self, value: float, symbol: Symbol | None) -> str:
        negative, digits, exponent = self.digits.parts(value)
        name = _named(symbol) if symbol else ""
        if not negative and not exponent:
            return f"<mn{name}>{digits}</mn>"
        scale = f"<msup><mn>10</mn>{self._plain(exponent)}</msup>" if exponent else ""
        sized = "" if exponent and digits == "1" else f"<mn>{digits}</mn>{_TIMES if exponent else ''}"
        return f"<mrow{name}>{_MINUS if negative else ''}{sized}{scale}</mrow>"

    @staticmethod
    def _plain(whole: int) -> str:
        return f"<mrow>{_MINUS}<mn>{-whole}</mn></mrow>" if whole < 0 else f"<mn>{whole}</mn>"

    def bare(self, node: Node, *, leading: bool) -> str:
        match node:
            case Number(value, symbol):
                return self._number(value, symbol)
            case Name(symbol):
                return mathml_symbol(symbol)
            case Partial(of, by):
                above, below = (f"<mrow><mo>∂</mo>{_indexed(symbol)}</mrow>" for symbol in (of, by))
                return f"<mfrac>{above}{below}</mfrac>"
            case Sum():
                return joined(self.pieces(node))
            case Series(index, term):
                return f"<mrow><munder><mo>∑</mo><mi>{index}</mi></munder>{self.write(term, PRODUCT)}</mrow>"
            case Negative(operand):
                return f"<mrow>{_MINUS}{self.write(operand, SIGN)}</mrow>"
            case Product():
                return joined(self.factors(node, leading=leading))
            case Quotient(above, below):
                return f"<mfrac>{self.write(above, leading=True)}{self.write(below, leading=True)}</mfrac>"
            case Power(base, exponent):
                return f"<msup>{self._base(base)}{self.write(exponent, leading=True)}</msup>"
            case Call():
                return self._call(node)
            case Choice(cases, otherwise):
                rows = [(self.write(value, leading=True), self.write(test, leading=True)) for value, test in cases]
                first = "".join(_case(value, self._when(test)) for value, test in rows)
                last = _case(self.write(otherwise, leading=True), f"<mtext>{self.digits.says(message('else'))}</mtext>")
                return f"<mrow><mo>{{</mo><mtable>{first}{last}</mtable></mrow>"
            case Comparison(parts, signs):
                first, *rest = (self.write(part, SUM, leading=True) for part in parts)
                return joined(
                    [("", first), *((f"<mo>{escape(s)}</mo>", part) for s, part in zip(signs, rest, strict=True))]
                )
            case Rest(count, None):
                shown = self.digits.says(message("{count} more", count=count))
                return f"<mi>⟨{shown}⟩</mi>"  # an <mtext> would be taken for a space
            case Rest(value=float() as value):
                return self._number(value, None)
        raise AssertionError(node)

    def _when(self, test: str) -> str:
        """A condition with the words around it. Spaces at the ends of an <mtext> would be lost."""
        before, _, after = self.digits.says(message("if {test}", test="|")).replace(" ", "&#160;").partition("|")
        return f"{_words(before)}{test}{_words(after)}"

    def _base(self, base: Node) -> str:
        tall = isinstance(base, Name) and base.symbol.slope
        powered = isinstance(base, Number) and self.digits.parts(base.value)[2] != 0
        return _fenced(self.write(base)) if tall or (powered and not signed(base)) else self.write(base, ATOM)

    def _call(self, node: Call) -> str:
        match node:
            case Call("exp", (argument,)):
                return f"<msup><mi>e</mi>{self.write(argument, leading=True)}</msup>"
            case Call("abs", (argument,)):
                return _fenced(self.write(argument, leading=True), "|", "|")
            case Call("sqrt", (argument,)):
                return f"<msqrt>{self.write(argument, leading=True)}</msqrt>"
            case Call("floor", (argument,)):
                return _fenced(self.write(argument, leading=True), "⌊", "⌋")
            case Call("mod", (left, right)):
                return _fenced(f"{self.write(left, POWER)}<mo>mod</mo>{self.write(right, POWER)}")
        arguments = "<mo>,</mo>".join(self.write(argument, COMPARE, leading=True) for argument in node.arguments)
        name = f"<mi>{escape(FUNCTIONS.get(node.function, node.function))}</mi>"
        called = f"<msup>{name}<mo>′</mo></msup>" if node.prime else name
        return f"<mrow>{called}{_APPLY}{_fenced(arguments)}</mrow>"


def _words(text: str) -> str:
    return text and f"<mtext>{text}</mtext>"


def _case(value: str, when: str) -> str:
    return f"<mtr><mtd>{value}</mtd><mtd>{when}</mtd></mtr>"
