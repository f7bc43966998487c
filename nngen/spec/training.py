"""What a user may write about how a network learns: its loss, and its training."""

from typing import Annotated, Literal

from pydantic import Field

from nngen.catalogue import CLIPS, OPTIMIZERS, PENALTIES, SCHEDULES, STOP_RULES
from nngen.spec.fields import (
    Choice,
    Model,
    Number,
    OneOf,
    Seed,
    Short,
    Switch,
    Weight,
    bare,
)

Optimizer = Annotated[Choice, OneOf("optimizer", OPTIMIZERS), bare(OPTIMIZERS)]
Schedule = Annotated[Choice, OneOf("schedule", SCHEDULES), bare(SCHEDULES)]
Clip = Annotated[Choice, OneOf("clip", CLIPS)]


class Loss(Choice):
    """A loss and its convention."""

    outputs: Literal["sum", "mean"] = "sum"
    """Over the outputs, the terms are summed or their mean is taken."""
    batch: Literal["mean", "sum", "weighted_mean"] = "mean"
    """Over the examples of a batch, the mean is taken or the sum, or their sum is divided by that of their weights."""
    class_weights: tuple[Weight, ...] | None = None
    """How much the examples of each class count: a number for each output; with a single output two, for 0 (or -1) and
    for 1."""
    example_weights: Switch = False
    """Whether each example may have a weight of its own."""

    @property
    def weighted(self) -> bool:
        """Whether examples have weights."""
        return self.class_weights is not None or self.example_weights


def _full(value: object) -> object:
    return None if value == "full" else value


class Penalty(Choice):
    """What large weights cost: a term of the loss for each weight that is trained."""

    biases: Switch = False
    """Whether biases cost the same."""


class StopRule(Choice):
    """A rule that ends training early. Where one is given, `fit` gives the best parameters that it met."""

    validation: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """The share of the examples that are kept from training to measure the loss; 0 measures it in training."""
    seed: Seed = 0
    """The seed that draws them."""


class Training(Model):
    """How `step` and `fit` train."""

    optimizer: Optimizer
    """The rule that turns a gradient into a step."""
    schedule: Schedule = Field(default="constant", validate_default=True)
    """How the learning rate changes from step to step."""
    clip: Clip | None = None
    """What is done to gradients that are too large, before the optimizer sees them."""
    penalty: Annotated[Penalty, OneOf("penalty", PENALTIES)] | None = None
    """What large weights cost; it belongs to the loss of each example."""
    stop: Annotated[StopRule, OneOf("stop", STOP_RULES)] | None = None
    """When training ends before the last epoch."""
    batch_size: Annotated[Annotated[int, Field(strict=True, ge=1)] | None, Short(_full, {"const": "full"})] = 1
    """How many examples make a step: 1, a mini-batch, or `full` for all of them."""
    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 100
    """How many times `fit` goes through the examples."""
    shuffle: Switch = True
    """Whether each epoch takes the examples in a new order."""
    seed: Seed = 0
    """The seed of that order."""
