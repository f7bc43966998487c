"""From a layer's weighted sums to its outputs, and back: normalization, activation and dropout, one after the other.

``z`` is a weighted sum and ``a`` what the next layers take. Where there is more than the activation between them,
``s`` is what comes out of the normalization, ``f`` the activation before what follows it, ``keep`` what dropout
multiplies by.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nngen.catalogue import NORMALIZATIONS, Activation, PageFunction, page_functions
from nngen.formulas import SHARED, Formula, Kind, Line, line, number
from nngen.spec import Layer

_Step = tuple[str, str]
"""The letters of what goes into a step and of what comes out."""


@dataclass(frozen=True)
class LayerPlanner:
    """The way of a layer: with its activation, of the catalogue or the spec's own, and the functions of a page."""

    layer: Layer
    activation: Activation
    known: Mapping[str, PageFunction]

    def forward(self, *, training: bool) -> tuple[Line, ...]:
        """From ``z`` to ``a``: as training computes it, or as it is computed ever after."""
        dropout = self.layer.dropout if training else None
        entering, (into, out), following = _letters(self.layer, dropout is not None)
        lines = list(self._normalize(entering))
        lines += [made.rename({"z": into, "a": out}) for made in self._activate()]
        lines += self._normalize(following)
        if dropout is not None:
            lines += [
                Line("keep", Formula(number(dropout)), Kind.DROPOUT),
                Line("a", Formula(f"keep * {following[1] if following else out}")),
            ]
        return _settled(made for made in lines if training or made.kind is not Kind.RUNNING_MEAN)

    def backward(self, *, fused: bool, passes: bool) -> tuple[Line, ...]:
        """From ``da`` to ``dz``, with the derivatives by what the normalization has learned on the way.

        Args:
            fused: whether the loss has led behind the activation already.
            passes: whether the error has to go on to the weighted sums.
        """
        dropout = self.layer.dropout is not None
        entering, (into, out), following = _letters(self.layer, dropout)
        lines = [Line(f"d{following[1] if following else out}", Formula("da * keep"))] if dropout else []
        lines += self._normalize_back(following, passes=passes)
        if not fused and (passes or not following):
            renamed = {"z": into, "dz": f"d{into}", "a": out, "da": f"d{out}"}
            lines += [made.rename(renamed) for made in self._activate_back()]
        lines += self._normalize_back(entering, passes=passes)
        return _settled(lines)

    def _activate(self) -> tuple[Line, ...]:
        entry = self.activation
        value = page_functions.formula(self.known, entry.name, entry.value, self.layer.activation.options)
        return (*map(line, entry.across), Line("a", value))

    def _activate_back(self) -> tuple[Line, ...]:
        entry = self.activation
        if entry.slope is None:
            return tuple(map(line, entry.back))
        slope = page_functions.formula(self.known, f"{entry.name}_slope", entry.slope, self.layer.activation.options)
        return (Line("dz", Formula("da").times(slope)),)

    def _normalize(self, step: _Step | None) -> Iterator[Line]:
        chosen = self.layer.normalization
        if chosen and step:
            for text in NORMALIZATIONS[chosen.name].lines:
                yield _between(line(text).bind(chosen.options), step)

    def _normalize_back(self, step: _Step | None, *, passes: bool) -> Iterator[Line]:
        chosen = self.layer.normalization
        if not chosen or not step:
            return
        entry = NORMALIZATIONS[chosen.name]
        for parameter in entry.parameters:
            if parameter.slope and chosen.trainable:
                yield _between(Line(f"d{parameter.letter}", Formula(parameter.slope), Kind.GRADIENT), step)
        for text in entry.back if passes else ():
            yield _between(line(text), step)


def weighted_sum(layer: Layer) -> str:
    """The letter of what the activation takes: the weighted sum, or what the normalization has made of it."""
    return _letters(layer, dropout=False)[1][0]


def _letters(layer: Layer, dropout: bool) -> tuple[_Step | None, _Step, _Step | None]:
    """Those of a normalization before the activation, of the activation, and of a normalization after it."""
    of = layer.normalization and layer.normalization.of
    into = "s" if of == "sums" else "z"
    if of == "activations":
        return None, (into, "f"), ("f", "s" if dropout else "a")
    return (("z", "s") if of else None), (into, "f" if dropout else "a"), None


def _between(made: Line, step: _Step) -> Line:
    into, out = step
    return made.rename({"v": into, "dv": f"d{into}", "s": out, "ds": f"d{out}"})


def _settled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines, with those marked that make a value for the layer of such values alone."""
    shared: set[str] = set()
    settled: list[Line] = []
    for made in lines:
        letters = made.formula.variables
        if made.kind is Kind.UNIT and letters and shared.issuperset(letters):
            made = replace(made, kind=Kind.LAYER)
        if made.kind in SHARED:
            shared.add(made.name)
        settled.append(made)
    return tuple(settled)
