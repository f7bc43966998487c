"""The picture of a network: inputs, layers and the loss, from left to right.

Lengths are in units of the drawing; the page scales it. A layer of many units becomes a field of cells whose
connections are one band. The page draws the connections of a single unit when a reader opens it.
"""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from nngen.common.records import dataclass
from nngen.learning.explain.columns import Column, Spot, column_of, depths, half_width
from nngen.learning.explain.connections import Edge, connections, crowded, extent, short, wires
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
    bands: tuple[Edge, ...]
    wires: tuple[str, ...]
    """The paths of connections without weights."""
    loss: tuple[float, float]
    maps: bool
    """Whether each unit shows its values over the two inputs."""
    crowded: bool
    """Whether the values of the connections would overlap, so that only those that lead to one unit are shown."""
    longest: int
    """The letters of the longest label; others are cut."""

    @property
    def stacked(self) -> bool:
        """Whether columns stand below each other, so that each has its caption right above it."""
        return any(column.beside for column in self.columns)

    @property
    def view(self) -> str:
        """The view box of the SVG."""
        return " ".join(short(value) for value in (self.left, self.top, self.width, self.height))


NO_PICTURE = Picture(0, 0, 0, 0, (), (), (), (), (0, 0), maps=False, crowded=False, longest=0)


def picture(plan: Plan, words: Mapping[str, str] = MappingProxyType({})) -> Picture:
    """The picture of a network; ``words`` are what a table calls its inputs and outputs, by their names."""
    columns, gap = _columns(plan, words)
    edges, bands = connections(plan, columns)
    last = columns[-1]
    beside = 60.0 if last.tight and last.labels == "beside" else 0.0
    loss = last.x + last.half + max(108.0, gap * 0.75) + beside, 0.0  # the target stands between
    ends = [(column.top, column.bottom) for column in columns] + [extent(one.path) for one in edges + bands]
    top, bottom = min(top for top, _ in ends), max(bottom for _, bottom in ends)
    longest, letter = (26, 9.2) if words else (14, 6.5)  # the words of a table are not cut in a narrow window, too
    labels = min(longest, max(len(unit.label) for unit in columns[0].units))
    wide = {"beside": columns[0].half + labels * letter, "below": labels * 4.2}.get(columns[0].labels, columns[0].half)
    left = columns[0].x - max(wide, 30.0) - 14.0
    return Picture(
        left=left,
        top=top - _HEAD,
        width=loss[0] + 44.0 - left,
        height=bottom - top + _HEAD + 24.0,
        columns=tuple(columns),
        edges=tuple(edges),
        bands=tuple(bands),
        wires=tuple(wires(plan, columns)),
        loss=loss,
        maps=len(plan.inputs) == 2 and not plan.indices,
        crowded=crowded(plan),
        longest=longest,
    )


def _columns(plan: Plan, words: Mapping[str, str]) -> tuple[list[Column], float]:
    """The inputs and the layers, from left to right by depth, one below the other at the same depth; and their gap."""
    columns = [column_of(plan, None, 0, Spot(0.0, 0, len(plan.inputs)), words)]
    where = depths(plan)
    halves = [half_width(len(plan.inputs)), *[0.0] * max(where)]
    for depth, layer in zip(where, plan.layers, strict=True):
        halves[depth] = max(halves[depth], half_width(len(layer.units)))
    gap = max(84.0, min(150.0, (WIDTH - 148.0 - 2 * sum(halves)) / (len(halves) - 1)))
    xs = [0.0]
    for before, half in pairwise(halves):
        xs.append(xs[-1] + before + gap + half)
    for place, (depth, layer) in enumerate(zip(where, plan.layers, strict=True), 1):
        beside = [other for other, at in zip(plan.layers, where, strict=True) if at == depth]
        above = beside[: beside.index(layer)]
        spot = Spot(
            x=xs[depth],
            depth=depth,
            together=sum(len(other.units) for other in beside),
            before=sum(len(other.units) + 1 for other in above),
            gaps=len(beside) - 1,
        )
        columns.append(column_of(plan, layer, place, spot, words))
    return columns, gap
