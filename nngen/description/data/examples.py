"""The examples of a spec: read, scaled and split.

The same spec and file give the same numbers on every machine: sums are exactly rounded (``math.fsum``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.description.data.encoding import Encoding
from nngen.description.data.extreme_cells import extremes
from nngen.description.data.floats import Array
from nngen.description.data.frame import Frame
from nngen.description.data.measure import measure
from nngen.description.data.negatives import with_negatives
from nngen.description.data.network_inputs import inputs, network_targets
from nngen.description.data.properties import loss_of
from nngen.description.data.raw_examples import (
    classes_of,
    data_of,
    expected_columns,
    read,
    read_file,
    targets_of,
    with_targets,
)
from nngen.description.data.scaling import Scaling
from nngen.description.data.splits import parted
from nngen.description.data.tables import frames
from nngen.description.data.written_rows import as_written
from nngen.description.model import Spec, Table, activations
from nngen.mathematics.catalogue import names_classes


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
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many rows of the data were left out, by the reason."""
    calibration_x: Array = field(default_factory=lambda: np.zeros((0, 0)))
    """The examples that measure intervals, which no choice sees."""
    calibration_y: Array = field(default_factory=lambda: np.zeros((0, 0)))
    doubts: tuple[str, ...] = ()
    """Sentences about cells of numbers that may be mistakes, or may mean other numbers."""

    @property
    def target_scaling(self) -> Scaling | None:
        """The scaling of numeric targets, or None."""
        return self.encoding.targets


Judged = Literal["class", "sides", "ends", "numbers"]


def judged(spec: Spec, examples: Examples) -> Judged:
    """How an answer is right: by its largest output, the side of each, its two ends, or, of numbers, not at all.

    Each output of a single class or label is on the side of 1 or of ``negative_target``. Without targets of these two,
    or with outputs beyond them that stand for no class, answers are numbers.
    """
    if examples.encoding.of_inputs:
        return "numbers"
    loss, output = loss_of(spec), activations(spec.activations)[spec.outputs_like]
    if loss.ends:
        return "ends"
    low, high = output.bounds
    decides = examples.labels or names_classes(loss) or (loss.negative_target <= low and high <= 1.0)
    targets = {value for ys in (examples.train_y, examples.test_y) for row in ys.tolist() for value in row}
    if not decides or not targets <= {loss.negative_target, 1.0}:
        return "numbers"
    several = len(spec.layers[-1].unit_names) > 1
    return "class" if several and (examples.labels or loss.distribution) else "sides"


def read_encoding(spec: Spec, folder: Path) -> tuple[Encoding, Frame]:
    """The encoding of rows, measured on the training examples of a spec with data, and all rows with a target.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = data_of(spec)
    frame, ys, _ = read(spec, data, folder)
    train = parted(data, frame, ys).train
    return _measured(spec, frame.select(train), ys[train]), frame


def read_examples(
    spec: Spec, folder: Path, fold: tuple[int, int] | None = None, unknown: Counter[str] | None = None
) -> Examples:
    """The examples of a spec with data, encoded and split.

    Args:
        spec: a spec that has passed the checks, with data.
        folder: the folder that ``data.file`` is named from.
        fold: the number of a fold, from 0, and how many there are; its rows are held out instead of those of ``split``.
        unknown: receives for each column how many held-out rows, or rows if none are, have an unknown value in it.

    Raises:
        SpecError: a file cannot be read, or does not hold what the spec says.
    """
    data = data_of(spec)
    frame, ys, weights = read(spec, data, folder)
    _check_validation(spec, frame.where, len(ys), fold is not None)
    train, test, calibration = parted(data, frame, ys, fold)
    shown = frame.select(train)
    encoding = _measured(spec, shown, ys[train])
    weighted = spec.loss.example_weights
    train_x = inputs(encoding, shown, None if len(test) else unknown)
    test_x = inputs(encoding, frame.select(test), unknown)
    calibration_x = inputs(encoding, frame.select(calibration))
    test_x, test_y = with_negatives(spec, test_x, network_targets(encoding, ys[test], test_x), train_x, test_x)
    train_x, train_y = with_negatives(spec, train_x, network_targets(encoding, ys[train], train_x), train_x)
    return Examples(
        train_x=train_x,
        train_y=train_y,
        test_x=test_x,
        test_y=test_y,
        train_weights=weights[train] if weighted else None,
        test_weights=weights[test] if weighted else None,
        labels=tuple(classes_of(spec, data)),
        negative_target=loss_of(spec).negative_target,
        encoding=encoding,
        dropped=frame.dropped,
        calibration_x=calibration_x,
        calibration_y=network_targets(encoding, ys[calibration], calibration_x),
        doubts=(*_extremes(encoding, frame), *_points(encoding, data, frame)) if isinstance(data, Table) else (),
    )


def _extremes(encoding: Encoding, frame: Frame) -> Iterator[str]:
    """A sentence about each column of numbers without a clip in which a few cells are far from all others."""
    for column in encoding.numeric:
        if not column.clipped:
            found = extremes(column.column, frame.numbers(column.column), frame.kept)
            yield from (f"{sentence}, or write `scale: robust` at this input" for sentence in found)


def _points(encoding: Encoding, data: Table, frame: Frame) -> Iterator[str]:
    """A sentence about each column of plain numbers such as 1.200, where other columns have decimal commas."""
    styles = [column.style for column in encoding.numeric]
    if not any(style and style.decimal == "," for style in (*styles, data.target_number)):
        return
    for column in (column.column for column in encoding.numeric if column.style is None):
        sizes = np.abs(frame.numbers(column))
        sizes = sizes[~np.isnan(sizes)]
        points = sizes[sizes % 1.0 > 0.0]
        if len(points) and sizes.max() < 1000.0 and points.min() > 1.0 and (points == np.round(points, 3)).all():
            text = f"{show(column)} has {points[0]:.3f}, and other columns have decimal commas"
            grouped, plain = '`number: {thousands: ".", decimal: ","}`', '`number: {decimal: "."}`'
            yield f"{text}: write {grouped} if it is {1000.0 * points[0]:.0f}, and {plain} if not"


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


def raw_parts(spec: Spec, folder: Path, further: str | None = None) -> tuple[Frame, Frame]:
    """The training and the held-out rows of the examples of a spec, as the data have them, with a further column.

    Raises:
        SpecError: the file cannot be read, or lacks the column.
    """
    data = data_of(spec)
    frame, ys, _ = read(spec, data, folder, further)
    train, held_out, _ = parted(data, frame, ys)
    return frame.select(train), frame.select(held_out)


def training_columns(spec: Spec, folder: Path) -> tuple[dict[str, list[Any]], Array]:
    """The training examples as the data write them: the input columns by name, and the targets.

    Numbers are floats, with NaN for a gap, and categories and dates texts, with None for a gap.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = data_of(spec)
    frame, ys, _ = read(spec, data, folder)
    train = parted(data, frame, ys).train
    return as_written(spec, frame.select(train)), ys[train]


def rows_encoded(spec: Spec, folder: Path, encoding: Encoding, tested: Path | None) -> tuple[Array, Array, Array]:
    """Inputs, targets and weights of all rows of the data, or of another table, in their order.

    Raises:
        SpecError: the file cannot be read.
    """
    data = data_of(spec)
    if tested is not None and isinstance(data, Table):
        frame, ys, weights = read_file(spec, data, tested, classes_of(spec, data), least=1)
    else:
        frame, ys, weights = read(spec, data, folder)
    x = inputs(encoding, frame)
    return x, network_targets(encoding, ys, x), weights


def other_examples(
    spec: Spec,
    data: Table,
    encoding: Encoding,
    path: Path | None,
    unknown: Counter[str],
    dropped: Counter[str],
    written: str,
) -> Iterator[tuple[Array, Array, Array | None]]:
    """Inputs, targets and example weights, if the loss takes any, of another table or of standard input, in batches.

    ``unknown`` receives for each column how many rows have an unknown value in it, and ``dropped`` how many are left
    out, by the reason; ``written`` is the encoding of a file of text, empty for UTF-8.

    Raises:
        SpecError: the file cannot be read, or does not hold what the spec says.
    """
    classes = classes_of(spec, data)
    for whole in frames(path, expected_columns(spec, data, classes), 1, written):
        frame = with_targets(spec, data, whole)
        dropped.update(frame.dropped)
        ys, weights = targets_of(spec, data, frame, classes)
        weighted, x = spec.loss.example_weights, inputs(encoding, frame, unknown)
        yield x, network_targets(encoding, ys, x), weights if weighted else None


def _measured(spec: Spec, frame: Frame, ys: Array) -> Encoding:
    """The encoding that is measured on training examples."""
    known = [column[~np.isnan(column)] for column in ys.T]
    targets = dict(zip(spec.layers[-1].unit_names, known, strict=True))
    try:
        return measure(spec, frame.numbers, targets.__getitem__)
    except ValueError as error:  # a column without a value
        raise files.refused(Path(frame.where), str(error)) from None
