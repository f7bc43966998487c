"""The examples of a spec: read, scaled and split.

The same spec and file give the same numbers on every machine: sums are exactly rounded (``math.fsum``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nngen import files
from nngen.data.cells import MISSING, Expected
from nngen.data.encoding import CategoryColumn, Encoding, IndexColumn, NumberColumn
from nngen.data.frame import Array, Frame, frame_of_numbers
from nngen.data.measure import measure
from nngen.data.partition import Places, by_fold, by_split
from nngen.data.properties import loss_of
from nngen.data.scaling import Scaling
from nngen.data.tables import frames, read_frame
from nngen.spec import (
    Column,
    Index,
    Numeric,
    Row,
    Rows,
    Spec,
    Table,
    Values,
)
from nngen.text import joined

MAX_LISTED = 20
"""Classes in a message."""


@dataclass(frozen=True)
class Examples:
    """Training and test examples: scaled inputs, and a target for each output."""

    train_x: Array
    """Shape ``(examples, inputs)``."""
    train_y: Array
    """Shape ``(examples, outputs)``."""
    test_x: Array
    test_y: Array
    train_weights: Array | None
    """The example weights, shape ``(examples,)``; None if the loss has no example weights."""
    test_weights: Array | None
    labels: tuple[str, ...]
    """The classes in the order of the outputs; of a single output, those of ``negative_target`` and of 1. Empty if the
    targets are numbers."""
    negative_target: float
    """The target of an output whose class an example does not have; for its own class the target is 1."""
    encoding: Encoding
    """The encoding of rows, measured on the training examples."""

    @property
    def target_scaling(self) -> Scaling | None:
        """The scaling of numeric targets, or None."""
        return self.encoding.targets


def read_encoding(spec: Spec, folder: Path) -> Encoding:
    """The encoding of rows, measured on the training examples of a spec with data.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = _data(spec)
    frame, ys, _ = _read(spec, data, folder)
    train, _ = by_split(len(ys), data.split)
    return _measured(spec, frame, ys, train)


def read_examples(spec: Spec, folder: Path, fold: tuple[int, int] | None = None) -> Examples:
    """The examples of a spec with data, encoded and split.

    Args:
        spec: a spec that has passed the checks, with data.
        folder: the folder that ``data.file`` is named from.
        fold: the number of a fold, from 0, and how many there are; its rows are held out instead of those of ``split``.

    Raises:
        SpecError: a file cannot be read, or does not hold what the spec says.
    """
    data = _data(spec)
    frame, ys, weights = _read(spec, data, folder)
    if fold is not None and fold[1] > len(ys):
        raise files.refused(Path(frame.where), f"expected {fold[1]} or more examples, one for each fold, got {len(ys)}")
    _check_validation(spec, frame.where, len(ys), fold is not None)
    train, test = by_split(len(ys), data.split) if fold is None else by_fold(len(ys), data.split, *fold)
    encoding = _measured(spec, frame, ys, train)
    xs, ys = inputs(encoding, frame), _scaled(encoding, ys)
    weighted = spec.loss.example_weights
    return Examples(
        train_x=xs[train],
        train_y=ys[train],
        test_x=xs[test],
        test_y=ys[test],
        train_weights=weights[train] if weighted else None,
        test_weights=weights[test] if weighted else None,
        labels=tuple(_classes(spec, data)),
        negative_target=loss_of(spec).negative_target,
        encoding=encoding,
    )


def _check_validation(spec: Spec, where: str, count: int, folded: bool) -> None:
    """Refuse data without the examples that the stop rule lists by their places."""
    stop = spec.training.stop
    if stop is None or not stop.places:
        return
    if folded:
        advice = "write a share, such as `--set training.stop.validation=0.2`"
        message = "the places under `stop.validation` count all examples, and folds hold some out"
        raise files.refused("--folds", message, advice)
    if problem := stop.misfit(count):
        raise files.refused(Path(where), f"`stop.validation`: {problem}")


def training_columns(spec: Spec, folder: Path) -> tuple[dict[str, list[Any]], Array]:
    """The training examples as the data write them: the input columns by name, and the targets.

    Numbers are floats, with NaN for a gap, and categories texts, with None for a gap.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = _data(spec)
    frame, ys, _ = _read(spec, data, folder)
    train, _ = by_split(len(ys), data.split)
    kept = frame.select(train)
    columns: dict[str, list[Any]] = {}
    for column in spec.columns:
        name = column.column or column.name
        columns[name] = kept.numbers(name).tolist() if isinstance(column, Numeric) else kept.texts(name)
    return columns, ys[train]


def rows_encoded(spec: Spec, folder: Path, encoding: Encoding, tested: Path | None) -> tuple[Array, Array, Array]:
    """Inputs, targets and weights of all rows of the data, or of another table, in their order.

    Raises:
        SpecError: the file cannot be read.
    """
    data = _data(spec)
    if tested is not None and isinstance(data, Table):
        frame, ys, weights = _read_file(spec, data, tested, _classes(spec, data), least=1)
    else:
        frame, ys, weights = _read(spec, data, folder)
    return inputs(encoding, frame), _scaled(encoding, ys), weights


def other_examples(
    spec: Spec, data: Table, encoding: Encoding, path: Path | None
) -> Iterator[tuple[Array, Array, Array | None]]:
    """Inputs, targets and example weights, if the loss takes any, of another table, in batches.

    Args:
        spec: a spec that has passed the checks.
        data: its data.
        encoding: the encoding of rows.
        path: the table; None for standard input.

    Raises:
        SpecError: the file cannot be read, or does not hold what the spec says.
    """
    classes = _classes(spec, data)
    for frame in frames(path, _expected(spec, data, classes), least=1):
        ys, weights = _targets(data, frame, classes)
        weighted = spec.loss.example_weights
        yield inputs(encoding, frame), _scaled(encoding, ys), weights if weighted else None


def inputs(encoding: Encoding, frame: Frame) -> Array:
    """The inputs of the network for the rows of a table, shape ``(rows, inputs)``."""
    return np.column_stack([values for column in encoding.columns for values in _encoded(column, frame)])


def _encoded(column: NumberColumn | CategoryColumn | IndexColumn, frame: Frame) -> Iterator[Array]:
    if isinstance(column, IndexColumn):
        yield _indices(column, frame)
        return
    if isinstance(column, NumberColumn):
        numbers = frame.numbers(column.column)
        gaps = np.isnan(numbers)
        filled = numbers if column.fill is None else np.where(gaps, column.fill, numbers)
        yield (filled - column.subtract) / column.divide
    else:
        texts = frame.texts(column.column)
        gaps = np.array([text is None for text in texts])
        places = {category: place for place, category in enumerate(column.categories)}
        chosen = np.array([places.get(column.fill or "" if text is None else text, -1) for text in texts])
        yield (chosen[:, None] == np.arange(len(places))).astype(np.float64)
    if column.indicator:
        yield gaps.astype(np.float64)


def _scaled(encoding: Encoding, ys: Array) -> Array:
    """Targets as the network has them, shape ``(rows, outputs)``."""
    scale = encoding.targets
    return ys if scale is None else (ys - scale.subtract) / scale.divide


def _indices(column: IndexColumn, frame: Frame) -> Array:
    """The rows of embeddings that the ids of a column select; unknown ids are refused before, or select the last."""
    if column.ids:
        places = {text: place for place, text in enumerate(column.ids)}
        chosen = [places.get(text or "", column.count - 1) for text in frame.texts(column.column)]
        return np.array(chosen, np.float64)
    numbers = frame.numbers(column.column)
    known = (numbers >= 0.0) & (numbers < column.count) & (numbers == np.rint(numbers))
    if not known.all() and not column.unknown:  # rows of the spec are no table, whose cells are checked
        wrong = f"expected whole numbers from 0 to {column.count - 1}, got {numbers[~known][0]:g}"
        raise files.refused(Path(frame.where), f"{column.column}: {wrong}")
    return np.where(known, numbers, column.count - 1.0)


def _data(spec: Spec) -> Rows | Table:
    if spec.data is None or isinstance(spec.data, Values):
        raise ValueError(f"{spec.name} has no data")
    return spec.data


def _measured(spec: Spec, frame: Frame, ys: Array, train: Places) -> Encoding:
    known = [column[~np.isnan(column)].tolist() for column in ys[train].T]
    targets = dict(zip(spec.layers[-1].unit_names, known, strict=True))
    try:
        return measure(spec, lambda name: frame.numbers(name)[train].tolist(), targets.__getitem__)
    except ValueError as error:  # a column without a value
        raise files.refused(Path(frame.where), str(error)) from None


def _classes(spec: Spec, data: Rows | Table) -> dict[str, Row]:
    """The targets of each class by its name; empty if the targets are numbers."""
    units = spec.layers[-1].unit_names
    if isinstance(data, Table):
        by_name = len(data.target) == 1 and bool(len(units) > 1 or data.class_values)
    else:
        by_name = any(isinstance(example.y, str) for example in data.rows)
    if not by_name:
        return {}
    negative_target = loss_of(spec).negative_target
    if len(units) == 1:
        return dict(zip(data.class_values, ((negative_target,), (1.0,)), strict=False))
    one_hot = [tuple(1.0 if i == j else negative_target for j in range(len(units))) for i in range(len(units))]
    return dict(zip(data.class_values or units, one_hot, strict=True))


def _read(spec: Spec, data: Rows | Table, folder: Path) -> tuple[Frame, Array, Array]:
    """The inputs as the data write them, the targets and the weights of all examples, in the order of the data."""
    classes = _classes(spec, data)
    if isinstance(data, Table):
        return _read_file(spec, data, folder / data.file, classes, least=1 if data.split is None else 2)
    names = [column.column or column.name for column in spec.columns]
    xs = np.array([example.x for example in data.rows], np.float64)
    ys = [classes[example.y] if isinstance(example.y, str) else example.y for example in data.rows]
    _refuse_no_target("rows", np.array(ys, np.float64))
    weights = [1.0 if example.weight is None else example.weight for example in data.rows]
    return frame_of_numbers("rows", dict(zip(names, xs.T, strict=True))), np.array(ys, np.float64), np.array(weights)


def _read_file(
    spec: Spec, data: Table, path: Path, classes: Mapping[str, Row], least: int
) -> tuple[Frame, Array, Array]:
    frame = read_frame(path, _expected(spec, data, classes), least)
    ys, weights = _targets(data, frame, classes)
    _refuse_no_target(frame.where, ys)
    return frame, ys, weights


def _refuse_no_target(where: str, ys: Array) -> None:
    if np.isnan(ys).all():
        raise files.refused(Path(where), "every target is missing: there is nothing to learn from")


def _expected(spec: Spec, data: Table, classes: Mapping[str, Row]) -> list[Expected]:
    """The columns of a table with targets, and what they have to hold."""
    expected = [expected_of(column) for column in spec.columns]
    if classes:
        known = f"the classes are {joined(classes, 'and')}" if len(classes) <= MAX_LISTED else ""
        expected.append(Expected(data.target[0], "class", known=classes, help=known))
    else:
        hint = "for two classes, name them: `classes: [first, second]`, for 0 and 1" if len(data.target) == 1 else ""
        gaps = spec.loss.missing == "ignore"
        expected += [Expected(name, "number", gaps=gaps, help=hint) for name in data.target]
    if data.weight:
        expected.append(Expected(data.weight, "weight"))
    return expected


def _targets(data: Table, frame: Frame, classes: Mapping[str, Row]) -> tuple[Array, Array]:
    """The targets of the rows of a table, and their weights."""
    if classes:
        order = {name: place for place, name in enumerate(classes)}
        places = np.array([order[text] for text in frame.texts(data.target[0]) if text is not None], np.intp)
        ys = np.array([*classes.values()])[places]
    else:
        ys = np.column_stack([frame.numbers(name) for name in data.target])
    return ys, frame.numbers(data.weight) if data.weight else np.ones(len(frame))


def expected_of(column: Column) -> Expected:
    """The expected content of an input column."""
    name = column.column or column.name
    if isinstance(column, Numeric):
        return Expected(name, "number", gaps=column.missing != "error")
    if isinstance(column, Index):
        return _expected_id(name, column)
    listed = column.unknown == "error"
    advice = "list it under `categories`, or write `unknown: zeros`" if listed else ""
    return Expected(
        name,
        "category",
        known=column.categories if listed else (),
        gaps=column.missing != "error",
        help=advice,
        markers=MISSING.difference(column.categories),
    )


def _expected_id(name: str, column: Index) -> Expected:
    """The expected content of a column of ids."""
    known = column.unknown == "error"
    advice = "list it under `ids`, or give unknown ids one more row: `unknown: row`" if known else ""
    if isinstance(column.ids, int):
        return Expected(name, "number", count=column.ids if known else 0, help=advice if known else "")
    return Expected(name, "id", known=column.ids if known else (), help=advice, markers=MISSING.difference(column.ids))
