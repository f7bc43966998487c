"""The report of a training as one HTML file: metrics, pictures, the largest errors, the columns, and the spec."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from nngen.commands import curves
from nngen.commands import report_pictures as pictures
from nngen.commands.columns_report import HEAD, short
from nngen.commands.findings import Findings
from nngen.commands.groups import FEW
from nngen.commands.importance import Importance
from nngen.commands.trained import Trained
from nngen.common import files
from nngen.common.text import counted
from nngen.description.data import Array, answers, in_units
from nngen.targets import html_environment

MARK = '<meta name="generator" content="nngen train">'
"""The first line of every report; only such files are overwritten."""

MAX_ERRORS = 10
"""The number of the largest errors in the list."""


class Picture(NamedTuple):
    """A picture of the page, and a sentence that says how to read it."""

    title: str
    says: str
    svg: str


def check_matplotlib() -> None:
    """Look for matplotlib before the training.

    Raises:
        SpecError: it is not installed.
    """
    if find_spec("matplotlib") is None:
        raise files.refused("--report", "a report needs matplotlib", "install it: pip install matplotlib")


def report_page(findings: Findings, text: str) -> str:
    """The report of a training, with its spec as the file has it; its pictures need matplotlib."""
    trained, y, outputs = findings.trained, findings.last.y, findings.outputs
    labels = trained.examples.labels
    confusion = _confusion(trained, outputs, y) if labels else []
    return (
        html_environment()
        .get_template("report.html.jinja")
        .render(
            mark=MARK,
            findings=findings,
            spec=findings.trainer.spec,
            text=text,
            part=findings.rows.part,
            labels=labels,
            confusion=confusion,
            errors=list(_errors(trained, outputs, y)),
            pictures=[
                Picture("Learning curve", findings.ended, pictures.loss_curve(findings.trainer.losses)),
                *(_of_classes(trained, outputs, y, confusion) if labels else _of_numbers(trained, outputs, y)),
                *_importance(*findings.importances),
                *_dependences(findings),
            ],
            few=FEW,
            most_cells=pictures.MAX_CELLS,
            head=HEAD,
        )
    )


def _of_classes(trained: Trained, outputs: Array, y: Array, counts: Sequence[Sequence[int]]) -> Iterator[Picture]:
    """Pictures about answers that are classes."""
    labels, classes = trained.examples.labels, trained.classes(y)
    if len(labels) <= pictures.MAX_CELLS:
        says = "A row for each class: how often it got each answer. Right answers are on the diagonal."
        yield Picture("Confusions", says, pictures.confusion(counts, labels))
    several = outputs.shape[1] > 1
    shares = outputs if several else np.hstack([-outputs, outputs])
    frequent = np.argsort(-np.bincount(classes, minlength=len(labels)), kind="stable")[: pictures.MAX_CURVES]
    shown = sorted(frequent.tolist()) if several else [1]
    there = [k for k in shown if 0 < int(np.sum(classes == k)) < len(classes)]
    if there:
        against = "each class against all others" if several else f"{labels[1]} against {labels[0]}"
        found = [(labels[k], curves.roc(shares[:, k], classes == k)) for k in there]
        says = f"For {against}: a curve near the upper left corner is good, the diagonal is what guessing gives."
        yield Picture("ROC curve", says, pictures.curves(found, "roc"))
        found = [(labels[k], curves.precision_recall(shares[:, k], classes == k)) for k in there]
        says = (
            f"For {against}: a curve near the upper right corner finds most of a class, and is seldom wrong about it."
        )
        yield Picture("Precision and recall", says, pictures.curves(found, "precision"))
    if trained.examples.encoding.probabilities:
        sure = outputs.max(axis=1) if several else outputs[:, 0]
        true = trained.classes(outputs) == classes if several else classes == 1
        what = "the class that is chosen" if several else labels[1]
        says = f"The probability of {what}: below the line the network is too sure, above it too careful."
        groups = curves.calibration(sure, true, curves.FEW)
        if len(groups.counts):
            left = f"Groups of fewer than {curves.FEW} examples are left out."
            yield Picture("Calibration", f"{says} {left}", pictures.calibrated(groups))


def _of_numbers(trained: Trained, outputs: Array, y: Array) -> Iterator[Picture]:
    """Pictures about answers that are numbers."""
    answered, targets = _units(trained, outputs, True), _units(trained, y)
    known = ~np.isnan(targets)
    answered, targets = answered[known], targets[known]
    says = "Each point is an example: right answers are on the line."
    yield Picture("Predicted against true", says, pictures.predicted_against_true(answered, targets))
    says = (
        "Points around the line without a pattern are good: a bow or a funnel is something that the network has missed."
    )
    yield Picture("Residuals", says, pictures.residuals(answered, targets))


def _importance(score: str, found: Sequence[Importance]) -> Iterator[Picture]:
    """How much each column matters."""
    if found:
        more = f" Of {len(found)} columns, the first {pictures.MAX_BARS}." if len(found) > pictures.MAX_BARS else ""
        says = f"How much {score} falls when a column takes values of other examples: at 0, it is not needed."
        yield Picture("Importance of columns", says + more, pictures.importance(found, score))


def _dependences(findings: Findings) -> Iterator[Picture]:
    """How the mean answer changes with each of the most important columns."""
    what = "mean probability" if findings.trained.examples.encoding.probabilities else "mean answer"
    for number, one in enumerate(findings.dependences, 1):
        says = (
            f"If {counted(one.rows, 'row')} had the same value, and kept all others, the {what} would be that of "
            f"{one.says}. Some of these rows may be unlike all that there are. Bars: the share of the rows."
        )
        yield Picture(f"Dependence on {short(one.column)}", says, pictures.dependence(one, what, number))


def _confusion(trained: Trained, outputs: Any, y: Any) -> list[list[int]]:
    """The confusion matrix: how often each class (row) got each answer (column)."""
    count = len(trained.examples.labels)
    pairs = trained.classes(y) * count + trained.classes(outputs)
    found: list[list[int]] = np.bincount(pairs, minlength=count * count).reshape(count, count).tolist()
    return found


def _errors(trained: Trained, outputs: Any, y: Any) -> Any:
    """The examples with the largest errors: their number in the order of the data, the target and the answer."""
    sizes = np.abs(_units(trained, outputs, True) - _units(trained, y)).sum(axis=1)
    for place in np.argsort(-sizes, kind="stable")[:MAX_ERRORS].tolist():
        if trained.examples.labels:
            labels = trained.examples.labels
            target, answer = (labels[trained.classes(values[place : place + 1])[0]] for values in (y, outputs))
        else:
            both = _units(trained, y[place]), _units(trained, outputs[place], True)
            target, answer = (", ".join(f"{v:.6g}" for v in values) for values in both)
        yield place + 1, target, answer, float(sizes[place])


def _units(trained: Trained, values: Any, answered: bool = False) -> Any:
    """Targets in the units of the data, or outputs as answers."""
    return trained.middle((answers if answered else in_units)(trained.examples.encoding, values))
