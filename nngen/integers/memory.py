"""Where vectors of activations lie in one memory."""

from collections.abc import Mapping, Sequence


def placed(counts: Sequence[int], last: Mapping[int, int]) -> tuple[tuple[int, ...], int]:
    """The first byte of each vector, and the bytes of all: a vector takes the room of those that nobody reads any more.

    Args:
        counts: the bytes of each vector, in the order in which they are computed; 0 if it lies elsewhere.
        last: for each vector that is read, by its place in this order, the place of the last one that reads it.
    """
    starts: list[int] = []
    for made, count in enumerate(counts):
        start = 0
        for begin, size in sorted((at, counts[i]) for i, at in enumerate(starts) if last.get(i, i) >= made):
            if start + count <= begin:
                break
            start = max(start, begin + size)
        starts.append(start)
    return tuple(starts), max(map(sum, zip(starts, counts, strict=True)), default=0)
