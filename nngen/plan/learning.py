"""What a page needs to know of how a network learns: its loss, its penalty, its optimizer, and when training ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from nngen.formulas import Formula, Line
from nngen.plan.blocks import Block


@dataclass(frozen=True)
class Weight:
    """How much an example counts: its own weight, that of its class, or the product of the two."""

    by_example: bool
    """Whether an example may have a weight of its own."""
    by_class: Formula | None
    """What its class weighs, as a term for each output, in which ``c`` is the weight of that output's class."""
    classes: tuple[float, ...]
    """These weights; none where there is a single output, whose term holds them."""

    @property
    def comment(self) -> str:
        """What it is, in words."""
        if self.by_class is None:
            return "some mistakes are worse than others: the example's own weight"
        what = "example's own weight, times that of its class" if self.by_example else "weight of the example's class"
        return f"some mistakes are worse than others: the {what}"

    @property
    def first_counting(self) -> int | None:
        """Of several classes of which some count nothing, the first that does."""
        return next(i for i, weight in enumerate(self.classes) if weight) if 0.0 in self.classes else None


@dataclass(frozen=True)
class Loss:
    """The loss: ``value`` is its term for one output."""

    name: str
    value: Formula
    textbook: str
    settings: str
    reduction: str
    """The convention, in words."""
    mean: bool
    """Whether the mean is taken over a batch, and not the sum."""
    over_batch: str
    """The same, in words."""
    target: Formula
    targets: str
    distribution: bool
    negative_target: float
    """The target for what an example is not; for what it is, it is 1."""
    trial_target: float
    """Another target than that, for trials."""
    weight: Weight | None
    """How much an example counts, where that differs."""
    weighted_mean: bool
    """Whether an example counts by its share of the weights of a batch: over one alone, its weight cancels."""

    @property
    def example_weights(self) -> bool:
        """Whether an example may have a weight of its own."""
        return self.weight is not None and self.weight.by_example

    @property
    def needs_weights(self) -> bool:
        """Whether training has to know the weight of each example before the equations do."""
        return self.example_weights or self.weighted_mean

    def times_weight(self, term: Formula) -> Formula:
        """A term, or its slope, times the weight of the example where it has one."""
        return Formula("weight").times(term) if self.weight else term


@dataclass(frozen=True)
class Penalty:
    """What each parameter of some blocks adds to the loss, and its slope."""

    name: str
    value: Formula
    slope: Formula
    blocks: tuple[Block, ...]

    @property
    def comment(self) -> str:
        """What it does, in words."""
        return f"the penalty, {self.name}: what a weight adds to the loss"


@dataclass(frozen=True)
class StopRule:
    """A rule that ends training before its last epoch."""

    comment: str
    """The rule, in words."""
    condition: Formula
    share: float
    """The share of the examples that is kept for validation."""
    seed: int


@dataclass(frozen=True)
class Optimizer:
    """The optimizer: its lines with the numbers of the spec."""

    name: str
    textbook: str
    settings: str
    lines: tuple[Line, ...]
    memory: Mapping[str, str]
    """The variables that it remembers for each parameter, each with the text of its first value."""
    rate: Formula | None
    """The learning rate at step ``t``, where it changes."""
    factor: Formula | None
    """What the gradient is multiplied by, given its ``norm``, where that is clipped."""
    keeps: bool
    """Whether a parameter whose gradient is always 0 stays as it is."""

    @property
    def _letters(self) -> set[str]:
        formulas = [line.formula for line in self.lines] + ([self.rate] if self.rate else [])
        return {letter for formula in formulas for letter in formula.variables}

    @property
    def counts(self) -> bool:
        """Whether it has to know the number of the step."""
        return "t" in self._letters

    @property
    def plain(self) -> bool:
        """Whether a step is one line for each parameter, and nothing else."""
        return len(self.lines) == 1 and not (self.memory or self.counts or self.factor)
