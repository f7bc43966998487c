"""Checks of class weights and example weights: they fit the loss and the network."""

from collections.abc import Iterator

from nngen.common.text import counted
from nngen.mathematics.catalogue import names_classes
from nngen.reading.checks.valid_parts import Parts, Problem, width


def class_weights(valid: Parts) -> Iterator[Problem]:
    """Class weights need targets that are classes; there is one for each class, and not all are 0."""
    if valid.loss is None or valid.loss.class_weights is None or valid.output is None:
        return
    _, output = valid.output
    loss, units = valid.losses[valid.loss.name].over(output.activation.name), width(output)
    weights, loc = valid.loss.class_weights, ("loss", "class_weights")
    if not names_classes(loss):
        message = f"class weights need targets that are classes, but the targets of {loss.name} are {loss.targets}"
        custom = valid.loss.name in valid.custom_losses
        classes = (
            "add `targets: [0, 1]` to the custom loss" if custom else "use a loss for classes, such as cross_entropy"
        )
        advice = f"{classes}, or give each example a weight: `example_weights: true`"
        yield Problem(loc, message, advice=advice)
    elif len(weights) != max(2, units):
        each = (
            "one for each output" if units > 1 else f"for the classes {loss.negative_target:g} and 1 of the one output"
        )
        yield Problem(loc, f"expected {counted(max(2, units), 'number')}, {each}, got {len(weights)}")
    elif not any(weights):
        yield Problem(loc, "all class weights are 0", advice="the neutral weight of a class is 1")


def weighted_mean(valid: Parts) -> Iterator[Problem]:
    """A weighted mean needs weights and more than one example; in a batch of one, the weight cancels."""
    if valid.loss is None or valid.loss.batch != "weighted_mean":
        return
    if not valid.loss.weighted:
        advice = "add `class_weights` or `example_weights: true`, or use `batch: mean`"
        yield Problem(("loss", "batch"), "weighted_mean needs weights, but the examples have none", advice=advice)
    elif valid.training is not None and valid.training.batch_size == 1:
        message = "with batches of 1 example, weighted_mean cancels the weights"
        advice = "use a larger batch, such as `batch_size: 32` in `training`, or use `batch: mean`"
        yield Problem(("loss", "batch"), message, advice=advice)
