"""The report of a training as one HTML file: curve, metrics, confusions or errors, and the spec."""

import io
import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nngen.commands.train import Trainer
from nngen.commands.train_report import ended
from nngen.commands.trained import Score, Trained
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.targets import TEMPLATES

MARK = '<meta name="generator" content="nngen train">'
"""The first line of every report; only such files are overwritten."""

MAX_ERRORS = 10
"""The number of the largest errors in the list."""

MARKED = "#1f77b4"
"""The color of lines and points; the page has a brighter one for its dark theme."""


def check_matplotlib() -> None:
    """Look for matplotlib before the training.

    Raises:
        SpecError: it is not installed.
    """
    if find_spec("matplotlib") is None:
        advice = "install it: pip install matplotlib"
        raise SpecError([Diagnostic("--report", None, None, "a report needs matplotlib", help=advice)])


def report_page(trainer: Trainer, text: str, scores: Mapping[str, Score]) -> str:
    """The report of a training; its pictures need matplotlib.

    Args:
        trainer: the training.
        text: the spec as its file has it.
        scores: the scores of its parts: training, validation and held-out examples.
    """
    trained, labels = trainer.trained, trainer.examples.labels
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
    outputs = trained.outputs(x)
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            mark=MARK,
            spec=trainer.spec,
            text=text,
            tables=tables,
            part=part,
            labels=labels,
            confusion=_confusion(trained, outputs, y) if labels else None,
            errors=list(_errors(trained, outputs, y)),
            ended=ended(trainer),
            curve=_curve(trainer.losses),
            scatter=None if labels else _scatter(trained, outputs, y),
        )
    )


def _confusion(trained: Trained, outputs: Any, y: Any) -> list[list[int]]:
    """The confusion matrix: how often each class (row) got each answer (column)."""
    count = len(trained.examples.labels)
    pairs = trained.classes(y) * count + trained.classes(outputs)
    found: list[list[int]] = np.bincount(pairs, minlength=count * count).reshape(count, count).tolist()
    return found


def _errors(trained: Trained, outputs: Any, y: Any) -> Any:
    """The examples with the largest errors: their number in the order of the data, the target and the answer."""
    sizes = np.abs(_units(trained, outputs) - _units(trained, y)).sum(axis=1)
    for place in np.argsort(-sizes, kind="stable")[:MAX_ERRORS].tolist():
        if trained.examples.labels:
            labels = trained.examples.labels
            target, answer = (labels[trained.classes(values[place : place + 1])[0]] for values in (y, outputs))
        else:
            target, answer = (", ".join(f"{v:.6g}" for v in _units(trained, values[place])) for values in (y, outputs))
        yield place + 1, target, answer, float(sizes[place])


def _units(trained: Trained, values: Any) -> Any:
    """Targets or outputs in the units of the data."""
    scale = trained.examples.target_scaling
    return values if scale is None else values * scale.divide + scale.subtract


def _curve(losses: Sequence[Sequence[float]]) -> str:
    """The losses of each epoch: a line for the training examples and, if there are some, one for the validation."""
    figure, axes = _figure()
    training, *validation = zip(*losses, strict=True)
    epochs = np.arange(1, len(losses) + 1)
    axes.plot(epochs, training, color=MARKED, label="training")
    for values in validation:
        measured = ~np.isnan(values)
        axes.plot(epochs[measured], np.array(values)[measured], color="#000000", linestyle="--", label="validation")
        axes.legend(frameon=False)
    axes.set(xlabel="epoch", ylabel="loss")
    if min(training) > 0.0 and max(training) > 20.0 * min(training):
        axes.set_yscale("log")
    return _svg(figure)


def _scatter(trained: Trained, outputs: Any, y: Any) -> str:
    figure, axes = _figure()
    true, predicted = _units(trained, y).ravel(), _units(trained, outputs).ravel()
    axes.scatter(true, predicted, s=16, color=MARKED, alpha=0.7, linewidths=0)
    ends = [float(min(true.min(), predicted.min())), float(max(true.max(), predicted.max()))]
    axes.plot(ends, ends, color="#888888", linewidth=1)
    axes.set(xlabel="true", ylabel="predicted")
    return _svg(figure)


def _figure() -> tuple[Any, Any]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.hashsalt": "nngen", "svg.fonttype": "none"})  # the same bytes in each run
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Any) -> str:
    """A figure as SVG in the colors of the page around it, in a light and a dark theme."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(width|height)="[\d.]+pt" ?', "", svg, count=2)
    return svg.replace("#000000", "currentColor").replace(MARKED, "var(--mark)")


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=True,
    )
