r"""Mathematics as LaTeX with amsmath: ``\frac{\partial L}{\partial z_{h_1}}``."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import ClassVar

from nngen.common.messages import message
from nngen.learning.typeset import tree
from nngen.learning.typeset.symbols import Symbol, parted
from nngen.learning.typeset.writer import ATOM, Writer

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

_NEW_ROW, _CR = r" \\ ", r" \cr "


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


def _indexed(symbol: Symbol) -> str:
    below = ",".join(map(_numbered, symbol.indices))
    base = "L" if symbol.base == "loss" else word(symbol.base) if below else _numbered(symbol.base)
    return base + (f"_{{{below}}}" if below else "") + (f"^{{({symbol.example})}}" if symbol.example else "")


def _numbered(name: str) -> str:
    base, number = parted(name)
    return f"{word(base)}_{{{number}}}" if number else word(base)


def greek(character: str) -> str:
    """The command of a small Greek letter; empty for other characters and for omicron, which looks like o."""
    command = unicodedata.name(character, "").removeprefix("GREEK SMALL LETTER ").lower().replace("lamda", "lambda")
    return rf"\{command}{{}}" if command in GREEK else ""


def _plain(characters: Iterable[str]) -> str:
    return "".join(greek(character) or SPECIAL.get(character, character) for character in characters)


def _array(columns: str, rows: Iterable[str]) -> str:
    return rf"\begin{{array}}{{@{{}}{columns}@{{}}}} {_NEW_ROW.join(rows)} \end{{array}}"


def _label(name: str) -> str:
    """The name of a row or column of a matrix."""
    return rf"{{\scriptstyle {_indexed(Symbol(name, name))}}}" if name else r"{\scriptstyle\vdots}"


class _Writer(Writer):
    minus, less, plus, close, times = "-", " - ", " + ", r" \, ", r" \cdot "
    by_number = r" \odot "
    relations: ClassVar[Mapping[str, str]] = {"≤": r"\le", "≥": r"\ge"}
    marks: ClassVar[Mapping[str, str]] = {
        "fence": r"\left(%s\right)",
        "partial": r"\frac{\partial %s}{\partial %s}",
        "series": r"\sum_{%s} %s",
        "negative": "-%s",
        "quotient": r"\frac{%s}{%s}",
        "power": "%s^{%s}",
        "relation": " %s ",
        "rest": r"\langle \text{%s} \rangle",
        "exp": "e^{%s}",
        "abs": r"\left|%s\right|",
        "sqrt": r"\sqrt{%s}",
        "floor": r"\left\lfloor %s \right\rfloor",
        "mod": r"\left(%s \bmod %s\right)",
        "gap": r"\cdots",
        "room": r"\underline{\hspace{4em}}",
    }

    def number(self, value: float, symbol: Symbol | None) -> str:
        negative, digits, exponent = self.digits.parts(value)
        sized = {"∞": r"\infty", "NaN": r"\mathrm{NaN}"}.get(digits, digits)
        scale = rf"10^{{{exponent}}}"
        scaled = sized if not exponent else scale if sized == "1" else rf"{sized} \cdot {scale}"
        return f"-{scaled}" if negative else scaled

    def symbol(self, symbol: Symbol) -> str:
        shown = _indexed(symbol)
        return rf"\frac{{\partial L}}{{\partial {shown}}}" if symbol.slope else shown

    def matrix(self, matrix: tree.Matrix) -> str:
        cells, names = [list(map(self.cell, row)) for row in matrix.rows], [_label(name) for name in matrix.down]
        if matrix.across:
            head = ["", *(_label(name) if name else self.marks["gap"] for name in matrix.across)]
            rows = [head, *([name, *row] for name, row in zip(names, cells, strict=True))]
            return rf"\bordermatrix{{{''.join(' & '.join(row) + _CR for row in rows)}}}"
        array = _array("r" * len(cells[0]), map(" & ".join, cells))
        return rf"{_array('r', names)}\left({array}\right)" if names else rf"\left({array}\right)"

    def base(self, base: tree.Node) -> str:
        written = self.write(base, ATOM)
        return self.fenced(written) if self.is_tall(base) else f"{{{written}}}"

    def choice(self, node: tree.Choice) -> str:
        whens = [message("if {test}", test=f"${self.write(test, leading=True)}$") for _, test in node.cases]
        rows = [
            rf"{self.write(value, leading=True)} & \text{{{self.digits.says(when)}}}"
            for value, when in zip(node.values, [*whens, message("else")], strict=True)
        ]
        return rf"\begin{{cases}} {_NEW_ROW.join(rows)} \end{{cases}}"

    def call(self, node: tree.Call, arguments: Sequence[str]) -> str:
        name = FUNCTIONS.get(node.function) or rf"\operatorname{{{spelled(node.function)}}}"
        return rf"{name}{chr(39) if node.prime else ''}{self.fenced(', '.join(arguments))}"


LaTeX: type[Writer] = _Writer
"""Mathematics for math mode."""
