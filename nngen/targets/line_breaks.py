"""Breaks expressions that are too long for a line, where their marks allow it (``formulas/marks.py``).

An expression becomes a sequence of texts, groups and places. A group stands on one line if it fits; otherwise all its
own places break (Oppen, ACM TOPLAS 2, 1980; Wadler, A prettier printer, 1998).
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from nngen.common.records import dataclass
from nngen.common.text import columns
from nngen.mathematics.formulas import MARKS

WIDTH = 120
"""Columns of a line."""


@dataclass(frozen=True)
class Place:
    """A place where a line may break: its text if it does not, its text if it does, and a change of the indent."""

    flat: str = ""
    broken: str = "\n"
    indent: int = 0


@dataclass(frozen=True)
class Group:
    """Parts that stand on one line, or break at each place of their own."""

    parts: tuple["Part", ...]


Part: TypeAlias = str | Place | Group
Parts: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True)
class Style:
    """How a language breaks its lines."""

    step: int
    """The columns of a step of indentation."""
    last_comma: str
    """The text after the last argument, if each stands on its own line."""
    width: int = WIDTH
    """The columns of a line."""

    def parts(self, text: str, *, in_brackets: bool = True) -> Parts:
        """The parts of an expression with marks. Lines may break at operators only ``in_brackets``."""
        for mark in MARKS:
            text = text.replace(mark, f"\0{mark}\0")
        return self._parts(filter(None, text.split("\0")), in_brackets)

    def _parts(self, tokens: Iterator[str], in_brackets: bool) -> Parts:
        """The parts up to the mark that closes them."""
        parts: list[Part] = []
        arguments = False
        for token in tokens:
            match token:
                case "⟩" | "⟧":
                    break
                case "⟨":
                    parts.append(self._inside(self._parts(tokens, True)))
                case "⟦":
                    parts.append(Group(self._parts(tokens, in_brackets)))
                case "↳":
                    rest = Group(self._parts(tokens, in_brackets))
                    parts.append(Group((Place(" ", indent=self.step), rest, Place("", "", -self.step))))
                    break
                case "↵":
                    arguments = arguments or _ends_with_comma(parts)
                    parts.append(Place(" ") if in_brackets else " ")
                case _:
                    parts.append(token)
        if arguments and not _ends_with_comma(parts):
            parts.append(Place("", self.last_comma))
        return tuple(parts)

    def _inside(self, parts: Parts) -> Group:
        """The inside of brackets. With a comma at its end, each item has its own line if one line is too short."""
        inner: Parts = (Group(parts),)
        if _ends_with_comma(parts):
            inner = (*parts[:-1], str(parts[-1])[:-1], Place("", ","))
        return Group((Place(indent=self.step), *inner, Place(indent=-self.step)))

    def operators(self, text: str) -> int:
        """The number of loosest operators of an expression where a line may break."""
        parts = self.parts(text)
        while len(parts) == 1 and isinstance(parts[0], Group):
            parts = parts[0].parts
        return sum(isinstance(part, Place) for part in parts)

    def lay_out(self, text: str, indent: int) -> str:
        """The expression on as many lines as it needs; the first begins after ``indent`` columns."""
        return lay_out(self.parts(text), indent, self.width)


def _ends_with_comma(parts: Sequence[Part]) -> bool:
    last = parts[-1] if parts else ""
    return isinstance(last, str) and last.endswith(",")


def lay_out(parts: Parts, indent: int, width: int = WIDTH) -> str:
    """Join parts to a text. A group stands on one line if it fits into the width."""
    text, column = "", indent
    stack: list[tuple[Part, bool]] = [(part, True) for part in reversed(parts)]
    while stack:
        part, broken = stack.pop()
        if isinstance(part, Group):
            broken = broken and not _fits(part, stack, width - column)
            stack += [(inner, broken) for inner in reversed(part.parts)]
        elif isinstance(part, Place) and broken:
            indent += part.indent
            new = part.broken.endswith("\n")
            text += part.broken + " " * (indent if new else 0)
            column = indent if new else column + columns(part.broken)
        else:
            piece = part.flat if isinstance(part, Place) else part
            text += piece
            column += columns(piece)
    return text


def _fits(group: Group, rest: list[tuple[Part, bool]], room: int) -> bool:
    """Whether a group fits, together with the text up to the next place that may break."""
    following = iter(reversed(rest))
    stack: list[tuple[Part, bool]] = [(group, False)]
    while room >= 0:
        part, broken = stack.pop() if stack else next(following, (Place(), True))
        if isinstance(part, Group):
            stack += [(inner, broken) for inner in reversed(part.parts)]
        elif isinstance(part, Place):
            room -= columns((part.broken if broken else part.flat).rstrip("\n"))
            if broken and part.broken.endswith("\n"):
                return room >= 0
        else:
            room -= columns(part)
    return False


def fits_broken(parts: Parts, indent: int) -> bool:
    """Whether all lines fit if every place breaks."""
    first, *rest = lay_out(parts, indent, 0).split("\n")
    return indent + columns(first) <= WIDTH and all(columns(line) <= WIDTH for line in rest)
