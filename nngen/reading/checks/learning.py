"""Checks that activations, loss and optimizer fit together, so that the network can learn."""

import math
from collections.abc import Iterator

from nngen.common.text import joined
from nngen.description.model import Layer
from nngen.mathematics.catalogue import OPTIMIZERS
from nngen.reading.checks.valid_parts import Parts, Problem, width


def single_units(valid: Parts) -> Iterator[Problem]:
    """An activation across a layer needs several units."""
    for part, layer in valid.whole:
        name = layer.activation.name
        if valid.activations[name].across and width(layer) == 1:
            loc = part.loc("activation")
            yield Problem(
                loc,
                f"{name} needs more than one unit",
                "its output would always be 1",
                "use sigmoid, or at least two units",
            )


def output_fits(valid: Parts) -> Iterator[Problem]:
    """The loss accepts the outputs: it is fused with their activation, or their bounds are within its own."""
    if valid.output is None or valid.loss is None:
        return
    part, layer = valid.output
    name, loss, like = layer.activation.name, valid.losses[valid.loss.name], valid.activations[valid.outputs_like]
    if loss.distribution and width(layer) == 1:
        if not valid.activations[name].across:  # reported by single_units
            message = f"{loss.name} needs more than one output: the target would always be 1"
            yield Problem(part.loc("units"), message, advice="use binary_cross_entropy, or at least two units")
        return
    if loss.ends and width(layer) != 2:
        yield Problem(
            part.loc("units"), f"{loss.name} needs two outputs, the ends of an interval", advice="use two units"
        )
        return
    if loss.fusion(name) or (loss.value is not None and _within(like.bounds, loss.bounds)):
        return
    fitting = [fusion.activation for fusion in loss.fused] or [
        other.name for other in valid.activations.values() if other.learns and other.bounds == loss.bounds
    ]
    if loss.value is None:
        message = f"{loss.name} needs the output activation {joined(fitting, 'or')}, not {name}"
    else:
        found = _interval(valid.activations[name].bounds)
        message = f"{loss.name} needs outputs {_interval(loss.bounds)}, but those of {name} are {found}"
    ways = [f"write {joined((f'`activation: {one}`' for one in fitting), 'or')}"] if fitting else []
    if name in valid.custom_activations and loss.value is not None:
        ways.append("add `bounds` to it")
    advice = ", or ".join([*ways, "use another loss"])
    yield Problem(part.loc("activation"), message, advice=advice)


def _within(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _interval(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if math.isfinite(high):
        return f"from {low:g} to {high:g}" if math.isfinite(low) else f"of at most {high:g}"
    return f"of at least {low:g}" if math.isfinite(low) else "of any size"


def missing_targets(valid: Parts) -> Iterator[Problem]:
    """Targets of a distribution or of classes that are compared with each other cannot be missing one by one."""
    if valid.loss is None or valid.output is None or valid.loss.missing == "error":
        return
    loss = valid.losses[valid.loss.name].over(valid.output[1].activation.name)
    if loss.distribution or loss.across:
        message = f"{loss.name} compares the targets of all outputs, so that none can be missing"
        yield Problem(("loss", "missing"), message, advice="use a loss for each output, such as squared_error")
    elif valid.data is not None and (valid.data.classes is not None):
        yield Problem(("loss", "missing"), "a class cannot be missing", advice="remove this")


def optimizer_fits(valid: Parts) -> Iterator[Problem]:
    """A loss and an optimizer that work only together are used together."""
    if valid.loss is None or valid.training is None:
        return
    loss, optimizer = valid.losses[valid.loss.name], OPTIMIZERS[valid.training.optimizer.name]
    if loss.optimizer not in (None, optimizer.name):
        message = f"the loss {loss.name} needs the optimizer {loss.optimizer}, not {optimizer.name}"
        advice = f"write `optimizer: {loss.optimizer}`, or use another loss"
        yield Problem(("training", "optimizer"), message, advice=advice)
    elif optimizer.loss not in (None, loss.name):
        message = f"the optimizer {optimizer.name} needs the loss {optimizer.loss}, not {loss.name}"
        advice = f"write `loss: {optimizer.loss}`, or use another optimizer"
        yield Problem(("loss",), message, advice=advice)


def slopes(valid: Parts) -> Iterator[Problem]:
    """No trainable layer is at or below an activation without a slope."""
    trained: dict[int, str] = {}  # for each layer, the first trainable one at or below it
    for part, layer in valid.whole:
        feeders = [valid.feeder(source, part) for source in valid.sources(part)]
        below = [trained[other.index] for other in feeders if other is not None and other.index in trained]
        found = [layer.name] if _trainable(layer) else below
        if found:
            trained[part.index] = found[0]
        if found and not valid.activations[layer.activation.name].learns:
            if part is not valid.layers[-1]:
                yield _no_slope(valid, part.loc("activation"), layer, found[0], last=False)
            elif _judged_by_slope(valid):
                yield _no_slope(valid, part.loc("activation"), layer, found[0], last=True)


def _trainable(layer: Layer) -> bool:
    parts = (layer.weights if layer.weighted else None, layer.bias, layer.normalization)
    return any(part is not None and part.trainable for part in parts)


def _judged_by_slope(valid: Parts) -> bool:
    """Whether the loss uses the slope of the output activation, and the optimizer allows the loss."""
    if valid.loss is None or valid.losses[valid.loss.name].value is None:
        return False
    return valid.training is None or OPTIMIZERS[valid.training.optimizer.name].loss is None


def _no_slope(valid: Parts, loc: tuple[str | int, ...], layer: Layer, trained: str, *, last: bool) -> Problem:
    name = layer.activation.name
    optimizer = "training" if valid.training is None else valid.training.optimizer.name.replace("_", " ")
    label = "" if trained == layer.name else f"{trained} below it is trainable"
    ways = ["sigmoid, tanh or relu"]  # the best known ones
    for loss in valid.losses.values() if last else ():
        if loss.fusion(name):
            ways.append(f"`optimizer: {loss.optimizer}` with `loss: {loss.name}`")
    if not last:
        ways.append("freeze this layer and all below it with `trainable: false`")
    message = f"{optimizer} cannot train through {name!r}: its slope is 0 almost everywhere"
    return Problem(loc, message, label, f"use {', or '.join(ways)}")


def something_learns(valid: Parts) -> Iterator[Problem]:
    """At least one parameter is trainable."""
    if valid.complete and not any(_trainable(layer) for _, layer in valid.whole):
        advice = "remove `trainable: false` from the layers to train"
        yield Problem(("layers",), "nothing to train: all weights and biases are frozen", advice=advice)
