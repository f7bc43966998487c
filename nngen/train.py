"""Train a generated module on the data of its spec, as ``nngen train`` and ``make demo`` do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from nngen.build import texts
from nngen.data import Examples, examples
from nngen.diagnostics import Diagnostic, SpecError
from nngen.source import load


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


def as_module(name: str, text: str) -> ModuleType:
    """A generated text as a module, without a file."""
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)  # noqa: S102 (our own text, from a checked spec)
    return module


def train(
    path: Path, target: str, seed: int | None, epochs: int | None, report: Callable[[int, int, float], None]
) -> Trained:
    """Build a spec's module in memory, and train it by its own ``fit``.

    Args:
        path: the spec.
        target: a name in ``TARGETS``.
        seed: the seed of the initial parameters; None for the spec's.
        epochs: how many; None for the spec's.
        report: called with the epoch, the number of epochs, and the epoch's loss.

    Raises:
        SpecError: the spec or its data cannot be used, or there are no data.
    """
    spec = load(path)
    if spec.data is None:
        advice = "add `data:` with a few `rows`, or a `file`"
        raise SpecError([Diagnostic(str(path), None, None, "the spec has no data to train on", help=advice)])
    data = examples(spec, path.parent)
    module: Any = as_module(spec.name, texts(spec, path.parent, [target])[target])
    rounds = spec.training.epochs if epochs is None else epochs
    try:
        params, _ = module.fit(
            module.init(spec.initial.seed if seed is None else seed),
            data.train_x,
            data.train_y,
            epochs=rounds,
            callback=lambda epoch, loss, _: report(epoch + 1, rounds, loss),
        )
    except ValueError as error:  # targets that the loss does not take
        raise SpecError([Diagnostic(str(path), None, None, f"the data do not fit the network: {error}")]) from None
    batched = target == "numpy"
    no = data.no if data.labels else None
    trained = score(module, params, data.train_x, data.train_y, batched, no)
    tested = score(module, params, data.test_x, data.test_y, batched, no) if data.test_x else None
    return Trained(module, params, data, trained, tested)


def score(module: Any, params: Any, xs: Sequence[Any], ys: Sequence[Any], batched: bool, no: float | None) -> Score:
    """How well a module does some examples; where targets are classes, ``no`` is that for what an example is not."""
    losses = [
        module.loss(params, [x], [y]) if batched else module.loss(params, x, y) for x, y in zip(xs, ys, strict=True)
    ]
    outputs = [module.forward(params, [x])[0] if batched else module.forward(params, x) for x in xs]
    right = None if no is None else sum(decide(a, no) == decide(y, no) for a, y in zip(outputs, ys, strict=True))
    return Score(sum(losses) / len(losses), right, len(losses))


def decide(outputs: Sequence[float], no: float = 0.0) -> int:
    """The class that outputs stand for: the largest of several; with one, 1 where it is nearer to 1 than to ``no``."""
    if len(outputs) > 1:
        return max(range(len(outputs)), key=lambda i: float(outputs[i]))
    return int(outputs[0] > (1.0 + no) / 2.0)
