"""The models of ``loss:`` and ``training:``."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from nngen.common.text import counted
from nngen.description.model.fields import Choice, Model, Number, OneOf, Seed, Short, Switch, Weight, bare, form
from nngen.mathematics.catalogue import CLIPS, OPTIMIZERS, PENALTIES, SCHEDULES, STOP_RULES

MAX_PLACE = 999_999
"""The last place of an example; a table has a million rows at most."""

Optimizer = Annotated[Choice, OneOf("optimizer", OPTIMIZERS), bare(OPTIMIZERS)]
Schedule = Annotated[Choice, OneOf("schedule", SCHEDULES), bare(SCHEDULES)]
Clip = Annotated[Choice, OneOf("clip", CLIPS)]


Place = Annotated[int, Field(strict=True, ge=0, le=MAX_PLACE)]


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
    missing: Literal["error", "ignore"] = "error"
    """The meaning of missing targets: with `ignore` they contribute no loss and no gradient, as unknown ratings do
    (Sedhain, Menon, Sanner and Xie, AutoRec, WWW 2015); `error` refuses them."""

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

    validation: Annotated[
        Annotated[tuple[Place, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True}), Tag("names")]
        | Annotated[Annotated[Number, Field(ge=0, lt=1)], Tag("other")],
        Discriminator(form),
    ] = 0.0
    """The examples that are held out to measure the loss: a share of all, or a list of their places in the data, from
    0. With 0, the training loss is used."""
    seed: Seed = 0
    """The seed that selects a share."""
    every: Annotated[int, Field(strict=True, ge=1)] = 1
    """The number of epochs from one measurement to the next. Before the first, `fit` returns the last parameters."""

    @property
    def share(self) -> float:
        """The share of the examples that is held out; 0 if they are listed."""
        return self.validation if isinstance(self.validation, float) else 0.0

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the examples that are held out; empty if a seed selects them."""
        return () if isinstance(self.validation, float) else self.validation

    def misfit(self, count: int) -> str:
        """The reason why the places do not fit data with this many examples; empty if they fit."""
        if max(self.places, default=0) >= count:
            return f"there is no example {max(self.places)}: the data have {counted(count, 'example')}, counted from 0"
        left = count - len(set(self.places))
        return "" if left else f"all {counted(count, 'example')} are kept for validation, none to learn from"


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
