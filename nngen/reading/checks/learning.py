"""Checks of whether activations, loss and optimizer fit each other, so that what is trained can learn."""

import math
from collections.abc import Iterator

from nngen.catalogue import OPTIMIZERS
from nngen.reading.checks.valid_parts import Parts, Problem, width
from nngen.spec import Layer
from nngen.text import joined


def single_units(valid: Parts) -> Iterator[Problem]:
    """An activation across a layer needs several units."""
    for part, layer in valid.whole:
        name = layer.activation.name
        if valid.activations[name].across and width(layer) == 1:
            loc = part.loc("activation")
            yield Problem(loc, f"{name} over a single unit", "its output is always 1", "use sigmoid, or a second unit")


def output_fits(valid: Parts) -> Iterator[Problem]:
    """The loss takes what the output's activation gives: it is fused with it, or takes all numbers between its ends."""
    if valid.output is None or valid.loss is None:
        return
    part, layer = valid.output
    name, loss = layer.activation.name, valid.losses[valid.loss.name]
    if loss.distribution and width(layer) == 1:
        if not valid.activations[name].across:  # of which that is said already
            message = f"{loss.name} over a single output, whose target would always be 1"
            yield Problem(part.loc("units"), message, advice="use binary_cross_entropy, or a second unit")
        return
    if loss.fusion(name) or (loss.value is not None and _within(valid.activations[name].bounds, loss.bounds)):
        return
    fitting = [fusion.activation for fusion in loss.fused] or [
        other.name for other in valid.activations.values() if other.learns and other.bounds == loss.bounds
    ]
    if loss.value is None:
        message = f"{loss.name} needs a {joined(fitting, 'or')} output, this one is {name}"
    else:
        found = _interval(valid.activations[name].bounds)
        message = f"{loss.name} needs outputs {_interval(loss.bounds)}, those of {name} are {found}"
    ways = [f"write {joined((f'`activation: {one}`' for one in fitting), 'or')}"] if fitting else []
    if name in valid.custom_activations and loss.value is not None:
        ways.append("say its `bounds`")
    advice = ", or ".join([*ways, "take another loss"])
    yield Problem(part.loc("activation"), message, advice=advice)


def _within(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _interval(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if math.isfinite(high):
        return f"from {low:g} to {high:g}" if math.isfinite(low) else f"of at most {high:g}"
    return f"of at least {low:g}" if math.isfinite(low) else "of any size"


def optimizer_fits(valid: Parts) -> Iterator[Problem]:
    """A loss and an optimizer that belong together are used together."""
    if valid.loss is None or valid.training is None:
        return
    loss, optimizer = valid.losses[valid.loss.name], OPTIMIZERS[valid.training.optimizer.name]
    if loss.optimizer not in (None, optimizer.name):
        message = f"the loss {loss.name} goes with the optimizer {loss.optimizer}, this one is {optimizer.name}"
        advice = f"write `optimizer: {loss.optimizer}`, or take another loss"
        yield Problem(("training", "optimizer"), message, advice=advice)
    elif optimizer.loss not in (None, loss.name):
        message = f"the optimizer {optimizer.name} goes with the loss {optimizer.loss}, this one is {loss.name}"
        advice = f"write `loss: {optimizer.loss}`, or take another optimizer"
        yield Problem(("loss",), message, advice=advice)


def slopes(valid: Parts) -> Iterator[Problem]:
    """Nothing is trained below an activation that has no slope to learn by."""
    trained: dict[int, str] = {}  # of each layer, the first at or below it that is trained
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
    parts = (layer.weights, layer.bias, layer.normalization)
    return any(part is not None and part.trainable for part in parts)


def _judged_by_slope(valid: Parts) -> bool:
    """Whether the loss takes the slope of the output, and the optimizer has nothing against the loss."""
    if valid.loss is None or valid.losses[valid.loss.name].value is None:
        return False
    return valid.training is None or OPTIMIZERS[valid.training.optimizer.name].loss is None


def _no_slope(valid: Parts, loc: tuple[str | int, ...], layer: Layer, trained: str, *, last: bool) -> Problem:
    name = layer.activation.name
    optimizer = "training" if valid.training is None else valid.training.optimizer.name.replace("_", " ")
    label = "" if trained == layer.name else f"below it, {trained} is to be trained"
    ways = ["sigmoid, tanh or relu"]  # of many, those that everybody knows
    for loss in valid.losses.values() if last else ():
        if loss.fusion(name):
            ways.append(f"`optimizer: {loss.optimizer}` with `loss: {loss.name}`")
    if not last:
        ways.append("freeze this layer and all below it with `trainable: false`")
    message = f"{optimizer} cannot train through {name!r}: its slope is 0 wherever it has one"
    return Problem(loc, message, label, f"use {', or '.join(ways)}")


def something_learns(valid: Parts) -> Iterator[Problem]:
    """Something is trained."""
    if valid.complete and not any(_trainable(layer) for _, layer in valid.whole):
        advice = "leave out `trainable: false` where training should change something"
        yield Problem(("layers",), "nothing is left to train: all weights and biases are frozen", advice=advice)
