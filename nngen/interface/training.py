"""Train a network."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nngen.commands import train_report
from nngen.commands.checkpoint import restore
from nngen.commands.intervals import with_intervals
from nngen.commands.predict import opened
from nngen.commands.train import SMALLER, DivergedError, Report, Trainer
from nngen.common.arguments import Count, Seed
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
    epochs: Count | None = None,
    params: Parameters = None,
    settings: Mapping[str, object] | None = None,
    callback: Report | None = None,
    resume: str | os.PathLike[str] | None = None,
    progress: bool = True,
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
        callback: called after each epoch with its number, from 1, the number of epochs, and its losses; if it returns
            True, the training ends.
        resume: continue the training of this checkpoint of the command.
        progress: whether there is a bar on a terminal and in a notebook, and elsewhere messages of ``logging``.

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
    if resume is not None:
        restore(trainer, Path(resume), None)
    failed: list[ValueError] = []
    try:
        with _shown(trainer, progress=progress) as shown:

            def report(epoch: int, epochs: int, losses: tuple[float, ...]) -> bool | None:
                shown(epoch, epochs, losses)
                try:
                    return callback(epoch, epochs, losses) if callback else None
                except ValueError as error:  # ``fit`` would say that the data do not fit
                    failed.append(error)
                    return True

            trainer.run(report)
        if failed:
            raise failed[0]
        scores, best = trainer.scores(), trainer.trained
    except DivergedError as error:
        raise DivergedError(f"{error}: {SMALLER}") from None
    text, cautions = train_report.learned(trainer, scores)
    warn([*rows_left_out(trainer.examples.dropped), *cautions])
    return Result(
        with_scores(loaded, with_intervals(best).examples.encoding.scores),
        tuple(map(float, best.module.pack(best.params))),
        tuple(losses[0] for losses in trainer.losses),
        tuple(losses[1] for losses in trainer.losses if len(losses) > 1),
        scores,
        {name: best.metrics(best.outputs(part.x), part.y) for name, part in trainer.parts.items()},
        text,
    )


@contextmanager
def _shown(trainer: Trainer, *, progress: bool) -> Iterator[Report]:
    """Show the progress: by tqdm where it is installed, or else as the command shows it."""
    if not progress:
        yield lambda epoch, epochs, losses: None
        return
    if train_report.interactive() or "ipykernel" in sys.modules:
        try:
            from tqdm import tqdm
        except ModuleNotFoundError:
            pass
        else:
            with tqdm(total=trainer.epochs, initial=trainer.done, desc="epoch", file=sys.stderr) as bar:

                def report(epoch: int, epochs: int, losses: tuple[float, ...]) -> None:
                    bar.set_postfix_str(train_report.losses(losses), refresh=False)
                    bar.update()

                yield report
            return
    with train_report.shown(trainer, logging.getLogger("nngen").info) as shown:
        yield shown
