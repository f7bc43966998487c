"""Ids that a spec takes from the data."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nngen.description.data.cells import Expected
from nngen.description.data.tables import read_frame


def collected(path: Path, columns: Sequence[str], encoding: str) -> list[list[str]]:
    """The different ids of each of these columns of a table, in their order. A missing id is none.

    Raises:
        SpecError: the table cannot be read, or lacks a column.
    """
    expected = [Expected(name, "id", gaps=True) for name in dict.fromkeys(columns)]
    frame = read_frame(path, expected, 1, encoding)
    return [in_order(frame.coded(column)) for column in columns]


def in_order(ids: Iterable[str]) -> list[str]:
    """Each id once: whole numbers by size, then texts by the alphabet."""
    every = sorted(set(ids))
    numbers = (text for text in every if text.isdigit())
    return [*sorted(numbers, key=len), *(text for text in every if not text.isdigit())]
