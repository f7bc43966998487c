"""A trained module: its scores and metrics on the examples of its spec."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nngen.commands.baselines import Baselines
from nngen.commands.metrics import Metrics, Places, of_classes, of_numbers
from nngen.common.records import dataclass
from nngen.description.data import Array, Examples, answers, in_units, validation_order
from nngen.description.model import Loss, Row, StopRule
from nngen.mathematics.catalogue import LOSSES, class_weight_of

BATCH = 10_000
"""Examples that a module is given at once: more take much memory, and save no time."""


@dataclass(frozen=True)
class Score:
    """The mean loss of some examples and, where the targets are classes, how many are right."""

    loss: float
    right: int | None
    count: int

    def __str__(self) -> str:
        text = f"loss {self.loss:.4f}"
        return (
            text
            if self.right is None
            else f"{text}, right {self.right} of {self.count} ({self.right / self.count:.1%})"
        )


@dataclass(frozen=True)
class Trained:
    """A trained module; with ``batches``, its functions take arrays with a row for each example of a batch."""

    module: Any
    params: Any
    batches: bool
    convention: Loss
    examples: Examples

    def outputs(self, x: Array) -> Array:
        """The outputs of some examples, shape ``(n, outputs)``."""
        if not self.batches:
            return np.array([self.module.forward(self.params, row) for row in x.tolist()])
        batches = (x[start : start + BATCH] for start in range(0, len(x), BATCH))
        return np.concatenate([np.asarray(self.module.forward(self.params, batch)) for batch in batches]).astype(float)

    def baselines(self, x: Array, y: Array) -> Baselines:
        """The models to compare with, fitted to training examples: ``(n, inputs)`` and ``(n, outputs)``."""
        ids = len(self.examples.encoding.indices)
        if self.examples.labels:
            return Baselines.of_classes(x, y, self.classes(y), ids, self.examples.negative_target)
        return Baselines.of_numbers(x, y, ids)

    def loss(self, x: Row, y: Row, *weight: float) -> float:
        """The loss of one example."""
        if self.batches:
            given = (np.array([values], np.float64) for values in (x, y, *weight))
            return float(self.module.loss(self.params, *given))
        return float(self.module.loss(self.params, x, y, *weight))

    def classes(self, outputs: Array) -> Places:
        """The class that the outputs or the targets of each example stand for, shape ``(n,)``."""
        if outputs.shape[1] > 1:
            largest: Places = np.argmax(outputs, axis=1)
            return largest
        second: Places = (outputs[:, 0] > self._threshold).astype(np.intp)
        return second

    def score(self, x: Array, y: Array, weights: Array | None) -> Score:
        """The score of some examples; weights are None where the loss takes none."""
        right = None
        if self.examples.labels:
            right = int(np.sum(self.classes(self.outputs(x)) == self.classes(y)))
        return Score(self._mean_of(x, y, weights), right, len(x))

    def metrics(self, outputs: Array, y: Array) -> Metrics:
        """The quality of the outputs of some examples: of classes, or of numbers in the units of the data."""
        if self.examples.labels:
            shares = outputs if outputs.shape[1] > 1 else np.hstack([-outputs, outputs - 2.0 * self._threshold])
            return of_classes(shares, self.classes(y))
        return of_numbers(self.answered(outputs), self.middle(in_units(self.examples.encoding, y)))

    @property
    def ends(self) -> bool:
        """Whether two outputs are the ends of an interval of one target."""
        return self.convention.name in LOSSES and LOSSES[self.convention.name].ends

    def answered(self, outputs: Array) -> Array:
        """Numeric outputs as answers in the units of the data; of two ends their middle."""
        return self.middle(answers(self.examples.encoding, outputs))

    def middle(self, values: Array) -> Array:
        """The middle of two ends, of logarithms if these are learned, as the last axis; other numbers as they are."""
        if self.ends and self.examples.encoding.in_logs:
            return np.asarray(np.exp(np.log(values).mean(axis=-1, keepdims=True)))
        return values.mean(axis=-1, keepdims=True) if self.ends else values

    @property
    def _threshold(self) -> float:
        """An only output above it means the second class."""
        return (1.0 + self.examples.negative_target) / 2.0

    def _mean_of(self, x: Array, y: Array, weights: Array | None) -> float:
        total, count = self.total(x, y, weights)
        return total / count if count else math.nan

    def total(self, x: Array, y: Array, weights: Array | None) -> tuple[float, float]:
        """The loss of some examples and what it is divided by, so that the mean of many parts can be taken.

        That is their number, or the sum of their weights if the spec says ``weighted_mean``.
        """
        if self.batches and self.convention.batch == "mean":
            total = 0.0
            for start in range(0, len(x), BATCH):
                part = slice(start, start + BATCH)
                more = () if weights is None else (weights[part],)
                total += float(self.module.loss(self.params, x[part], y[part], *more)) * len(x[part])
            return total, len(x)
        return self._total(tuples(x), tuples(y), None if weights is None else weights.tolist())

    def _total(self, xs: Sequence[Row], ys: Sequence[Row], weights: Sequence[float] | None) -> tuple[float, float]:
        if self.convention.batch != "weighted_mean":
            examples = zip(xs, ys, strict=True) if weights is None else zip(xs, ys, weights, strict=True)
            return sum(self.loss(*example) for example in examples), len(xs)
        counts = [1.0] * len(xs) if weights is None else list(weights)
        if self.convention.class_weights is not None:
            classes, negative = self.convention.class_weights, self.examples.negative_target
            counts = [count * class_weight_of(y, classes, negative) for count, y in zip(counts, ys, strict=True)]
        return sum(count * self.loss(x, y) for x, y, count in zip(xs, ys, counts, strict=True) if count), sum(counts)


class Part(NamedTuple):
    """Some examples: inputs, targets, and weights, which are None where the loss takes none."""

    x: Array
    y: Array
    weights: Array | None


def parts(examples: Examples, stop: StopRule | None) -> dict[str, Part]:
    """The training, validation and held-out examples, as far as there are some.

    ``fit`` keeps the validation examples out of the training examples that it is given, if the stop rule says so.
    """
    whole = Part(examples.train_x, examples.train_y, examples.train_weights)
    found = {"training": whole}
    if stop is not None and stop.validation:
        kept = validation_places(len(whole.x), stop)
        rest = np.delete(np.arange(len(whole.x)), kept)
        found = {"training": _of(whole, rest), "validation": _of(whole, kept)}
    if len(examples.test_x):
        found["held-out"] = Part(examples.test_x, examples.test_y, examples.test_weights)
    return found


def validation_places(count: int, stop: StopRule) -> Places:
    """The places of the validation examples among the training examples that ``fit`` is given."""
    return np.asarray(stop.places or validation_order(count, stop.seed)[: round(stop.share * count)])


def _of(part: Part, places: Places) -> Part:
    return Part(part.x[places], part.y[places], None if part.weights is None else part.weights[places])


def tuples(values: Array) -> list[Row]:
    """The rows of an array, each a tuple."""
    return [tuple(row) for row in values.tolist()]
