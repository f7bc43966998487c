"""Train a network."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict, Unpack, overload

from nngen.commands import output, runs, train_report
from nngen.commands.checkpoint import restore
from nngen.commands.intervals import with_intervals
from nngen.commands.predict import opened
from nngen.commands.runs import Run, Runs, Search
from nngen.commands.train import SMALLER, DivergedError, Report, Trainer
from nngen.commands.trained import Score
from nngen.common.cautions import rows_left_out
from nngen.common.choices import Trains
from nngen.common.files import refused
from nngen.common.ranges import Count, Seed, Several
from nngen.interface.calls import called, warn
from nngen.interface.network import Network, Source, load, with_settings
from nngen.interface.result import Parameters, Result, with_scores
from nngen.interface.several import LOG, bar, several_runs, together, tqdm_of
from nngen.interface.tables import Table
from nngen.plan import plan
from nngen.reading import parameter_files

__all__ = ["DivergedError", "Runs", "Search", "train"]

Settings = Mapping[str, object]


class _Options(TypedDict, total=False):
    """The options of every training."""

    target: Trains
    seed: Seed | None
    epochs: Count | None
    settings: Settings | None
    name: str | None
    progress: bool


class _Once(_Options, total=False):
    """The options of a single training."""

    params: Parameters
    callback: Report | None
    resume: str | os.PathLike[str] | None
    report: str | os.PathLike[str] | None
    card: str | os.PathLike[str] | None
    by: str | None
    overwrite: bool
    ensemble: Several | None


@overload
def train(network: Source, table: Table = ..., **options: Unpack[_Once]) -> Result: ...


@overload
def train(
    network: Source,
    table: Table = ...,
    *,
    search: Mapping[str, Sequence[object]],
    seeds: Several | None = ...,
    folds: Several | None = ...,
    **options: Unpack[_Options],
) -> Search: ...


@overload
def train(
    network: Source, table: Table = ..., *, seeds: Several, folds: Several | None = ..., **options: Unpack[_Options]
) -> Runs: ...


@overload
def train(network: Source, table: Table = ..., *, folds: Several, **options: Unpack[_Options]) -> Runs: ...


@called
def train(
    network: Source,
    table: Table = None,
    *,
    target: Trains = "numpy",
    seed: Seed | None = None,
    epochs: Count | None = None,
    params: Parameters = None,
    settings: Settings | None = None,
    name: str | None = None,
    callback: Report | None = None,
    resume: str | os.PathLike[str] | None = None,
    progress: bool = True,
    report: str | os.PathLike[str] | None = None,
    card: str | os.PathLike[str] | None = None,
    by: str | None = None,
    overwrite: bool = False,
    ensemble: Several | None = None,
    seeds: Several | None = None,
    folds: Several | None = None,
    search: Mapping[str, Sequence[object]] | None = None,
) -> Result | Runs | Search:
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
        name: what the network and its modules are called; None for the spec's name.
        callback: called after each epoch with its number, from 1, the number of epochs, and its losses; if it returns
            True, the training ends.
        resume: continue the training of this checkpoint of the command.
        progress: whether there is a bar on a terminal and in a notebook, and elsewhere messages of ``logging``.
        report: write a report to this HTML file, with metrics, curves and the importance of columns.
        card: write a model card to this Markdown file, with data, metrics and limits.
        by: a column, by whose values ``report`` and ``card`` compare the metrics of groups of rows.
        overwrite: whether other files of these names are overwritten.
        ensemble: train this many networks from as many seeds; the result is a network that has the mean of their
            answers or probabilities.
        seeds: train with this many seeds.
        folds: cross-validate with this many folds.
        search: train with each combination of these values, such as ``{"layers.0.units": [8, 16]}``.

    Returns:
        The trained network. With ``seeds`` or ``folds`` the metrics of each training, with their ``mean``,
        ``deviation`` and standard ``error``. With ``search`` these of each combination, as ``trials``.

    Raises:
        SpecError: the spec or the table is wrong, or there is no compiler of C.
        DivergedError: the loss or a parameter became infinite or NaN.
    """
    loaded = load(network)
    settings = {**(settings or {}), **({} if name is None else {"name": name})}
    if table is not None or settings:
        loaded = with_settings(loaded, settings, table)
    first = Run(loaded.spec, loaded.path, target, seed, epochs)
    several = seeds or folds or search is not None
    if (several or ensemble) and any(one is not None for one in (params, callback, resume, report, card)):
        single, others = (
            "`params`, `callback`, `resume`, `report` and `card`",
            "`seeds`, `folds`, `search` and `ensemble`",
        )
        raise refused("nngen.train", f"{single} are about one training", f"leave out {others}")
    if several and ensemble:
        raise refused("nngen.train", "`ensemble` is a network", "leave out `seeds`, `folds` and `search`")
    if several:
        with _advised():
            found = several_runs(loaded, search or {}, first, seeds, folds, progress)
        return found.trials[0] if search is None else found
    if ensemble:
        with _advised():
            whole = together(loaded, runs.runs_of(first, ensemble, None), progress)
        return _result(*whole)
    if by is not None and report is None and card is None:
        raise refused("nngen.train", "`by` says which rows `report` and `card` compare", "add one of them")
    trainer = Trainer(loaded.spec, loaded.path, target, seed, epochs)
    page, facts = (None if one is None else Path(one) for one in (report, card))
    finish = _reporting(trainer, page, facts, by, loaded.text, overwrite) if page or facts else None
    if params is not None:
        if isinstance(params, str | os.PathLike):
            trainer.begin_with(opened(loaded.spec, Path(params)))
        else:
            trainer.begin_with(parameter_files.flat(params, plan(loaded.spec).size))
    if resume is not None:
        restore(trainer, Path(resume), None)
    failed: list[ValueError] = []
    with _advised(), _shown(trainer, progress=progress) as shown:

        def ended(epoch: int, epochs: int, losses: tuple[float, ...]) -> bool | None:
            shown(epoch, epochs, losses)
            try:
                return callback(epoch, epochs, losses) if callback else None
            except ValueError as error:  # ``fit`` would say that the data do not fit
                failed.append(error)
                return True

        trainer.run(ended)
        if failed:
            raise failed[0]
        scores = trainer.scores()
    text, cautions = train_report.learned(trainer, scores)
    if finish:
        finish(scores, cautions)
    return _result(loaded, trainer, scores, text, cautions)


@contextmanager
def _advised() -> Iterator[None]:
    """Say what to do where a training diverges."""
    try:
        yield
    except DivergedError as error:
        raise DivergedError(f"{error}: {SMALLER}") from None


def _result(
    network: Network, trainer: Trainer, scores: Mapping[str, Score], text: str, cautions: Sequence[str]
) -> Result:
    """A trained network, and warnings about it."""
    best = trainer.trained
    warn([*rows_left_out(trainer.examples.dropped), *cautions], 5)
    return Result(
        with_scores(network, with_intervals(best).examples.encoding.scores),
        tuple(map(float, best.module.pack(best.params))),
        tuple(losses[0] for losses in trainer.losses),
        tuple(losses[1] for losses in trainer.losses if len(losses) > 1),
        scores,
        {name: best.metrics(best.outputs(part.x), part.y) for name, part in trainer.parts.items()},
        text,
    )


def _reporting(
    trainer: Trainer, report: Path | None, card: Path | None, by: str | None, spec: str, overwrite: bool
) -> Callable[[Mapping[str, Score], Sequence[str]], None]:
    """See to it before the training that its report and card can be written; what is returned writes them.

    Raises:
        SpecError: a file has something else, there is no column ``by``, or matplotlib is missing.
    """
    from nngen.commands.findings import Findings, Rows
    from nngen.commands.train_files import TrainFiles

    files = TrainFiles(None, None, report, card, None, overwrite)
    files.check(trainer.spec.name)
    rows = Rows(trainer, by)

    def finish(scores: Mapping[str, Score], cautions: Sequence[str]) -> None:
        for file, page, mark in files.results(trainer, Findings(trainer, scores, rows, cautions, ""), spec):
            output.save(file, page, force=overwrite, mark=mark)

    return finish


@contextmanager
def _shown(trainer: Trainer, *, progress: bool) -> Iterator[Report]:
    """Show the progress: by tqdm where it is installed, or else as the command shows it."""
    if progress and tqdm_of() is None:
        with train_report.shown(trainer, LOG.info) as shown:
            yield shown
        return
    with bar(trainer.epochs, trainer.done, "epoch", progress=progress) as advance:
        yield lambda epoch, epochs, losses: advance(train_report.losses(losses))
