"""Checks of what stands between weighted sums and outputs: normalization, and dropout."""

from collections.abc import Iterator

from nngen.catalogue import NORMALIZATIONS
from nngen.reading.checks.valid_parts import Parts, Problem, width
from nngen.spec import Normalization, NumpyTarget


def outputs(valid: Parts) -> Iterator[Problem]:
    """The loss judges all outputs, as the activation gives them."""
    if valid.output is None:
        return
    part, layer = valid.output
    if layer.dropout is not None:
        advice = "remove it, or write it at the layer before"
        yield Problem(part.loc("dropout"), "dropout of the outputs, all of which the loss judges", advice=advice)
    if layer.normalization is not None and layer.normalization.of == "activations":
        message = "the loss judges the activations of the output as they are"
        yield Problem(part.loc("normalization"), message, advice="write `of: sums`, or remove the normalization")


def several_units(valid: Parts) -> Iterator[Problem]:
    """What is normalized over the units of a layer needs several."""
    for part, layer in valid.whole:
        chosen = layer.normalization
        if chosen is not None and width(layer) == 1 and NORMALIZATIONS[chosen.name].over_units:
            label = "what is left of its value is at most the sign"
            yield Problem(part.loc("normalization"), f"{chosen.name} over a single unit", label, "use a second unit")


def several_examples(valid: Parts) -> Iterator[Problem]:
    """What is normalized over the examples of a batch needs several, and a page that takes them together."""
    chosen = next((layer.normalization for _, layer in valid.whole if _over_examples(layer.normalization)), None)
    if chosen is None:
        return
    if valid.training is not None and valid.training.batch_size == 1:
        message = f"{chosen.name} in batches of 1 example: less its own mean, nothing is left of it"
        advice = "write `batch_size: 32`, say, or use layer_norm"
        yield Problem(("training", "batch_size"), message, advice=advice)
    for index, target in enumerate(valid.targets):
        if not isinstance(target, NumpyTarget) and target.unroll == "weights":
            message = f"{chosen.name} takes the examples of a batch together, an equation for each weight only one"
            yield Problem(("targets", index, "unroll"), message, advice="write `unroll: layers`, or leave it out")


def input_names(valid: Parts) -> Iterator[Problem]:
    """No input has the name that the equations have for what dropout is drawn by."""
    if any(layer.dropout is not None for _, layer in valid.whole):
        for name, loc in valid.each_input():
            if name == "seed":
                message = (
                    "the equations use 'seed' for what draws the units that dropout leaves out; choose another name"
                )
                yield Problem(loc, message, advice="such as 'seed1'")


def _over_examples(chosen: Normalization | None) -> bool:
    return chosen is not None and not NORMALIZATIONS[chosen.name].over_units
