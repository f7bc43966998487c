"""Columns that give the target alone: often they are known only after it."""

from itertools import groupby
from operator import itemgetter

import numpy as np

from nngen.description.data import Frame

MIN_ROWS = 5
"""Rows for each value of a column, on average: values that do not come again always give the target."""

EXACT = 1e-9
"""How far the correlation with a target of numbers may be from 1."""


def gives_away(frame: Frame, column: str, target: str, *, numbers: bool) -> bool:
    """Whether the values of a column give the target of each row.

    Each value has one target, and comes in ``MIN_ROWS`` rows on average. Or each class has an interval of numbers of
    its own. Or a target of numbers is a multiple of the column, plus a constant.

    Args:
        frame: the rows; each has a target.
        column: the column.
        target: the column of the target.
        numbers: whether the target is a number, not a class.
    """
    values, targets = frame.texts(column), frame.texts(target)
    different = set(values)
    if len(different) * MIN_ROWS <= len(values) and len({*zip(values, targets, strict=True)}) == len(different):
        return True
    if None in different or not frame.is_numeric(column):
        return False
    x = frame.numbers(column)
    if numbers:
        return abs(float(np.corrcoef(x, frame.numbers(target))[0, 1])) > 1.0 - EXACT
    pairs = sorted(zip(x.tolist(), map(str, targets), strict=True))
    apart = [text for text, _ in groupby(map(itemgetter(1), pairs))]
    ties = {value: {text for _, text in listed} for value, listed in groupby(pairs, itemgetter(0))}
    return len(apart) == len({*targets}) and all(len(texts) == 1 for texts in ties.values())
