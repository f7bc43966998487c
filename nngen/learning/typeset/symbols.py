"""Meanings of the names on a page: a symbol and its indices, as the plan composed them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nngen.common.records import dataclass
from nngen.plan import Layer, Plan, derivative_of, full_name

RAISED = str.maketrans("0123456789−r", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ʳ")
"""Superscripts of digits, and of the index r of examples."""

_PRIME = "_slope"
"""The end of the name of a derivative function."""


@dataclass(frozen=True)
class Symbol:
    """A name of a page: ``w_h1_x1`` is the symbol ``w`` with the indices ``h1`` and ``x1``."""

    name: str
    """Its name on the page."""
    base: str
    indices: tuple[str, ...] = ()
    slope: bool = False
    """Whether it is a derivative of the loss. The base of ``dw_h1_x1`` is ``w``, too."""
    example: str = ""
    """The example of a batch that it belongs to: its number from 1, or r for any; empty if that is not said."""

    @property
    def by(self) -> "Symbol":
        """The value that a derivative is taken by."""
        return Symbol(self.name.removeprefix("d"), self.base, self.indices, example=self.example)

    def of_example(self, number: int | str) -> "Symbol":
        """The symbol with the number of an example: ``z_h1⁽²⁾``."""
        return replace(self, name=f"{self.name}⁽{str(number).translate(RAISED)}⁾", example=str(number))


def symbol(base: str, *indices: str) -> Symbol:
    """A symbol with indices: ``symbol("w", "j", "i")`` is w_j_i."""
    return Symbol(full_name(base, *indices), base, indices)


def slope(base: str, *indices: str) -> Symbol:
    """The derivative of the loss with respect to a symbol."""
    return Symbol(derivative_of(full_name(base, *indices)), base, indices, slope=True)


GENERAL = {derivative_of(base): slope(base) for base in "zawb"}
"""Derivatives in formulas about no particular unit."""


class Symbols:
    """The names of a network's pages. An unknown name becomes a symbol without indices."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._activations = {layer.activation for layer in plan.layers}

    @cached_property
    def _known(self) -> dict[str, Symbol]:
        """The names of the plan, apart from those of single parameters."""
        return {symbol.name: symbol for symbol in _symbols(self._plan)}

    @cached_property
    def _parameters(self) -> dict[str, Symbol]:
        """The names of single parameters: thousands, of which equations of layers need none."""
        return {symbol.name: symbol for symbol in _symbols_of_parameters(self._plan)}

    def __call__(self, name: str) -> Symbol:
        """The symbol that a name stands for."""
        known = self._known.get(name) or GENERAL.get(name)
        if known is None and "_" in name:  # ``w`` is no single parameter
            known = self._parameters.get(name)
        return known or Symbol(name, name)

    def function(self, name: str) -> tuple[str, bool]:
        """The name of a function, and whether it is a derivative: ``elu_slope`` is elu'."""
        base = name.removesuffix(_PRIME)
        return (base, True) if base != name and base in self._activations else (name, False)


def parted(name: str) -> tuple[str, str]:
    """Split a number from the end of a name, as its index in print: ``h12`` becomes ``h`` and ``12``."""
    match = re.fullmatch(r"(.*?[^\W\d_])([0-9]+)", name)
    return (match[1], match[2]) if match else (name, "")


def _symbols(plan: Plan) -> Iterator[Symbol]:
    for name in ("x", "loss", *plan.inputs):
        yield Symbol(name, name)
    for layer in plan.layers:
        forward, back = _layer_symbols(layer)
        if layer is plan.output:
            forward.add("y")
        for index in (*layer.units, layer.name):
            for base in sorted(forward):
                yield from _both(full_name(base, index), base, (index,))
            for base in sorted(back):
                yield Symbol(full_name(base, index), base, (index,))
    for block in plan.blocks:
        yield from _both(block.name, block.name.partition("_")[0], (block.name.partition("_")[2],))


def _symbols_of_parameters(plan: Plan) -> Iterator[Symbol]:
    for block in plan.blocks:
        rows: list[tuple[str, ...]] = [(unit,) for unit in block.units]
        if block.matrix:
            rows = [(unit, feeder) for unit in block.units for feeder in block.inputs]
        names = [name for row in block.rows for name in row]
        base = "w" if block.matrix else block.symbol
        for name, indices in zip(names, rows, strict=True):
            yield from _both(name, base, indices)


def _both(name: str, base: str, indices: tuple[str, ...]) -> Iterator[Symbol]:
    yield Symbol(name, base, indices)
    yield Symbol(derivative_of(name), base, indices, slope=True)


def _layer_symbols(layer: Layer) -> tuple[set[str], set[str]]:
    """The symbols of a layer's forward values, and of backward values other than derivatives."""
    forward = {"z", "a"} | {line.name for line in (*layer.forward, *layer.training_lines, *layer.loss_lines)}
    forward |= {block.symbol for block in layer.normalization_blocks}
    lines = (*([layer.error] if layer.error else []), *layer.backward)
    return forward, {line.name for line in lines}.difference(map(derivative_of, forward))
