"""Checks of normalization and dropout."""

from collections.abc import Iterator

from nngen.description.model import Normalization, NumpyTarget
from nngen.mathematics.catalogue import NORMALIZATIONS
from nngen.reading.checks.valid_parts import Parts, Problem, width


def outputs(valid: Parts) -> Iterator[Problem]:
    """The output layer has no dropout, and no normalization after its activation."""
    if valid.output is None:
        return
    part, layer = valid.output
    if layer.dropout is not None:
        advice = "remove it, or move it to the layer before"
        yield Problem(
            part.loc("dropout"), "the output layer cannot have dropout: the loss needs all outputs", advice=advice
        )
    if layer.normalization is not None and layer.normalization.of == "activations":
        message = "the activations of the output layer cannot be normalized: the loss needs them as they are"
        yield Problem(part.loc("normalization"), message, advice="write `of: sums`, or remove the normalization")


def several_units(valid: Parts) -> Iterator[Problem]:
    """A normalization over the units of a layer needs several units."""
    for part, layer in valid.whole:
        chosen = layer.normalization
        if chosen is not None and width(layer) == 1 and NORMALIZATIONS[chosen.name].over_units:
            label = "the result would be constant, or only the sign"
            yield Problem(
                part.loc("normalization"), f"{chosen.name} needs more than one unit", label, "use at least two units"
            )


def several_examples(valid: Parts) -> Iterator[Problem]:
    """A normalization over the examples of a batch needs several examples, and a module that computes batches."""
    chosen = next((layer.normalization for _, layer in valid.whole if _over_examples(layer.normalization)), None)
    if chosen is None:
        return
    if valid.training is not None and valid.training.batch_size == 1:
        message = (
            f"{chosen.name} needs batches of more than 1 example: of a single value minus its mean, nothing is left"
        )
        advice = "use a larger batch, such as `batch_size: 32`, or use layer_norm"
        yield Problem(("training", "batch_size"), message, advice=advice)
    for index, target in enumerate(valid.targets):
        if not isinstance(target, NumpyTarget) and target.unroll == "weights":
            message = f"{chosen.name} needs whole batches, but equations for each weight take one example"
            yield Problem(("targets", index, "unroll"), message, advice="use `unroll: layers`, or remove `unroll`")


def _over_examples(chosen: Normalization | None) -> bool:
    return chosen is not None and not NORMALIZATIONS[chosen.name].over_units
