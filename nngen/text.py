"""Plain text: the width of a text in columns, printable text, lists of words, and tables."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

_JOINED = range(0x1160, 0x1200)
"""Vowels and final consonants of Hangul, which join the syllable before them."""


def columns(text: str) -> int:
    """The width of a text in columns: East Asian characters take two, combining and invisible ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text, padded with spaces to a width in columns, on the right or, for flush right, on the left."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def printable(text: str) -> str:
    """The text with a mark in place of each character that is invisible or would move the cursor of a terminal."""
    return "".join(c if c.isprintable() else " " if c in "\t\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in _JOINED:
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def filled(text: str, width: int) -> list[str]:
    """The text on lines of at most this many columns. A longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def joined(words: Iterable[str], last: str) -> str:
    """The words as a list in a sentence: ``a, b or c``."""
    *before, end = [*words] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def counted(number: int, noun: str) -> str:
    """A number and its noun: ``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table with a header; the columns whose indices are in ``numbers`` are flush right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(columns(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            padded(cell, width, right=i in numbers) for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
