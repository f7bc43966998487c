"""Checks of names: of layers, of units, and of what the generated module calls by them."""

import unicodedata
from collections.abc import Iterable, Iterator

from nngen.catalogue import ACTIVATIONS, LOSSES, NORMALIZATIONS, PAGE_FUNCTIONS
from nngen.formulas import SHARED, Kind, line
from nngen.plan import LayerPlanner
from nngen.reading.checks.valid_parts import FIRST, Parts, Problem
from nngen.reading.document import Loc
from nngen.spec import Layer, look

_LINES = [line(text) for entry in ACTIVATIONS.values() for text in (*entry.across, *entry.back)]
_LINES += [line(text) for loss in LOSSES.values() for text in loss.across]
UNIT = sorted({"z", "a", "b", "y", *(made.name for made in _LINES if made.kind is Kind.UNIT)})
"""The letters of which the module makes a name for each unit."""
LAYER = sorted({made.name for made in _LINES if made.kind is not Kind.UNIT})
"""The letters of which it makes a name for a whole layer."""

Made = tuple[str, str, Loc]
"""A name that the module makes, what it is there, and the place that it is made of."""


def _letters(valid: Parts, layer: Layer) -> tuple[list[str], list[str]]:
    """The letters of which the module makes names for each unit of this layer, and for the layer as a whole."""
    if layer.normalization is None and layer.dropout is None:
        return UNIT, LAYER
    way = LayerPlanner(layer, valid.activations[layer.activation.name], PAGE_FUNCTIONS)
    lines = [*way.forward(training=True), *way.backward(fused=False, passes=True)]
    shared = {made.name for made in lines if made.kind in SHARED}
    units = {made.name for made in lines} - shared
    if layer.normalization is not None:
        units |= {parameter.letter for parameter in NORMALIZATIONS[layer.normalization.name].parameters}
    return sorted({*UNIT, *units}), sorted({*LAYER, *shared})


def layer_names(valid: Parts) -> Iterator[Problem]:
    """No two layers have one name, nor a layer that of the input."""
    for part in valid.layers:
        if part.name is None:
            continue
        first = valid.named[part.name]
        if part.name == valid.input_name:
            message = f"{part.name!r} is the name of the whole input already"
            yield Problem(part.loc("name"), message, "see line {line}", other=("inputs",))
        elif first is not part:
            message = f"{part.name!r} is the name of a layer already"
            yield Problem(part.loc("name"), message, FIRST, other=first.loc("name"))


def unit_names(valid: Parts) -> Iterator[Problem]:
    """No two units or inputs have one name: the equations are named by them."""
    yield from _collisions(_inputs_and_units(valid), "{name!r} is the name of {before} already")


def layer_equations(valid: Parts) -> Iterator[Problem]:
    """In a module of equations for layers, no name stands for two things."""
    if len(valid.named) == len(valid.layers):  # otherwise that is the mistake
        yield from _collisions(_of_layers(valid), "'{name}' would name both {before} and {what}")


def unit_equations(valid: Parts) -> Iterator[Problem]:
    """In a module of equations for units, no name stands for two things."""
    if _distinct(valid):
        yield from _collisions(_of_units(valid), "'{name}' would name both {before} and {what}")


def _distinct(valid: Parts) -> bool:
    """Whether layers, and units and inputs, have names of their own; otherwise that is the mistake."""
    units = [name for name, _, _ in _inputs_and_units(valid)]
    return len(valid.named) == len(valid.layers) and len(set(units)) == len(units)


def _collisions(made: Iterable[Made], message: str) -> Iterator[Problem]:
    first: dict[str, tuple[str, Loc]] = {}
    for name, what, loc in made:
        before, place = first.setdefault(name, (what, loc))
        if place != loc or before != what:
            advice = "the equations are named by inputs, units and layers: choose another name"
            yield Problem(loc, message.format(name=name, before=before, what=what), "see line {line}", advice, place)


def looks(valid: Parts) -> Iterator[Problem]:
    """No two names look the same, of letters that are different."""
    layers = [(part.name, "a layer", part.loc("name")) for part in valid.layers if part.name is not None]
    first: dict[str, tuple[str, Loc]] = {}
    for name, _, loc in (*_of_custom(valid), *layers, *_inputs_and_units(valid)):
        other, place = first.setdefault(look(name), (name, loc))
        if other != name:
            strange = next(
                letter for letter, like in zip(name + other, look(name + other), strict=True) if letter != like
            )
            message = f"{name!r} looks like another name"
            what = f"{strange!r} is {unicodedata.name(strange)}, U+{ord(strange):04X}"
            yield Problem(loc, message, "see line {line}", f"{what}; choose another name", place)


def _inputs_and_units(valid: Parts) -> Iterator[Made]:
    for name, loc in valid.each_input():
        yield name, "an input", loc
    for part, layer in valid.whole:
        for index, name in enumerate(layer.unit_names):
            yield name, f"a unit of {layer.name}", part.loc("units", index)


def _of_custom(valid: Parts) -> Iterator[Made]:
    """The functions that the module may have for activations of the spec's own."""
    for name in valid.custom_activations:
        yield name, f"the activation {name}", ("activations", name)
        yield f"{name}_slope", f"the slope of {name}", ("activations", name)


def _of_layers(valid: Parts) -> Iterator[Made]:
    yield from _of_custom(valid)
    yield "x", "the whole input", ("inputs",)
    if valid.input_name is not None:
        yield valid.input_name, "the whole input", ("inputs",)
    for part, layer in valid.whole:
        sources = valid.sources(part)
        units, layers = _letters(valid, layer)
        for d in ("", "d"):
            for letter in ("W", *units, *layers):
                yield f"{d}{letter}_{layer.name}", f"the {d}{letter} of {layer.name}", part.loc("name")
            for source in sources if len(sources) > 1 else ():
                yield f"{d}W_{layer.name}_{source}", f"the {d}W of {layer.name} from {source}", part.loc("name")


def _of_units(valid: Parts) -> Iterator[Made]:
    values = {valid.input_name: valid.input_names or ()}
    yield from _of_custom(valid)
    for name, loc in valid.each_input():
        yield name, "an input", loc
    for part, layer in valid.whole:
        values[layer.name] = layer.unit_names
        feeding = [value for source in valid.sources(part) for value in values.get(source, ())]
        units, layers = _letters(valid, layer)
        for d in ("", "d"):
            for letter in layers:
                yield f"{d}{letter}_{layer.name}", f"the {d}{letter} of {layer.name}", part.loc("name")
            for index, unit in enumerate(layer.unit_names):
                loc = part.loc("units", index)
                for letter in units:
                    yield f"{d}{letter}_{unit}", f"the {d}{letter} of {unit}", loc
                for value in feeding:
                    yield f"{d}w_{unit}_{value}", f"the {d}w of {unit} from {value}", loc
