"""The command ``nngen train``."""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import command_line, echo, note, notes, write_file
from nngen.cli.values import FILE, Whole
from nngen.common.choices import Trains
from nngen.common.ranges import Count, Seed, Several

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from nngen.commands.ensemble import Ensemble
    from nngen.commands.runs import Run
    from nngen.commands.train import Trainer
    from nngen.commands.train_files import TrainFiles


@command
def train(
    *,
    spec: options.Spec,
    target: Annotated[
        Trains | None,
        "The module to train; default: numpy, or c where that saves seconds. The last bits differ between them.",
    ],
    seed: Annotated[Seed | None, "Seed of the initial parameters; default: the spec's."],
    params: Annotated[
        Path | None,
        "Begin with the parameters of this file, such as those of an imported network, in place of initial ones.",
    ],
    epochs: Annotated[Count | None, "Number of epochs in all; default: the spec's."],
    overrides: Annotated[
        tuple[str, ...],
        "--set PLACE=VALUE",
        "Replace a value of the spec, such as training.optimizer.rate=0.01; can be repeated.",
    ],
    save: Annotated[Path | None, FILE, "Write the parameters to P.json or P.safetensors, and P.checkpoint beside it."],
    resume: Annotated[Path | None, "Continue the training of this checkpoint, as if there had been no break."],
    history: Annotated[Path | None, FILE, "Write the losses of each epoch to this CSV file."],
    page: Annotated[
        Path | None, "--report", FILE, "Write a report to this HTML file: metrics, curves, importance of columns."
    ],
    card: Annotated[Path | None, FILE, "Write a model card to this Markdown file: data, metrics, limits."],
    by: Annotated[str | None, "--by COLUMN", "With --report or --card: metrics of each group of rows by this column."],
    seeds: Annotated[Several | None, "Train with this many seeds; print mean and standard deviation."],
    ensemble: Annotated[
        Several | None,
        "Train this many networks from as many seeds; --save writes P.yaml, the network that has the mean of their "
        "answers or probabilities, and its parameters.",
    ],
    folds: Annotated[Several | None, "Cross-validate with this many folds; print the same."],
    searches: Annotated[
        tuple[str, ...],
        "--search PLACE=VALUE,VALUE",
        "Train with each of these values; if repeated, with each combination. Print the metrics of all.",
    ],
    dask: Annotated[
        str | None,
        "--dask ADDRESS",
        "Compute on the workers of the Dask scheduler at tcp://HOST:PORT, or on this machine with `local`.",
    ],
    shards: Annotated[
        tuple[str, ...],
        "--shards FILES",
        "With --dask: train on the rows of these files, a folder, an address such as s3://bucket/name or a quoted "
        "pattern, which the workers read; the file of SPEC is a sample of them. Can be repeated.",
    ],
    jobs: Annotated[int | None, Whole(1, 256), "How many trainings run at once; default: the number of processors."],
    force: Annotated[bool, "Overwrite files that exist in any case."],
    encoding: options.Encoding,
    decimal: options.Decimal,
    data_root: options.DataRoot,
) -> None:
    """Train the module of SPEC on its data, and print the results.

    Ctrl-C ends the training: --save then keeps the last complete epoch, and the exit code is 130. If a loss is infinite
    or NaN, training ends with exit code 1 and saves nothing.
    """
    from nngen.commands import checkpoint, compiled, output, runs, train_report
    from nngen.commands.ensemble import ensemble_of
    from nngen.commands.findings import Findings, Rows
    from nngen.commands.interrupts import Interrupted, interruptible
    from nngen.commands.predict import opened
    from nngen.commands.train import SMALLER, DivergedError, Trainer
    from nngen.commands.train_files import TrainFiles
    from nngen.common.cautions import rows_left_out
    from nngen.common.diagnostics import Diagnostic
    from nngen.reading import load, values_of, written

    overrides += options.stated(spec, data_root, encoding, decimal)
    loaded, files = load(spec, data_root, overrides), TrainFiles(save, history, page, card, resume, force)
    several = seeds or folds or searches
    if (save or resume or history or page or card) and several:
        single = "--save, --resume, --history, --report and --card"
        raise click.UsageError(f"{single} are about one training; leave out --seeds, --folds and --search")
    if ensemble and (resume or history or page or card or several or params or shards):
        others = "--resume, --history, --report, --card, --params, --seeds, --folds, --search and --shards"
        raise click.UsageError(f"--ensemble is about several trainings of the whole table; leave out {others}")
    if params and (resume or several or seed is not None):
        others = "--resume, --seed, --seeds, --folds and --search"
        raise click.UsageError(f"--params says with which parameters a training begins; leave out {others}")
    if by and not (page or card):
        raise click.UsageError("--by says which rows --report and --card compare; add one of them")
    if shards and (several or page or card or not dask):
        raise click.UsageError("--shards need --dask, and go without --seeds, --folds, --search, --report and --card")
    if shards and loaded.data is not None and loaded.data.level is not None:
        raise click.UsageError("--shards leave out no rows for calibration; write `data: {interval: {level, score}}`")
    files.check(loaded.name)
    start = opened(loaded, params) if params else None

    def keep(trainer: Trainer) -> None:
        for path in files.parameters(trainer):
            note(f"wrote {path}")
        for path, text, mark in files.checkpoint(trainer):
            write_file(path, text, force=force, mark=mark)

    with ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy warns of overflow
        try:
            held = stack.enter_context
            if save:
                held(output.locked(checkpoint.beside(save)))
            if ensemble:
                listed = runs.runs_of(runs.Run(loaded, spec, target or "numpy", seed, epochs), ensemble, None)
                made = ensemble_of(
                    listed,
                    values_of(written(spec), str(spec), overrides),
                    data_root,
                    save and save.with_suffix(".yaml"),
                )
                _together(made, listed, files, held(_pool(dask, jobs)))
                return
            if several:
                trials = []
                for values in runs.combinations(runs.searched(searches)):
                    one = load(spec, data_root, (*overrides, *(f"{place}={text}" for place, text in values.items())))
                    trials.append(
                        (values, runs.runs_of(runs.Run(one, spec, target or "numpy", seed, epochs), seeds, folds))
                    )
                every = [run for _, listed in trials for run in listed]
                with train_report.bar(len(every), "training") as update:
                    found = runs.compared(
                        trials, held(_pool(dask, jobs)).map(runs.call, every), lambda *_: update(1, "")
                    )
                echo(str(found if searches else found.trials[0]))
                return
            given = target or (resume and compiled.of_checkpoint(resume)) or None
            trainer = Trainer(loaded, spec, "numpy" if dask else given, seed, epochs)
            if given is None and trainer.target == "c":
                note("trains the module of C, the fastest here; the last bits differ from those of --target numpy")
            notes(rows_left_out(trainer.examples.dropped))
            rows = Rows(trainer, by) if page or card else None
            if dask:
                held(_spread(held(_connected(dask, jobs)), trainer, target or "numpy", shards))
                files.check(loaded.name)  # the shards are inputs, too
            if start is not None:
                trainer.begin_with(start)
            if resume:
                checkpoint.restore(trainer, resume, None if force else save)
            with interruptible():
                try:
                    with train_report.shown(trainer, echo) as report:
                        trainer.run(report)
                except Interrupted as signal:
                    if trainer.done:
                        keep(trainer)
                    again = command_line(params=None, resume=checkpoint.beside(save)) if save else ""
                    note(train_report.interrupted(trainer, again))
                    raise SystemExit(signal.code) from None
            scores = {} if shards else trainer.scores()
        except DivergedError as error:
            click.echo(str(Diagnostic(str(spec), None, None, str(error), help=SMALLER)), err=True)
            raise SystemExit(1) from None
        text, cautions = (train_report.sampled(trainer), []) if shards else train_report.learned(trainer, scores)
        echo(text)
    for caution in cautions:
        note(f"caution: {caution}")
    keep(trainer)
    again = command_line(page=None, card=None, by=None, history=None, force=None)
    findings = Findings(trainer, scores, rows, cautions, again) if rows else None
    for path, text, mark in files.results(trainer, findings, written(spec) if findings else ""):
        write_file(path, text, force=force, mark=mark)


def _together(made: "Ensemble", listed: "Sequence[Run]", files: "TrainFiles", pool: "Executor") -> None:
    """Train the members of an ensemble, print how good they are alone and together, and write the ensemble."""
    from nngen.commands import ensemble, output, train_report

    if files.save:
        output.check(made.path, force=files.force, mark=ensemble.MARK)
    with train_report.bar(len(listed), "training") as update:
        trainer, alone = ensemble.trained(made, listed, pool.map(ensemble.member, listed), lambda: update(1, ""))
    text, cautions = train_report.learned(trainer, trainer.scores(), f"{alone}\n\ntogether:")
    echo(text)
    notes(f"caution: {caution}" for caution in cautions)
    for path in files.parameters(trainer):
        note(f"wrote {path}")
        write_file(made.path, made.text, force=files.force, mark=ensemble.MARK)
        note(f"next: nngen build {made.path} --params {path}")


@contextmanager
def _pool(dask: str | None, jobs: int | None) -> "Iterator[Executor]":
    """The pool that runs trainings in parallel: workers of Dask, or processes of this machine."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    if dask:
        with _connected(dask, jobs) as client:
            yield client.get_executor()
    else:
        with ProcessPoolExecutor(jobs or os.cpu_count() or 1, get_context("spawn")) as pool:
            yield pool


def _connected(dask: str, jobs: int | None) -> AbstractContextManager[Any]:
    """A client of Dask.

    Raises:
        SpecError: Dask is not installed, or there is no scheduler.
    """
    from nngen.common import files

    try:
        from nngen.dask import connected
    except ImportError as error:
        advice = "install it: pip install cloudpickle dask distributed fsspec threadpoolctl"
        raise files.refused("--dask", f"Dask is missing: {error}", advice) from None
    return connected(dask, jobs)


def _spread(client: Any, trainer: "Trainer", target: str, shards: tuple[str, ...]) -> AbstractContextManager[None]:
    """Let the workers of a client compute the gradients of a training by the module of a target."""
    from nngen.dask import spread

    return spread(client, trainer, target, shards)
