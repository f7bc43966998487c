"""Which rows of a batch lie in which shard, and how the results of shards become those of the batch."""

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


def combined(results: Sequence[tuple[Any, ...]], *, mean: bool) -> tuple[float, list[Any]]:
    """The loss and the gradient of a batch from those of its parts, added in their order.

    A mean of each part is weighted by how much the part counts, so that a penalty, which each part has whole, counts
    once. In a sum, the penalty is part of each summand.

    Raises:
        ValueError: all weights of a weighted mean are 0.
    """
    if len(results) == 1 and results[0][0] > 0.0:  # without rounding, as the module itself
        return results[0][1], [_whole(values) for values in results[0][2]]
    count = sum(result[0] for result in results)
    if mean and count == 0.0:
        raise ValueError("expected weights that do not sum to 0 over a batch")
    total = 0.0
    sums: list[Any] = []
    for counted, loss, gradient, *_ in results:
        factor = counted if mean else 1.0
        total += factor * loss
        terms = [factor * _whole(values).astype(np.float64) for values in gradient]
        sums = [one + other for one, other in zip(sums, terms, strict=True)] if sums else terms
    if mean:
        total, sums = total / count, [values / count for values in sums]
    kinds = [_kind(values) for values in results[0][2]]
    return total, [values.astype(kind) for values, kind in zip(sums, kinds, strict=True)]


def _whole(values: Any) -> NDArray[Any]:
    """A matrix with its rows of zeros."""
    if not isinstance(values, tuple):
        return np.asarray(values)
    shape, places, rows = values
    whole = np.zeros(shape, rows.dtype)
    whole[places] = rows
    return whole


def _kind(values: Any) -> Any:
    return (values[2] if isinstance(values, tuple) else values).dtype
