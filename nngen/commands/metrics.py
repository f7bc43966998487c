"""Metrics of predicted classes and numbers, with simple baselines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nngen.data import Array

Places = NDArray[np.intp]

MAX_TURNS = 100
TURN = 1e-6
"""Biases of ids are fitted until a turn lowers the squared error by less than this share, or for so many turns."""

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
    explained = {"R²": float(1.0 - np.sum(errors**2) / spread)} if spread else {}
    return {"RMSE": float(np.sqrt(np.mean(errors**2))), "MAE": float(np.mean(np.abs(errors))), **explained}


@dataclass(frozen=True)
class Baselines:
    """Models to compare a network with, both made from the training examples.

    The constant answers with the mean of the targets, for classes the most frequent class. The linear model is fitted
    by least squares to inputs and targets; an input with ids has a bias for each id, and 0 for an id without examples.
    """

    constant: Array
    weights: Array
    biases: tuple[Array, ...]
    """For each input with ids, shape ``(ids + 1, outputs)``; the last row is that of larger ids."""

    @staticmethod
    def fitted(x: Array, y: Array, ids: int) -> "Baselines":
        """The baselines of training examples.

        Args:
            x: inputs, shape ``(n, inputs)``.
            y: targets, shape ``(n, outputs)``.
            ids: how many inputs have ids; they are the first ones.

        Weights and the biases of each input with ids are fitted in turns, each to what the others leave (Gauss and
        Seidel), because a matrix with a column for each id can be too large.
        """
        means = np.nanmean(y, axis=0)
        filled = np.where(np.isnan(y), means, y)  # a missing target counts as the mean
        numbers, places = _with_ones(x[:, ids:]), [x[:, k].astype(np.intp) for k in range(ids)]
        biases = [np.zeros((int(place.max()) + 2, y.shape[1])) for place in places]
        error = np.inf
        for _ in range(MAX_TURNS):
            left = filled - sum((b[place] for b, place in zip(biases, places, strict=True)), np.zeros(1))
            weights = np.linalg.lstsq(numbers, left, rcond=None)[0].astype(np.float64)
            left -= numbers @ weights
            for bias, place in zip(biases, places, strict=True):
                change = _means_by(place, left, len(bias))
                bias += change
                left -= change[place]
            before, error = error, float(np.sum(left**2))
            if not ids or before - error <= TURN * error:
                break
        return Baselines(means, weights, tuple(biases))

    def outputs(self) -> Mapping[str, Callable[[Array], Array]]:
        """The outputs of each model for inputs, ``(n, inputs)`` to ``(n, outputs)``."""
        return {
            "linear": self._linear,
            "constant": lambda x: np.tile(self.constant, (len(x), 1)),
        }

    def _linear(self, x: Array) -> Array:
        outputs: Array = _with_ones(x[:, len(self.biases) :]) @ self.weights
        for k, bias in enumerate(self.biases):
            outputs += bias[np.minimum(x[:, k].astype(np.intp), len(bias) - 1)]
        return outputs


def _means_by(places: Places, values: Array, count: int) -> Array:
    """The mean of the values at each place, 0 without any; shape ``(count, outputs)``."""
    found = np.maximum(np.bincount(places, minlength=count), 1)
    sums = [np.bincount(places, column, minlength=count) for column in values.T]
    return np.stack(sums, axis=1) / found[:, np.newaxis]


def _with_ones(x: Array) -> Array:
    return np.hstack([x, np.ones((len(x), 1))])
