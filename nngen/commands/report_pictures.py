"""The pictures of a report, as SVG in the colors of the page around them."""

import io
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from nngen.commands.curves import Calibration, Curve
from nngen.commands.dependence import Dependence
from nngen.commands.importance import Importance
from nngen.description.data import Array, in_form

COLORS = {"mark": "#1f77b4", "second": "#d95f02", "third": "#1b9e77", "fourth": "#7b52ab", "fifth": "#c2185b"}
"""The colors of lines and points, and their names in the style of the page, which has others for its dark theme."""

MARKED = COLORS["mark"]
SOFT = "#888888"

MAX_CURVES = len(COLORS)
"""Curves of one picture."""

MAX_CELLS = 16
"""Classes of a picture of confusions; of more, the numbers would overlap."""

MAX_BARS = 20
"""Columns in the picture of importances."""

MAX_POINTS = 2_000
"""Points of a picture: more would not tell more, and make the page slow."""

MAX_LETTERS = 24
"""Letters of a label."""

WIDTH = 4.8
"""Inches of a picture, of which the page makes what fits."""


def loss_curve(losses: Sequence[Sequence[float]]) -> str:
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
    return _svg(figure, "loss", "The loss of each epoch")


def predicted_against_true(answers: Array, targets: Array) -> str:
    """A point for each example, shapes ``(n,)``."""
    figure, axes = _figure()
    axes.scatter(targets[:MAX_POINTS], answers[:MAX_POINTS], s=16, color=MARKED, alpha=0.7, linewidths=0)
    ends = [float(min(targets.min(), answers.min())), float(max(targets.max(), answers.max()))]
    axes.plot(ends, ends, color=SOFT, linewidth=1)
    axes.set(xlabel="true", ylabel="predicted")
    axes.locator_params(axis="x", nbins=5)
    return _svg(figure, "scatter", "Predicted numbers against true ones")


def residuals(answers: Array, targets: Array) -> str:
    """What is true minus what is predicted, above what is predicted; shapes ``(n,)``."""
    figure, axes = _figure()
    axes.scatter(answers[:MAX_POINTS], (targets - answers)[:MAX_POINTS], s=16, color=MARKED, alpha=0.7, linewidths=0)
    axes.axhline(0.0, color=SOFT, linewidth=1)
    axes.set(xlabel="predicted", ylabel="true minus predicted")
    axes.locator_params(axis="x", nbins=5)
    return _svg(figure, "residuals", "Residuals against predicted numbers")


def curves(found: Sequence[tuple[str, Curve]], kind: str) -> str:
    """ROC curves, or those of ``precision`` and recall, each with its name; up to ``MAX_CURVES``."""
    figure, axes = _figure(square=True)
    for (name, curve), color in zip(found, COLORS.values(), strict=False):
        label = f"{_plain(name)}: {curve.value:.4g}" if name else f"{curve.value:.4g}"
        if kind == "roc":
            axes.plot(curve.x, curve.y, color=color, label=label)
        else:
            axes.step(curve.x, curve.y, where="pre", color=color, label=label)
    if kind == "roc":
        axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1)
        axes.set(xlabel="false positive rate", ylabel="true positive rate", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    else:
        axes.set(xlabel="recall", ylabel="precision", xlim=(-0.02, 1.02), ylim=(-0.02, 1.05))
    _legend(axes, "area" if kind == "roc" else "average precision")
    return _svg(figure, kind, "ROC curve" if kind == "roc" else "Precision and recall")


def calibrated(found: Calibration) -> str:
    """The share that is true above the predicted probability; a larger circle stands for more examples."""
    figure, axes = _figure(square=True)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1)
    axes.plot(found.predicted, found.true, color=MARKED, linewidth=1)
    sizes = 20.0 + 220.0 * np.sqrt(found.counts / found.counts.max())
    axes.scatter(found.predicted, found.true, s=sizes, color=MARKED, alpha=0.7, linewidths=0)
    axes.set(xlabel="predicted probability", ylabel="share that is true", xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    return _svg(figure, "calibration", "Calibration")


def confusion(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> str:
    """A cell for each class (row) and answer (column), the darker the larger its share of the row."""
    from matplotlib.patches import Rectangle

    count = len(labels)
    figure, axes = _figure(square=True)
    for i, row in enumerate(counts):
        for j, number in enumerate(row):
            share = number / max(1, sum(row))
            axes.add_patch(Rectangle((j - 0.5, i - 0.5), 0.96, 0.96, facecolor=MARKED, alpha=0.65 * share, linewidth=0))
            axes.text(j, i, str(number or "·"), ha="center", va="center")
    axes.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5), xlabel="answer", ylabel="class")
    turned = {"rotation": 45, "ha": "right"} if count > 3 or max(map(len, labels)) > 10 else {}
    _ticks(axes.set_xticks, labels, **turned)
    _ticks(axes.set_yticks, labels)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return _svg(figure, "confusion", "Confusions: a row for each class, a column for each answer")


def importance(found: Sequence[Importance], score: str) -> str:
    """A bar for each column, the most important ones above; the line at its end is from the least fall to the most."""
    shown = found[:MAX_BARS]
    figure, axes = _figure(height=max(1.6, 0.6 + 0.3 * len(shown)))
    places, means = np.arange(len(shown)), np.array([one.mean for one in shown])
    ends = np.array([[one.mean - min(one.falls), max(one.falls) - one.mean] for one in shown]).T
    axes.barh(places, means, height=0.6, color=MARKED)
    axes.errorbar(means, places, xerr=np.maximum(ends, 0.0), fmt="none", ecolor="#000000", elinewidth=1)
    axes.set(xlabel=f"fall of {score}", ylim=(len(shown) - 0.5, -0.5))
    axes.axvline(0.0, color=SOFT, linewidth=1)
    _ticks(axes.set_yticks, [one.column for one in shown])
    return _svg(figure, "importance", "Importance of columns")


def dependence(found: Dependence, answer: str, number: int) -> str:
    """The mean answers above the values of a column, and below them the shares of the rows."""
    figure, axes = _figure()
    axes.remove()
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    texts = isinstance(found.values, tuple)
    values = np.arange(len(found.values)) if texts else np.asarray(found.values)
    widest = np.argsort(-np.ptp(found.means, axis=0), kind="stable")[:MAX_CURVES]
    for place, color in zip(sorted(widest.tolist()), COLORS.values(), strict=False):
        how = {"marker": "o", "linestyle": "none"} if texts else {"marker": "o" if len(values) <= 5 else None}
        top.plot(values, found.means[:, place], color=color, label=_plain(found.names[place]), **how)
    if len(found.means[0]) > 1:
        _legend(top, "")
    lefts, widths = (values - 0.4, 0.8) if texts else (found.edges[:-1], np.diff(found.edges))
    below.bar(lefts, found.shares, widths, align="edge", color=SOFT, alpha=0.5, linewidth=0)
    for each in (top, below):
        each.spines[["top", "right"]].set_visible(False)
    top.set(ylabel=answer)
    below.set(ylim=(0.0, None), ylabel="share")
    below.set_xlabel(_plain(found.column), parse_math=False)
    if texts:
        turned = {"rotation": 45, "ha": "right"} if len(values) > 3 else {}
        _ticks(below.set_xticks, [str(value) for value in found.values], **turned)
    elif found.date:
        below.locator_params(axis="x", nbins=4)
        below.xaxis.set_major_formatter(lambda seconds, place: in_form(seconds))
    else:
        below.locator_params(axis="x", nbins=5)
    return _svg(figure, f"dependence{number}", f"Dependence on column {number} of the most important ones")


def _figure(*, square: bool = False, height: float = 3.4) -> tuple[Any, Any]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "nngen", "svg.fonttype": "none", "font.size": 11}  # the same bytes in each run
    mpl.rcParams.update(settings)
    figure = Figure(figsize=(WIDTH, 4.4 if square else height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _ticks(put: Any, labels: Sequence[str], **how: Any) -> None:
    """Labels of an axis that are texts, not formulas, whatever is in them."""
    put(range(len(labels)), [_plain(label) for label in labels], parse_math=False, **how)


def _legend(axes: Any, title: str) -> None:
    for text in axes.legend(frameon=False, title=title).get_texts():
        text.set_parse_math(False)


def _plain(text: str) -> str:
    """A text of the data as a label: short, on one line, of characters that SVG may have."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= MAX_LETTERS else f"{shown[: MAX_LETTERS - 1]}…"


def _svg(figure: Any, name: str, says: str) -> str:
    """A figure as SVG in the colors of the page around it, in a light and a dark theme."""
    text = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a font that lacks a letter of a label: the browser has others
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(width|height)="[\d.]+pt" ?', "", svg, count=2)
    svg = svg.replace("#000000", "currentColor").replace(SOFT, "var(--soft)")
    for word, color in COLORS.items():
        svg = svg.replace(color, f"var(--{word})")
    return _own_ids(svg, name).replace("<svg ", f'<svg role="img" aria-label="{says}" ', 1)


def _own_ids(svg: str, name: str) -> str:
    """Let no id be that of another picture of the page; those that nothing refers to go."""
    used = set(re.findall(r'(?:href="|url\()#([\w.-]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", svg)
    return re.sub(r'(href="|url\()#([\w.-]+)', rf"\g<1>#{name}-\g<2>", svg)
