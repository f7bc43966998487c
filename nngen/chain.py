"""From a layer's weighted sums to its outputs, and back: normalization, activation and dropout, one after the other.

``z`` is a weighted sum and ``a`` what the next layers take. Where there is more than the activation between them,
``s`` is what comes out of the normalization, ``f`` the activation before what follows it, ``keep`` what dropout
multiplies by.
"""

from collections.abc import Iterable
from dataclasses import replace

from nngen import helpers
from nngen.activations import ACTIVATIONS
from nngen.formula import SHARED, Formula, Line, line, number
from nngen.normalizations import NORMALIZATIONS
from nngen.structure import Layer


def forward(layer: Layer, *, training: bool) -> tuple[Line, ...]:
    """From ``z`` to ``a``: as training computes it, or as it is computed ever after."""
    entering, (into, out), following = _letters(layer, training and layer.dropout is not None)
    lines = list(_normalize(layer, entering)) if entering else []
    lines += [made.rename({"z": into, "a": out}) for made in _activate(layer)]
    lines += _normalize(layer, following) if following else ()
    if training and layer.dropout is not None:
        lines += [
            Line("keep", Formula(number(layer.dropout)), "keep"),
            Line("a", Formula(f"keep * {following[1] if following else out}")),
        ]
    return _settled(made for made in lines if training or made.over != "measured")


def backward(layer: Layer, *, fused: bool, passes: bool) -> tuple[Line, ...]:
    """From ``da`` to ``dz``, with the derivatives by what the normalization has learned on the way.

    Args:
        layer: the layer.
        fused: whether the loss has led behind the activation already.
        passes: whether the error has to go on to the weighted sums.
    """
    entering, (into, out), following = _letters(layer, layer.dropout is not None)
    lines: list[Line] = []
    if layer.dropout is not None:
        lines += [Line(f"d{following[1] if following else out}", Formula("da * keep"))]
    if following:
        lines += _learn(layer, following)
        lines += _normalize_back(layer, following) if passes else ()
    if not fused and (passes or not following):
        renamed = {"z": into, "dz": f"d{into}", "a": out, "da": f"d{out}"}
        lines += [made.rename(renamed) for made in _activate_back(layer)]
    if entering:
        lines += _learn(layer, entering)
        lines += _normalize_back(layer, entering) if passes else ()
    return _settled(lines)


def weighted_sum(layer: Layer) -> str:
    """The letter of what the activation takes: the weighted sum, or what the normalization has made of it."""
    return _letters(layer, dropout=False)[1][0]


_Step = tuple[str, str]
"""The letters of what goes into a step and of what comes out."""


def _letters(layer: Layer, dropout: bool) -> tuple[_Step | None, _Step, _Step | None]:
    """Those of a normalization before the activation, of the activation, and of a normalization after it."""
    of = layer.normalization.of if layer.normalization else ""
    into = "s" if of == "sums" else "z"
    if of == "activations":
        return None, (into, "f"), ("f", "s" if dropout else "a")
    return (("z", "s") if of else None), (into, "f" if dropout else "a"), None


def _activate(layer: Layer) -> tuple[Line, ...]:
    entry = ACTIVATIONS[layer.activation.name]
    value = helpers.formula(entry.name, entry.value, layer.activation.options)
    return (*map(line, entry.across), Line("a", value))


def _activate_back(layer: Layer) -> tuple[Line, ...]:
    entry = ACTIVATIONS[layer.activation.name]
    if entry.slope is None:
        return tuple(map(line, entry.back))
    slope = helpers.formula(f"{entry.name}_slope", entry.slope, layer.activation.options)
    return (Line("dz", Formula("da").times(slope)),)


def _normalize(layer: Layer, step: _Step) -> Iterable[Line]:
    if layer.normalization:
        for text in NORMALIZATIONS[layer.normalization.name].lines:
            yield _between(line(text).bind(layer.normalization.options), step)


def _normalize_back(layer: Layer, step: _Step) -> Iterable[Line]:
    if layer.normalization:
        for text in NORMALIZATIONS[layer.normalization.name].back:
            yield _between(line(text), step)


def _learn(layer: Layer, step: _Step) -> Iterable[Line]:
    if layer.normalization and layer.normalization.trainable:
        for parameter in NORMALIZATIONS[layer.normalization.name].parameters:
            if parameter.slope:
                yield _between(Line(f"d{parameter.letter}", Formula(parameter.slope), "parameter"), step)


def _between(made: Line, step: _Step) -> Line:
    into, out = step
    return made.rename({"v": into, "dv": f"d{into}", "s": out, "ds": f"d{out}"})


def _settled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines, with those marked that make a value for the layer of such values alone."""
    shared: set[str] = set()
    settled: list[Line] = []
    for made in lines:
        letters = made.formula.letters
        if made.over == "each" and letters and shared.issuperset(letters):
            made = replace(made, over="layer")
        if made.over in SHARED:
            shared.add(made.name)
        settled.append(made)
    return tuple(settled)
