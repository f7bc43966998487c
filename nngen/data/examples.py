"""The examples of a spec, read, scaled and split, in plain Python: ``nngen build`` does not wait for NumPy.

The same spec and file give the same numbers on every machine: sums are exactly rounded (``math.fsum``), and of
``random`` only ``Random(seed).random()`` is used, the one draw that Python promises to keep.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from nngen.data.csv_table import read
from nngen.data.encoding import Encoding, measure, measures
from nngen.spec import (
    Row,
    Rows,
    Spec,
    Split,
    Table,
    Values,
    losses,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Examples:
    """Examples to train with and to test with: scaled inputs, and a target for each output."""

    train_x: tuple[Row, ...]
    train_y: tuple[Row, ...]
    test_x: tuple[Row, ...]
    test_y: tuple[Row, ...]
    train_weights: tuple[float, ...] | None
    """How much each counts; None where the loss takes no weights of examples."""
    test_weights: tuple[float, ...] | None
    labels: tuple[str, ...]
    """The classes in the order of the outputs; of a single output, those of ``negative_target`` and of 1. Empty if the
    targets are numbers."""
    negative_target: float
    """The target of an output whose class an example does not have; for its own class the target is 1."""


def encoding(spec: Spec, folder: Path) -> Encoding | None:
    """How rows of the data become inputs, measured on the training examples; None where the spec has no data.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = spec.data
    if data is None:
        return None
    if isinstance(data, Values) or not measures(spec):  # the file need not be read
        return measure(spec, _nothing, _nothing)
    xs, ys, _ = _read(spec, data, folder)
    train, _ = _parts(len(xs), data.split)
    return _measured(spec, [xs[i] for i in train], [ys[i] for i in train])


def _nothing(name: str) -> Sequence[float]:
    raise KeyError(name)


def _measured(spec: Spec, xs: Sequence[Row], ys: Sequence[Row]) -> Encoding:
    names = [column.column or column.name for column in spec.columns]
    inputs = dict(zip(names, zip(*xs, strict=True), strict=True))
    targets = dict(zip(spec.layers[-1].unit_names, zip(*ys, strict=True), strict=True))
    return measure(spec, inputs.__getitem__, targets.__getitem__)


def examples(spec: Spec, folder: Path) -> Examples:
    """The examples of a spec that has some, scaled and split.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = spec.data
    if data is None or isinstance(data, Values):
        raise ValueError(f"{spec.name} has no data")
    xs, ys, weights = _read(spec, data, folder)
    train, test = _parts(len(xs), data.split)
    scale = _measured(spec, [xs[i] for i in train], [ys[i] for i in train]).scaling
    if scale is not None:
        xs = [scale(x) for x in xs]

    def pick(values: Sequence[T], part: Iterable[int]) -> tuple[T, ...]:
        return tuple(values[i] for i in part)

    own = spec.loss.example_weights
    return Examples(
        train_x=pick(xs, train),
        train_y=pick(ys, train),
        test_x=pick(xs, test),
        test_y=pick(ys, test),
        train_weights=pick(weights, train) if own else None,
        test_weights=pick(weights, test) if own else None,
        labels=tuple(_classes(spec, data)),
        negative_target=_negative_target(spec),
    )


def _parts(count: int, split: Split | None) -> tuple[list[int], list[int]]:
    """The numbers of the training and of the test examples, both in the order of the data."""
    if split is None:
        return list(range(count)), []
    generator = random.Random(split.seed)  # noqa: S311 (it has to be repeatable, not secret)
    keys = [generator.random() for _ in range(count)]
    size = min(max(round(split.test * count), 1), count - 1)
    test = set(sorted(range(count), key=keys.__getitem__)[:size])
    return [i for i in range(count) if i not in test], sorted(test)


def _negative_target(spec: Spec) -> float:
    return losses(spec.losses)[spec.loss.name].over(spec.layers[-1].activation.name).negative_target


def _classes(spec: Spec, data: Rows | Table) -> dict[str, Row]:
    """The targets of each class by its name; empty where the targets are numbers."""
    units = spec.layers[-1].unit_names
    if isinstance(data, Table):
        by_name = len(data.target) == 1 and bool(len(units) > 1 or data.class_values)
    else:
        by_name = any(isinstance(example.y, str) for example in data.rows)
    if not by_name:
        return {}
    negative_target = _negative_target(spec)
    if len(units) == 1:
        return dict(zip(data.class_values, ((negative_target,), (1.0,)), strict=False))
    one_hot = [tuple(1.0 if i == j else negative_target for j in range(len(units))) for i in range(len(units))]
    return dict(zip(data.class_values or units, one_hot, strict=True))


def _read(spec: Spec, data: Rows | Table, folder: Path) -> tuple[list[Row], list[Row], list[float]]:
    """Inputs, targets and weights of all examples, in the order of the data."""
    classes = _classes(spec, data)
    if isinstance(data, Rows):
        ys = [classes[example.y] if isinstance(example.y, str) else example.y for example in data.rows]
        weights = [1.0 if example.weight is None else example.weight for example in data.rows]
        return [example.x for example in data.rows], ys, weights
    least = 1 if data.split is None else 2
    return read(folder / data.file, data.inputs or spec.input_names, data.target, classes, least, data.weight)
