"""Positions of the inputs and units of a network in its picture, layer by layer."""

import math
from collections.abc import Iterator, Mapping

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.plan import Layer, Plan, derivative_of, full_name

MOST_CIRCLES = 24
"""The most units of a layer that are drawn as circles. With more, they would be smaller than a fingertip."""

MOST_CELLS = 1024
"""The most units of a layer that are drawn at all: a field of 32 by 32 cells."""


def _height(count: int) -> float:
    """The greatest height of a column of units: room for two lines beside each, but not much higher than wide."""
    return min(350.0, max(270.0, 34.0 * count))


@dataclass(frozen=True)
class Unit:
    """An input or a unit of a layer, as a circle or a cell around ``x`` and ``y``."""

    name: str
    names: str
    """All names in the equations that belong to it, separated by spaces. The first has the value it shows."""
    label: str
    """The text beside it: its name, or what the table calls it."""
    says: str
    """Its description."""
    x: float
    y: float
    target: str
    """The name of its target; empty if it is not an output."""


@dataclass(frozen=True)
class Column:
    """The inputs, or a layer."""

    name: str
    caption: str
    """The text above it."""
    place: int
    """Its index in the order of the layers, from 1; 0 for the inputs."""
    depth: int
    """Its place from the left: the longest way to it from the inputs, which have 0."""
    names: str
    """All names of the whole layer, separated by spaces."""
    units: tuple[Unit, ...]
    size: float
    """The radius of its circles, or half the width of its cells."""
    labels: str
    """The position of the names of its units: ``below`` or ``beside`` them; empty if there is no room."""
    cells: bool
    x: float
    top: float
    bottom: float
    half: float
    """Half of its width."""
    left_out: int
    """The number of units that are not drawn."""
    beside: bool
    """True if other columns are above or below it."""

    above: float
    """The y-coordinate of a text directly above its first unit and the knob of its bias."""

    @property
    def tight(self) -> bool:
        """Whether there is no room for two lines of text beside a unit."""
        return len(self.units) > 1 and self.units[1].y - self.units[0].y < 24.0

    @property
    def middle(self) -> float:
        """The ordinate of the middle of its units."""
        return (self.units[0].y + self.units[-1].y) / 2


def _size(count: int) -> float:
    """The radius of the circles of a layer, or half the width of its cells."""
    if count > MOST_CIRCLES:
        columns, rows = field(min(count, MOST_CELLS))
        return max(2.5, min(12.0, 150.0 / max(columns, rows)))
    return max(5.0, min(21.0, 0.43 * _height(count) / count))


def half_width(count: int) -> float:
    """Half the width of a layer."""
    return _size(count) * (field(min(count, MOST_CELLS))[0] if count > MOST_CIRCLES else 1)


def field(count: int) -> tuple[int, int]:
    """Columns and rows of a field of cells: a square if possible, since the inputs may be an image."""
    root = math.isqrt(count)
    columns = root if root * root == count else max(1, math.isqrt(count // 2))
    return columns, -(-count // columns)


def depths(plan: Plan) -> list[int]:
    """The longest way from the inputs to each layer."""
    known: dict[str, int] = {}
    for layer in plan.layers:
        known[layer.name] = 1 + max(known.get(source.name, 0) for source in layer.sources)
    return list(known.values())


@dataclass(frozen=True)
class Spot:
    """The place of a column: beside it there may be others of the same depth."""

    x: float
    depth: int
    together: int
    """The number of units of all columns at this depth."""
    before: int = 0
    """The number of units above it, with one more for each gap between two columns."""
    gaps: int = 0
    """The number of gaps between columns at this depth."""


def column_of(plan: Plan, layer: Layer | None, place: int, spot: Spot, words: Mapping[str, str]) -> Column:
    """A layer, or the inputs if ``layer`` is None; ``words`` are other texts for the names of inputs and outputs."""
    names = layer.units if layer else plan.inputs
    count, x = len(names), spot.x
    size = _size(max(count, spot.together))
    cells = count > MOST_CIRCLES
    shown = names[:MOST_CELLS]
    labels = [words.get(name, name) for name in shown] if layer in (None, plan.output) else shown
    slots = max(spot.together, count) + spot.gaps
    if cells:
        across, rows = field(len(shown))
        share = max(_height(slots) / slots, 2.2 * size * rows / count)
        middle = share * (spot.before + (count - slots) / 2) if spot.gaps else 0.0
        spots = [
            (x + size * (2 * (i % across) + 1 - across), middle + size * (2 * (i // across) + 1 - rows))
            for i in range(len(shown))
        ]
        pitch = 2 * size
    else:
        pitch = min(92.0, max(2 * size + 4.0, _height(slots) / slots))
        spots = [(x, pitch * (i + spot.before - (slots - 1) / 2)) for i in range(count)]
    units = tuple(
        Unit(
            name=name,
            names=" ".join(_of_unit(layer, name) if layer else (name,)),
            label=label,
            says=message("unit {unit} of {layer}", unit=label, layer=layer.name)
            if layer
            else message("input {name}", name=label),
            x=spot[0],
            y=spot[1],
            target=full_name("y", name) if layer is plan.output else "",
        )
        for name, label, spot in zip(shown, labels, spots, strict=True)
    )
    below = not cells and (count == 1 or pitch >= 2 * size + 18.0)
    outside = place == 0 or layer is plan.output
    room = size + (18.0 if below else 4.0)
    return Column(
        name=layer.name if layer else plan.input_name,
        caption=_caption(plan, layer),
        place=place,
        depth=spot.depth,
        names=" ".join(_of_layer(layer) if layer else ("x",)),
        units=units,
        size=size,
        labels="below" if below else "beside" if outside and not cells else "",
        cells=cells,
        x=x,
        top=min(y for _, y in spots) - size,
        bottom=max(y for _, y in spots) + room,
        half=half_width(count),
        left_out=count - len(shown),
        beside=spot.gaps > 0,
        above=spots[0][1] - size - 8.0 - (min(19.0, size) if layer and layer.biases and not cells else 0.0),
    )


def _caption(plan: Plan, layer: Layer | None) -> str:
    """The text above a column."""
    if layer is None:
        return "" if plan.indices else plan.input_name
    if layer.dense:
        return f"{layer.name}: {layer.activation}"
    return f"{layer.name}: {layer.kind}" + (f", {layer.activation}" if layer.activation != "linear" else "")


def _symbols(layer: Layer) -> Iterator[str]:
    """Symbols of the values of a layer, the activation first."""
    error = (layer.error,) if layer.error else ()
    lines = (*layer.forward, *layer.training_lines, *layer.loss_lines, *error, *layer.backward)
    symbols = dict.fromkeys(["a", "z", "da", "dz", *(line.name for line in lines)])
    return iter(symbols)


def _of_unit(layer: Layer, unit: str) -> Iterator[str]:
    name = layer.of_unit(unit)
    return (full for full in map(name, _symbols(layer)) if full.endswith(f"_{unit}"))


def _of_layer(layer: Layer) -> Iterator[str]:
    yield from (layer.name_of(symbol) for symbol in _symbols(layer))
    for block in layer.blocks:
        if not block.matrix:
            yield from (block.name, derivative_of(block.name))
