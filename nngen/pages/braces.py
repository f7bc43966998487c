"""Statements of languages with braces, JavaScript and C, on as many lines as they need.

Templates compose expressions as text. They are split at brackets and at operators between spaces; pages contain
nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from nngen.pages.line_breaks import WIDTH, Group, Part, Parts, Place, lay_out
from nngen.pages.python_layout import fitting
from nngen.text import columns

_LEVELS = (
    (" ? ", " : "),
    (" || ",),
    (" && ",),
    (" === ", " == ", " <= ", " >= ", " < ", " > "),
    (" + ", " - "),
    (" * ", " / ", " % "),
)
"""Operators where a line may break, the loosest first."""

_ARROW = " => "
_BINDS = {mark: level for level, marks in enumerate(((_ARROW,), *_LEVELS)) for mark in marks}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_QUOTES = "\"'`"
_TOKEN = re.compile("|".join([r"[()\[\]{}]", *(f"{q}[^{q}]*{q}?" for q in _QUOTES), ", ", *map(re.escape, _BINDS)]))
"""The tokens of an expression: brackets, strings, commas and operators."""


@dataclass(frozen=True)
class Braces:
    """How a language breaks its lines."""

    step: int
    """The columns of a step of indentation."""
    last_comma: str
    """The mark after the last argument, if each stands on its own line."""

    def statement(self, start: str, value: str, indent: int) -> str:
        """``start``, an expression and a semicolon, on as many lines as they need."""
        if indent + columns(f"{start}{value};") <= WIDTH:
            return f"{start}{value};"
        parts, joined = self.parts(value), any(_BINDS.get(word) for _, word in _outermost(value))
        if joined and start == "return ":
            return lay_out((Group(("return (", self._in, Group(parts), self._out, ");")),), indent)
        if not joined:
            text = lay_out((Group((start, *parts, ";")),), indent)
            if indent + columns(text.partition("\n")[0]) <= WIDTH:
                return text
        return lay_out((Group((start.rstrip(), Place(" ", "\n", self.step), Group((*parts, ";")))),), indent)

    def unless(self, condition: str, indent: int) -> str:
        """``if (!(condition)) {``, on as many lines as it needs."""
        line = f"if (!{condition}) {{"
        if indent + columns(line) <= WIDTH:
            return line
        return lay_out((Group(("if (", self._in, "!", *self.parts(condition), self._out, ") {")),), indent)

    def items(self, rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int) -> str:
        """The items of all rows in brackets: on one line, or row by row if they do not fit."""
        rows = list(rows)
        line = ", ".join(item for row in rows for item in row)
        if indent + columns(opening + line + closing) <= WIDTH:
            return f"{opening}{line}{closing}"
        room = WIDTH - indent - self.step - len(",")
        pieces = [", ".join(piece) for row in rows for piece in fitting(row, room)]
        return f"\n{' ' * indent}".join([opening, *(f"{' ' * self.step}{piece}," for piece in pieces), closing])

    @property
    def _in(self) -> Place:
        """A place to break before an indented part."""
        return Place("", "\n", self.step)

    @property
    def _out(self) -> Place:
        """A place to break after an indented part."""
        return Place("", "\n", -self.step)

    def parts(self, text: str) -> Parts:
        """Split an expression at its loosest operators."""
        level = min((_BINDS[word] for _, word in _outermost(text) if word in _BINDS), default=None)
        if level is None:
            return tuple(self._atoms(text))
        if level == _BINDS[_ARROW]:
            head, _, inner = text.partition(_ARROW)
            return f"{head} =>", Group(
                (Place(" ", "\n", self.step), Group(self.parts(inner)), Place("", "", -self.step))
            )
        first, *rest = _split(text, _LEVELS[level - 1])
        parts: list[Part] = [Group(self.parts(first))]
        for sign, operand in zip(rest[::2], rest[1::2], strict=True):
            parts += (Place(" "), sign.lstrip()) if level == 1 else (sign.rstrip(), Place(" "))
            parts.append(Group(self.parts(operand)))
        return tuple(parts)

    def _atoms(self, text: str) -> Iterator[str | Group]:
        """The parts of an expression without operators: names, numbers and strings, and groups in brackets."""
        start = 0
        for left, right in _brackets(text):
            yield text[start:left]
            inside, start = text[left + 1 : right], right + 1
            if not inside or text[left] == "{":
                yield text[left:start]
                continue
            first, *rest = _split(inside, (", ",))[::2]
            listed: list[Part] = [Group(self.parts(first))]
            for item in rest:
                listed += [",", Place(" "), Group(self.parts(item))]
            called = text[left] == "[" or left > 0
            if called and rest:
                listed.append(Place("", self.last_comma))
            yield Group((text[left], self._in, Group(tuple(listed)), self._out, _PAIRS[text[left]]))
        yield text[start:]


def stored(
    rows: Iterable[Sequence[str]], to: str, sign: str, values: Mapping[str, str] = MappingProxyType({}), indent: int = 4
) -> str:
    """``gradient[0] += dw; gradient[1] += dv;``: the numbers of an array, a line for each row, but for 0.0.

    Args:
        rows: their names.
        to: the array.
        sign: how they are stored.
        values: what is stored in place of some names.
        indent: the columns before each line.
    """
    places = count()
    written = [[(next(places), values.get(name, name)) for name in row] for row in rows]
    lines = [[f"{to}[{place}] {sign} {value};" for place, value in row if value != "0.0"] for row in written]
    pieces = (piece for line in lines if line for piece in fitting(line, WIDTH - indent))
    return f"\n{' ' * indent}".join(" ".join(piece) for piece in pieces)


def _outermost(text: str) -> Iterator[tuple[int, str]]:
    """The brackets, commas and operators outside of brackets and strings, with their indices."""
    depth = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        depth -= word in ")]}"
        if not depth and word[0] not in _QUOTES:
            yield token.start(), word
        depth += word in "([{"


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """The indices of the outermost pairs of brackets."""
    places = [place for place, word in _outermost(text) if word in "()[]{}"]
    return zip(places[::2], places[1::2], strict=True)


def _split(text: str, marks: Sequence[str]) -> list[str]:
    """Split a text at marks outside of brackets and strings. The marks stay between the pieces."""
    pieces, start = [], 0
    for place, word in _outermost(text):
        if word in marks:
            pieces += [text[start:place], word]
            start = place + len(word)
    return [*pieces, text[start:]]
