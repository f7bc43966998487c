"""Several trainings of one spec, by seeds, by folds or by settings, and what their scores are on average."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from html import escape
from itertools import product
from pathlib import Path
from typing import TypeVar

from nngen.commands.metrics import Metrics
from nngen.commands.train import Trainer
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import table
from nngen.description.model import Spec

V = TypeVar("V")


@dataclass(frozen=True)
class Run:
    """One of several trainings: what a process needs to repeat it."""

    spec: Spec
    path: Path
    """Its file."""
    target: str
    seed: int | None
    """None is the seed of the spec."""
    epochs: int | None
    fold: tuple[int, int] | None = None

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
        trainer = Trainer(self.spec, self.path, self.target, self.seed, self.epochs, self.fold)
        trainer.run(lambda *_: None)
        return trainer

    @staticmethod
    def metrics(trainer: Trainer) -> Metrics:
        """The metrics of a training, which a call returns."""
        part = "held-out" if "held-out" in trainer.parts else "training"
        x, y, _ = trainer.parts[part]
        trained = trainer.trained
        return {"loss": trainer.scores()[part].loss, **trained.metrics(trained.outputs(x), y)}


def call(run: Run) -> Metrics:
    """Train in another process."""
    return run()


@dataclass(frozen=True)
class Runs:
    """Several trainings with the same settings, and how good each network is on its held-out examples."""

    metrics: Mapping[str, Metrics]
    """The loss and other metrics of each training, by its seed and its fold."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """The values that a search replaced in the spec."""

    @property
    def columns(self) -> Mapping[str, list[float]]:
        """For each metric that all trainings have, its values."""
        first, *others = self.metrics.values()
        return {name: [one[name] for one in (first, *others)] for name in first if all(name in one for one in others)}

    @property
    def mean(self) -> Metrics:
        """The mean of each metric."""
        return {name: statistics.fmean(values) for name, values in self.columns.items()}

    @property
    def deviation(self) -> Metrics:
        """The standard deviation of each metric between the trainings; NaN of a single one."""
        many = len(self.metrics) > 1
        return {name: statistics.stdev(values) if many else math.nan for name, values in self.columns.items()}

    @property
    def error(self) -> Metrics:
        """The standard error of each mean: the deviation divided by the root of the number of trainings."""
        return {name: value / math.sqrt(len(self.metrics)) for name, value in self.deviation.items()}

    def __str__(self) -> str:
        def cells(values: Metrics) -> list[str]:
            return [f"{values[name]:.4f}" for name in self.columns]

        rows = [[run, *cells(values)] for run, values in self.metrics.items()]
        rows += [["mean", *cells(self.mean)], ["± sd", *cells(self.deviation)]]
        return table(["run", *self.columns], rows, range(1, len(self.columns) + 1))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True)
class Search:
    """The trainings with each combination of settings."""

    trials: tuple[Runs, ...]

    def __str__(self) -> str:
        names = [name for name in self.trials[0].columns if all(name in one.columns for one in self.trials)]
        rows = []
        for one in self.trials:
            mean, deviation = one.mean, one.deviation
            spread = {name: f" ± {deviation[name]:.4f}" if len(one.metrics) > 1 else "" for name in names}
            values = ", ".join(f"{place}={value}" for place, value in one.settings.items())
            rows.append([values, *(f"{mean[name]:.4f}{spread[name]}" for name in names)])
        return table(["values", *names], rows, range(1, len(names) + 1))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def runs_of(first: Run, seeds: int | None, folds: int | None) -> list[Run]:
    """A run for each seed from that of the first one on, and for each fold."""
    parts = [None] if folds is None else [(k, folds) for k in range(folds)]
    seed = first.spec.initial.seed if first.seed is None else first.seed
    return [replace(first, seed=(seed + k) % 2**32, fold=fold) for k in range(seeds or 1) for fold in parts]


def searched(assignments: Iterable[str]) -> dict[str, list[str]]:
    """The values of each place, such as ``layers.0.units=8,16`` and ``training.epochs=5,9``.

    Raises:
        SpecError: an assignment has no values.
    """
    listed = {}
    for assignment in assignments:
        place, equals, texts = assignment.partition("=")
        if not equals or not all(texts.split(",")):
            message = f"expected a place and values, such as layers.0.units=8,16, got {show(assignment)}"
            raise files.refused("--search", message)
        listed[place] = texts.split(",")
    return listed


def combinations(places: Mapping[str, Sequence[V]]) -> list[dict[str, V]]:
    """Each combination of the values of some places."""
    return [dict(zip(places, values, strict=True)) for values in product(*places.values())]


def compared(
    trials: Sequence[tuple[Mapping[str, object], Sequence[Run]]],
    found: Iterable[Metrics],
    done: Callable[[str, Metrics], object],
) -> Search:
    """The trainings with each combination of settings.

    Args:
        trials: the settings and the runs of each combination.
        found: the metrics of all these runs in their order, as they are ready.
        done: called after each run with its name and its metrics.

    Raises:
        SpecError, DivergedError: as in a run.
    """

    def next_of(run: Run) -> tuple[str, Metrics]:
        metrics = next(ready)
        done(str(run), metrics)
        return str(run), metrics

    ready = iter(found)
    return Search(tuple(Runs(dict(map(next_of, runs)), settings) for settings, runs in trials))
