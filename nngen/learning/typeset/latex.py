r"""Mathematics as LaTeX with amsmath: ``\frac{\partial L}{\partial z_{h_1}}``."""

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from nngen.common.messages import message
from nngen.learning.typeset.digits import Digits
from nngen.learning.typeset.symbols import Symbol, parted
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

FUNCTIONS = {"sigmoid": r"\sigma", **{name: rf"\{name}" for name in ("cos", "log", "max", "min", "sin", "tanh")}}
"""Functions with a LaTeX command."""

_GREEK = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
"""
GREEK = frozenset(_GREEK.split())
"""Letters with a LaTeX command."""

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{character: rf"\{character}" for character in "&%$#_{}"},
}
"""Escapes of characters with a meaning in LaTeX."""

_NEW_ROW = r" \\ "
_SIGNS = {"≤": r"\le", "≥": r"\ge"}


def latex(node: Node, digits: Digits | None = None) -> str:
    """Write an expression for math mode."""
    return "".join(sign + piece for sign, piece in latex_pieces(node, digits))


def latex_pieces(node: Node, digits: Digits | None = None) -> list[tuple[str, str]]:
    """The terms of a sum or the factors of a product, each with the sign before it. Other expressions are one piece."""
    return _Writer(digits or Digits()).pieces(node)


def escaped(text: str) -> str:
    """A text outside of math mode. Two hyphens stay two: options of commands have no dash."""
    return "".join(SPECIAL.get(character, character) for character in text).replace("--", "-{}-")


def word(name: str) -> str:
    """A name in math mode: a single letter is italic, a word is upright."""
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    return spelled(name) if len(name) == 1 else rf"\mathrm{{{spelled(name)}}}"


def spelled(name: str) -> str:
    """The letters of a name in math mode."""
    parts = groupby(name, lambda character: not character.isascii() and not greek(character))
    return "".join(rf"\text{{{''.join(part)}}}" if foreign else _plain(part) for foreign, part in parts)


def latex_symbol(symbol: Symbol) -> str:
    """A symbol with its indices. A derivative becomes ∂L over the symbol."""
    if symbol.slope:
        return rf"\frac{{\partial L}}{{\partial {_indexed(symbol)}}}"
    return _indexed(symbol)


def _indexed(symbol: Symbol) -> str:
    return f"{_below(symbol)}^{{({symbol.example})}}" if symbol.example else _below(symbol)


def _below(symbol: Symbol) -> str:
    if symbol.base == "loss":
        return "L"
    indices = [_numbered(index) for index in symbol.indices]
    base = word(symbol.base) if indices else _numbered(symbol.base)
    return f"{base}_{{{','.join(indices)}}}" if indices else base


def _numbered(name: str) -> str:
    base, number = parted(name)
    return f"{word(base)}_{{{number}}}" if number else word(base)


def greek(character: str) -> str:
    """The command of a small Greek letter; empty for other characters and for omicron, which looks like o."""
    command = unicodedata.name(character, "").removeprefix("GREEK SMALL LETTER ").lower().replace("lamda", "lambda")
    return rf"\{command}{{}}" if command in GREEK else ""


def _plain(characters: Iterable[str]) -> str:
    return "".join(greek(character) or SPECIAL.get(character, character) for character in characters)


class _Writer(Writer):
    minus, less, plus, close, times = "-", " - ", " + ", r" \, ", r" \cdot "
    by_number = r" \odot "

    def fenced(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def _number(self, value: float) -> str:
        negative, digits, exponent = self.digits.parts(value)
        sized = {"∞": r"\infty", "NaN": r"\mathrm{NaN}"}.get(digits, digits)
        scale = rf"10^{{{exponent}}}"
        scaled = sized if not exponent else scale if sized == "1" else rf"{sized} \cdot {scale}"
        return f"-{scaled}" if negative else scaled

    def bare(self, node: Node, *, leading: bool) -> str:
        match node:
            case Number(value):
                return self._number(value)
            case Name(symbol):
                return latex_symbol(symbol)
            case Partial(of, by):
                return rf"\frac{{\partial {_indexed(of)}}}{{\partial {_indexed(by)}}}"
            case Sum():
                return "".join(sign + piece for sign, piece in self.pieces(node))
            case Series(index, term):
                return rf"\sum_{{{index}}} {self.write(term, PRODUCT)}"
            case Negative(operand):
                return f"-{self.write(operand, SIGN)}"
            case Product():
                return "".join(sign + piece for sign, piece in self.factors(node, leading=leading))
            case Quotient(above, below):
                return rf"\frac{{{self.write(above, leading=True)}}}{{{self.write(below, leading=True)}}}"
            case Power(base, exponent):
                return f"{self._base(base)}^{{{self.write(exponent, leading=True)}}}"
            case Call():
                return self._call(node)
            case Choice(cases, otherwise):
                whens = [message("if {test}", test=f"${self.write(test, leading=True)}$") for _, test in cases]
                rows = [
                    rf"{self.write(value, leading=True)} & \text{{{self.digits.says(when)}}}"
                    for (value, _), when in zip(cases, whens, strict=True)
                ]
                last = rf"{self.write(otherwise, leading=True)} & \text{{{self.digits.says(message('else'))}}}"
                return rf"\begin{{cases}} {_NEW_ROW.join([*rows, last])} \end{{cases}}"
            case Comparison(parts, signs):
                first, *rest = (self.write(part, SUM, leading=True) for part in parts)
                return first + "".join(
                    f" {_SIGNS.get(sign, sign)} {part}" for sign, part in zip(signs, rest, strict=True)
                )
            case Rest(count, value):
                shown = self.digits.says(message("{count} more", count=count))
                return rf"\langle \text{{{shown}}} \rangle" if value is None else self._number(value)

    def _base(self, base: Node) -> str:
        tall = isinstance(base, Name) and base.symbol.slope
        powered = isinstance(base, Number) and self.digits.parts(base.value)[2] != 0
        indexed = self.write(base, ATOM)
        return rf"\left({indexed}\right)" if tall or powered else f"{{{indexed}}}"

    def _call(self, node: Call) -> str:
        match node:
            case Call("exp", (argument,)):
                return f"e^{{{self.write(argument, leading=True)}}}"
            case Call("abs", (argument,)):
                return rf"\left|{self.write(argument, leading=True)}\right|"
            case Call("sqrt", (argument,)):
                return rf"\sqrt{{{self.write(argument, leading=True)}}}"
            case Call("floor", (argument,)):
                return rf"\left\lfloor {self.write(argument, leading=True)} \right\rfloor"
            case Call("mod", (left, right)):
                return rf"\left({self.write(left, POWER)} \bmod {self.write(right, POWER)}\right)"
        arguments = ", ".join(self.write(argument, COMPARE, leading=True) for argument in node.arguments)
        name = FUNCTIONS.get(node.function) or rf"\operatorname{{{spelled(node.function)}}}"
        return rf"{name}{chr(39) if node.prime else ''}\left({arguments}\right)"
