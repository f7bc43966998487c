"""A picture of a small network: columns of units from left to right, and a curve for each value that a unit takes.

Lengths are in points of the printed page, from the upper left corner.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from nngen.common.records import dataclass
from nngen.common.text import columns as width_of
from nngen.learning.explain import depths
from nngen.plan import Layer, Plan

MOST = 12
"""The most units of a column. The curves of larger layers are a grey area in print."""

ACROSS, DOWN, MARGIN, RADIUS = 110, 44, 30, 10

LETTER = 6
"""The width of a letter of a name."""

LIFT = 40
"""The distance of the control point of a curve that passes a layer, above its ends or below."""

Point = tuple[int, int]

Curve = tuple[Point, Point, Point]
"""A quadratic Bézier curve by its start, control point and end."""


@dataclass(frozen=True)
class Picture:
    """The drawing of a network: a circle for each unit and input, and a curve for each value that a unit takes."""

    width: int
    height: int
    inputs: tuple[str, ...]
    places: Mapping[str, Point]
    curves: tuple[Curve, ...]

    def label(self, name: str) -> Point:
        """The middle of a name below its circle; the right end of an input's, on the left, away from the curves."""
        x, y = self.places[name]
        return (x - RADIUS - 4, y) if name in self.inputs else (x, y + RADIUS + 8)


def picture(plan: Plan) -> Picture | None:
    """The picture of a network; None if it is too large."""
    columns = defaultdict[int, list[str]](list, {0: [*plan.inputs]})
    for depth, layer in zip(depths(plan), plan.layers, strict=True):
        columns[depth] += layer.units
    tallest = max(map(len, columns.values()))
    if tallest > MOST:
        return None
    left = MARGIN + LETTER * max(map(width_of, plan.inputs))
    places: dict[str, Point] = {}
    for place, names in columns.items():
        top = MARGIN + (tallest - len(names)) * DOWN // 2
        places |= {name: (left + place * ACROSS, top + row * DOWN) for row, name in enumerate(names)}
    curves = [_curve(places[feeder], places[unit]) for layer in plan.layers for feeder, unit in _links(plan, layer)]
    width, height = left + MARGIN + (len(columns) - 1) * ACROSS, 2 * MARGIN + (tallest - 1) * DOWN
    return Picture(width, height, plan.inputs, places, tuple(curves))


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
    return start, ((start[0] + end[0]) // 2, beside if passes else (start[1] + end[1]) // 2), end
