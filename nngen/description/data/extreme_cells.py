"""Cells that are far from all others of their column: cautions of ``nngen init`` and ``nngen train``."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nngen.common.diagnostics import show
from nngen.common.text import counted
from nngen.description.data.floats import Array

EXTREMES, KINDS = 5, 10
"""Cells of a column that are named where they are far from all others, which have so many different values."""

SOME = 100
"""The first cells, which show of most columns in little time that none is so far away."""


def extremes(name: str, values: Array, numbers: NDArray[np.intp] | None = None) -> Iterator[str]:
    """A few cells that are farther from the other cells than the whole range of these, in words.

    Args:
        name: the name of the column.
        values: its numbers, shape ``(rows,)``; NaN is a gap.
        numbers: the places of these rows in their table, from 0; None if all rows of it are there.
    """
    rows = np.flatnonzero(~np.isnan(values))
    if len(rows) < 2 * EXTREMES or _close(values[rows]):
        return
    ends = {*range(EXTREMES + 1), *range(len(rows) - EXTREMES - 1, len(rows))}
    order = rows[np.argpartition(values[rows], sorted(ends))]
    for ordered, sign in ((order, -1.0), (order[::-1], 1.0)):
        first = sign * values[ordered[: EXTREMES + 1]]
        last = sign * values[ordered[-EXTREMES - 1]]  # the others may have extremes at the other end
        count = next((n for n in range(1, EXTREMES + 1) if first[n - 1] - first[n] > first[n] - last), 0)
        if count and len(np.unique(values[ordered[count:]])) >= KINDS:
            row = ordered[0] if numbers is None else numbers[ordered[0]]
            cells = f"{values[ordered[0]]:.15g} in row {row + 1:,}"
            more = f" and {counted(count - 1, 'more cell', 'more cells')}" if count > 1 else ""
            yield f"{show(name)} has {cells}{more}, far from all others: correct it if it is a mistake"


def _close(present: Array) -> bool:
    """Whether the first of some numbers show that none is far: the others have at least as large a range as these."""
    some = np.sort(present[:SOME])
    low, high = float(some[EXTREMES]), float(some[-EXTREMES - 1])
    return bool(max(present.max() - high, low - present.min()) <= high - low)
