"""Columns that give the target alone: often they are known only after it."""

import numpy as np

from nngen.description.data import Array, Frame

MIN_ROWS = 5
"""Rows for each value of a column, on average: values that do not come again always give the target."""

EXACT = 1e-9
"""How far the correlation with a target of numbers may be from 1."""


def gives_away(frame: Frame, column: str, target: str, numbers: Array | None) -> bool:
    """Whether the values of a column give the target of each row.

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
    order = np.argsort(targets.places, kind="stable")
    starts = np.searchsorted(targets.places[order], np.arange(len(targets.known)))
    lows, highs = (of.reduceat(x[order], starts) for of in (np.minimum, np.maximum))
    by_size = np.argsort(lows)
    return bool(np.all(highs[by_size][:-1] < lows[by_size][1:]))
