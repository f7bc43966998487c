"""The command ``nngen train``."""

import os
import warnings
from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import command_line, echo, write_file


@click.command()
@options.spec
@click.option(
    "--target", type=click.Choice(options.TRAINED), default="numpy", show_default=True, help="The module to train."
)
@click.option("--seed", type=options.Whole(0, 2**32 - 1), help="Seed of the initial parameters; default: the spec's.")
@click.option("--epochs", type=options.Whole(1), help="Number of epochs in all; default: the spec's.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PLACE=VALUE",
    help="Replace a value of the spec, such as training.optimizer.rate=0.01; can be repeated.",
)
@click.option(
    "--save", type=options.FILE, help="Write the parameters to this JSON file P.json, and P.checkpoint beside it."
)
@click.option(
    "--resume", type=options.PATH, help="Continue the training of this checkpoint, as if there had been no break."
)
@click.option("--history", type=options.FILE, help="Write the losses of each epoch to this CSV file.")
@click.option(
    "--report", "page", type=options.FILE, help="Write a report to this HTML file: curves, metrics and errors."
)
@click.option(
    "--seeds", type=options.Whole(2, 1000), help="Train with this many seeds; print mean and standard deviation."
)
@click.option("--folds", type=options.Whole(2, 1000), help="Cross-validate with this many folds; print the same.")
@click.option(
    "--jobs", type=options.Whole(1, 256), help="How many trainings run at once; default: the number of processors."
)
@click.option("--force", is_flag=True, help="Overwrite the files of --save, --history and --report in any case.")
@options.data_root
@explained
def train(
    spec: Path,
    target: str,
    seed: int | None,
    epochs: int | None,
    overrides: tuple[str, ...],
    save: Path | None,
    resume: Path | None,
    history: Path | None,
    page: Path | None,
    seeds: int | None,
    folds: int | None,
    jobs: int | None,
    force: bool,
    data_root: Path | None,
) -> None:
    """Train the module of SPEC on its data, and print the results.

    Ctrl-C ends the training: --save then keeps the last complete epoch, and the exit code is 130. If a loss is infinite
    or NaN, training ends with exit code 1 and saves nothing.
    """
    from nngen.commands import checkpoint, runs, train_report
    from nngen.commands.interrupts import Interrupted, interruptible
    from nngen.commands.train import DivergedError, Trainer
    from nngen.commands.train_files import TrainFiles
    from nngen.diagnostics import Diagnostic
    from nngen.reading import load

    loaded, files = load(spec, data_root, overrides), TrainFiles(save, history, page, force)
    if (save or resume or history or page) and (seeds or folds):
        single = "--save, --resume, --history and --report"
        raise click.UsageError(f"{single} are about one training; leave out --seeds and --folds")
    files.check(loaded.name)

    def keep(trainer: Trainer) -> None:
        for path in files.parameters(trainer):
            echo(f"wrote {path}")
        for path, text, mark in files.checkpoint(trainer):
            write_file(path, text, force=force, mark=mark)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy warns of overflow
        try:
            if seeds or folds:
                chosen = loaded.initial.seed if seed is None else seed
                first = runs.Run(spec, data_root, overrides, target, chosen, epochs, None)
                listed = runs.of(first, seeds or 1, folds)
                with train_report.bar(len(listed), "training") as update:
                    found = runs.compared(listed, jobs or os.cpu_count() or 1, lambda: update(1, ""))
                echo(found)
                return
            trainer = Trainer(loaded, spec, target, seed, epochs)
            if resume:
                checkpoint.restore(trainer, resume)
            with interruptible():
                try:
                    with train_report.shown(trainer, echo) as report:
                        trainer.run(report)
                except Interrupted as signal:
                    if trainer.done:
                        keep(trainer)
                    again = command_line(resume=checkpoint.beside(save)) if save else ""
                    echo(train_report.interrupted(trainer, again), err=True)
                    raise SystemExit(signal.code) from None
            scores = trainer.scores()
        except DivergedError as error:
            advice = "lower the optimizer's `rate`, or scale inputs and targets to sizes near 1 (`scale: standardize`)"
            click.echo(str(Diagnostic(str(spec), None, None, str(error), help=advice)), err=True)
            raise SystemExit(1) from None
        echo(train_report.learned(trainer, scores))
    keep(trainer)
    for path, text, mark in files.results(trainer, scores):
        write_file(path, text, force=force, mark=mark)
