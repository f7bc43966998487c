"""Several trainings of one spec, by seeds or by folds, and what their scores are on average."""

import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from nngen.commands.metrics import Metrics
from nngen.commands.train import Trainer
from nngen.reading import load
from nngen.text import table


@dataclass(frozen=True)
class Run:
    """One of several trainings: what a process needs to repeat it."""

    path: Path
    root: Path | None
    overrides: tuple[str, ...]
    target: str
    seed: int
    epochs: int | None
    fold: tuple[int, int] | None

    def __str__(self) -> str:
        return f"seed {self.seed}" + ("" if self.fold is None else f", fold {self.fold[0] + 1} of {self.fold[1]}")

    def __call__(self) -> Metrics:
        """Train, and return the metrics of the held-out examples, or of the training examples where none are held out.

        Raises:
            SpecError: there are no data, or they do not fit the network.
            DivergedError: the loss or a parameter became infinite or NaN.
        """
        spec = load(self.path, self.root, self.overrides)
        trainer = Trainer(spec, self.path, self.target, self.seed, self.epochs, self.fold)
        trainer.run(lambda *_: None)
        part = "held-out" if "held-out" in trainer.parts else "training"
        x, y, _ = trainer.parts[part]
        trained = trainer.trained
        return {"loss": trainer.scores()[part].loss, **trained.metrics(trained.outputs(x), y)}


def _call(run: Run) -> Metrics:
    return run()


def of(first: Run, seeds: int, folds: int | None) -> list[Run]:
    """A run for each seed, from the first one on, and for each fold."""
    parts: Sequence[tuple[int, int] | None] = [None] if folds is None else [(k, folds) for k in range(folds)]
    return [
        Run(first.path, first.root, first.overrides, first.target, (first.seed + k) % 2**32, first.epochs, fold)
        for k in range(seeds)
        for fold in parts
    ]


def compared(runs: Sequence[Run], workers: int, done: Callable[[], None]) -> str:
    """The metrics of each run, and their mean and standard deviation, as a table.

    Args:
        runs: two or more.
        workers: how many processes work at once.
        done: called after each run.

    Raises:
        SpecError, DivergedError: as in a run.
    """
    found = []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for metrics in pool.map(_call, runs):
            found.append(metrics)
            done()
    names = [name for name in found[0] if all(name in metrics for metrics in found)]
    rows = [[str(run), *(f"{metrics[name]:.4f}" for name in names)] for run, metrics in zip(runs, found, strict=True)]
    columns = [[metrics[name] for metrics in found] for name in names]
    mean = [f"{statistics.fmean(column):.4f}" for column in columns]
    spread = [f"{statistics.stdev(column):.4f}" for column in columns]
    return table(["run", *names], [*rows, ["mean", *mean], ["± sd", *spread]], range(1, len(names) + 1))
