"""Where the units and the connections of a network stand in its picture.

Lengths are those of the drawing, which the page scales to the room that it has. From the left to the right stand the
inputs, the layers and the loss. A layer of many units becomes a field of cells, whose connections are one band; the
page draws those of a single unit when that is opened.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nngen.layer import Layer
from nngen.parameters import Block
from nngen.plan import Plan

WIDTH = 560
"""How wide a drawing is as long as its columns are not too near to one another."""

MOST_CIRCLES = 24
"""The most units of a layer that are drawn as circles: with more, they would be smaller than a fingertip."""

MOST_CELLS = 1024
"""The most units of a layer that are drawn at all: a field of 32 by 32 cells."""

_TALL = 350
"""How tall a column of units may become."""

_HEAD = 34
"""The room for the names of the layers, above."""


@dataclass(frozen=True)
class Unit:
    """An input or a unit of a layer, as a circle or a cell around ``x`` and ``y``."""

    name: str
    names: str
    """All names in the equations that belong to it, the one whose value it shows first, with spaces between."""
    says: str
    """What it is, in words."""
    x: float
    y: float
    target: str
    """At an output, the name of its target."""


@dataclass(frozen=True)
class Column:
    """The inputs, or a layer."""

    name: str
    caption: str
    """What stands above it."""
    place: int
    """Its number from the left: 0 for the inputs."""
    names: str
    """All names of the layer as a whole."""
    units: tuple[Unit, ...]
    size: float
    """The radius of its circles, or half the width of its cells."""
    labels: str
    """Where the names of its units stand: ``below`` or ``beside`` them; empty where there is no room."""
    cells: bool
    x: float
    top: float
    bottom: float
    half: float
    """Half of its width."""
    left_out: int
    """How many units are not drawn."""


@dataclass(frozen=True)
class Edge:
    """A connection, or a bias, whose knob stands at ``knob``; ``at`` is where its value is written."""

    name: str
    slope: str
    says: str
    path: str
    at: tuple[float, float]
    knob: tuple[float, float] | None = None
    skips: bool = False


@dataclass(frozen=True)
class Band:
    """All connections between two layers of which at least one is a field of cells."""

    name: str
    slope: str
    says: str
    path: str


@dataclass(frozen=True)
class Picture:
    """The drawing: its view box, and what is in it."""

    left: float
    top: float
    width: float
    height: float
    columns: tuple[Column, ...]
    edges: tuple[Edge, ...]
    bands: tuple[Band, ...]
    loss: tuple[float, float]

    @property
    def view(self) -> str:
        """The view box of the SVG."""
        return " ".join(_short(value) for value in (self.left, self.top, self.width, self.height))


def picture(plan: Plan) -> Picture:
    """The picture of a network."""
    taken = 2 * sum(_half(len(units)) for units in (plan.inputs, *(layer.units for layer in plan.layers)))
    gap = max(84.0, min(150.0, (WIDTH - 148.0 - taken) / len(plan.layers)))
    columns = [_column(plan, None, 0, 0.0)]
    for place, layer in enumerate(plan.layers, 1):
        x = columns[-1].x + columns[-1].half + gap + _half(len(layer.units))
        columns.append(_column(plan, layer, place, x))
    edges, bands = _connections(plan, columns)
    last = columns[-1]
    loss = last.x + last.half + max(88.0, gap * 0.75), 0.0
    paths = [edge.path for edge in edges] + [band.path for band in bands]
    top = min([column.top for column in columns] + [_highest(path) for path in paths])
    bottom = max([column.bottom for column in columns] + [_lowest(path) for path in paths])
    labels = max(len(name) for name in plan.inputs) if columns[0].labels == "beside" else 0
    left = columns[0].x - max(columns[0].half + min(labels, 14) * 6.5, 30.0) - 14.0
    return Picture(
        left=left,
        top=top - _HEAD,
        width=loss[0] + 44.0 - left,
        height=bottom - top + _HEAD + 24.0,
        columns=tuple(columns),
        edges=tuple(edges),
        bands=tuple(bands),
        loss=loss,
    )


def _size(count: int) -> float:
    """The radius of the circles of a layer, or half the width of its cells."""
    if count > MOST_CIRCLES:
        columns, rows = field(min(count, MOST_CELLS))
        return max(2.5, min(12.0, 150.0 / max(columns, rows)))
    return max(5.0, min(21.0, 0.4 * _TALL / count))


def _half(count: int) -> float:
    """Half the width of a layer."""
    return _size(count) * (field(min(count, MOST_CELLS))[0] if count > MOST_CIRCLES else 1)


def field(count: int) -> tuple[int, int]:
    """Columns and rows of a field of cells: a square where the number is one, for it may be an image."""
    root = math.isqrt(count)
    columns = root if root * root == count else max(1, math.isqrt(count // 2))
    return columns, -(-count // columns)


def _column(plan: Plan, layer: Layer | None, place: int, x: float) -> Column:
    names = layer.units if layer else plan.inputs
    count = len(names)
    size = _size(count)
    cells = count > MOST_CIRCLES
    shown = names[:MOST_CELLS]
    if cells:
        across, rows = field(len(shown))
        spots = [
            (x + size * (2 * (i % across) + 1 - across), size * (2 * (i // across) + 1 - rows))
            for i in range(len(shown))
        ]
        pitch = 2 * size
    else:
        pitch = min(92.0, max(2 * size + 4.0, _TALL / count))
        spots = [(x, pitch * (i - (count - 1) / 2)) for i in range(count)]
    units = tuple(
        Unit(
            name=name,
            names=" ".join(_of_unit(layer, name) if layer else (name,)),
            says=f"unit {name} of {layer.name}" if layer else f"input {name}",
            x=spot[0],
            y=spot[1],
            target=f"y_{name}" if layer is plan.output else "",
        )
        for name, spot in zip(shown, spots, strict=True)
    )
    below = not cells and (count == 1 or pitch >= 2 * size + 18.0)
    outside = place == 0 or layer is plan.output
    room = size + (18.0 if below else 4.0)
    return Column(
        name=layer.name if layer else plan.input_name,
        caption=f"{layer.name}: {layer.activation}" if layer else plan.input_name,
        place=place,
        names=" ".join(_of_layer(layer) if layer else ("x",)),
        units=units,
        size=size,
        labels="below" if below else "beside" if outside and not cells else "",
        cells=cells,
        x=x,
        top=min(y for _, y in spots) - size,
        bottom=max(y for _, y in spots) + room,
        half=_half(count),
        left_out=count - len(shown),
    )


def _letters(layer: Layer) -> Iterator[str]:
    """The letters of what is computed for each unit of a layer, the activation first."""
    lines = (*layer.forward, *layer.trained, *layer.judged, *([layer.error] if layer.error else []), *layer.backward)
    letters = dict.fromkeys(["a", "z", "da", "dz", *(line.name for line in lines)])
    return iter(letters)


def _of_unit(layer: Layer, unit: str) -> Iterator[str]:
    name = layer.of_unit(unit)
    return (made for made in map(name, _letters(layer)) if made.endswith(f"_{unit}"))


def _of_layer(layer: Layer) -> Iterator[str]:
    yield from (layer.name_of(letter) for letter in _letters(layer))
    for block in layer.blocks:
        if not block.matrix:
            yield from (block.name, f"d{block.name}")


def _connections(plan: Plan, columns: Sequence[Column]) -> tuple[list[Edge], list[Band]]:
    edges: list[Edge] = []
    bands: list[Band] = []
    by_name = {column.name: column for column in columns}
    for column, layer in zip(columns[1:], plan.layers, strict=True):
        for source in layer.sources:
            feeder = by_name[source.name]
            if feeder.cells or column.cells:
                block = source.weights
                says = f"the weights that lead to {layer.name} from {source.name}"
                bands.append(Band(block.name, f"d{block.name}", says, _band(feeder, column, columns)))
            else:
                edges += _edges(feeder, column, source.weights, columns)
        if layer.biases and not column.cells:
            edges += [_bias(column, unit, name) for unit, name in zip(column.units, layer.biases.rows[0], strict=True)]
    return edges, bands


def _between(feeder: Column, column: Column, columns: Sequence[Column]) -> Sequence[Column]:
    return columns[feeder.place + 1 : column.place]


def _edges(feeder: Column, column: Column, block: Block, columns: Sequence[Column]) -> Iterator[Edge]:
    over = _between(feeder, column, columns)
    for row, unit in enumerate(column.units):
        for place, source in enumerate(feeder.units):
            name = block.rows[row][place]
            says = f"the weight that leads to {unit.name} from {source.name}"
            start, stop = (source.x + feeder.size, source.y), (unit.x - column.size, unit.y)
            if over:
                path, at = _arc(start, stop, over, place - (len(feeder.units) - 1) / 2)
            else:
                path, at = _straight(start, stop), _along(start, stop, (0.3, 0.42)[row % 2])
            yield Edge(name, f"d{name}", says, path, at, skips=bool(over))


def _bias(column: Column, unit: Unit, name: str) -> Edge:
    """A bias: a short connection from a knob above the unit, which stands for the constant 1."""
    reach = column.size * 0.71
    length = max(9.0, min(19.0, column.size))
    stop = unit.x - reach * 0.4, unit.y - reach * 1.28
    knob = stop[0] - length * 0.55, stop[1] - length * 0.75
    path = _straight(knob, stop)
    return Edge(name, f"d{name}", f"the bias of {unit.name}", path, (knob[0], knob[1] - 6.0), knob)


def _band(feeder: Column, column: Column, columns: Sequence[Column]) -> str:
    start, stop = (feeder.x + feeder.half + 6.0, 0.0), (column.x - column.half - 6.0, 0.0)
    over = _between(feeder, column, columns)
    return _arc(start, stop, over, -1.0)[0] if over else _straight(start, stop)


def _arc(
    start: tuple[float, float], stop: tuple[float, float], over: Sequence[Column], side: float
) -> tuple[str, tuple[float, float]]:
    """A way around the layers between, below them where ``side`` is positive, and where its value is written."""
    below = side > 0
    edge = max(column.bottom for column in over) if below else min(column.top for column in over)
    far = edge + (26.0 if below else -26.0) + 10.0 * side
    far += (far - (start[1] + stop[1]) / 2) / 3  # a cubic curve comes to three quarters of its handles
    reach = (stop[0] - start[0]) * 0.32
    handles = (start[0] + reach, far), (stop[0] - reach, far)
    path = f"M{_point(start)}C{_point(handles[0])} {_point(handles[1])} {_point(stop)}"
    middle = tuple((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(start, *handles, stop, strict=True))
    return path, (middle[0], middle[1])


def _straight(start: tuple[float, float], stop: tuple[float, float]) -> str:
    return f"M{_point(start)}L{_point(stop)}"


def _along(start: tuple[float, float], stop: tuple[float, float], share: float) -> tuple[float, float]:
    """A point on the way, seen from its end."""
    return stop[0] + (start[0] - stop[0]) * share, stop[1] + (start[1] - stop[1]) * share


def _point(point: Iterable[float]) -> str:
    return ",".join(map(_short, point))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if round(value, 1) else "0"


def _ordinates(path: str) -> list[float]:
    points = path.replace("M", " ").replace("L", " ").replace("C", " ").split()
    ys = [float(point.split(",")[1]) for point in points]
    return [ys[0], (ys[0] + 3 * ys[1] + 3 * ys[2] + ys[3]) / 8, ys[3]] if "C" in path else ys


def _highest(path: str) -> float:
    return min(_ordinates(path)) - 12.0


def _lowest(path: str) -> float:
    return max(_ordinates(path)) + 12.0
