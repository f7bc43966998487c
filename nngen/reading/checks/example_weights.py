"""Checks of the weights of classes and of examples: that the loss and the network have a place for them."""

from collections.abc import Iterator

from nngen.catalogue import names_classes
from nngen.reading.checks.valid_parts import Parts, Problem, width
from nngen.text import counted

_LOCALS = frozenset({"weight", "class_weight"})
"""What the equations call how much an example counts, without a prefix."""


def class_weights(valid: Parts) -> Iterator[Problem]:
    """Classes have weights where the targets name classes, one for each, and not all of them 0."""
    if valid.loss is None or valid.loss.class_weights is None or valid.output is None:
        return
    _, output = valid.output
    loss, units = valid.losses[valid.loss.name].over(output.activation.name), width(output)
    weights, loc = valid.loss.class_weights, ("loss", "class_weights")
    if not names_classes(loss):
        message = f"weights of classes, where the targets of {loss.name} are {loss.targets}"
        custom = valid.loss.name in valid.custom_losses
        classes = "write `targets: [0, 1]` in your loss" if custom else "take a loss whose targets name classes"
        advice = f"{classes}, or give each example a weight: `example_weights: true`"
        yield Problem(loc, message, advice=advice)
    elif len(weights) != max(2, units):
        each = (
            "one for each output" if units > 1 else f"for the classes {loss.negative_target:g} and 1 of the one output"
        )
        yield Problem(loc, f"expected {counted(max(2, units), 'number')}, {each}, got {len(weights)}")
    elif not any(weights):
        yield Problem(loc, "no class counts: all weights are 0", advice="give 1 to a class that counts as it is")


def weighted_mean(valid: Parts) -> Iterator[Problem]:
    """A mean by weights needs some, and more than one example: over a batch of one, the weight cancels."""
    if valid.loss is None or valid.loss.batch != "weighted_mean":
        return
    if not valid.loss.weighted:
        advice = "give `class_weights` or `example_weights: true`, or write `batch: mean`"
        yield Problem(("loss", "batch"), "weighted_mean, where the examples have no weights", advice=advice)
    elif valid.training is not None and valid.training.batch_size == 1:
        message = "weighted_mean in batches of 1 example: its weight cancels, and has no effect"
        advice = "write `batch_size: 32`, say, in `training`, or `batch: mean`"
        yield Problem(("loss", "batch"), message, advice=advice)


def input_names(valid: Parts) -> Iterator[Problem]:
    """No input has the name that the equations have for how much an example counts."""
    if valid.loss is None or not valid.loss.weighted:
        return
    for name, loc in valid.each_input():
        if name in _LOCALS:
            message = f"the equations use {name!r} for how much an example counts; choose another name"
            yield Problem(loc, message, advice=f"such as {name + '1'!r}")
