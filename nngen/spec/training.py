"""The models of ``loss:`` and ``training:``."""

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
    """A loss, its reductions and its weights."""

    outputs: Literal["sum", "mean"] = "sum"
    """The reduction over the outputs: the sum of the terms, or their mean."""
    batch: Literal["mean", "sum", "weighted_mean"] = "mean"
    """The reduction over the examples of a batch: the mean, the sum, or the sum divided by the sum of the weights."""
    class_weights: tuple[Weight, ...] | None = None
    """The weights of the classes: a number for each output, or two numbers for a single output, the first for 0 (or -1)
    and the second for 1."""
    example_weights: Switch = False
    """Whether each example may have a weight."""

    @property
    def weighted(self) -> bool:
        """Whether examples are weighted, by their class or each by itself."""
        return self.class_weights is not None or self.example_weights


def _full(value: object) -> object:
    return None if value == "full" else value


class Penalty(Choice):
    """A penalty on large weights: a term of the loss for each trainable weight."""

    biases: Switch = False
    """Whether the penalty includes the biases."""


class StopRule(Choice):
    """Early stopping. With a rule, `fit` returns the parameters with the lowest measured loss."""

    validation: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """The share of the examples that is held out to measure the loss; with 0, the training loss is used."""
    seed: Seed = 0
    """The seed that selects these examples."""


class Training(Model):
    """The training: how `step` and `fit` work."""

    optimizer: Optimizer
    """The optimizer."""
    schedule: Schedule = Field(default="constant", validate_default=True)
    """The learning rate schedule."""
    clip: Clip | None = None
    """Gradient clipping, applied before the optimizer."""
    decay: Annotated[Number, Field(ge=0, lt=1e18)] = 0.0
    """Decoupled weight decay with any optimizer: each step first subtracts rate * decay * w from each parameter."""
    penalty: Annotated[Penalty, OneOf("penalty", PENALTIES)] | None = None
    """A penalty on large weights, added to the loss of each example."""
    stop: Annotated[StopRule, OneOf("stop", STOP_RULES)] | None = None
    """Early stopping."""
    embeddings: Literal["lazy", "dense"] = "lazy"
    """The rows of embeddings that a step updates: only those that its examples select, with their momentum (`lazy`, as
    PyTorch's SparseAdam), or all (`dense`, as PyTorch's Adam), because momentum and decay also move the others."""
    batch_size: Annotated[Annotated[int, Field(strict=True, ge=1)] | None, Short(_full, {"const": "full"})] = 1
    """The number of examples in a step: 1, a mini-batch, or `full` for all examples."""
    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 100
    """The number of passes of `fit` through the examples."""
    shuffle: Switch = True
    """Whether each epoch shuffles the examples."""
    seed: Seed = 0
    """The seed of the shuffling."""
