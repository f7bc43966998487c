"""Statistics of a column of numbers, the same bits on every machine: sums are exactly rounded."""

import math
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from nngen.description.model import LEAST_SPREAD

Array = NDArray[np.float64]

SMALL, LARGE = 1e-250, 1e290
"""Between these sizes numbers can be cut into parts without rounding."""


def array_of(values: Sequence[float] | Array) -> Array:
    """Some numbers, shape ``(n,)``."""
    return np.asarray(values, np.float64)


def mean(column: Array) -> float:
    """The mean of one or more numbers; of equal ones, this number, where rounding could give a neighbour of it."""
    return float(column[0]) if column.min() == column.max() else total(column) / len(column)


def total(column: Array) -> float:
    """The exactly rounded sum of one or more numbers, as ``math.fsum`` gives it, in a fifth of its time.

    The numbers are cut into parts with as few digits as can be added without rounding (Rump, Ogita and Oishi, SIAM
    Journal on Scientific Computing 31(1), 2008: the algorithm AccSum).
    """
    room, parts = math.ceil(math.log2(len(column) + 2)), list[float]()
    while largest := float(np.abs(column).max()):
        if not SMALL < largest < LARGE:  # the cut would round; or it is NaN
            return math.fsum([*parts, *column.tolist()])
        cut = math.ldexp(1.0, math.frexp(largest)[1] + room)
        high = (column + cut) - cut
        parts.append(float(high.sum()))
        column = column - high
    return math.fsum(parts)


def median(column: Array) -> float:
    """The median of one or more numbers; of an even number of them, the mean of the two in the middle."""
    half, odd = len(column) // 2, len(column) % 2
    ordered = np.partition(column, half if odd else (half - 1, half))
    found = float(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2)
    if found:
        return found
    ordered = np.sort(column, kind="stable")  # which zero is in the middle, 0 or -0
    return float(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2)


def present(column: Array) -> Array:
    """The numbers that are not missing."""
    return column[~np.isnan(column)]


def filled(column: Array, fill: float) -> Array:
    """The column with a number in place of missing ones."""
    return np.where(np.isnan(column), fill, column)


def standard(column: Array) -> tuple[float, float]:
    """Mean and standard deviation; a constant column is divided by 1, as rounding could give it a tiny deviation.

    Raises:
        ValueError: there are no numbers.
    """
    if column.min() == column.max():
        return float(column[0]), 1.0
    middle = mean(column)
    return middle, math.sqrt(mean((column - middle) * (column - middle))) or 1.0


def log(column: Array) -> tuple[float, float]:
    """Mean and standard deviation of the natural logarithms.

    Raises:
        ValueError: there are no numbers, or one is not greater than 0.
    """
    return standard(logarithms(column))


def logarithms(values: Array) -> Array:
    """The natural logarithms of some targets; NumPy's differ between processors.

    Raises:
        ValueError: one is not greater than 0.
    """
    if np.any(values <= 0.0):
        raise ValueError(
            "expected targets greater than 0, which have logarithms; or write `scale_targets: standardize`"
        )
    return np.reshape([math.log(value) for value in values.ravel().tolist()], values.shape)


def robust(column: Array) -> tuple[float, float]:
    """The median and the distance between the quartiles; half the range where this is 0, infinity if that is 0, too.

    Raises:
        ValueError: there are no numbers.
    """
    low, high = quantiles(column, 0.25, 0.75)
    spreads = (high - low, (float(column.max()) - float(column.min())) / 2.0)
    return median(column), next((spread for spread in spreads if spread >= LEAST_SPREAD), math.inf)


def quantiles(column: Array, *shares: float) -> list[float]:
    """For each share, the number below which this share of one or more numbers lies, between two in proportion."""
    places = [share * (len(column) - 1) for share in shares]
    ends = [(math.floor(place), min(math.floor(place) + 1, len(column) - 1)) for place in places]
    ordered = np.partition(column, [*chain(*ends)])
    pairs = [
        (ordered[below], ordered[above], place - below) for (below, above), place in zip(ends, places, strict=True)
    ]
    return [float(low + (high - low) * part) for low, high, part in pairs]


def interval(column: Array) -> tuple[float, float]:
    """The smallest value and the range; a constant column is divided by 1.

    Raises:
        ValueError: there are no numbers.
    """
    return float(column.min()), float(column.max() - column.min()) or 1.0
