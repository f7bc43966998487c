"""Train a generated module on the data of its spec, as ``nngen train`` and ``make demo`` do."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nngen.catalogue import class_weight_of
from nngen.commands.compiled import compiled
from nngen.commands.metrics import Metrics, Places, of_classes, of_numbers
from nngen.data import Array, Examples, read_examples
from nngen.diagnostics import Diagnostic, SpecError
from nngen.pages import as_module, texts
from nngen.spec import Loss, Row, Spec, Values

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
    """A trained module; with ``batches``, its functions take a batch, here of one example."""

    module: Any
    params: Any
    batches: bool
    convention: Loss
    examples: Examples

    def outputs(self, x: Array) -> Array:
        """The outputs of some examples, shape ``(n, outputs)``."""
        if not self.batches:
            return np.array([self.module.forward(self.params, row) for row in x.tolist()])
        parts = [self.module.forward(self.params, x[start : start + BATCH]) for start in range(0, len(x), BATCH)]
        return np.concatenate(parts).astype(np.float64)

    def loss(self, x: Row, y: Row, *weight: float) -> float:
        """The loss of one example."""
        if self.batches:
            return float(self.module.loss(self.params, [x], [y], *([w] for w in weight)))
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
        scale = self.examples.target_scaling
        if scale is None:
            return of_numbers(outputs, y)
        return of_numbers(*(values * scale.divide + scale.subtract for values in (outputs, y)))

    @property
    def _threshold(self) -> float:
        """An only output above it means the second class."""
        return (1.0 + self.examples.negative_target) / 2.0

    def _mean_of(self, x: Array, y: Array, weights: Array | None) -> float:
        if self.batches and self.convention.batch == "mean":
            total = 0.0
            for start in range(0, len(x), BATCH):
                part = slice(start, start + BATCH)
                more = () if weights is None else (weights[part],)
                total += float(self.module.loss(self.params, x[part], y[part], *more)) * len(x[part])
            return total / len(x)
        return self._mean_loss(tuples(x), tuples(y), None if weights is None else weights.tolist())

    def _mean_loss(self, xs: Sequence[Row], ys: Sequence[Row], weights: Sequence[float] | None) -> float:
        """The mean loss, weighted where the spec says ``weighted_mean``; nan if all weights are 0."""
        if self.convention.batch != "weighted_mean":
            examples = zip(xs, ys, strict=True) if weights is None else zip(xs, ys, weights, strict=True)
            return sum(self.loss(*example) for example in examples) / len(xs)
        counts = [1.0] * len(xs) if weights is None else list(weights)
        if self.convention.class_weights is not None:
            classes, negative = self.convention.class_weights, self.examples.negative_target
            counts = [count * class_weight_of(y, classes, negative) for count, y in zip(counts, ys, strict=True)]
        total = sum(count * self.loss(x, y) for x, y, count in zip(xs, ys, counts, strict=True) if count)
        return total / sum(counts) if any(counts) else math.nan


class DivergedError(Exception):
    """Training led to infinite or NaN numbers; the message says in which epoch and batch."""


class _Watch:
    """Ends training at the first infinite or NaN loss."""

    def __init__(self, module: Any, start: Any) -> None:
        self.epoch = self.batch = 1
        self._module, self._start = module, start
        for name in ("gradient", "_batch", "batch_gradient"):
            if hasattr(module, name):
                setattr(module, name, self._checked(getattr(module, name)))
        step = module.step

        def counted(*arguments: Any) -> Any:
            self.batch += 1
            return step(*arguments)

        module.step = counted

    def _checked(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def checked(params: Any, *more: Any, **options: Any) -> Any:
            try:
                result = function(params, *more, **options)
            except ArithmeticError as error:
                raise self.diverged(_words(error)) from None
            except ValueError as error:
                function(self._start, *more, **options)  # raises the same error if the data are the reason
                raise self.diverged(_words(error)) from None
            if not math.isfinite(result[0]):
                raise self.diverged(f"the loss is {result[0]:g}")
            return result

        return checked

    def after(self, loss: float, params: Any) -> None:
        """Check the loss and the parameters at the end of an epoch; compiled code is not watched before."""
        if not math.isfinite(loss):
            raise DivergedError(f"training diverged in epoch {self.epoch}: the loss is {loss:g}")
        if not all(map(math.isfinite, self._module.pack(params))):
            raise DivergedError(f"training diverged in epoch {self.epoch}: a parameter is infinite or NaN")
        self.epoch, self.batch = self.epoch + 1, 1

    def diverged(self, why: str) -> DivergedError:
        """The error for the current batch."""
        return DivergedError(f"training diverged in epoch {self.epoch}, batch {self.batch}: {why}")


def train(
    spec: Spec,
    path: Path,
    target: str,
    seed: int | None,
    epochs: int | None,
    report: Callable[[int, int, float], None],
    fold: tuple[int, int] | None = None,
) -> tuple[Trained, Score, Score | None]:
    """Build a spec's module in memory and train it with its own ``fit``.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        target: ``python`` or ``numpy``.
        seed: the seed of the initial parameters; None for the spec's.
        epochs: how many; None for the spec's.
        report: called with the epoch, the number of epochs, and the epoch's loss.
        fold: the number of a fold, and how many there are; its rows are held out.

    Returns:
        The trained module, its score on the training examples, and its score on the test examples, if there are any.

    Raises:
        SpecError: there are no data, or they do not fit the network.
        DivergedError: the loss or a parameter became infinite or NaN.
    """
    if spec.data is None or isinstance(spec.data, Values):
        advice = "add `data:` with a few `rows`, or a `file`"
        raise SpecError([Diagnostic(str(path), None, None, "the spec has no data to train on", help=advice)])
    data = read_examples(spec, path.parent, fold=fold)
    module = module_of(spec, path.parent, target)
    rounds = spec.training.epochs if epochs is None else epochs
    start = module.init(spec.initial.seed if seed is None else seed)
    watch = _Watch(module, start)

    def given(values: Array) -> Any:
        return values if target == "numpy" else values.tolist()

    def ended(epoch: int, loss: float, params: Any) -> None:
        watch.after(loss, params)
        report(epoch + 1, rounds, loss)

    try:
        params, _ = module.fit(
            start,
            given(data.train_x),
            given(data.train_y),
            **({} if data.train_weights is None else {"weights": given(data.train_weights)}),
            epochs=rounds,
            callback=ended,
        )
    except ValueError as error:  # targets that the loss does not take
        raise _unfit(path, error) from None
    trained = Trained(module, params, target == "numpy", spec.loss, data)
    try:
        score = trained.score(data.train_x, data.train_y, data.train_weights)
        test_score = trained.score(data.test_x, data.test_y, data.test_weights) if len(data.test_x) else None
    except ValueError as error:  # targets of held-out examples
        raise _unfit(path, error) from None
    except ArithmeticError as error:
        raise DivergedError(f"training diverged in its last step: {_words(error)}") from None
    if not math.isfinite(score.loss):
        raise DivergedError(f"training diverged in its last step: the loss is {score.loss:g}")
    return trained, score, test_score


def module_of(spec: Spec, folder: Path, target: str) -> Any:
    """A spec's module in memory, ready to run.

    Raises:
        SpecError: the data cannot be read; or there is no compiler of C.
    """
    return compiled(spec, folder) if target == "c" else as_module(spec.name, texts(spec, folder, [target])[target])


def _words(error: ArithmeticError | ValueError) -> str:
    return str(error.args[-1] if error.args else error).lower()


def _unfit(path: Path, error: ValueError) -> SpecError:
    return SpecError([Diagnostic(str(path), None, None, f"the data do not fit the network: {error}")])


def tuples(values: Array) -> list[Row]:
    """The rows of an array, each a tuple."""
    return [tuple(row) for row in values.tolist()]
