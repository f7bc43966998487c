"""The lines of a layer, forward and backward: normalization, activation and dropout.

``z`` is the weighted sum and ``a`` the output of the layer. If there is more than the activation between them, ``s`` is
the output of the normalization, ``f`` that of the activation, and ``keep`` the dropout factor.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nngen.common.records import dataclass
from nngen.description.model import Layer
from nngen.mathematics.catalogue import NORMALIZATIONS, Activation, PageFunction, page_functions
from nngen.mathematics.formulas import SHARED, Formula, Kind, Line, line, number

_Step = tuple[str, str]
"""The symbols of the input and the output of a step."""


@dataclass(frozen=True)
class LayerPlanner:
    """Plans a layer with its activation and the functions that a page may define."""

    layer: Layer
    activation: Activation
    known: Mapping[str, PageFunction]

    def forward(self, *, training: bool) -> tuple[Line, ...]:
        """The lines from ``z`` to ``a``, in training or afterwards."""
        dropout = self.layer.dropout if training else None
        entering, (into, out), following = _steps(self.layer, dropout is not None)
        lines = list(self._normalize(entering))
        lines += [current.rename({"z": into, "a": out}) for current in self._activate()]
        lines += self._normalize(following)
        if dropout is not None:
            lines += [
                Line("keep", Formula(number(dropout)), Kind.DROPOUT),
                Line("a", Formula(f"keep * {following[1] if following else out}")),
            ]
        return _settled(current for current in lines if training or current.kind is not Kind.RUNNING_MEAN)

    def backward(self, *, fused: bool, passes: bool) -> tuple[Line, ...]:
        """The lines from ``da`` to ``dz``, with the derivatives with respect to the parameters of the normalization.

        Args:
            fused: whether loss and activation are fused, so that the derivative with respect to its input is known.
            passes: whether the weighted sums need a derivative.
        """
        dropout = self.layer.dropout is not None
        entering, (into, out), following = _steps(self.layer, dropout)
        lines = [Line(f"d{following[1] if following else out}", Formula("da * keep"))] if dropout else []
        lines += self._normalize_back(following, passes=passes)
        if not fused and (passes or not following):
            renamed = {"z": into, "dz": f"d{into}", "a": out, "da": f"d{out}"}
            lines += [current.rename(renamed) for current in self._activate_back()]
        lines += self._normalize_back(entering, passes=passes)
        return _settled(lines)

    def returned(self, *, fused: bool = False, apart: bool = False) -> tuple[Line, ...]:
        """The lines from ``da`` to ``dz`` outside training: no unit is dropped, and running statistics are constants.

        Args:
            fused: whether the derivative with respect to the input of the activation is known.
            apart: whether the slope of the activation is a line of its own, which several derivatives share.
        """
        entering, (into, out), following = _steps(self.layer, dropout=False)
        lines = [*self._return(following)]
        if not fused:
            renamed = {"z": into, "dz": f"d{into}", "a": out, "da": f"d{out}"}
            lines += [current.rename(renamed) for current in (self._apart() if apart else self._activate_back())]
        return _settled([*lines, *self._return(entering)])

    def _return(self, step: _Step | None) -> Iterator[Line]:
        chosen = self.layer.normalization
        if chosen and step:
            entry = NORMALIZATIONS[chosen.name]
            yield from (_between(line(text), step) for text in entry.measured_back or entry.back)

    def _apart(self) -> tuple[Line, ...]:
        """The lines of ``_activate_back``, with a slope of each unit under a name."""
        entry = self.activation
        slope = Formula("1.0") if entry.slope is None else self._slope(entry.slope)
        return (Line("slope", slope), Line("dz", Formula("da * slope"))) if slope.variables else self._activate_back()

    def _slope(self, text: str) -> Formula:
        name, options = f"{self.activation.name}_slope", self.layer.activation.options
        return page_functions.formula(self.known, name, text, options)

    def _activate(self) -> tuple[Line, ...]:
        entry = self.activation
        value = page_functions.formula(self.known, entry.name, entry.value, self.layer.activation.options)
        return (*map(line, entry.across), Line("a", value))

    def _activate_back(self) -> tuple[Line, ...]:
        entry = self.activation
        if entry.slope is None:
            return tuple(map(line, entry.back))
        return (Line("dz", Formula("da").times(self._slope(entry.slope))),)

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
                yield _between(Line(f"d{parameter.symbol}", Formula(parameter.slope), Kind.GRADIENT), step)
        for text in entry.back if passes else ():
            yield _between(line(text), step)


def weighted_sum(layer: Layer) -> str:
    """The symbol of the activation's input: the weighted sum, or the output of the normalization."""
    return _steps(layer, dropout=False)[1][0]


def _steps(layer: Layer, dropout: bool) -> tuple[_Step | None, _Step, _Step | None]:
    """The steps of a layer: normalization before the activation, activation, normalization after it."""
    of = layer.normalization and layer.normalization.of
    into = "s" if of == "sums" else "z"
    if of == "activations":
        return None, (into, "f"), ("f", "s" if dropout else "a")
    return (("z", "s") if of else None), (into, "f" if dropout else "a"), None


def _between(inner: Line, step: _Step) -> Line:
    into, out = step
    return inner.rename({"v": into, "dv": f"d{into}", "s": out, "ds": f"d{out}"})


def _settled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines. A line that depends on shared values alone computes one value for the layer."""
    shared: set[str] = set()
    settled: list[Line] = []
    for current in lines:
        used = current.formula.variables
        if current.kind is Kind.UNIT and used and shared.issuperset(used):
            current = replace(current, kind=Kind.LAYER)
        if current.kind in SHARED:
            shared.add(current.name)
        settled.append(current)
    return tuple(settled)
