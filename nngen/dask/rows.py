"""Which rows of a batch lie in which shard."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


class Span:
    """The numbers of successive rows, as an array of them, without memory for each."""

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, Span):
            return Span(self.start + key.start, self.start + key.stop)
        if isinstance(key, slice):
            found = range(self.start, self.stop)[key]
            return Span(found.start, found.stop)
        if isinstance(key, np.ndarray):
            return self.start + key
        return range(self.start, self.stop)[key]

    def item(self, place: int) -> int:
        """The number of the row at a place."""
        return self.start + place

    def __radd__(self, other: int) -> Places:
        return np.arange(other + self.start, other + self.stop)


class Piece(NamedTuple):
    """The rows of a batch in one shard."""

    shard: int
    rows: Any
    """Their numbers in the shard; a pair of the first and the last but one; or None for all rows of the shard."""
    places: Any
    """Their places in the batch."""


def pieces(rows: Places | Span, bounds: Sequence[int]) -> Iterator[Piece]:
    """The rows of a batch by shard, in the order of the shards.

    Args:
        rows: the numbers of the rows in the whole data, shape ``(n,)``.
        bounds: the first row of each shard, and the number of all rows.
    """
    if isinstance(rows, Span):
        for shard, (first, end) in enumerate(pairwise(bounds)):
            start, stop = max(rows.start, first), min(rows.stop, end)
            if start < stop:
                inside = None if (start, stop) == (first, end) else (start - first, stop - first)
                yield Piece(shard, inside, slice(start - rows.start, stop - rows.start))
        return
    owners = np.searchsorted(bounds, rows, side="right") - 1
    order = np.argsort(owners, kind="stable")
    ends = np.searchsorted(owners[order], np.arange(len(bounds)))
    for shard, (start, stop) in enumerate(pairwise(ends)):
        if start < stop:
            places = order[start:stop]
            yield Piece(shard, rows[places] - bounds[shard], places)
