"""Several trainings of one spec, by seeds or by folds, and what their scores are on average."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import product
from pathlib import Path

from nngen.commands.metrics import Metrics
from nngen.commands.train import Trainer
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import table
from nngen.reading import load


@dataclass(frozen=True)
class Run:
    """One of several trainings: what a process needs to repeat it."""

    path: Path
    root: Path | None
    overrides: tuple[str, ...]
    target: str
    seed: int | None
    """None is the seed of the spec."""
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
        return self.metrics(self.trained())

    def trained(self) -> Trainer:
        """Train; errors are those of a call."""
        spec = load(self.path, self.root, self.overrides)
        trainer = Trainer(spec, self.path, self.target, self.seed, self.epochs, self.fold)
        trainer.run(lambda *_: None)
        return trainer

    @staticmethod
    def metrics(trainer: Trainer) -> Metrics:
        """What a call returns of a training."""
        part = "held-out" if "held-out" in trainer.parts else "training"
        x, y, _ = trainer.parts[part]
        trained = trainer.trained
        return {"loss": trainer.scores()[part].loss, **trained.metrics(trained.outputs(x), y)}


def _call(run: Run) -> Metrics:
    return run()


def of(first: Run, combinations: Iterable[tuple[str, ...]], seeds: int, folds: int | None) -> list[Run]:
    """A run for each combination of overrides, each seed from the first one on, and each fold."""
    parts: Sequence[tuple[int, int] | None] = [None] if folds is None else [(k, folds) for k in range(folds)]
    listed = []
    for combination in combinations:
        one = replace(first, overrides=(*first.overrides, *combination))
        seed = load(one.path, one.root, one.overrides).initial.seed if one.seed is None else one.seed
        listed += [replace(one, seed=(seed + k) % 2**32, fold=fold) for k in range(seeds) for fold in parts]
    return listed


def searched(assignments: Iterable[str]) -> list[tuple[str, ...]]:
    """The overrides of each combination of values, such as ``layers.0.units=8,16`` and ``training.epochs=5,9``.

    Raises:
        SpecError: an assignment has no values.
    """
    listed = []
    for assignment in assignments:
        place, equals, texts = assignment.partition("=")
        if not equals or not all(texts.split(",")):
            message = f"expected a place and values, such as layers.0.units=8,16, got {show(assignment)}"
            raise files.refused("--search", message)
        listed.append([f"{place}={text}" for text in texts.split(",")])
    return [*product(*listed)]


def compared(runs: Sequence[Run], pool: Executor, done: Callable[[], None]) -> list[Metrics]:
    """The metrics of each run; ``done`` is called after it.

    Raises:
        SpecError, DivergedError: as in a run.
    """
    found = []
    for metrics in pool.map(_call, runs):
        found.append(metrics)
        done()
    return found


def searched_table(combinations: Sequence[Sequence[str]], found: Sequence[Metrics]) -> str:
    """A row for each combination: its values, and the mean of each metric over its runs with the standard deviation.

    The metrics are those of all runs, by combination; each has as many runs.
    """
    each = len(found) // len(combinations)
    names = _names(found)
    rows = []
    for place, combination in enumerate(combinations):
        own = found[place * each : (place + 1) * each]
        columns = [[metrics[name] for metrics in own] for name in names]
        spread = [f" ± {statistics.stdev(column):.4f}" if each > 1 else "" for column in columns]
        means = [f"{statistics.fmean(column):.4f}{more}" for column, more in zip(columns, spread, strict=True)]
        rows.append([", ".join(combination), *means])
    return table(["values", *names], rows, range(1, len(names) + 1))


def _names(found: Sequence[Metrics]) -> list[str]:
    """The metrics that all runs have."""
    return [name for name in found[0] if all(name in metrics for metrics in found)]


def runs_table(runs: Sequence[Run], found: Sequence[Metrics]) -> str:
    """The metrics of two or more runs, and their mean and standard deviation."""
    names = _names(found)
    rows = [[str(run), *(f"{metrics[name]:.4f}" for name in names)] for run, metrics in zip(runs, found, strict=True)]
    columns = [[metrics[name] for metrics in found] for name in names]
    mean = [f"{statistics.fmean(column):.4f}" for column in columns]
    spread = [f"{statistics.stdev(column):.4f}" for column in columns]
    return table(["run", *names], [*rows, ["mean", *mean], ["± sd", *spread]], range(1, len(names) + 1))
