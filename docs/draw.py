"""The pictures of ``docs/classics.md``, as SVG files whose bytes depend only on the data.

The background is transparent, lines and letters are grey: they are readable on light and dark pages.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from classics import net
from matplotlib import pyplot

PICTURES = Path(__file__).resolve().parent / "pictures"

GREY = "#808080"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7")
"""The colours of Okabe and Ito, which colour-blind readers can tell apart."""

POINTS = 400
"""Points of a curve; more would not be visible."""

pyplot.switch_backend("svg")
pyplot.rcParams.update(
    {
        "svg.hashsalt": "nngen",
        "svg.fonttype": "none",
        "font.size": 9,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "axes.prop_cycle": f"cycler(color={COLOURS})",
        "axes.spines.top": False,
        "axes.spines.right": False,
        **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "text.color"), GREY),
    }
)


def losses(name: str, histories: Mapping[str, Sequence[float]]) -> None:
    """Draw the loss curves of some networks, by name."""
    figure, axes = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
    for label, history in histories.items():
        at = np.unique(np.geomspace(1, len(history), POINTS).astype(int))
        axes.plot(at, np.array(history)[at - 1], label=label, linewidth=1.2)
    axes.set(xscale="log", yscale="log", xlabel="epochs (sweeps)", ylabel="loss")
    axes.legend(frameon=False)
    save(figure, f"{name}_losses")


def surfaces(params: Mapping[str, Sequence[float]]) -> None:
    """Draw the outputs of networks for the two spirals over the plane, by name, with their training points."""
    figure, all_axes = pyplot.subplots(1, len(params), figsize=(3 * len(params), 3.2), layout="constrained")
    side = np.linspace(-7.0, 7.0, 113)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    for axes, (name, flat) in zip(all_axes, params.items(), strict=True):
        it = net(f"classics/{name}")
        answers = it.module.forward(it.module.unpack(flat), grid).reshape(len(side), -1)
        axes.set_facecolor(COLOURS[0])
        axes.contourf(side, side, answers, levels=(0.5, 1.0), colors=COLOURS[1:2])
        for spiral, colour in enumerate(("white", "black")):
            axes.plot(*it.x[it.y[:, 0] == spiral].T, "o", color=colour, markersize=2)
        axes.set(title=name, aspect="equal", xticks=(), yticks=())
    save(figure, "two_spirals_surfaces")


def save(figure: Any, name: str) -> None:
    """Write a figure as SVG."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.svg"
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    text = re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", path.read_text("utf-8"))  # finer is invisible
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path.write_bytes(text.encode())
