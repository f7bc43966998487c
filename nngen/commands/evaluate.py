"""How good the answers of a trained network are for a table."""

import math
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.commands.anomalies import anomalous, described, labelled, limit_of, scores
from nngen.commands.anomalies import metrics as of_anomalies
from nngen.commands.inner import module_of
from nngen.commands.intervals import said
from nngen.commands.metrics import Metrics
from nngen.commands.predict import STANDARD_INPUT, Asked, checked, encoding_of, known, opened, parameters
from nngen.commands.train_report import judged, scored
from nngen.commands.trained import Score, Trained, parts
from nngen.common import files
from nngen.description.data import Array, Examples, expected_of, inputs, other_examples, read_examples
from nngen.description.model import Rows, Spec, Table, Values
from nngen.reading import parameter_files


class Evaluation(NamedTuple):
    """How good the answers for some rows are."""

    part: str
    """Which rows: a file, or the held-out or training examples of the spec."""
    score: Score
    metrics: Metrics
    """Values by name, of classes, or of numbers in the units of the data."""
    details: str
    """The metrics beside those of baselines, and the confusion matrix."""

    def __str__(self) -> str:
        return f"{self.part}: {self.score}\n\n{self.details}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def evaluation(asked: Asked) -> Evaluation:
    """The quality of the answers for a table: the loss, metrics with baselines, and the confusion matrix.

    The table must have the target. Without a table, the held-out rows of the spec's own data are judged, or all where
    none are held out.

    A table is read in batches. Of each row only its targets, the outputs of the network, and those of the regression
    are kept, 24 bytes for each output: the area under the ROC curve needs them all.

    Raises:
        SpecError: a file cannot be read, or does not fit the spec.
    """
    trained, part, batches = judged_rows(asked)
    if trained.examples.encoding.of_inputs:
        return _of_anomalies(asked, trained, part)
    if asked.data is not None and isinstance(asked.spec.data, Table):
        return _of_table(asked.spec, trained, batches, part)
    [(x, y, weights)] = batches
    outputs = _outputs(trained, x, asked.path)
    score, metrics = trained.score(x, y, weights), trained.metrics(outputs, y)
    return Evaluation(part, score, metrics, _with_intervals(asked.spec, trained, outputs, y, scored(trained)))


def anomaly_rows(asked: Asked, on: Examples) -> tuple[Array, NDArray[np.bool_] | None]:
    """The encoded rows of the table of an anomaly detector, and which are anomalies; None if the table does not say it.

    Raises:
        SpecError: the table cannot be read, or lacks a column.
    """
    data = asked.spec.data
    label = data.label if isinstance(data, Table) else None
    expected = [expected_of(column, asked.spec.dtype("numpy")) for column in (asked.reading or asked.spec).columns]
    file, by = None if asked.data == STANDARD_INPUT else asked.data, encoding_of(asked.spec, asked.written)
    found = [
        (inputs(on.encoding, frame, asked.unknown), anomalous(frame, label))
        for frame in labelled(file, expected, label, by)
    ]
    labels = [positive for _, positive in found if positive is not None]
    return np.concatenate([x for x, _ in found]), np.concatenate(labels) if labels else None


def _of_anomalies(asked: Asked, trained: Trained, part: str) -> Evaluation:
    """The anomaly scores of rows, and how they agree with their labels, where a table has some.

    Raises:
        SpecError: the table cannot be read, or lacks a column.
    """
    on = trained.examples
    rows, positive = {name: one.x for name, one in parts(on, None).items()}, None
    if asked.data is not None:
        rows[part], positive = anomaly_rows(asked, on)
    found = {name: scores(x, _outputs(trained, x, asked.data or asked.path)) for name, x in rows.items()}
    last, percent = [*rows][-1], on.encoding.percentile
    limit = limit_of(found["training"], percent)
    metrics = of_anomalies(found[last], limit, positive)
    said = "\n".join(f"{name}: {value:.4f}" for name, value in metrics.items()) if positive is not None else ""
    loss = trained.score(rows[last], rows[last], None)
    return Evaluation(part, loss, metrics, "\n\n".join(filter(None, [described(percent, limit, found), said])))


def judged_rows(asked: Asked) -> tuple[Trained, str, Iterable[tuple[Array, Array, Array | None]]]:
    """The trained network, the name of the examples to judge it by, and these in batches: inputs, targets, weights.

    The errors are those of ``evaluation``.
    """
    spec, path, data = asked.spec, asked.path, asked.data
    if spec.data is None or isinstance(spec.data, Values):
        advice = "add `data:` with a `file` and its `target`, or a few `rows`"
        raise files.refused(path, "the spec has no data to compare with", advice)
    if data is not None and isinstance(spec.data, Rows):
        raise files.refused(data, "the spec does not say which columns of a table are inputs and target")
    if data is not None and isinstance(spec.data, Table) and spec.data.negatives:
        advice = "hold pairs out, `data: {split: {test: 0.2}}`, and evaluate without a table, or with `--top 10`"
        raise files.refused(data, "a table of pairs that occur has no others to tell them from", advice)
    stored = opened(spec, asked.params)
    trained_on = read_examples(spec, path.parent, unknown=None if data else asked.unknown)
    values = checked(stored, spec, trained_on.encoding)
    if isinstance(stored, parameter_files.Stored):
        trained_on = replace(trained_on, encoding=stored.calibrated(trained_on.encoding))
    module = module_of(spec, path.parent, "numpy", trained_on.encoding)
    trained = Trained(module, parameters(module, spec, values), True, spec.loss, trained_on)
    reading = asked.reading or spec
    if data is not None and isinstance(reading.data, Table):
        file, by = None if data == STANDARD_INPUT else data, encoding_of(spec, asked.written)
        batches = other_examples(reading, reading.data, trained_on.encoding, file, asked.unknown, asked.dropped, by)
        return trained, asked.name or ("standard input" if data == STANDARD_INPUT else str(data)), batches
    asked.dropped.update(trained_on.dropped)
    part, examples = [*parts(trained_on, None).items()][-1]  # held-out ones, if there are some
    return trained, f"{part} examples", [examples]


def _outputs(trained: Trained, x: Array, where: Path, row: int = 1) -> Array:
    """The outputs for rows of a file, from one on; one that is NaN is an error."""
    with np.errstate(all="ignore"):
        return known(trained.outputs(x), where, row)


def _of_table(
    spec: Spec, trained: Trained, batches: Iterable[tuple[Array, Array, Array | None]], part: str
) -> Evaluation:
    """The quality for a table, which is read in batches: inputs, targets and weights.

    Raises:
        SpecError: no row has a target.
    """
    on = trained.examples
    baselines = trained.baselines(on.train_x, on.train_y)
    total = count = 0.0
    row = 1
    parts: list[tuple[Array, Array, Array]] = []
    for x, y, weights in batches:
        if len(x):
            parts.append((y, _outputs(trained, x, Path(part), row), baselines.regression(x)))
            loss, weight = trained.total(x, y, weights)
            total, count = total + loss, count + weight
            row += len(x)
    if not parts:
        raise files.refused(part, "every row is left out: there is nothing to compare with")
    y, network, fitted = (np.concatenate(one) for one in zip(*parts, strict=True))
    constant = np.broadcast_to(on.train_y.mean(axis=0), y.shape)
    right = int(np.sum(trained.classes(network) == trained.classes(y))) if on.labels else None
    score = Score(total / count if count else math.nan, right, len(y))
    outputs = {"network": network, baselines.name: fitted, "constant": constant}
    details = judged(trained, {part: (outputs, y)}, part)
    return Evaluation(part, score, trained.metrics(network, y), _with_intervals(spec, trained, network, y, details))


def _with_intervals(spec: Spec, trained: Trained, outputs: Array, y: Array, details: str) -> str:
    """The details, and how many targets are within their intervals."""
    held = said(trained, outputs, y, spec.layers[-1].unit_names)
    return f"{details}\n\n{held}" if held else details
