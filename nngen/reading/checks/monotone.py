"""Checks of `monotone`: every layer on the way from such an input to the output rises with its sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nngen.common.text import counted, joined
from nngen.description.model import Layer, Matrices, Numeric
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS, NORMALIZATIONS
from nngen.reading.checks.valid_parts import LayerPart, Parts, Problem, width
from nngen.reading.document import Loc

LABEL = "`monotone` is in line {line}"
KNOWN = "tanh, sigmoid, relu, elu or softplus"
"""The best known activations that never fall."""


def _monotone(valid: Parts) -> Mapping[str, tuple[Numeric, Loc]]:
    """The inputs that say it, each with the place where it does."""
    return {
        column.name: (column, ("inputs", place, "monotone"))
        for place, column in enumerate(valid.described)
        if isinstance(column, Numeric) and column.monotone
    }


def _reached(valid: Parts) -> Iterator[tuple[LayerPart, Layer]]:
    """The layers on the way from the inputs to the output."""
    reached = {valid.input_name}
    for part, layer in valid.whole if _monotone(valid) else ():
        if reached.intersection(valid.sources(part)):
            reached.add(layer.name)
            yield part, layer


def one_output(valid: Parts) -> Iterator[Problem]:
    """There is one output, which is a number or the probability of a class."""
    if valid.output is not None and width(valid.output[1]) > 1:
        for _, loc in _monotone(valid).values():
            units = counted(width(valid.output[1]), "unit")
            message = f"`monotone` is for one output, and {valid.output[1].name} has {units}"
            advice = "use one unit, such as a sigmoid for two classes, or remove this"
            yield Problem(loc, message, advice=advice)


def layers(valid: Parts) -> Iterator[Problem]:
    """No layer on the way falls as a value of its sources grows."""
    for part, layer in _reached(valid):
        names = joined(_monotone(valid), "and")
        first = next(loc for _, loc in _monotone(valid).values())
        for field, reason, advice in _falls(valid, layer):
            message = f"the output cannot be monotone in {names}: {reason}"
            yield Problem(part.loc(field), message, LABEL, f"{advice}, or remove `monotone`", first)


def _falls(valid: Parts, layer: Layer) -> Iterator[tuple[str, str, str]]:
    """The fields for which a layer may fall, each with the reason, and what to write instead."""
    entry, chosen = valid.activations[layer.activation.name], layer.normalization
    if not KINDS[layer.kind].rises:
        yield "kind", f"{layer.name} is a {layer.kind}, which falls where a factor is negative", "use dense or add"
    if entry.name not in ACTIVATIONS:
        yield "activation", f"nngen cannot know that {entry.name} of {layer.name} never falls", f"use {KNOWN}"
    elif not entry.rises or min(layer.activation.options.values(), default=0.0) < 0.0:
        yield "activation", f"{entry.name} of {layer.name} falls somewhere", f"use {KNOWN}"
    if chosen is not None and NORMALIZATIONS[chosen.name].over_units:
        reason = f"with {chosen.name}, a unit of {layer.name} falls as another one grows"
        yield "normalization", reason, "use batch_norm"


def initial_weights(valid: Parts) -> Iterator[Problem]:
    """Explicit initial weights on the way have the right signs."""
    signs = {name: 1.0 if column.monotone == "increasing" else -1.0 for name, (column, _) in _monotone(valid).items()}
    wanted: dict[str | None, list[float]] = {valid.input_name: [signs.get(name, 0.0) for name in valid.numbers]}
    for part, layer in _reached(valid):
        matrices = layer.weights.initial.values if isinstance(layer.weights.initial, Matrices) else {}
        for source in valid.sources(part):
            key = source if source in matrices else ""
            loc = part.loc("weights", "initial", "values", key)
            yield from _wrong_signs(matrices.get(key, ()), wanted.get(source, []), loc)
        wanted[layer.name] = [1.0] * width(layer)


def _wrong_signs(rows: Iterable[Sequence[float]], signs: Sequence[float], loc: Loc) -> Iterator[Problem]:
    """The weights of the wrong sign, where each column has one, or 0 if it is free."""
    for unit, row in enumerate(rows):
        for place, (weight, sign) in enumerate(zip(row, signs, strict=False)):
            if weight * sign < 0.0:
                message = f"expected a weight of at {'least' if sign > 0.0 else 'most'} 0, got {weight:g}"
                advice = "on the way from a monotone input, weights keep their signs"
                yield Problem((*loc, unit, place), message, advice=advice)
