"""Simple models to compare a network with, fitted to its training examples."""

from collections.abc import Callable, Mapping

import numpy as np

from nngen.commands.logistic import logistic
from nngen.commands.metrics import Places
from nngen.common.records import dataclass
from nngen.description.data import Array

MAX_TURNS = 100
TURN = 1e-6
"""Biases of ids are fitted until a turn lowers the squared error by less than this share, or for so many turns."""

BLOCK = 20_000
"""Rows that least squares takes at a time."""

Model = Callable[[Array], Array]
"""The outputs for inputs, ``(n, inputs)`` to ``(n, outputs)``."""


@dataclass(frozen=True)
class Baselines:
    """A regression, and a constant: the mean of the targets, for classes the most frequent class."""

    constant: Array
    name: str
    """The name of the regression."""
    regression: Model

    @staticmethod
    def of_classes(x: Array, y: Array, classes: Places, ids: int, negative: float) -> "Baselines":
        """The baselines for classes: logistic regression.

        Args:
            x: inputs, shape ``(n, inputs)``.
            y: targets, shape ``(n, outputs)``; a single output tells two classes.
            classes: the class of each example, shape ``(n,)``.
            ids: how many inputs have ids; they are the first ones.
            negative: the target of the first of two classes, where a single output tells them.
        """
        known = ~np.isnan(y).any(axis=1)  # a missing target has no class
        fitted = (x, classes) if known.all() else (x[known], classes[known])  # without a copy, where all are known
        shares = logistic(*fitted, max(2, y.shape[1]), ids)
        single = y.shape[1] == 1

        def outputs(given: Array) -> Array:
            found = shares(given)
            return negative + (1.0 - negative) * found[:, 1:] if single else found

        return Baselines(np.nanmean(y, axis=0), "logistic regression", outputs)

    @staticmethod
    def of_numbers(x: Array, y: Array, ids: int) -> "Baselines":
        """The baselines for numbers: linear regression, by least squares; arguments as in ``of_classes``."""
        return Baselines(np.nanmean(y, axis=0), "linear regression", least_squares(x, y, ids))

    def outputs(self) -> Mapping[str, Model]:
        """Each model by its name."""
        return {
            self.name: self.regression,
            "constant": lambda x: np.tile(self.constant, (len(x), 1)),
        }


def least_squares(x: Array, y: Array, ids: int) -> Model:
    """Linear regression.

    An input with ids has a bias for each id, and 0 for an id without examples. Weights and the biases of each such
    input are fitted in turns, each to what the others leave (Gauss and Seidel), because a matrix with a column for each
    id can be too large.
    """
    filled = np.where(np.isnan(y), np.nanmean(y, axis=0), y)  # a missing target counts as the mean
    numbers, places = x[:, ids:], [x[:, k].astype(np.intp) for k in range(ids)]
    biases = [np.zeros((int(place.max()) + 2, y.shape[1])) for place in places]  # the last row is that of larger ids
    error = np.inf
    for _ in range(MAX_TURNS):
        left = filled - sum((b[place] for b, place in zip(biases, places, strict=True)), np.zeros(1))
        weights = _fitted(numbers, left)
        left -= _linear(numbers, weights)
        for bias, place in zip(biases, places, strict=True):
            change = _means_by(place, left, len(bias))
            bias += change
            left -= change[place]
        before, error = error, float(np.sum(left**2))
        if not ids or before - error <= TURN * error:
            break

    def outputs(given: Array) -> Array:
        found = _linear(given[:, ids:], weights)
        for k, bias in enumerate(biases):
            found += bias[np.minimum(given[:, k].astype(np.intp), len(bias) - 1)]
        return found

    return outputs


def _means_by(places: Places, values: Array, count: int) -> Array:
    """The mean of the values at each place, 0 without any; shape ``(count, outputs)``."""
    found = np.maximum(np.bincount(places, minlength=count), 1)
    sums = [np.bincount(places, column, minlength=count) for column in values.T]
    return np.stack(sums, axis=1) / found[:, np.newaxis]


def _fitted(x: Array, y: Array) -> Array:
    """The weights and the constants of least squares, shape ``(inputs + 1, outputs)``.

    Rows are added block by block to a triangular matrix with the same solution (Golub and Van Loan, Matrix
    Computations, 4th edition (2013), section 5.2): a copy of all rows would take most of the memory of a training.
    """
    both = x.shape[1] + 1
    found = np.empty((0, both + y.shape[1]))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        block = np.hstack([x[rows], np.ones((len(x[rows]), 1)), y[rows]])
        found = np.asarray(np.linalg.qr(np.vstack([found, block]), mode="r"))
    return np.linalg.lstsq(found[:, :both], found[:, both:], rcond=None)[0].astype(np.float64)


def _linear(x: Array, weights: Array) -> Array:
    """The answers of a linear model."""
    answers: Array = x @ weights[:-1] + weights[-1]
    return answers
