"""Train a generated module on the data of its spec, as ``nngen train`` and ``make demo`` do."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngen.catalogue import class_weight_of
from nngen.data import Examples, examples
from nngen.diagnostics import Diagnostic, SpecError
from nngen.pages import as_module, texts
from nngen.spec import Loss, Row, Spec


@dataclass(frozen=True)
class Score:
    """How well some examples are done: their mean loss, and where targets are classes the share that is right."""

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
    """What training gave."""

    module: Any
    params: Any
    examples: Examples
    train: Score
    test: Score | None


class DivergedError(Exception):
    """Training has led to numbers that are infinite or NaN; the text says where, and what to do."""


class _Watch:
    """Ends training at the first loss that is infinite or NaN."""

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
        def checked(params: Any, *more: Any) -> Any:
            try:
                result = function(params, *more)
            except ArithmeticError as error:
                raise self.diverged(_words(error)) from None
            except ValueError as error:
                function(self._start, *more)  # raises again where the data are the reason
                raise self.diverged(_words(error)) from None
            if not math.isfinite(result[0]):
                raise self.diverged(f"the loss is {result[0]:g}")
            return result

        return checked

    def after(self, params: Any) -> None:
        """An epoch is over."""
        if not all(map(math.isfinite, self._module.pack(params))):
            raise DivergedError(f"training diverged in epoch {self.epoch}: a parameter is infinite or NaN")
        self.epoch, self.batch = self.epoch + 1, 1

    def diverged(self, why: str) -> DivergedError:
        """The error that says where."""
        return DivergedError(f"training diverged in epoch {self.epoch}, batch {self.batch}: {why}")


def train(
    spec: Spec, path: Path, target: str, seed: int | None, epochs: int | None, report: Callable[[int, int, float], None]
) -> Trained:
    """Build a spec's module in memory, and train it by its own ``fit``.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        target: ``python`` or ``numpy``.
        seed: the seed of the initial parameters; None for the spec's.
        epochs: how many; None for the spec's.
        report: called with the epoch, the number of epochs, and the epoch's loss.

    Raises:
        SpecError: the data cannot be used, or there are none.
        DivergedError: the loss or a parameter has become infinite or NaN.
    """
    if spec.data is None:
        advice = "add `data:` with a few `rows`, or a `file`"
        raise SpecError([Diagnostic(str(path), None, None, "the spec has no data to train on", help=advice)])
    data = examples(spec, path.parent)
    module: Any = as_module(spec.name, texts(spec, path.parent, [target])[target])
    rounds = spec.training.epochs if epochs is None else epochs
    start = module.init(spec.initial.seed if seed is None else seed)
    watch = _Watch(module, start)

    def ended(epoch: int, loss: float, params: Any) -> None:
        report(epoch + 1, rounds, loss)
        watch.after(params)

    try:
        params, _ = module.fit(
            start,
            data.train_x,
            data.train_y,
            **({} if data.train_weights is None else {"weights": data.train_weights}),
            epochs=rounds,
            callback=ended,
        )
    except ValueError as error:  # targets that the loss does not take
        raise _unfit(path, error) from None
    batched = target == "numpy"
    no = data.no if data.labels else None

    def met(x: Row, y: Row, *weight: float) -> float:
        if batched:
            return float(module.loss(params, [x], [y], *([one] for one in weight)))
        return float(module.loss(params, x, y, *weight))

    def scored(xs: Sequence[Row], ys: Sequence[Row], own: Sequence[float] | None) -> Score:
        return score(module, params, xs, ys, batched, no, _mean(met, xs, ys, own, spec.loss, data.no))

    try:
        trained = scored(data.train_x, data.train_y, data.train_weights)
        tested = scored(data.test_x, data.test_y, data.test_weights) if data.test_x else None
    except ValueError as error:  # targets of held-out examples
        raise _unfit(path, error) from None
    except ArithmeticError as error:
        raise DivergedError(f"training diverged in its last step: {_words(error)}") from None
    if not math.isfinite(trained.loss):
        raise DivergedError(f"training diverged in its last step: the loss is {trained.loss:g}")
    return Trained(module, params, data, trained, tested)


def _words(error: ArithmeticError | ValueError) -> str:
    return str(error.args[-1] if error.args else error).lower()


def _unfit(path: Path, error: ValueError) -> SpecError:
    return SpecError([Diagnostic(str(path), None, None, f"the data do not fit the network: {error}")])


def _mean(
    met: Callable[..., float],
    xs: Sequence[Row],
    ys: Sequence[Row],
    own: Sequence[float] | None,
    loss: Loss,
    no: float,
) -> float:
    """The mean of the losses of some examples, by their weights where the spec has it so; nan if these are all 0."""
    if loss.batch != "weighted_mean":
        arguments = zip(xs, ys, strict=True) if own is None else zip(xs, ys, own, strict=True)
        return sum(met(*one) for one in arguments) / len(xs)
    counts = [1.0] * len(xs) if own is None else list(own)
    if loss.class_weights is not None:
        counts = [count * class_weight_of(y, loss.class_weights, no) for count, y in zip(counts, ys, strict=True)]
    total = sum(count * met(x, y) for x, y, count in zip(xs, ys, counts, strict=True) if count)
    return total / sum(counts) if any(counts) else math.nan


def score(
    module: Any, params: Any, xs: Sequence[Any], ys: Sequence[Any], batched: bool, no: float | None, loss: float
) -> Score:
    """How well a module does some examples; where targets are classes, ``no`` is that for what an example is not."""
    outputs = [module.forward(params, [x])[0] if batched else module.forward(params, x) for x in xs]
    right = None if no is None else sum(decide(a, no) == decide(y, no) for a, y in zip(outputs, ys, strict=True))
    return Score(loss, right, len(xs))


def decide(outputs: Sequence[float], no: float = 0.0) -> int:
    """The class that outputs stand for: the largest of several; with one, 1 where it is nearer to 1 than to ``no``."""
    if len(outputs) > 1:
        return max(range(len(outputs)), key=lambda i: float(outputs[i]))
    return int(outputs[0] > (1.0 + no) / 2.0)
