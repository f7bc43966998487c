"""A trained network in integers beside float64: for ``nngen evaluate --dtype int8``, and before a module is written."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.exporting import learning_library, library
from nngen.commands.anomalies import limit_of, scores
from nngen.commands.evaluate import anomaly_rows, judged_rows
from nngen.commands.metrics import area
from nngen.commands.predict import Asked
from nngen.commands.trained import Trained
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.common.text import table
from nngen.description.data import Array, answers, encoding, in_units, read_examples
from nngen.description.model import Spec, Table
from nngen.integers import TABLE_SIZE, Answers, Integers, Score, quantized, run, whole_rows
from nngen.plan import Plan, plan
from nngen.reading import parameter_files
from nngen.targets import WITH_INTEGERS, check_targets, quantized_texts


@dataclass(frozen=True)
class Comparison:
    """The answers of a network in float64 and in integers."""

    rows: int
    right: tuple[int, int] | None
    """How many classes are right, in float64 and in integers; None if answers are numbers."""
    errors: tuple[float, float]
    """The mean absolute errors of numeric answers."""
    changed: int
    """How many answers differ: classes, or numbers by more than a unit."""
    largest: float
    """The largest difference of a probability or of a numeric answer."""
    saturated: dict[str, float]
    """The share of values that were cut to their range, of the inputs and of each hidden layer."""
    part: str = ""
    """What the examples are."""
    worse: bool = False
    """Whether the answers in integers are clearly worse, so that ``chosen`` refuses the network."""
    fewest: str = ""
    """The column or the hidden layer whose values have the fewest levels, and how many these are."""
    units: tuple[float, ...] = ()
    """The unit of each numeric answer."""
    limits: tuple[float, float] | None = None
    """The scores of an anomaly, in float64 and in integers, where rows have one."""
    areas: tuple[float, float] | None = None
    """The areas under the ROC curves of scores, where labels are known."""

    @property
    def line(self) -> str:
        """The comparison in a line."""
        if self.limits is not None:
            wide_limit, narrow_limit = self.limits
            judged = f"{self.changed:,} of {self.rows:,} {self.part} are judged otherwise"
            return f"int8: the score of an anomaly is {narrow_limit:.4g}, {wide_limit:.4g} in float64; {judged}"
        if self.right is not None:
            wide, narrow = self.right
            return f"int8: {narrow:,} of {self.rows:,} {self.part} are right, {wide:,} in float64"
        wide_error, narrow_error = self.errors
        units = " or ".join(f"{unit:g}" for unit in sorted(set(self.units)))
        errors = f"mean absolute error {narrow_error:.4g} for {self.rows:,} {self.part}, {wide_error:.4g} in float64"
        return f"int8: {errors}; an answer has the unit {units}"

    def __str__(self) -> str:
        cut = ", ".join(f"{name} {share:.1%}" for name, share in self.saturated.items())
        if self.limits is not None:
            areas = self.areas or (math.nan, math.nan)
            pairs = zip(("float64", "int8"), self.limits, self.errors, areas, strict=True)
            scored = [(name, f"{limit:.4g}", f"{mean:.4g}", f"{auc:.4f}") for name, limit, mean, auc in pairs]
            head = ("", "score of an anomaly", "mean score", "AUC")[: 4 if self.areas else 3]
            said = f"{self.changed:,} of {self.rows:,} rows are judged otherwise"
            shown = table(head, [row[: len(head)] for row in scored], range(1, len(head)))
            return f"{self.part}\n\n{shown}\n\n{said}\nvalues cut to their range: {cut}"
        if self.right is not None:
            rows = [
                (name, f"{right} of {self.rows}", f"{right / self.rows:.1%}")
                for name, right in zip(("float64", "int8"), self.right, strict=True)
            ]
            head, what = ("", "right", "accuracy"), "probability"
            changed = f"{self.changed} of {self.rows} answers differ ({self.changed / self.rows:.1%})"
        else:
            rows = [(name, "", f"{error:.4g}") for name, error in zip(("float64", "int8"), self.errors, strict=True)]
            head, what = ("", "", "mean absolute error"), "answer"
            changed = f"{self.changed} of {self.rows} answers differ by more than a unit"
        return (
            f"{self.part}\n\n{table(head, rows, (1, 2))}\n\n{changed}; the largest difference of "
            f"a{'n' * (what == 'answer')} {what} is {self.largest:.3g}\nvalues cut to their range: {cut}"
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def comparison(network: Integers, trained: Trained, x: Array, y: Array, part: str = "") -> Comparison:
    """Compare the answers to some examples: inputs ``(rows, inputs)`` and targets ``(rows, outputs)``."""
    on = trained.examples
    outputs, found = trained.outputs(x), run(network, whole_rows(network.inputs, on.encoding, x))
    few = _fewest(network, found, x)
    if network.output.score is not None:
        return _of_scores(network, network.output.score, trained, x, part, None)
    if network.classes:
        wide, known = trained.classes(outputs), trained.classes(y)
        right = int(np.sum(wide == known)), int(np.sum(found.answers == known))
        largest = 0.0
        if found.shares is not None:
            largest = float(np.abs(found.shares[:, -outputs.shape[1] :] / 255 - outputs).max())
        lost = right[0] - right[1]
        return Comparison(
            len(x),
            right,
            (0.0, 0.0),
            int(np.sum(wide != found.answers)),
            largest,
            found.saturated,
            part,
            lost >= FEW and lost > LOST * len(x),
            few,
        )
    if found.shares is not None:
        units, narrow = (1 / 255,) * outputs.shape[1], found.shares / 255
    else:
        units = network.output.resolutions
        narrow = found.answers * np.array(units)
    wide_answers, targets = answers(on.encoding, outputs), in_units(on.encoding, y)
    apart = np.abs(narrow - wide_answers)
    wide_errors, narrow_errors = np.abs(wide_answers - targets), np.abs(narrow - targets)
    errors = float(np.nanmean(wide_errors)), float(np.nanmean(narrow_errors))
    changed = int(np.sum((apart > units).any(axis=1)))
    worse = _grown(wide_errors, narrow_errors, float(np.nanmean(np.abs(targets - np.nanmedian(targets)))))
    return Comparison(len(x), None, errors, changed, float(apart.max()), found.saturated, part, worse, few, units)


FARTHER = 0.25
"""The share by which the score of an anomaly may grow: the noise of 8 bits hides an anomaly that is not much larger."""


def _of_scores(
    network: Integers, score: Score, trained: Trained, x: Array, part: str, positive: NDArray[np.bool_] | None
) -> Comparison:
    """Compare the anomaly scores of some rows; ``positive`` says which are anomalies, if it is known."""
    on = trained.examples
    limit = limit_of(scores(on.train_x, trained.outputs(on.train_x)), on.encoding.percentile)
    found = run(network, whole_rows(network.inputs, on.encoding, x))
    wide, narrow = scores(x, trained.outputs(x)), np.asarray(found.answers[:, 0] * score.unit, np.float64)
    changed = int(np.sum((wide > limit) != (found.answers[:, 0] > score.limit)))
    narrow_limit = score.limit * score.unit
    both = positive is not None and positive.any() and not positive.all()
    return Comparison(
        len(x),
        None,
        (float(np.mean(wide)), float(np.mean(narrow))),
        changed,
        float(np.abs(wide - narrow).max()),
        found.saturated,
        part,
        narrow_limit > (1.0 + FARTHER) * limit,
        _fewest(network, found, x),
        limits=(limit, narrow_limit),
        areas=(area(wide, positive), area(narrow, positive)) if positive is not None and both else None,
    )


LOST, FEW = 0.01, 3
"""The share of right classes that may be lost, and the number of rows that may be chance."""

GROWN = 0.05
"""The share by which the mean error may grow."""

SEEN = 0.005
"""The share of the mean distance of the targets to their median by which it may grow: 255 levels are never exact."""


def _grown(wide: Array, narrow: Array, spread: float) -> bool:
    """Whether the errors grow by more than ``GROWN``, two standard errors and ``SEEN``."""
    more = (narrow - wide)[~np.isnan(wide)]
    chance = 2.0 * float(np.std(more)) / np.sqrt(max(more.size, 1))
    return bool(more.size) and float(np.mean(more)) > max(GROWN * float(np.nanmean(wide)), chance, SEEN * spread)


def _fewest(network: Integers, found: Answers, x: Array) -> str:
    """The column or the hidden layer with the fewest levels, as a share of the values that it could tell apart."""
    inputs = found.vectors[network.inputs.name]
    kinds = [(f"column {one.column}", inputs[:, one.place], x[:, one.place]) for one in network.inputs.wholes]
    kinds += [(f"layer {one.name}", found.vectors[one.name], np.arange(255.0)) for one in network.hidden]
    levels = [(len(np.unique(q)), min(len(np.unique(values)), 255), name) for name, q, values in kinds]
    few, of, name = min(levels, key=lambda one: one[0] / one[1], default=(0, 0, ""))
    return f"{name}, {few} levels of {of}" if name else "the output layer"


def chosen(
    spec: Spec, path: Path, parameters: Sequence[float], accept_loss: bool = False, size: int = TABLE_SIZE
) -> tuple[Integers, Plan, str]:
    """The network in integers that is written, its plan, and in a line how its answers compare with float64.

    They are compared on held-out rows, or on the training rows if none are held out.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        parameters: trained parameters, in the order of the layout.
        accept_loss: whether worse answers are accepted.
        size: how many numbers a table has.

    Raises:
        SpecError: integers do not hold the network; or the share of right classes falls by more than 1 point, by at
            least 3 rows; or the mean error grows by more than 5 % and by more than chance.
    """
    whole = plan(spec, encoding(spec, path.parent))
    network = quantized(spec, whole, path, parameters, size)
    found = _of_batches(network, *judged_rows(Asked(spec, path, parameters, None)))
    if found.worse and not accept_loss:
        advice = "state a `range`, scale the data, train again, use `dtype: float32`, or accept it with `--accept-loss`"
        raise refused(path, f"{spec.name}: {found.line}; the fewest levels: {found.fewest}", advice)
    return network, whole, found.line


def in_integers(
    spec: Spec,
    path: Path,
    targets: Sequence[str],
    flat: Sequence[float] | None,
    accept_loss: bool = False,
    table: int = TABLE_SIZE,
) -> tuple[dict[str, str], str]:
    """The modules of a spec in integers, and how their answers compare with float64.

    Without ``targets`` they are those of the targets of the spec that have integers.

    Raises:
        SpecError: there are no parameters, integers do not hold the network, or its answers are worse.
    """
    if flat is None:
        advice = f"train first: `nngen train {path} --save P`, then `nngen build {path} --params P --dtype int8`"
        raise refused(path, f"{spec.name}: int8 needs trained parameters", advice)
    check_targets(spec, path, targets)
    network, whole, line = chosen(spec, path, flat, accept_loss, table)
    wanted = targets or [target.name for target in spec.targets if target.name in WITH_INTEGERS]
    return quantized_texts(network, whole, wanted, table), line


def arduino_library(spec: Spec, path: Path, params: Path, accept_loss: bool, learn: bool) -> tuple[dict[str, str], str]:
    """The files of a library for Arduino, with a last layer that learns if asked for, and how it compares with float64.

    Raises:
        SpecError: a file cannot be read, the last layer cannot learn, or one of the errors of ``chosen``.
    """
    flat = parameter_files.stored(params, plan(spec)).of(spec, encoding(spec, path.parent))
    if isinstance(spec.data, Table) and spec.data.of_inputs:
        advice = "include the header of `nngen build --dtype int8 --target c` in a sketch"
        raise refused(path, f"{spec.name}: a library for Arduino gives answers, and no anomaly scores", advice)
    network, whole, line = chosen(spec, path, flat, accept_loss)
    if learn:
        return learning_library(spec, path, network, whole, flat, _rate(network, spec, path)), line
    return library(spec, network, whole), line


def _rate(network: Integers, spec: Spec, path: Path) -> float:
    """How far a step of the last layer goes: 1 / (1 + |x|^2), for the mean |x|^2 of its inputs on the training rows.

    A step then moves the sum of a unit by its whole error; four times as far it would not converge.
    """
    on = read_examples(spec, path.parent)
    last = network.hidden[-1] if network.hidden else None
    vectors = run(network, whole_rows(network.inputs, on.encoding, on.train_x)).vectors
    size = float(np.mean(np.sum((vectors[last.name] * last.out) ** 2, axis=1))) if last else 0.0
    return float(f"{1.0 / (1.0 + size):.2g}")


def compared(asked: Asked) -> Comparison:
    """The comparison with float64.

    Raises:
        SpecError: a file cannot be read, or integers do not hold the network.
    """
    trained, part, batches = judged_rows(asked)
    whole = plan(asked.spec, trained.examples.encoding)
    network = quantized(asked.spec, whole, asked.path, trained.module.pack(trained.params))
    if network.output.score is not None and asked.data is not None:
        x, positive = anomaly_rows(asked, trained.examples)
        return _of_scores(network, network.output.score, trained, x, part, positive)
    return _of_batches(network, trained, part, batches)


def _of_batches(
    network: Integers, trained: Trained, part: str, batches: Iterable[tuple[Array, Array, Array | None]]
) -> Comparison:
    """The comparison for examples in batches: inputs, targets and weights."""
    x, y = (np.concatenate(one) for one in zip(*((x, y) for x, y, _ in batches if len(x)), strict=True))
    return comparison(network, trained, x, y, part)
