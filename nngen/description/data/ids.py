"""Ids that a spec takes from the data."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.cells import Expected
from nngen.description.data.frame import Frame
from nngen.description.data.tables import read_frame
from nngen.description.data.text_columns import MAX_DIGITS
from nngen.description.model import TableIds

DENSE = 4
"""How many times as large as the number of rows ids may be that are counted in place of sorted."""


def collected(path: Path, columns: Sequence[str], encoding: str) -> list[TableIds]:
    """The different ids of each of these columns of a table, in their order. A missing id is none.

    Raises:
        SpecError: the table cannot be read, or lacks a column.
    """
    expected = [Expected(name, "text", gaps=True) for name in dict.fromkeys(columns)]
    frame = read_frame(path, expected, 1, encoding)
    return [_of_column(frame, column) for column in columns]


def _of_column(frame: Frame, name: str) -> TableIds:
    numbers = frame.digits(name)
    if numbers is not None:
        known, places = _ranked(numbers)
        ids = TableIds(map(str, known.tolist()))
        ids.places = places.astype(np.int32)
        return ids
    column = frame.coded(name)
    texts = [*column]
    order = _order(texts)
    ids = TableIds(texts[place] for place in order.tolist())
    rank = np.full(len(column.known), -1, np.int32)
    rank[[text is not None for text in column.known]] = np.argsort(order)
    ids.places = rank[column.places]
    return ids


def _ranked(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The different numbers from 0 by size, and the place of each number among them."""
    if numbers.max() >= DENSE * len(numbers):
        return np.unique(numbers, return_inverse=True)
    there = np.bincount(numbers) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def in_order(ids: Iterable[str]) -> list[str]:
    """Each id once: whole numbers by size, then texts by the alphabet."""
    every = [*set(ids)]
    return [every[place] for place in _order(every).tolist()]


def _order(ids: Sequence[str]) -> NDArray[np.intp]:
    """The places of different ids in their order. As integers, most are sorted in a tenth of the time."""
    lengths = [*map(len, ids)]
    if all(map(str.isdigit, ids)) and all(map(str.isascii, ids)) and max(lengths, default=0) <= MAX_DIGITS:
        return np.lexsort((np.array([*map(int, ids)], np.int64), np.array(lengths)))
    numbers = [text.isdigit() for text in ids]
    keys = [(not number, length if number else 0) for number, length in zip(numbers, lengths, strict=True)]
    return np.array(sorted(range(len(ids)), key=lambda place: (*keys[place], ids[place])), np.intp)
