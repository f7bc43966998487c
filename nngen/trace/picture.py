"""A picture of a small network: columns of units from left to right, and a curve for each weight.

Lengths are in points of the printed page, from the upper left corner.
"""

from dataclasses import dataclass

from nngen.plan import Plan
from nngen.text import columns as width_of

MOST = 12
"""The most units of a column. The curves of larger layers are a grey area in print."""

ACROSS, DOWN, MARGIN, RADIUS = 110, 44, 30, 10

LETTER = 6
"""The width of a letter of a name."""

LIFT = 40
"""The height of the control point of a curve that passes a layer, above its ends."""

Point = tuple[int, int]


@dataclass(frozen=True)
class Unit:
    """A unit or an input: a circle with its name below; that of an input is on the left, away from the curves."""

    name: str
    at: Point
    given: bool
    """Whether it is an input."""

    @property
    def label(self) -> Point:
        """The place of its name: its right end for an input, otherwise its middle."""
        x, y = self.at
        return (x - RADIUS - 4, y) if self.given else (x, y + RADIUS + 8)


@dataclass(frozen=True)
class Curve:
    """A weight: a quadratic Bézier curve."""

    start: Point
    control: Point
    end: Point


@dataclass(frozen=True)
class Picture:
    """The drawing of a network."""

    width: int
    height: int
    units: tuple[Unit, ...]
    curves: tuple[Curve, ...]


def picture(plan: Plan) -> Picture | None:
    """The picture of a network; None if it is too large, or has layers without weights."""
    columns = [tuple(plan.inputs), *(layer.units for layer in plan.layers)]
    tallest = max(map(len, columns))
    if tallest > MOST or not all(source.weights for layer in plan.layers for source in layer.sources):
        return None
    left = MARGIN + LETTER * max(map(width_of, plan.inputs))
    places: dict[str, Point] = {}
    for place, names in enumerate(columns):
        top = MARGIN + (tallest - len(names)) * DOWN // 2
        places |= {name: (left + place * ACROSS, top + row * DOWN) for row, name in enumerate(names)}
    curves = [
        _curve(places[feeder], places[unit])
        for layer in plan.layers
        for source in layer.sources
        if source.weights
        for unit in layer.units
        for feeder in source.weights.inputs
    ]
    return Picture(
        width=left + MARGIN + (len(columns) - 1) * ACROSS,
        height=2 * MARGIN + (tallest - 1) * DOWN,
        units=tuple(Unit(name, at, name in plan.inputs) for name, at in places.items()),
        curves=tuple(curves),
    )


def _curve(feeder: Point, unit: Point) -> Curve:
    start, end = (feeder[0] + RADIUS, feeder[1]), (unit[0] - RADIUS, unit[1])
    passes = unit[0] - feeder[0] > ACROSS
    level = min(start[1], end[1]) - LIFT if passes else (start[1] + end[1]) // 2
    return Curve(start, ((start[0] + end[0]) // 2, level), end)
