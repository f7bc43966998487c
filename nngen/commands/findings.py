"""The facts of a finished training, for its report and its card."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from nngen.commands.columns_report import columns_report
from nngen.commands.dependence import COLUMNS, Dependence, dependences
from nngen.commands.groups import Group, bounds, compared, groups
from nngen.commands.importance import Importance, importances
from nngen.commands.intervals import said, with_intervals
from nngen.commands.metrics import Metrics
from nngen.commands.train import Trainer
from nngen.commands.train_report import ended
from nngen.commands.trained import Part, Score, Trained, validation_places
from nngen.common import files
from nngen.common.records import dataclass
from nngen.description.data import Array, Frame, raw_parts
from nngen.description.model import Table


class Rows:
    """The rows that judge a training, as the data have them: held-out ones, or else those for validation or training.

    Args:
        trainer: the training, before or after it.
        by: a further column, which says the groups of rows; None for none.

    Raises:
        SpecError: the data are no table, or have no such column.
    """

    def __init__(self, trainer: Trainer, by: str | None) -> None:
        spec, folder = trainer.spec, trainer.path.parent
        if by and not isinstance(spec.data, Table):
            raise files.refused("--by", "groups are those of a column of a file, and the spec has no file")
        training, held_out = raw_parts(spec, folder, by)
        self.by = by
        self.part = [*trainer.parts][-1]
        if self.part == "validation" and spec.training.stop is not None:
            training = training.select(validation_places(len(training), spec.training.stop))
        self.frame: Frame = held_out if self.part == "held-out" else training


class Judged(NamedTuple):
    """How good some examples are answered."""

    part: str
    score: Score
    metrics: Mapping[str, Metrics]
    """The metrics of each model by its name, the network first."""


@dataclass(frozen=True)
class Findings:
    """The facts about a training, each computed once."""

    trainer: Trainer
    scores: Mapping[str, Score]
    rows: Rows
    cautions: Sequence[str]
    """The cautions of the training."""
    command: str
    """The command that repeats the training."""

    @cached_property
    def trained(self) -> Trained:
        """The network with its intervals."""
        return with_intervals(self.trainer.trained)

    @cached_property
    def judged(self) -> list[Judged]:
        """The metrics of each part of the examples."""
        trained, parts = self.trained, self.trainer.parts
        models = {"network": trained.outputs, **trained.baselines(*parts["training"][:2]).outputs()}
        return [
            Judged(part, self.scores[part], {name: trained.metrics(of(x), y) for name, of in models.items()})
            for part, (x, y, _) in parts.items()
        ]

    @property
    def metrics(self) -> Sequence[str]:
        """The names of the metrics."""
        return [*self.judged[-1].metrics["network"]]

    @property
    def ended(self) -> str:
        """How the training ended, as a sentence."""
        how = ended(self.trainer)
        return f"{how[0].upper()}{how[1:]}."

    @property
    def last(self) -> Part:
        """The examples that judge the network, see ``Rows``."""
        return self.trainer.parts[self.rows.part]

    @cached_property
    def outputs(self) -> Array:
        """The outputs for these examples."""
        return self.trained.outputs(self.last.x)

    @cached_property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """The bounds of the metrics of these examples."""
        return bounds(self.trained, self.outputs, self.last.y)

    @property
    def intervals(self) -> str:
        """How many held-out targets are within their intervals; empty without intervals."""
        return said(self.trained, self.outputs, self.last.y, self.units) if self.rows.part == "held-out" else ""

    @property
    def within(self) -> bool:
        """Whether targets may be within intervals or sets."""
        return bool(self.trained.examples.encoding.scores) or self.trained.ends

    @property
    def units(self) -> Sequence[str]:
        """The names of the outputs."""
        return self.trainer.spec.layers[-1].unit_names

    @cached_property
    def groups(self) -> list[Group]:
        """The metrics of groups of these examples, if a column says the groups."""
        by = self.rows.by
        return [*groups(self.trained, self.outputs, self.last.y, self.rows.frame, by)] if by else []

    @property
    def compared(self) -> str:
        """A sentence that compares the groups."""
        return compared(self.groups)

    @cached_property
    def importances(self) -> tuple[str, list[Importance]]:
        """The name of a score, and how much it needs each column."""
        return importances(self.trained, self.last.x, self.last.y)

    @cached_property
    def dependences(self) -> list[Dependence]:
        """The curves of the most important columns; none of anomaly scores, which are no outputs."""
        if self.trained.examples.encoding.of_inputs:
            return []
        names = [one.column for one in self.importances[1][:COLUMNS]]
        return [*dependences(self.trained, self.rows.frame, self.last.x, names, self.units)]

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        """The columns of the table, see ``columns_report``."""
        return columns_report(self.trainer.spec, self.trainer.path.parent)
