"""Train a network, and what comes out."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from nngen.commands import train_report
from nngen.commands.metrics import Metrics
from nngen.commands.train import DivergedError, Trainer
from nngen.commands.trained import Score
from nngen.interface.network import Network, Parameters, Source, load, module, trained, with_table
from nngen.interface.tables import Table

__all__ = ["DivergedError", "Result", "train"]


@dataclass(frozen=True)
class Result:
    """A trained network."""

    network: Network
    """The network, with the table on which it was trained."""
    params: Sequence[float] = field(repr=False)
    """The parameters as a flat list, in the order of the module's ``LAYOUT``: the best of a stop rule, or the last."""
    history: Sequence[float] = field(repr=False)
    """The training loss of each epoch."""
    validation: Sequence[float] = field(repr=False)
    """The validation loss of each epoch, NaN where it was not measured; empty without validation."""
    scores: Mapping[str, Score]
    """Loss and right answers of the ``training``, and if there are some ``validation`` and ``held-out`` examples."""
    metrics: Mapping[str, Metrics] = field(repr=False)
    """Metrics of the same examples, by name."""
    report: str = field(repr=False)
    """What ``nngen train`` prints at the end."""

    def module(self, contents: Sequence[str] = ()) -> Any:
        """The NumPy module with these parameters as ``TRAINED``, imported from memory.

        Args:
            contents: its parts; without any, those that the spec or the command chooses.

        Raises:
            SpecError: the network does not fit the target.
        """
        return module(self, contents=contents)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the parameters, as ``nngen train --save`` does.

        Args:
            path: the file.
            overwrite: whether a file with something else is overwritten.

        Raises:
            SpecError: the file has something else, or cannot be written.
        """
        from nngen.commands import output

        file, complete = Path(path), module(self, contents=["all"])
        output.keep(file, self.network.name, force=overwrite)
        output.check_folder(file)
        output.replace(file, lambda draft: complete.save(complete.TRAINED, str(draft)))
        return file

    def __str__(self) -> str:
        return self.report

    def _repr_html_(self) -> str:
        return f"{_curve(self.history, self.validation)}<pre>{escape(self.report)}</pre>"


def train(
    network: Source,
    table: Table = None,
    *,
    target: Literal["numpy", "python", "c"] = "numpy",
    seed: int | None = None,
    epochs: int | None = None,
    params: Parameters = None,
    settings: Mapping[str, object] | None = None,
    callback: Callable[[int, int, tuple[float, ...]], None] | None = None,
) -> Result:
    """Train a network on the data of its spec or on another table, as ``nngen train`` does.

    Args:
        network: a spec.
        table: a path, a data frame, or a list of rows, with the columns of the spec; None for the data of the spec.
        target: the module that trains.
        seed: the seed of the initial parameters; None for the spec's.
        epochs: how many; None for the spec's.
        params: parameters to begin with: their file, or a flat list; None for initial ones.
        settings: values that replace those of the spec, such as ``{"training.batch_size": 8}``.
        callback: called after each epoch with its number, from 1, the number of epochs, and its losses.

    Raises:
        SpecError: the spec or the table is wrong, or there is no compiler of C.
        DivergedError: the loss or a parameter became infinite or NaN.
    """
    loaded = load(network, settings=settings)
    if table is not None:
        loaded = with_table(loaded, table, settings)
    trainer = Trainer(loaded.spec, loaded.path, target, seed, epochs)
    if params is not None:
        trainer.begin_with(trained(loaded, params)[1] or [])
    trainer.run(callback or (lambda epoch, epochs, losses: None))
    scores, best = trainer.scores(), trainer.trained
    return Result(
        loaded,
        tuple(map(float, best.module.pack(best.params))),
        tuple(losses[0] for losses in trainer.losses),
        tuple(losses[1] for losses in trainer.losses if len(losses) > 1),
        scores,
        {name: best.metrics(best.outputs(part.x), part.y) for name, part in trainer.parts.items()},
        train_report.learned(trainer, scores)[0],
    )


def _curve(*curves: Sequence[float]) -> str:
    """The losses of each epoch as a picture, the first curve in the foreground."""
    finite = [loss for curve in curves for loss in curve if math.isfinite(loss)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    lines = []
    for curve, opacity in zip(curves, (1.0, 0.45), strict=False):
        points = " ".join(
            f"{10 + 380 * i / max(len(curve) - 1, 1):.1f},{110 - 100 * (loss - low) / (high - low or 1.0):.1f}"
            for i, loss in enumerate(curve)
            if math.isfinite(loss)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-opacity="{opacity}"/>')
    label = f"loss of each epoch, from {curves[0][0]:.4g} to {curves[0][-1]:.4g}"
    return f'<svg viewBox="0 0 400 120" width="400" role="img" aria-label="{label}">{"".join(lines)}</svg>'
