"""Checks of names: no two layers, units, inputs or values of a generated module share a name."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from nngen.description.model import Layer, look
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, NORMALIZATIONS, PAGE_FUNCTIONS
from nngen.mathematics.formulas import SHARED, Kind, line
from nngen.plan import LayerPlanner, derivative_of, full_name
from nngen.reading.checks.valid_parts import FIRST, Parts, Problem
from nngen.reading.document import Loc

_LINES = [line(text) for entry in ACTIVATIONS.values() for text in (*entry.across, *entry.back)]
_LINES += [line(text) for loss in LOSSES.values() for text in loss.across]
UNIT = sorted({"z", "a", "b", "y", *(each.name for each in _LINES if each.kind is Kind.UNIT)})
"""Symbols of values that each unit has."""
LAYER = sorted({each.name for each in _LINES if each.kind is not Kind.UNIT})
"""Symbols of values that each layer has."""

Value = tuple[str, str, Loc]
"""A name of the module, a description of its value, and the place in the spec that it comes from."""


def _symbols(valid: Parts, layer: Layer) -> tuple[list[str], list[str]]:
    """The symbols of values that each unit of this layer has, and of values that the layer has."""
    if layer.normalization is None and layer.dropout is None:
        return UNIT, LAYER
    planner = LayerPlanner(layer, valid.activations[layer.activation.name], PAGE_FUNCTIONS)
    lines = [*planner.forward(training=True), *planner.backward(fused=False, passes=True)]
    shared = {each.name for each in lines if each.kind in SHARED}
    units = {each.name for each in lines} - shared
    if layer.normalization is not None:
        units |= {parameter.symbol for parameter in NORMALIZATIONS[layer.normalization.name].parameters}
    return sorted({*UNIT, *units}), sorted({*LAYER, *shared})


def layer_names(valid: Parts) -> Iterator[Problem]:
    """Layers have different names, and none has the name of the input."""
    for part in valid.layers:
        if part.name is None:
            continue
        first = valid.named[part.name]
        if part.name == valid.input_name or part.name in valid.indices:
            whole = "the whole input" if part.name == valid.input_name else "an input with ids"
            message = f"{part.name!r} is the name of {whole} already"
            yield Problem(part.loc("name"), message, "see line {line}", other=("inputs",))
        elif first is not part:
            message = f"{part.name!r} is the name of a layer already"
            yield Problem(part.loc("name"), message, FIRST, other=first.loc("name"))


def unit_names(valid: Parts) -> Iterator[Problem]:
    """Units and inputs have different names: the names of values contain them."""
    yield from _collisions(_inputs_and_units(valid), "{name!r} is the name of {before} already")


def layer_equations(valid: Parts) -> Iterator[Problem]:
    """In a module with equations for layers, each value has its own name."""
    if len(valid.named) == len(valid.layers):  # otherwise layer_names reports it
        yield from _collisions(_of_layers(valid), "'{name}' would name both {before} and {what}")


def unit_equations(valid: Parts) -> Iterator[Problem]:
    """In a module with equations for units, each value has its own name."""
    if _distinct(valid):
        yield from _collisions(_of_units(valid), "'{name}' would name both {before} and {what}")


def reserved_inputs(valid: Parts) -> Iterator[Problem]:
    """No input has the name that the equations use for the seed of dropout, or for the weight of an example."""
    used = {"seed": "the seed of dropout"} if any(layer.dropout is not None for _, layer in valid.whole) else {}
    if valid.loss is not None and valid.loss.weighted:
        used |= dict.fromkeys(("weight", "class_weight"), "the weight of an example")
    for name, loc in valid.each_input():
        if name in used:
            message = f"the equations use {name!r} for {used[name]}; choose another name"
            yield Problem(loc, message, advice=f"such as {name + '1'!r}")


def _distinct(valid: Parts) -> bool:
    """Whether layers, units and inputs have different names; otherwise another check reports it."""
    units = [name for name, _, _ in _inputs_and_units(valid)]
    return len(valid.named) == len(valid.layers) and len(set(units)) == len(units)


def _collisions(values: Iterable[Value], message: str) -> Iterator[Problem]:
    first: dict[str, tuple[str, Loc]] = {}
    for name, what, loc in values:
        before, place = first.setdefault(name, (what, loc))
        if place != loc or before != what:
            advice = "the equations are named by inputs, units and layers: choose another name"
            yield Problem(loc, message.format(name=name, before=before, what=what), "see line {line}", advice, place)


def looks(valid: Parts) -> Iterator[Problem]:
    """No two names look the same but consist of different letters."""
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


def _inputs_and_units(valid: Parts) -> Iterator[Value]:
    for name, loc in valid.each_input():
        yield name, "an input", loc
    for part, layer in valid.whole:
        for index, name in enumerate(layer.unit_names):
            yield name, f"a unit of {layer.name}", part.loc("units", index)


def _of_custom(valid: Parts) -> Iterator[Value]:
    """The functions that the module may define for custom activations."""
    for name in valid.custom_activations:
        yield name, f"the activation {name}", ("activations", name)
        yield f"{name}_slope", f"the slope of {name}", ("activations", name)


def _of_layers(valid: Parts) -> Iterator[Value]:
    yield from _of_custom(valid)
    yield "x", "the whole input", ("inputs",)
    if valid.input_name is not None:
        yield valid.input_name, "the whole input", ("inputs",)
    for name in valid.indices:
        yield name, "an input with ids", ("inputs",)
    for part, layer in valid.whole:
        sources = valid.sources(part)
        units, layers = _symbols(valid, layer)
        names = [(symbol, [layer.name]) for symbol in ("W", *units, *layers)]
        names += [("W", [layer.name, source]) for source in sources if len(sources) > 1]
        yield from _with_derivatives(names, part.loc("name"))


def _of_units(valid: Parts) -> Iterator[Value]:
    values = {valid.input_name: valid.input_names or ()}
    yield from _of_custom(valid)
    for name, loc in valid.each_input():
        yield name, "an input", loc
    for part, layer in valid.whole:
        values[layer.name] = layer.unit_names
        feeding = [value for source in valid.sources(part) for value in values.get(source, ())]
        units, layers = _symbols(valid, layer)
        yield from _with_derivatives([(symbol, [layer.name]) for symbol in layers], part.loc("name"))
        for index, unit in enumerate(layer.unit_names):
            names = [(symbol, [unit]) for symbol in units] + [("w", [unit, value]) for value in feeding]
            yield from _with_derivatives(names, part.loc("units", index))


def _with_derivatives(names: Iterable[tuple[str, Sequence[str]]], loc: Loc) -> Iterator[Value]:
    """The values with these symbols and units or layers, and the derivatives with respect to them."""
    for symbol, parts in names:
        where = " from ".join(parts)
        yield full_name(symbol, *parts), f"the {symbol} of {where}", loc
        yield derivative_of(full_name(symbol, *parts)), f"the {derivative_of(symbol)} of {where}", loc
