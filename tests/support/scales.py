"""The data of a spec, a second time: what scales the inputs, measured by NumPy; and the same rows from a CSV file."""

import csv
import random
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.examples import read_examples
from nngen.description.model.data import Data, Rows, Table
from nngen.description.model.scale import Divide, Interval, Standardize
from nngen.description.model.spec import Spec
from tests.support.encodings import scaling
from tests.support.rounding import EPSILON

Array = NDArray[np.float64]


def rows_of(spec: Spec) -> Array:
    """The inputs as the data have them, ``(n, inputs)``."""
    assert isinstance(spec.data, Rows)
    return np.array([example.x for example in spec.data.rows])


def measures(spec: Spec) -> tuple[Array, Array]:
    """The subtrahend and the divisor of each input, from the examples that are not held out."""
    assert spec.data is not None
    x, scale = rows_of(spec).astype(np.longdouble), spec.data.scale
    if spec.data.split is not None:  # those with the smallest of the numbers that Random(seed) draws are held out
        drawn = random.Random(spec.data.split.seed)
        keys = [drawn.random() for _ in x]
        held = min(max(int(np.round(spec.data.split.test * len(x))), 1), len(x) - 1)
        x = np.delete(x, np.argsort(keys)[:held], axis=0)
    if isinstance(scale, Standardize):
        deviation = np.where(np.ptp(x, axis=0) == 0.0, 1.0, x.std(axis=0))
        return x.mean(axis=0).astype(np.float64), deviation.astype(np.float64)
    if isinstance(scale, Interval):
        width = np.ptp(x, axis=0)
        return x.min(axis=0).astype(np.float64), np.where(width == 0.0, 1.0, width).astype(np.float64)
    assert isinstance(scale, Divide)
    return np.zeros(x.shape[1]), np.full(x.shape[1], scale.by)


def scaled(spec: Spec, module: Any, target: str, width: str) -> tuple[float, float]:
    """The largest error of a module's ``scale``, and the unit in the last place before the subtraction."""
    x, (subtract, divide) = rows_of(spec), measures(spec)
    found = module.scale(x) if target == "numpy" else [module.scale(row) for row in x.tolist()]
    apart = np.abs(np.asarray(found, np.float64) - (x - subtract) / divide)
    unit = EPSILON[width] * (np.abs(x) + np.abs(subtract)) / divide
    return float(apart.max()), float(unit.max())


def differs_from_table(spec: Spec) -> Iterator[str]:
    """The differences if the same examples are in a CSV file."""
    with TemporaryDirectory() as folder:
        table = _as_table(spec, Path(folder) / "data.csv")
        if table is None:
            return
        other = spec.model_copy(update={"data": table})
        if scaling(other, Path(folder)) != scaling(spec, Path(folder)):
            yield "the scale"
        one, own = read_examples(other, Path(folder)), read_examples(spec, Path(folder))
        if not all(
            np.array_equal(getattr(one, part.name), getattr(own, part.name))
            for part in fields(own)
            if part.name != "encoding"
        ):
            yield "the examples"


def _as_table(spec: Spec, path: Path) -> Data | None:
    """A file of a spec's rows; None where these mix names of classes and numbers, which no column does."""
    assert isinstance(spec.data, Rows)
    data, units = spec.data, spec.layers[-1].unit_names
    named = [isinstance(example.y, str) for example in data.rows]
    if any(named) != all(named) or (data.classes is not None and not all(named)):
        return None
    target = ("the class",) if all(named) else tuple(units)
    weight = "how much" if spec.loss.example_weights else None
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*target, "left alone", *spec.input_names, "how much"])
        for example in data.rows:
            y = [example.y] if isinstance(example.y, str) else example.y
            lines.writerow([*y, "?", *map(repr, example.x), 1.0 if example.weight is None else example.weight])
    more = {"classes": data.classes, "split": data.split, "scale": data.scale}
    return Table.model_validate({"file": path.name, "target": target, "weight": weight, **more})
