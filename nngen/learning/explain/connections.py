"""Paths of the connections of a network in its picture."""

from collections.abc import Iterable, Iterator, Sequence

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.learning.explain.columns import Column, Unit
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Block, Plan, derivative_of


@dataclass(frozen=True)
class Edge:
    """A connection or a bias, whose value is written at ``at``, and which has a knob at ``knob`` if it is a bias.

    Or a band: all connections between two layers, if one of them is a field of cells.
    """

    name: str
    slope: str
    says: str
    path: str
    at: tuple[float, float] = (0.0, 0.0)
    knob: tuple[float, float] | None = None
    skips: bool = False


def connections(plan: Plan, columns: Sequence[Column]) -> tuple[list[Edge], list[Edge]]:
    """All connections and biases: single ones between circles, bands to or from fields of cells."""
    edges, bands = list[Edge](), list[Edge]()
    by_name = {column.name: column for column in columns}
    for column, layer in zip(columns[1:], plan.layers, strict=True):
        for source in layer.sources:
            block = source.weights
            if block is None or block.index:
                continue  # its numbers are not weighted: wires lead there
            feeder = by_name[source.name]
            if feeder.cells or column.cells:
                says = message("the weights that lead to {to} from {source}", to=layer.name, source=source.name)
                bands.append(Edge(block.name, derivative_of(block.name), says, _band(feeder, column, columns)))
            else:
                edges += _edges(plan, feeder, column, block, columns)
        if layer.biases and not column.cells:
            edges += [_bias(column, unit, name) for unit, name in zip(column.units, layer.biases.rows[0], strict=True)]
    return edges, bands


MOST_LABELLED = 30
"""The most parameters whose values a picture shows at once; those of xor_mlp with eight hidden units would overlap."""


def crowded(plan: Plan) -> bool:
    """Whether a picture shows only the values of the connections that lead to one unit."""
    return plan.size > MOST_LABELLED


def _between(feeder: Column, column: Column, columns: Sequence[Column]) -> Sequence[Column]:
    return [other for other in columns if feeder.depth < other.depth < column.depth]


def wires(plan: Plan, columns: Sequence[Column]) -> Iterator[str]:
    """The paths of connections without weights: from an id to its row, and to layers that join others."""
    by_name = {column.name: column for column in columns}
    for column, layer in zip(columns[1:], plan.layers, strict=True):
        if layer.dense:
            continue
        for source in layer.sources:
            feeder = by_name.get(source.name, columns[0])
            given = [feeder.units[plan.inputs.index(source.name)]] if layer.embedding else feeder.units
            if column.cells or feeder.cells:
                start = feeder.x + feeder.half, given[0].y if layer.embedding else feeder.middle
                yield _straight(start, (column.x - column.half, column.middle))
                continue
            for i, unit in enumerate(column.units):
                used = given if KINDS[layer.kind].over_units else [given[i if len(given) > 1 else 0]]
                yield from (_straight((s.x + feeder.size, s.y), (unit.x - column.size, unit.y)) for s in used)


def _edges(plan: Plan, feeder: Column, column: Column, block: Block, columns: Sequence[Column]) -> Iterator[Edge]:
    """The connections between two layers, with their values at alternating shares of their lengths from the end."""
    over = _between(feeder, column, columns)
    shares = (0.62, 0.62) if crowded(plan) else (0.3, 0.42)
    ids = len(plan.indices) if feeder.place == 0 else 0
    for row, unit in enumerate(column.units):
        for place, source in enumerate(feeder.units[ids:]):
            name = block.rows[row][place]
            says = message("the weight that leads to {to} from {source}", to=unit.name, source=source.name)
            start, stop = (source.x + feeder.size, source.y), (unit.x - column.size, unit.y)
            if over:
                path, at = _arc(start, stop, over, place - (len(feeder.units) - 1) / 2)
            else:
                path, at = _straight(start, stop), _along(start, stop, shares[row % 2])
            yield Edge(name, derivative_of(name), says, path, at, skips=bool(over))


def _bias(column: Column, unit: Unit, name: str) -> Edge:
    """A bias: a short connection from a knob above the unit. The knob stands for the constant 1."""
    reach = column.size * 0.71
    length = max(9.0, min(19.0, column.size))
    stop = unit.x - reach * 0.4, unit.y - reach * 1.28
    knob = stop[0] - length * 0.55, stop[1] - length * 0.75
    says = message("the bias of {unit}", unit=unit.name)
    return Edge(name, derivative_of(name), says, _straight(knob, stop), (knob[0], knob[1] - 6.0), knob)


def _band(feeder: Column, column: Column, columns: Sequence[Column]) -> str:
    start, stop = (feeder.x + feeder.half + 6.0, feeder.middle), (column.x - column.half - 6.0, column.middle)
    over = _between(feeder, column, columns)
    return _arc(start, stop, over, -1.0)[0] if over else _straight(start, stop)


def _arc(
    start: tuple[float, float], stop: tuple[float, float], over: Sequence[Column], side: float
) -> tuple[str, tuple[float, float]]:
    """A path around the layers between, below them if ``side`` is positive, and the position of its value."""
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
    """A point on a line, at a share of its length from the end."""
    return stop[0] + (start[0] - stop[0]) * share, stop[1] + (start[1] - stop[1]) * share


def _point(point: Iterable[float]) -> str:
    return ",".join(map(short, point))


def short(value: float) -> str:
    """A length, rounded to a tenth."""
    return f"{value:.1f}".removesuffix(".0") if round(value, 1) else "0"


def extent(path: str) -> tuple[float, float]:
    """The smallest and the largest ordinate of a path and of the text beside it."""
    points = path.replace("M", " ").replace("L", " ").replace("C", " ").split()
    ys = [float(point.split(",")[1]) for point in points]
    if "C" in path:
        ys = [ys[0], (ys[0] + 3 * ys[1] + 3 * ys[2] + ys[3]) / 8, ys[3]]
    return min(ys) - 12.0, max(ys) + 12.0
