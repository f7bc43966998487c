"""Blocks of a table as text whose cells are just what is between separators, and what readers of CSV agree on."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST = 100_000
"""Bytes of a line that all CSV readers accept; Python's limit is 131,072 characters for a cell."""

_BREAK, _QUOTE = ord("\n"), ord('"')

_PIECE = 100_000
"""Bytes that are looked at at once."""


def count_lines(block: bytes) -> int:
    """The line breaks of a block: ``bytes.count`` takes ten times as long."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _BREAK))


def cells_of_block(block: bytes, text: str, separator: str, width: int) -> list[str] | None:
    """All cells of a block of lines, row by row; None if they may be other than what is between separators.

    Args:
        block: the lines.
        text: the same, decoded.
        separator: what is between cells.
        width: the cells of a row, two or more.
    """
    codes = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    between = ord(separator)
    marks = np.flatnonzero((codes == between) | (codes == _BREAK))
    if len(marks) % width or not agreed(block, separator) or is_spaced(block, separator):
        return None
    opening, closing = _quotes(codes)
    if (closing[:-1] + 1 == opening[1:]).any():  # two quotes that stand for one
        return None
    if not np.array_equal(np.searchsorted(marks, opening), np.searchsorted(marks, closing)):
        return None
    rows = codes[marks].reshape(-1, width)
    if (rows[:, -1] != _BREAK).any() or (rows[:, :-1] != between).any():
        return None
    plain = text.replace("\r\n", "\n").replace('"', "") if len(opening) or b"\r" in block else text
    return plain.replace("\n", separator).split(separator)[: rows.size]


def agreed(block: bytes, separator: str) -> bool:
    """Whether all CSV readers agree on a block of lines in UTF-8.

    They do if its lines are not too long and end alike, and each quote opens a cell at its begin or closes one at its
    end, on the same line.
    """
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return False
    codes = np.frombuffer(block, np.uint8)
    marks = _places(codes, '\n"' if b'"' in block else "\n")
    is_quote = codes[marks] == _QUOTE
    if np.max(np.diff(marks[~is_quote], prepend=-1, append=len(codes))) > LONGEST:
        return False
    quotes = np.flatnonzero(is_quote)
    opening, closing = marks[quotes[::2]], marks[quotes[1::2]]
    if len(opening) != len(closing) or (quotes[1::2] != quotes[::2] + 1).any():  # on another line
        return False
    around = _around(separator)
    before = around[codes[opening[opening > 0] - 1]]
    after = around[codes[closing[closing < len(codes) - 1] + 1]]
    return bool(before.all() and after.all())


def _places(codes: NDArray[np.uint8], marks: str) -> NDArray[np.intp]:
    """The places of one or two marks; pieces stay in the cache."""
    found = []
    for start in range(0, max(len(codes), 1), _PIECE):
        piece = codes[start : start + _PIECE]
        there = piece == ord(marks[0])
        for mark in marks[1:]:
            there |= piece == ord(mark)
        found.append(np.flatnonzero(there) + start)
    return np.concatenate(found)


def _quotes(codes: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of every first and every second quote."""
    quotes = np.flatnonzero(codes == _QUOTE)
    return quotes[::2], quotes[1::2]


def is_spaced(block: bytes, separator: str) -> bool:
    """Whether a cell of a block of lines may begin or end with a space."""
    spaces = b" \t\v\f".replace(separator.encode(), b"")
    if not any(space in block for space in spaces):
        return False
    codes = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    places = np.flatnonzero(_among(spaces)[codes])
    return any(_around(separator)[codes[places + step]].any() for step in (-1, 1))


@cache
def _around(separator: str) -> NDArray[np.bool_]:
    """Which bytes may be beside a cell, or be the quote beside a quote that stands for one in a text."""
    return _among(f'{separator}\r\n"'.encode())


@cache
def _among(listed: bytes) -> NDArray[np.bool_]:
    """Which of all bytes are listed, shape ``(256,)``."""
    return np.isin(np.arange(256), [*listed])
