"""The picture of a network: inputs, layers and the loss, from left to right.

Lengths are in units of the drawing; the page scales it. A layer of many units becomes a field of cells whose
connections are one band. The page draws the connections of a single unit when a reader opens it.
"""

from dataclasses import dataclass

from nngen.explain.columns import Column, column_of, half_width
from nngen.explain.connections import (
    Band,
    Edge,
    connections,
    highest,
    lowest,
    short,
)
from nngen.plan import Plan

WIDTH = 560
"""The width of a drawing, unless its columns need more."""

_HEAD = 34
"""The height of the names above the layers."""


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
    maps: bool
    """Whether each unit shows its values over the two inputs."""

    @property
    def view(self) -> str:
        """The view box of the SVG."""
        return " ".join(short(value) for value in (self.left, self.top, self.width, self.height))


def picture(plan: Plan) -> Picture:
    """The picture of a network."""
    taken = 2 * sum(half_width(len(units)) for units in (plan.inputs, *(layer.units for layer in plan.layers)))
    gap = max(84.0, min(150.0, (WIDTH - 148.0 - taken) / len(plan.layers)))
    columns = [column_of(plan, None, 0, 0.0)]
    for place, layer in enumerate(plan.layers, 1):
        x = columns[-1].x + columns[-1].half + gap + half_width(len(layer.units))
        columns.append(column_of(plan, layer, place, x))
    edges, bands = connections(plan, columns)
    last = columns[-1]
    loss = last.x + last.half + max(88.0, gap * 0.75), 0.0
    paths = [edge.path for edge in edges] + [band.path for band in bands]
    top = min([column.top for column in columns] + [highest(path) for path in paths])
    bottom = max([column.bottom for column in columns] + [lowest(path) for path in paths])
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
        maps=len(plan.inputs) == 2,
    )
