"""Where the inputs and the units of a network stand in its picture, layer by layer."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nngen.plan import Layer, Plan, derivative_of, full_name

MOST_CIRCLES = 24
"""The most units of a layer that are drawn as circles: with more, they would be smaller than a fingertip."""

MOST_CELLS = 1024
"""The most units of a layer that are drawn at all: a field of 32 by 32 cells."""

_TALL = 350
"""How tall a column of units may become."""


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


def _size(count: int) -> float:
    """The radius of the circles of a layer, or half the width of its cells."""
    if count > MOST_CIRCLES:
        columns, rows = field(min(count, MOST_CELLS))
        return max(2.5, min(12.0, 150.0 / max(columns, rows)))
    return max(5.0, min(21.0, 0.4 * _TALL / count))


def half_width(count: int) -> float:
    """Half the width of a layer."""
    return _size(count) * (field(min(count, MOST_CELLS))[0] if count > MOST_CIRCLES else 1)


def field(count: int) -> tuple[int, int]:
    """Columns and rows of a field of cells: a square where the number is one, for it may be an image."""
    root = math.isqrt(count)
    columns = root if root * root == count else max(1, math.isqrt(count // 2))
    return columns, -(-count // columns)


def column_of(plan: Plan, layer: Layer | None, place: int, x: float) -> Column:
    """A layer around the abscissa ``x``; the inputs, where there is none."""
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
            target=full_name("y", name) if layer is plan.output else "",
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
        half=half_width(count),
        left_out=count - len(shown),
    )


def _letters(layer: Layer) -> Iterator[str]:
    """The letters of what is computed for each unit of a layer, the activation first."""
    error = (layer.error,) if layer.error else ()
    lines = (*layer.forward, *layer.training_lines, *layer.loss_lines, *error, *layer.backward)
    letters = dict.fromkeys(["a", "z", "da", "dz", *(line.name for line in lines)])
    return iter(letters)


def _of_unit(layer: Layer, unit: str) -> Iterator[str]:
    name = layer.of_unit(unit)
    return (made for made in map(name, _letters(layer)) if made.endswith(f"_{unit}"))


def _of_layer(layer: Layer) -> Iterator[str]:
    yield from (layer.name_of(letter) for letter in _letters(layer))
    for block in layer.blocks:
        if not block.matrix:
            yield from (block.name, derivative_of(block.name))
