"""Metrics of predicted classes and numbers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nngen.description.data import Array

Places = NDArray[np.intp]

Metrics = Mapping[str, float]
"""Values by name."""


def of_classes(shares: Array, classes: Places) -> Metrics:
    """Accuracy, macro F1 and the area under the ROC curve.

    Args:
        shares: how much the model believes in each class, shape ``(n, classes)``; of several, the largest is chosen.
        classes: the class of each example, shape ``(n,)``.

    F1 of a class that is neither there nor predicted does not count. The area of several classes is the mean over the
    classes that are there, each against all others (Fawcett, Pattern Recognition Letters 27, 2006).
    """
    chosen = np.argmax(shares, axis=1)
    scores, areas = [], []
    for k in range(shares.shape[1]):
        there, said = classes == k, chosen == k
        if there.any() or said.any():
            scores.append(2.0 * np.sum(there & said) / (np.sum(there) + np.sum(said)))
        if there.any() and not there.all():
            areas.append(area(shares[:, k], there))
    return {
        "accuracy": float(np.mean(chosen == classes)),
        "macro F1": float(np.mean(scores)),
        **({"AUC": float(np.mean(areas))} if areas else {}),
    }


def area(scores: Array, positive: NDArray[np.bool_]) -> float:
    """The area under the ROC curve: how often a positive example has a higher score than a negative one."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2.0)[place]  # examples with one score share their mean rank
    positives, negatives = int(np.sum(positive)), int(np.sum(~positive))
    return float((np.sum(ranks[positive]) - positives * (positives + 1) / 2.0) / (positives * negatives))


def of_numbers(answers: Array, targets: Array) -> Metrics:
    """The root of the mean squared error, the mean absolute error and R², over all outputs; shapes ``(n, outputs)``."""
    errors = (answers - targets)[~np.isnan(targets)]  # a missing target has no error
    spread = np.nansum((targets - np.nanmean(targets, axis=0)) ** 2)
    explained = {"R²": 1.0 - round(float(np.sum(errors**2) / spread), 12)} if spread else {}
    return {"RMSE": float(np.sqrt(np.mean(errors**2))), "MAE": float(np.mean(np.abs(errors))), **explained}
