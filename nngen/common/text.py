"""Plain text: the width of a text in columns, printable text, lists of words, and tables."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

WIDTH = 100
"""Columns of a terminal that tables fit."""

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


_MARKS = re.compile(
    r"[\\`*\[\]<>|~&$@#]|!(?=\[)|(?<!\w)_|_(?!\w)"
    r"|:(?=//)|(?<=mailto):|(?<=xmpp):|(?<=www)\.|^(?:[-+=]|\d+[.)])(?=\s|$)",
    re.IGNORECASE,
)
"""What has a meaning in Markdown: marks, the addresses that become links, and what begins a list or a heading."""


def markdown(text: str) -> str:
    """A text within a paragraph, a list or a table of Markdown (CommonMark and tables), whatever is in it."""
    plain = " ".join(printable(text).split())
    return _MARKS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", plain)


def joined(words: Iterable[str], last: str) -> str:
    """The words as a list in a sentence: ``a, b or c``."""
    *before, end = [*words] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun: ``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table with a header; the columns whose indices are in ``numbers`` are flush right.

    If it is wider than ``WIDTH``, a table of numbers becomes several, one below the other, and each row of any other
    table becomes a paragraph. Cells are made ``printable``.
    """
    lines = [[printable(cell) for cell in line] for line in (head, *rows)]
    widths = [max(columns(line[i]) for line in lines) for i in range(len(head))]
    if sum(widths) + 2 * (len(widths) - 1) <= WIDTH:
        return _grid(lines, widths, numbers)
    if {*numbers} != {*range(1, len(widths))}:
        return "\n".join([head[0], "-" * widths[0], *(_paragraph(head, line) for line in lines[1:])])
    parts: list[list[int]] = []
    for place, width in enumerate(widths[1:], 1):
        if not parts or sum(widths[each] + 2 for each in parts[-1]) + width > WIDTH:
            parts.append([0])
        parts[-1].append(place)
    shown = ([[line[each] for each in part] for line in lines] for part in parts)
    return "\n\n".join(
        _grid(cells, [widths[each] for each in part], range(1, len(part)))
        for cells, part in zip(shown, parts, strict=True)
    )


def _paragraph(head: Sequence[str], row: Sequence[str]) -> str:
    """The first cell of a row, and below it each other one that is not empty, with its title."""
    edge = max(map(columns, head[1:])) + 4
    found = filled(row[0], WIDTH)
    for title, cell in zip(head[1:], row[1:], strict=True):
        for number, line in enumerate(filled(cell, WIDTH - edge)):
            found.append(padded("" if number else f"  {title}", edge) + line)
    return "\n".join(found)


def _grid(cells: Sequence[Sequence[str]], widths: Sequence[int], numbers: Sequence[int]) -> str:
    """The lines of cells below one another, with a rule below the first."""
    lines = [cells[0], ["-" * width for width in widths], *cells[1:]]
    return "\n".join(
        "  ".join(
            padded(cell, width, right=i in numbers) for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
