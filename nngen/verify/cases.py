"""What a module is tried on: parameters and examples, ordinary and extreme ones, the same in every run."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nngen.plan import Loss
from nngen.reference import Array

Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Case:
    """Parameters in a flat list, and examples as rows."""

    flat: Array
    x: Array
    y: Array
    extreme: bool = False
    seeds: tuple[int, ...] = ()
    """By which dropout draws, one for each example; none where nothing is left out."""


def targets(kind: str, count: int, outputs: int, random: np.random.Generator) -> Array:
    """Random targets of a kind, as rows: those that some loss takes."""
    match kind:
        case "-1 or 1":
            return np.asarray(2 * random.integers(2, size=(count, outputs)) - 1, np.float64)
        case "0 or 1":
            return np.asarray(random.integers(2, size=(count, outputs)), np.float64)
        case "one":
            return np.eye(outputs)[random.integers(outputs, size=count)]
        case "shares":
            return random.dirichlet(np.ones(outputs), count)
    return random.uniform(size=(count, outputs))


KINDS = ("numbers", "shares", "one", "0 or 1", "-1 or 1")
"""All kinds of targets, the narrower after the wider."""


def kind(loss: Loss) -> str:
    """The kind of targets that the loss of a network takes."""
    if loss.targets == "0 or 1, a single 1 for each example":
        return "one"
    if loss.targets in KINDS:
        return loss.targets
    return "shares" if loss.distribution else "numbers"


def narrowed(numbers: Array, dtype: str) -> Array:
    """The numbers as a module with this width has them."""
    return np.asarray(numbers, dtype).astype(np.float64)


def examples(count: int, inputs: int, outputs: int, of: str, dtype: str, seed: int = 1) -> tuple[Array, Array]:
    """Random examples."""
    random = np.random.default_rng(seed)
    x = random.uniform(-1.0, 1.0, size=(count, inputs))
    return narrowed(x, dtype), narrowed(targets(of, count, outputs, random), dtype)


def variances(layout: str, shapes: Shapes) -> NDArray[np.bool_]:
    """Which of the parameters are variances, that is, not below 0; ``layout`` names their blocks in order."""
    names = re.findall(r"(\w+)\[", layout)
    return np.concatenate(
        [np.full(math.prod(s), n.startswith("variance_")) for n, s in zip(names, shapes, strict=True)]
    )


def cases(start: Array, layout: str, shapes: Shapes, outputs: int, of: str, dtype: str) -> Iterator[Case]:
    """Parameters near those that a network starts from, others at large, and extreme ones; no variance below 0."""
    positive = variances(layout, shapes)
    for case in _cases(start, shapes, outputs, of, dtype):
        yield replace(case, flat=np.where(positive, np.abs(case.flat), case.flat))


def _cases(start: Array, shapes: Shapes, outputs: int, of: str, dtype: str) -> Iterator[Case]:
    """The same, whatever the parameters are.

    The extreme ones are zeros, where kinks are, and sizes at which an exponential would overflow, of the input and of
    the weights to the output.
    """
    random = np.random.default_rng(3)
    inputs = shapes[0][1]
    weights = np.concatenate([np.full(math.prod(shape), len(shape) > 1) for shape in shapes])
    for scale in (0.1, 0.3, 1.0):  # zeros would hide mistakes
        flat = start + random.normal(scale=scale, size=len(start))
        x, y = examples(3, inputs, outputs, of, dtype, seed=int(100 * scale))
        yield Case(narrowed(flat, dtype), x, _corners(y, of) if scale == 0.3 else y)
    x, y = examples(3, inputs, outputs, of, dtype, seed=7)
    yield Case(0.0 * start, 0.0 * x, y, extreme=True)
    yield Case(narrowed(weights * random.normal(size=len(start)), dtype), 0.0 * x, y, extreme=True)
    for scale in (30.0, 1000.0):
        flat = start + random.normal(size=len(start))
        yield Case(narrowed(flat, dtype), narrowed(scale * x, dtype), y, extreme=True)
    last = next((i for i, shape in enumerate(shapes[::-1]) if shape[0] != outputs), len(shapes))
    steep = np.where(np.arange(len(start)) < sum(map(math.prod, shapes[: len(shapes) - last])), 1.0, 1000.0)
    yield Case(narrowed(steep * flat, dtype), x, y, extreme=True)


def _corners(y: Array, of: str) -> Array:
    """The nearest targets that are wholly one thing or another, where there are such between."""
    return np.eye(y.shape[1])[y.argmax(axis=1)] if of == "shares" else np.round(y)


def singles(case: Case) -> Iterator[Case]:
    """The examples of a case, one at a time."""
    for row in range(len(case.x)):
        one = slice(row, row + 1)
        yield Case(case.flat, case.x[one], case.y[one], case.extreme, case.seeds[one])
