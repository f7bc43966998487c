"""Train a network."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from nngen.commands import train_report
from nngen.commands.intervals import with_intervals
from nngen.commands.predict import opened
from nngen.commands.train import SMALLER, DivergedError, Trainer
from nngen.common.arguments import Epochs, Seed
from nngen.common.cautions import rows_left_out
from nngen.common.choices import Trains
from nngen.interface.calls import called, warn
from nngen.interface.network import Source, load, with_settings
from nngen.interface.result import Parameters, Result, with_scores
from nngen.interface.tables import Table
from nngen.plan import plan
from nngen.reading import parameter_files

__all__ = ["DivergedError", "train"]


@called
def train(
    network: Source,
    table: Table = None,
    *,
    target: Trains = "numpy",
    seed: Seed | None = None,
    epochs: Epochs | None = None,
    params: Parameters = None,
    settings: Mapping[str, object] | None = None,
    callback: Callable[[int, int, tuple[float, ...]], None] | None = None,
) -> Result:
    """Train a network on the data of its spec or on another table, as ``nngen train`` does.

    What looks wrong about the result is a warning of the class ``nngen.Caution``.

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
    loaded = load(network)
    if table is not None or settings:
        loaded = with_settings(loaded, settings or {}, table)
    trainer = Trainer(loaded.spec, loaded.path, target, seed, epochs)
    if params is not None:
        if isinstance(params, str | os.PathLike):
            trainer.begin_with(opened(loaded.spec, Path(params)))
        else:
            trainer.begin_with(parameter_files.flat(params, plan(loaded.spec).size))
    try:
        trainer.run(callback or (lambda epoch, epochs, losses: None))
        scores, best = trainer.scores(), trainer.trained
    except DivergedError as error:
        raise DivergedError(f"{error}: {SMALLER}") from None
    report, cautions = train_report.learned(trainer, scores)
    warn([*rows_left_out(trainer.examples.dropped), *cautions])
    return Result(
        with_scores(loaded, with_intervals(best).examples.encoding.scores),
        tuple(map(float, best.module.pack(best.params))),
        tuple(losses[0] for losses in trainer.losses),
        tuple(losses[1] for losses in trainer.losses if len(losses) > 1),
        scores,
        {name: best.metrics(best.outputs(part.x), part.y) for name, part in trainer.parts.items()},
        report,
    )
