"""Parameters and examples to try a module on: ordinary and extreme ones, the same in every run."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass
from nngen.mathematics.catalogue import TargetKind
from nngen.proof.reference import Array

Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Case:
    """Parameters, shape ``(size,)``, inputs, ``(examples, inputs)``, and targets, ``(examples, outputs)``."""

    flat: Array
    x: Array
    y: Array
    extreme: bool = False
    seeds: tuple[int, ...] = ()
    """The seeds of dropout, one for each example; empty without dropout."""


def targets(kind: TargetKind, count: int, outputs: int, random: np.random.Generator) -> Array:
    """Random targets of a kind, shape ``(count, outputs)``."""
    match kind:
        case "signed":
            return np.asarray(2 * random.integers(2, size=(count, outputs)) - 1, np.float64)
        case "zero_one":
            return np.asarray(random.integers(2, size=(count, outputs)), np.float64)
        case "one_hot":
            return np.eye(outputs)[random.integers(outputs, size=count)]
        case "share":
            return random.dirichlet(np.ones(outputs), count)
    return random.uniform(size=(count, outputs))


KINDS: tuple[TargetKind, ...] = ("number", "share", "one_hot", "zero_one", "signed")
"""All kinds of targets, wider ones first."""


def narrowed(numbers: Array, dtype: str) -> Array:
    """The numbers rounded to the width of a module."""
    return np.asarray(numbers, dtype).astype(np.float64)


def examples(
    count: int, inputs: int, outputs: int, of: TargetKind, dtype: str, seed: int = 1, ids: Sequence[int] = ()
) -> tuple[Array, Array]:
    """Random inputs, shape ``(count, inputs)``, and targets, ``(count, outputs)``.

    The first inputs are ids, each below one of the numbers of rows ``ids``.
    """
    random = np.random.default_rng(seed)
    x = random.uniform(-1.0, 1.0, size=(count, inputs))
    y = targets(of, count, outputs, random)
    for place, rows in enumerate(ids):
        x[:, place] = _draw_ids(rows, count, random)
    return narrowed(x, dtype), narrowed(y, dtype)


def _draw_ids(rows: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Random ids. Half of them are the first or the last row, so that batches and later steps meet a row again."""
    anywhere, ends = random.integers(rows, size=count), random.choice((0, rows - 1), size=count)
    return np.where(random.random(count) < 0.5, ends, anywhere)


def variances(layout: str, shapes: Shapes) -> NDArray[np.bool_]:
    """A mask of the parameters that are variances, shape ``(size,)``. ``layout`` names the blocks in order."""
    names = re.findall(r"(\w+)\[", layout)
    return np.concatenate(
        [np.full(math.prod(s), n.startswith("variance_")) for n, s in zip(names, shapes, strict=True)]
    )


def cases(
    start: Array,
    layout: str,
    shapes: Shapes,
    inputs: int,
    outputs: int,
    of: TargetKind,
    dtype: str,
    ids: Sequence[int] = (),
) -> Iterator[Case]:
    """Cases near the initial parameters, far from them, and extreme ones. Variances are positive."""
    positive = variances(layout, shapes)
    for case in _cases(start, shapes, inputs, outputs, of, dtype, ids):
        yield replace(case, flat=np.where(positive, np.abs(case.flat), case.flat))


def _cases(
    start: Array, shapes: Shapes, inputs: int, outputs: int, of: TargetKind, dtype: str, ids: Sequence[int]
) -> Iterator[Case]:
    """The cases without regard to variances.

    Extreme cases are zeros, where functions have kinks, and large inputs or weights at which exponentials overflow.
    """
    random = np.random.default_rng(3)
    weights = np.concatenate([np.full(math.prod(shape), len(shape) > 1) for shape in shapes])
    for scale in (0.1, 0.3, 1.0):  # zeros would hide mistakes
        flat = start + random.normal(scale=scale, size=len(start))
        x, y = examples(3, inputs, outputs, of, dtype, seed=int(100 * scale), ids=ids)
        yield Case(narrowed(flat, dtype), x, _corners(y, of) if scale == 0.3 else y)
    x, y = examples(3, inputs, outputs, of, dtype, seed=7, ids=ids)
    number = np.arange(inputs) >= len(ids)  # ids stay as they are
    yield Case(0.0 * start, 0.0 * x, y, extreme=True)
    yield Case(narrowed(weights * random.normal(size=len(start)), dtype), 0.0 * x, y, extreme=True)
    for scale in (30.0, 1000.0):
        flat = start + random.normal(size=len(start))
        yield Case(narrowed(flat, dtype), narrowed(np.where(number, scale * x, x), dtype), y, extreme=True)
    last = next((i for i, shape in enumerate(shapes[::-1]) if shape[0] != outputs), len(shapes))
    steep = np.where(np.arange(len(start)) < sum(map(math.prod, shapes[: len(shapes) - last])), 1.0, 1000.0)
    yield Case(narrowed(steep * flat, dtype), x, y, extreme=True)


def _corners(y: Array, of: TargetKind) -> Array:
    """The nearest targets without fractions, if the kind allows fractions."""
    return np.eye(y.shape[1])[y.argmax(axis=1)] if of == "share" else np.round(y)


def singles(case: Case) -> Iterator[Case]:
    """The examples of a case, one at a time."""
    for row in range(len(case.x)):
        chosen = slice(row, row + 1)
        yield Case(case.flat, case.x[chosen], case.y[chosen], case.extreme, case.seeds[chosen])
