"""The report of a training as one HTML file: metrics, pictures, the largest errors, the columns, and the spec."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from nngen.commands import curves
from nngen.commands import report_pictures as pictures
from nngen.commands.bootstrap import bounds
from nngen.commands.columns_report import HEAD, columns_report
from nngen.commands.importance import importances
from nngen.commands.intervals import said, with_intervals
from nngen.commands.train import Trainer
from nngen.commands.train_report import ended
from nngen.commands.trained import Score, Trained
from nngen.common import files
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


def report_page(trainer: Trainer, text: str, scores: Mapping[str, Score]) -> str:
    """The report of a training, with its spec as the file has it; its pictures need matplotlib."""
    trained, labels = with_intervals(trainer.trained), trainer.examples.labels
    models = {"network": trained.outputs, **trained.baselines(*trainer.parts["training"][:2]).outputs()}
    tables = [
        {
            "part": part,
            "score": scores[part],
            "metrics": {name: trained.metrics(outputs(x), y) for name, outputs in models.items()},
        }
        for part, (x, y, _) in trainer.parts.items()
    ]
    part, (x, y, _) = list(trainer.parts.items())[-1]
    outputs, how, encoding = trained.outputs(x), ended(trainer), trained.examples.encoding
    held_out = part == "held-out" and encoding.scores
    confusion = _confusion(trained, outputs, y) if labels else []
    return (
        html_environment()
        .get_template("report.html.jinja")
        .render(
            mark=MARK,
            spec=trainer.spec,
            text=text,
            tables=tables,
            part=part,
            bounds=bounds(trained, outputs, y),
            intervals=said(encoding, outputs, y, trainer.spec.layers[-1].unit_names) if held_out else "",
            labels=labels,
            confusion=confusion,
            errors=list(_errors(trained, outputs, y)),
            pictures=[
                Picture("Learning curve", f"{how[0].upper()}{how[1:]}.", pictures.loss_curve(trainer.losses)),
                *(_of_classes(trained, outputs, y, confusion) if labels else _of_numbers(trained, outputs, y)),
                *_importance(trained, x, y),
            ],
            most_cells=pictures.MAX_CELLS,
            head=HEAD,
            columns=columns_report(trainer.spec, trainer.path.parent),
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
        yield Picture("Calibration", says, pictures.calibrated(curves.calibration(sure, true)))


def _of_numbers(trained: Trained, outputs: Array, y: Array) -> Iterator[Picture]:
    """Pictures about answers that are numbers."""
    known = ~np.isnan(y)
    answered, targets = _units(trained, outputs, True)[known], _units(trained, y)[known]
    says = "Each point is an example: right answers are on the line."
    yield Picture("Predicted against true", says, pictures.predicted_against_true(answered, targets))
    says = (
        "Points around the line without a pattern are good: a bow or a funnel is something that the network has missed."
    )
    yield Picture("Residuals", says, pictures.residuals(answered, targets))


def _importance(trained: Trained, x: Array, y: Array) -> Iterator[Picture]:
    """How much each column matters."""
    score, found = importances(trained, x, y)
    if found:
        more = f" Of {len(found)} columns, the first {pictures.MAX_BARS}." if len(found) > pictures.MAX_BARS else ""
        says = f"How much {score} falls when a column takes values of other examples: at 0, it is not needed."
        yield Picture("Importance of columns", says + more, pictures.importance(found, score))


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
    return (answers if answered else in_units)(trained.examples.encoding, values)
