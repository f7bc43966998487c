"""Text as terminals and formatters take it: its columns, and what may be printed."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

_JOINED = range(0x1160, 0x1200)
"""Vowels and last consonants of Hangul: they are part of the syllable before them."""


def columns(text: str) -> int:
    """The columns that a text takes: characters of East Asia are wide, combining and invisible ones take none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with spaces up to a width in columns, after it or, flush right, before it."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor or hide: a mark stands for each such character."""
    return "".join(c if c.isprintable() else " " if c in "\t\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in _JOINED:
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def joined(words: Iterable[str], last: str) -> str:
    """The words as a sentence has them: ``a, b or c``."""
    *before, end = [*words] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def counted(number: int, noun: str) -> str:
    """A number and what it counts: ``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Columns under their heads; those at the places in ``numbers`` are set flush right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(columns(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            padded(cell, width, right=i in numbers) for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
