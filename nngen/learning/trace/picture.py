"""A picture of a small network: columns of units from left to right, and a curve for each value that a unit takes.

Lengths are in points of the printed page, from the upper left corner.
"""

from collections.abc import Iterator

from nngen.common.records import dataclass
from nngen.common.text import columns as width_of
from nngen.plan import Layer, Plan

MOST = 12
"""The most units of a column. The curves of larger layers are a grey area in print."""

ACROSS, DOWN, MARGIN, RADIUS = 110, 44, 30, 10

LETTER = 6
"""The width of a letter of a name."""

LIFT = 40
"""The distance of the control point of a curve that passes a layer, above its ends or below."""

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
    """A weight, or a value that a unit takes without a weight: a quadratic Bézier curve."""

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
    """The picture of a network; None if it is too large."""
    columns = _columns(plan)
    tallest = max(map(len, columns))
    if tallest > MOST:
        return None
    left = MARGIN + LETTER * max(map(width_of, plan.inputs))
    places: dict[str, Point] = {}
    for place, names in enumerate(columns):
        top = MARGIN + (tallest - len(names)) * DOWN // 2
        places |= {name: (left + place * ACROSS, top + row * DOWN) for row, name in enumerate(names)}
    curves = [_curve(places[feeder], places[unit]) for layer in plan.layers for feeder, unit in _links(plan, layer)]
    return Picture(
        width=left + MARGIN + (len(columns) - 1) * ACROSS,
        height=2 * MARGIN + (tallest - 1) * DOWN,
        units=tuple(Unit(name, at, name in plan.inputs) for name, at in places.items()),
        curves=tuple(curves),
    )


def _columns(plan: Plan) -> list[list[str]]:
    """The names in each column. A layer is in the column after the last of its sources."""
    columns: list[list[str]] = [list(plan.inputs)]
    place: dict[str, int] = {}
    for layer in plan.layers:
        place[layer.name] = 1 + max(place.get(source.name, 0) for source in layer.sources)
        columns += [[]] * (place[layer.name] == len(columns))
        columns[place[layer.name]] = [*columns[place[layer.name]], *layer.units]
    return columns


def _links(plan: Plan, layer: Layer) -> Iterator[tuple[str, str]]:
    """The values that each unit of a layer takes."""
    names = {plan.input_name: plan.numbers} | {index.name: (index.name,) for index in plan.indices}
    names |= {each.name: each.units for each in plan.layers}
    for source in layer.sources:
        feeders = names[source.name]
        if source.weights or len(feeders) != len(layer.units):
            yield from ((feeder, unit) for unit in layer.units for feeder in feeders)
        else:  # unit by unit
            yield from zip(feeders, layer.units, strict=True)


def _curve(feeder: Point, unit: Point) -> Curve:
    start, end = (feeder[0] + RADIUS, feeder[1]), (unit[0] - RADIUS, unit[1])
    passes = unit[0] - feeder[0] > ACROSS
    beside = max(start[1], end[1]) + LIFT if start[1] > end[1] else min(start[1], end[1]) - LIFT
    level = beside if passes else (start[1] + end[1]) // 2
    return Curve(start, ((start[0] + end[0]) // 2, level), end)
