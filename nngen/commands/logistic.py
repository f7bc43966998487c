"""Multinomial logistic regression, as a baseline: deterministic, with bounded time and memory."""

from collections.abc import Callable

import numpy as np

from nngen.commands.metrics import Places
from nngen.common.records import dataclass
from nngen.description.data import Array

RIDGE = 1.0
"""The penalty on the squares of the weights, half of it counts: what scikit-learn calls ``C=1``, its default."""

BATCH = 10_000
"""Examples that are computed at once, so that memory does not grow with examples times classes."""

MAX_STEPS = 100
MAX_WORK = 10_000_000_000
"""So many steps, the default of scikit-learn, and products of a weight and a number in all: they take about twenty
seconds of one core. 30,000 rows of 15 columns and 40 classes need half of them."""

EXPONENTIAL = 20
"""A score takes an exponential, which costs as much as so many products."""

LEAST_STEPS = 20
"""If there is no time for so many steps, only a part of the rows is used, evenly spread over the table."""

TOLERANCE = 1e-4
"""The slope of the mean loss at which the regression has converged, the default of scikit-learn."""

ROUNDING = 1e-12
"""A spread below this share of the mean is rounding."""

SMALLEST = 1e-300
"""A smaller probability counts as this one, so that its logarithm is finite."""

SHORTEST = 1e-12
"""A step is not halved below this length: rounding hides what it changes."""

MEMORY = 10
"""Steps that L-BFGS remembers."""


@dataclass(frozen=True)
class _Rows:
    """Inputs: numbers, standardized, with a column of ones; and for each input with ids the place of its bias."""

    numbers: Array
    places: tuple[Places, ...]

    def scores(self, params: Array) -> Array:
        """The inputs times the parameters, shape ``(n, scores)``."""
        found: Array = self.numbers @ params[: self.numbers.shape[1]]
        for place in self.places:
            found += params[place]
        return found

    def back(self, slopes: Array, count: int) -> Array:
        """The derivatives of the ``count`` rows of parameters, from those of the scores."""
        found = np.zeros((count, slopes.shape[1]))
        found[: self.numbers.shape[1]] = self.numbers.T @ slopes
        for place in self.places:
            for column in range(slopes.shape[1]):
                found[:, column] += np.bincount(place, slopes[:, column], minlength=count)
        return found


def logistic(x: Array, classes: Places, count: int, ids: int) -> Callable[[Array], Array]:
    """Fit a model that gives the probability of each class.

    Args:
        x: inputs, shape ``(n, inputs)``.
        classes: the class of each example, shape ``(n,)``.
        count: the number of classes.
        ids: how many inputs have ids; they are the first ones. Each id has a bias, 0 for an id without examples.

    It minimizes the sum of the losses plus ``RIDGE`` half times the squares of all weights but the bias, for
    standardized inputs. Two classes have one score.
    """
    mean, scale = x[:, ids:].mean(axis=0), x[:, ids:].std(axis=0)
    scale[scale <= ROUNDING * np.abs(mean)] = 1.0  # constant columns
    width, sizes = x.shape[1] - ids + 1, [int(x[:, k].max()) + 2 for k in range(ids)]
    starts = np.cumsum([width, *sizes])

    def rows(given: Array) -> _Rows:
        numbers = np.ones((len(given), width))
        np.subtract(given[:, ids:], mean, out=numbers[:, :-1])
        numbers[:, :-1] /= scale
        near = (np.minimum(given[:, k].astype(np.intp), size - 1) for k, size in enumerate(sizes))  # last: larger ids
        return _Rows(numbers, tuple(start + place for start, place in zip(starts[:-1], near, strict=True)))

    outputs = 1 if count == 2 else count
    work = (width + ids + EXPONENTIAL) * outputs
    apart = -(-len(x) * work * LEAST_STEPS // MAX_WORK)
    x, classes = x[::apart], classes[::apart]
    parts = [(rows(x[start : start + BATCH]), classes[start : start + BATCH]) for start in range(0, len(x), BATCH)]
    penalty = np.full((int(starts[-1]), 1), RIDGE)
    penalty[width - 1] = 0.0

    def loss(flat: Array) -> tuple[float, Array]:
        params = flat.reshape(len(penalty), outputs)
        total, slopes = 0.5 * float(np.sum(penalty * params**2)), penalty * params
        for part, right in parts:
            errors = _shares(part.scores(params))
            chosen = np.arange(len(right)), right
            total -= float(np.sum(np.log(np.maximum(errors[chosen], SMALLEST))))
            errors[chosen] -= 1.0
            slopes += part.back(errors[:, -outputs:], len(slopes))
        return total / len(x), slopes.ravel() / len(x)

    steps = min(MAX_STEPS, MAX_WORK // (len(x) * work))
    params = minimized(loss, np.zeros(len(penalty) * outputs), steps).reshape(len(penalty), outputs)
    return lambda given: _shares(rows(given).scores(params))


def _shares(scores: Array) -> Array:
    """The probabilities of the classes; a single score is that of the second class, and the first one's is 0."""
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def minimized(function: Callable[[Array], tuple[float, Array]], start: Array, steps: int) -> Array:
    """The place of the minimum of a convex function, which gives a value and its gradient, after so many evaluations.

    This is L-BFGS (Liu and Nocedal, Mathematical Programming 45, 1989). A step is halved until it lowers the value.
    """
    place, (value, slopes) = start, function(start)
    memory: list[tuple[Array, Array, float]] = []
    length = 1.0 / max(1.0, float(np.linalg.norm(slopes)))  # before the first step, nothing is known of the curvature
    for _ in range(steps):
        if np.max(np.abs(slopes)) <= TOLERANCE or length < SHORTEST:
            break
        direction = -_turned(slopes, memory)
        there = place + length * direction
        found, new = function(there)
        if not found <= value + 1e-4 * length * float(slopes @ direction):  # Armijo's condition
            length /= 2.0
            continue
        step, change = there - place, new - slopes
        if step @ change > 0.0:
            memory = [*memory, (step, change, float(step @ change))][-MEMORY:]
        place, value, slopes, length = there, found, new, 1.0
    return place


def _turned(slopes: Array, memory: list[tuple[Array, Array, float]]) -> Array:
    """The slopes times the inverse of the curvature, as far as the last steps show it."""
    found, shares = slopes.copy(), []
    for step, change, product in reversed(memory):
        shares.append(float(step @ found) / product)
        found -= shares[-1] * change
    if memory:
        _, change, product = memory[-1]
        found *= product / float(change @ change)
    for step, change, product in memory:
        found += (shares.pop() - float(change @ found) / product) * step
    return found
