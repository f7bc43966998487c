"""How well one or two columns of a table predict its target, without a network."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from nngen.description.data import Array, Frame

MIN_ROWS = 5
"""Rows for each value of a column, on average: values that do not come again always give the target."""

EXACT = 1e-9
"""How far the correlation with a target of numbers may be from 1."""

IN_ORDER = 0.999
"""The correlation of ranks from which on a column has the order of the target; rounding makes it less than 1."""

TOGETHER = 1e-6
"""The share of the variance of a target that two columns may leave where they give it; rounding leaves some."""

MOST_ROWS, MOST_COLUMNS = 20_000, 50
"""Rows, evenly from the whole table, and columns that are compared, so that it takes milliseconds."""

LEAST, SURE, SHRINK = 0.02, 16.0, 3.0
"""The share of a target that is worth telling; for n rows it is more than ``SURE / n``, four standard errors of the
correlation. A mean of few rows counts as if ``SHRINK`` more rows had the mean of all."""

SCATTER = 2_654_435_761
"""It scatters the numbers of rows (Knuth, The Art of Computer Programming 3, 6.4), as every second row may be alike."""


def gives_away(frame: Frame, column: str, target: str, numbers: Array | None) -> bool:
    """Whether a column determines the target of each row.

    Each value has one target, and comes in ``MIN_ROWS`` rows on average. Or each class has an interval of numbers of
    its own. Or a target of numbers, shape ``(rows,)``, is a multiple of the column, plus a constant; None for classes.
    """
    if not frame.has_more(column, len(frame) // MIN_ROWS) and frame.decides(column, target):
        return True
    if not frame.is_numeric(column):
        return False
    x = frame.numbers(column)
    if np.isnan(x).any():
        return False
    if numbers is not None:
        return abs(float(np.corrcoef(x, numbers)[0, 1])) > 1.0 - EXACT
    targets = frame.coded(target)
    starts = np.searchsorted(targets.places[targets.order], np.arange(len(targets.known)))
    lows, highs = (of.reduceat(x[targets.order], starts) for of in (np.minimum, np.maximum))
    by_size = np.argsort(lows)
    return bool(np.all(highs[by_size][:-1] < lows[by_size][1:]))


def same_order(x: Array, y: Array) -> bool:
    """Whether Spearman's rank correlation of two columns, shapes ``(n,)``, is near 1 or -1."""
    x, y = _some(x), _some(y)
    there = ~np.isnan(x) & ~np.isnan(y)
    if there.sum() < 2 * MIN_ROWS or _alike(x[there]) or _alike(y[there]):
        return False
    return abs(float(np.corrcoef(_ranks(x[there]), _ranks(y[there]))[0, 1])) > IN_ORDER


def _some(values: Array) -> Array:
    return values[:: -(-len(values) // MOST_ROWS)]


def _alike(values: Array) -> bool:
    return bool(values.min() == values.max())


def _ranks(values: Array) -> Array:
    """The ranks of numbers; equal ones have the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Array = (last - (counts - 1) / 2.0)[places]
    return ranks


def sums(columns: Mapping[str, Array], y: Array) -> Iterator[tuple[str, str]]:
    """The pairs of columns whose sum, difference or weighted sum is a target of numbers, shapes ``(rows,)``.

    Columns with gaps, and those that give the target alone, are in no pair.
    """
    some = {name: _some(values) for name, values in columns.items()}
    names = [name for name, values in some.items() if not np.isnan(values).any() and not _alike(values)]
    if not 2 <= len(names) <= MOST_COLUMNS or np.isnan(_some(y)).any() or _alike(_some(y)):
        return
    r = np.corrcoef([*(some[name] for name in names), _some(y)])
    alone = r[-1, :-1] ** 2
    for i, j in combinations(range(len(names)), 2):
        rest = 1.0 - r[i, j] ** 2
        if rest < TOGETHER or max(alone[i], alone[j]) > 1.0 - TOGETHER:
            continue
        left = 1.0 - (alone[i] + alone[j] - 2.0 * r[-1, i] * r[-1, j] * r[i, j]) / rest
        if left < TOGETHER:
            yield names[i], names[j]


def explained(places: NDArray[np.int32], target: Array | NDArray[np.int32], *, classes: bool) -> float:
    """The share of the variance of a target that a column explains in held-out rows.

    It is measured on half of the rows, by the mean target of each value in the others; 0 where it may be chance, or
    is less than ``LEAST``.

    Args:
        places: which value each row has, shape ``(rows,)``.
        target: the numbers of the rows, or the places of their classes, shape ``(rows,)``.
        classes: whether it has classes, each of which counts as a number that is 0 or 1.
    """
    count = int(places.max()) + 1
    known = (np.arange(len(places)) * SCATTER >> 16) % 2 == 0
    new = ~known
    rows = np.bincount(places[known], minlength=count)
    left = whole = 0.0
    for y in [(target == one).astype(np.float64) for one in range(int(target.max()) + 1)] if classes else [target]:
        mean = float(y[known].mean())
        means = (np.bincount(places[known], y[known], count) + SHRINK * mean) / (rows + SHRINK)
        left += float(np.sum((y[new] - means[places[new]]) ** 2))
        whole += float(np.sum((y[new] - mean) ** 2))
    share = 1.0 - left / whole if whole else 0.0
    return share if share > max(LEAST, SURE / max(1, new.sum())) else 0.0
