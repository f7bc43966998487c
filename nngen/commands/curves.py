"""Curves about predicted classes: ROC, precision and recall, calibration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.commands.metrics import area
from nngen.description.data import Array

Truth = NDArray[np.bool_]
"""Whether each example is positive, shape ``(n,)``."""

BINS = 10
"""Groups of predicted probabilities, each as wide as the others."""

FEW = 10
"""Examples below which the share of a group says little: that of 10 has a standard error of up to 0.16."""


class Curve(NamedTuple):
    """The points of a curve, from left to right, and its summary."""

    x: Array
    y: Array
    value: float
    """The area under the ROC curve, or the average precision."""


class Calibration(NamedTuple):
    """For each group of examples that is large enough: mean predicted probability, share that is true, size."""

    predicted: Array
    true: Array
    counts: NDArray[np.intp]


def roc(scores: Array, positive: Truth) -> Curve:
    """The share of positive examples that a threshold finds, above the share of negative ones that it takes, too.

    Scores say how much the model believes that each example is positive. They and the truth, which has both kinds, have
    the shape ``(n,)``. The points are those of all thresholds, from (0, 0) to (1, 1) (Fawcett, Pattern Recognition
    Letters 27, 2006).
    """
    found, taken = _counts(scores, positive)
    x, y = (np.concatenate([[0.0], counts / counts[-1]]) for counts in (taken - found, found))
    return Curve(x, y, area(scores, positive))


def precision_recall(scores: Array, positive: Truth) -> Curve:
    """The share of positive ones among the examples that a threshold takes, above the share of them that it finds.

    Arguments are those of ``roc``. The value is the average precision: the sum of the precision at each threshold,
    times the recall that it adds (Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, 8.4).
    """
    found, taken = _counts(scores, positive)
    recall, precision = found / found[-1], found / taken
    gained = np.diff(recall, prepend=0.0)
    return Curve(np.concatenate([[0.0], recall]), np.concatenate([[1.0], precision]), float(np.sum(gained * precision)))


def calibration(probabilities: Array, true: Truth, least: int = 1) -> Calibration:
    """How often examples are true whose probability is predicted to be about so much; shapes ``(n,)``.

    Groups of fewer than ``least`` examples are left out.
    """
    edges = np.linspace(0.0, 1.0, BINS + 1)
    place = np.searchsorted(edges[1:-1], probabilities)
    counts = np.bincount(place, minlength=BINS)
    kept = counts >= least
    means, shares = (
        np.bincount(place, values, minlength=BINS)[kept] / counts[kept]
        for values in (probabilities, true.astype(float))
    )
    return Calibration(means, shares, counts[kept])


def _counts(scores: Array, positive: Truth) -> tuple[Array, Array]:
    """For each threshold from the highest score on: how many positive examples reach it, and how many examples do."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0.0, True)  # the last of the examples with one score
    return np.cumsum(positive[order])[last].astype(np.float64), (1.0 + np.flatnonzero(last)).astype(np.float64)
