"""Blocks of a table as text whose cells are just what is between separators, and what readers of CSV agree on."""

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass
from nngen.description.data.floats import Array

HAS_WORDS = hasattr(np, "uint64")
"""Whether arrays can have words of eight bytes: what stands in for NumPy in a browser has none."""

LONGEST = 100_000
"""Bytes of a line that all CSV readers accept; Python's limit is 131,072 characters for a cell."""

COSTS = 3
"""To cut one text from a block takes as long as to split it into this many."""

_BREAK, _QUOTE, _POINT = ord("\n"), ord('"'), ord(".")

_PIECE = 100_000
"""Bytes that are looked at at once."""


def count_lines(block: bytes) -> int:
    """The line breaks of a block: ``bytes.count`` takes ten times as long."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _BREAK))


@dataclass(frozen=True)
class Cells:
    """The cells of a block of lines, row by row. Each array has the shape ``(cells,)``."""

    block: bytes
    separator: str
    width: int
    """The cells of a row."""
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    points: NDArray[np.intp]
    """Where the only point of a cell is; its end if it has none, and -1 if it has several."""

    def texts(self, places: Sequence[int]) -> list[Sequence[str]]:
        """The texts of these columns."""
        text, width = self.block.decode(), self.width
        if len(places) * COSTS > width or not self.block.isascii():
            plain = text.replace("\r\n", "\n").replace('"', "") if '"' in text or "\r" in text else text
            split = plain.replace("\n", self.separator).split(self.separator)[: len(self.ends)]
            return [split[place::width] for place in places]
        found: list[Sequence[str]] = []
        for place in places:
            starts, ends = self.starts[place::width].tolist(), self.ends[place::width].tolist()
            found.append([text[start:end] for start, end in zip(starts, ends, strict=True)])
        return found

    def numbers(self, plain: Collection[int], whole: Collection[int] = ()) -> dict[int, Array]:
        """The numbers of columns by their places, NaN for an empty cell.

        Args:
            plain: the columns that are wanted; left out is one with a cell that is no number in plain writing.
            whole: those of which each cell has to be a whole number as Python writes it.
        """
        from nngen.description.data.plain_cells import numbers_of_cells

        values, wrong = numbers_of_cells(self.block, self.starts, self.ends, self.points)
        columns, is_wrong = values.reshape(-1, self.width).T, wrong.reshape(-1, self.width).T
        fit = [place for place in plain if not is_wrong[place].any()]
        return {place: columns[place].copy() for place in fit if place not in whole or self._is_whole(place)}

    def _is_whole(self, place: int) -> bool:
        starts, ends, points = (of[place :: self.width] for of in (self.starts, self.ends, self.points))
        codes = np.frombuffer(self.block + b"\n", np.uint8)
        digits = starts + (codes[starts] == ord("-"))
        return not ((points < ends) | ((codes[digits] == ord("0")) & (ends - starts > 1))).any()


def cells_of_block(block: bytes, separator: str, width: int) -> Cells | None:
    """All cells of lines in UTF-8, two or more a row; None if they may be more than what is between marks."""
    codes = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", np.uint8)
    marks = _places(codes, separator + "\n.")
    at = np.flatnonzero(codes[marks] != _POINT)
    ends = marks[at]
    if len(ends) % width or not len(ends) or not agreed(block, separator):
        return None
    rows = codes[ends].reshape(-1, width)
    if (rows[:, -1] != _BREAK).any() or (rows[:, :-1] != ord(separator)).any():
        return None
    starts = np.concatenate([np.zeros(1, np.intp), ends[:-1] + 1])
    if b"\r" in block:
        ends[width - 1 :: width] -= codes[ends[width - 1 :: width] - 1] == ord("\r")
    if b'"' in block:
        if _is_spaced(codes, starts, ends) or _is_quoted_twice(codes, ends):
            return None
        quoted = codes[starts] == _QUOTE
        starts, ends = starts + quoted, ends - quoted
    if _is_spaced(codes, starts, ends):
        return None
    several = np.diff(at, prepend=-1) - 1
    points = np.where(several == 1, marks[at - 1], np.where(several > 1, -1, ends))
    return Cells(block, separator, width, starts, ends, points)


def _is_spaced(codes: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> bool:
    """Whether a cell begins or ends with a space."""
    spaces = _among(b" \t\v\f")
    return bool(((ends > starts) & (spaces[codes[starts]] | spaces[codes[ends - 1]])).any())


def _is_quoted_twice(codes: NDArray[np.uint8], ends: NDArray[np.intp]) -> bool:
    """Whether two quotes stand for one, or a quote closes in another cell than it opens."""
    opening, closing = _quotes(codes)
    twice = (closing[:-1] + 1 == opening[1:]).any()
    return bool(twice or not np.array_equal(np.searchsorted(ends, opening), np.searchsorted(ends, closing)))


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
