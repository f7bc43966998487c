"""Columns that give the target alone: often they are known only after it."""

import numpy as np

from nngen.description.data import Array, Frame

Texts = list[str | None]

MIN_ROWS = 5
"""Rows for each value of a column, on average: values that do not come again always give the target."""

EXACT = 1e-9
"""How far the correlation with a target of numbers may be from 1."""


def gives_away(frame: Frame, column: str, target: str, numbers: Array | None) -> bool:
    """Whether the values of a column give the target of each row.

    Each value has one target, and comes in ``MIN_ROWS`` rows on average. Or each class has an interval of numbers of
    its own. Or a target of numbers is a multiple of the column, plus a constant.

    Args:
        frame: the rows; each has a target.
        column: the column.
        target: the column of the target.
        numbers: the targets, shape ``(rows,)``, if they are numbers; None for classes.
    """
    values, targets = frame.texts(column), frame.texts(target)
    if len({*values}) * MIN_ROWS <= len(values) and _decides(values, targets):
        return True
    if not frame.is_numeric(column):
        return False
    x = frame.numbers(column)
    if np.isnan(x).any():
        return False
    if numbers is not None:
        return abs(float(np.corrcoef(x, numbers)[0, 1])) > 1.0 - EXACT
    names, classes = np.unique([text or "" for text in targets], return_inverse=True)
    order = np.lexsort((classes, x))
    ends = np.flatnonzero(np.diff(classes[order]))
    return len(ends) == len(names) - 1 and bool(np.all(np.diff(x[order])[ends] > 0.0))


def _decides(values: Texts, targets: Texts) -> bool:
    """Whether rows with the same value have the same target."""
    seen: dict[str | None, str | None] = {}
    return all(seen.setdefault(value, target) == target for value, target in zip(values, targets, strict=True))
