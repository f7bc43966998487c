"""How a network learns: loss, penalty, optimizer and stop rule."""

from collections.abc import Mapping

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.mathematics.catalogue import TargetKind
from nngen.mathematics.formulas import Formula, Line
from nngen.plan.blocks import Block


@dataclass(frozen=True)
class Weight:
    """The weight of an example: its own, that of its class, or their product."""

    by_example: bool
    """Whether an example can have its own weight."""
    by_class: Formula | None
    """The weight of its class, as a term for each output; ``c`` is the weight of that output's class."""
    classes: tuple[float, ...]
    """The weights of the classes; empty for a single output, whose term contains them."""

    @property
    def comment(self) -> str:
        """A description of the weight."""
        if self.by_class is None:
            return message("some mistakes are worse than others: the example's own weight")
        if self.by_example:
            return message("some mistakes are worse than others: the example's own weight, times that of its class")
        return message("some mistakes are worse than others: the weight of the example's class")

    @property
    def first_counting(self) -> int | None:
        """The first class with a weight other than 0, if some class has the weight 0."""
        return next(i for i, weight in enumerate(self.classes) if weight) if 0.0 in self.classes else None


@dataclass(frozen=True)
class Loss:
    """The loss. ``value`` is its term for one output."""

    name: str
    value: Formula
    textbook: str
    settings: str
    reduction: str
    """The reduction over outputs and examples, in words."""
    mean: bool
    """Whether a batch takes the mean over its examples and not the sum."""
    over_batch: str
    """The reduction over the examples, in words."""
    target: Formula
    targets: str
    target_kind: TargetKind
    negative_target: float
    """The target of the classes that an example does not belong to; its own class has 1."""
    missing: bool
    """Whether targets may be missing: NaN."""
    trial_target: float
    """Another valid target, for trials."""
    weight: Weight | None
    """The weights of examples; None if all count the same."""
    weighted_mean: bool
    """Whether the weights of a batch are divided by their sum. The weight of a single example then cancels."""

    @property
    def distribution(self) -> bool:
        """Whether the targets of an example sum to 1."""
        return self.target_kind in ("share", "one_hot")

    @property
    def example_weights(self) -> bool:
        """Whether an example can have its own weight."""
        return self.weight is not None and self.weight.by_example

    def times_weight(self, term: Formula) -> Formula:
        """A term or its slope, times the weight of the example if it has one."""
        return Formula("weight").times(term) if self.weight else term


@dataclass(frozen=True)
class Penalty:
    """The penalty of a parameter, its slope, and the blocks that it applies to."""

    name: str
    value: Formula
    slope: Formula
    blocks: tuple[Block, ...]

    @property
    def comment(self) -> str:
        """A description for the comment above its equations."""
        return message("the penalty, {name}: what a weight adds to the loss", name=self.name)


@dataclass(frozen=True)
class StopRule:
    """A rule that ends training before its last epoch."""

    comment: str
    """The rule, in words."""
    condition: Formula
    share: float
    """The share of the examples that is kept for validation; 0 if they are listed."""
    seed: int
    places: tuple[int, ...]
    """The places of the examples that are kept for validation, sorted; empty if a seed selects them."""
    every: int
    """The number of epochs from one measurement to the next."""

    @property
    def least(self) -> int:
        """The least number of examples that has the listed places, and another one to learn from."""
        return max(self.places[-1], len(self.places)) + 1


@dataclass(frozen=True)
class Optimizer:
    """The optimizer: its lines with the numbers of the spec."""

    name: str
    textbook: str
    settings: str
    lines: tuple[Line, ...]
    memory: Mapping[str, str]
    """Its variables for each parameter, each with the text of its first value."""
    rate: Formula | None
    """The learning rate at step ``t``; None if it is constant."""
    factor: Formula | None
    """The factor of the gradient as a formula of its ``norm``, if that is clipped."""
    keeps: bool
    """Whether a parameter with gradient 0 in all steps keeps its value."""

    @property
    def counts(self) -> bool:
        """Whether it needs the number of the step."""
        formulas = [line.formula for line in self.lines] + ([self.rate] if self.rate else [])
        return any("t" in formula.variables for formula in formulas)

    @property
    def plain(self) -> bool:
        """Whether a step is a single line for each parameter."""
        return len(self.lines) == 1 and not (self.memory or self.counts or self.factor)
