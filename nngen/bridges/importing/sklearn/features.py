"""Features: numbers that the preprocessing of a source makes from columns, and the columns of a spec that give them."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.entry import column_of
from nngen.bridges.importing.graph import Activate, Array, Columns, Concat, Dense, Input, Node, Scale, Select
from nngen.bridges.importing.sklearn.fitted import words
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import joined
from nngen.description.identifiers import Identifiers
from nngen.description.model import (
    Divide,
    Interval,
    Standardize,
    ValueColumn,
)

Scaling = Standardize | Interval | Divide

MAX_SHOWN = 10
"""Columns of a list in a note."""


@dataclass(frozen=True)
class Feature:
    """A number that comes from one column of the data, or from a block.

    Without ``categories`` it is the number of the column; with ``indicator``, 1 where that is missing. With
    ``categories`` it is 1 where the column has the category ``category``; with ``indicator``, 1 where it has none.
    """

    column: int
    """The place of the column in the data, or that of the number in the block."""
    fill: float | str | None = None
    """The replacement of missing values; None if there are none."""
    categories: tuple[str, ...] = ()
    category: str = ""
    unknown: bool = False
    """Whether other categories are allowed, and 0 in all features of the column."""
    gaps: bool = False
    """Whether a missing value is a category, too."""
    indicator: bool = False
    scales: tuple[Scaling, ...] = ()
    """The scales of the number, one after another, each of a single column."""
    block: "Block | None" = None

    @property
    def plain(self) -> bool:
        """Whether it is the number of a column that is never missing, perhaps scaled."""
        return self.fill is None and not self.categories and not self.indicator


@dataclass(frozen=True, eq=False)
class Block:
    """Numbers that a transformer makes of features: weighted sums of them, and a function of each."""

    name: str
    sources: tuple[Feature, ...]
    weights: Array | None = None
    """A row for each number; None for the features as they are."""
    bias: Array | None = None
    activation: str = ""
    """The name of the function; empty for none."""
    formula: str = ""
    """The function of ``z``."""

    @property
    def width(self) -> int:
        """How many numbers it has."""
        return len(self.sources) if self.weights is None else len(self.weights)


def constants(scale: Scaling | None) -> tuple[float, float]:
    """``subtract`` and ``divide`` of the scale of a single column."""
    match scale:
        case Standardize(mean=(mean,), deviation=(deviation,)):
            return mean, deviation
        case Interval(low=(low,), high=(high,)):
            return low, high - low
        case Divide(by=by):
            return 0.0, by
    return 0.0, 1.0


def between(factor: float, shift: float, low: float, high: float) -> Scaling:
    """``x * factor + shift``, as the interval that becomes 0 to 1, where it does."""
    if low < high and math.isclose(factor * (high - low), 1.0, rel_tol=1e-12) and math.isclose(shift, -low * factor):
        return Interval(name="interval", low=(low,), high=(high,))
    return Standardize(name="standardize", mean=(-shift / factor,), deviation=(1.0 / factor,))


def categories_of(feature: Feature, values: Any, unknown: bool, name: str) -> tuple[Feature, ...]:
    """A feature for each category; a category of missing values is an indicator."""
    listed = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(listed, list):
        raise UnfitError(f"expected a list of categories as {name}")
    gaps = [value is None or (isinstance(value, float) and math.isnan(value)) for value in listed]
    named = words([value for value, gap in zip(listed, gaps, strict=True) if not gap], name)
    if len(set(named)) < len(named):
        raise UnfitError(f"expected different categories in {name}")
    fill = None if feature.fill is None else words([feature.fill], "SimpleImputer.statistics_")[0]
    rest = iter(named)
    column = Feature(feature.column, fill, named, unknown=unknown, gaps=any(gaps))
    return tuple(replace(column, indicator=True) if gap else replace(column, category=next(rest)) for gap in gaps)


class FeatureNodes:
    """The nodes that make features from the columns of the data that they need, in the order of the data.

    Args:
        features: they are the numbers of the last node.
        blocks: those that features may be of, each after its sources.
        names: the names of the columns, if any.
    """

    def __init__(self, features: Sequence[Feature], blocks: Sequence[Block], names: Sequence[str]) -> None:
        wanted, taken = {feature.block for feature in features}, [*features]
        needed: list[Block] = []
        for block in reversed(blocks):
            if block in wanted:
                needed.append(block)
                taken += block.sources
                wanted |= {feature.block for feature in block.sources}
        leaves = [feature for feature in taken if feature.block is None]
        self.columns = {feature.column for feature in leaves}
        """The columns that are needed."""
        self._inputs = _Inputs(leaves, names)
        self.nodes: list[Node] = [self._inputs.node]
        self._of: dict[Block, str] = {}
        self._names = Counter({self._inputs.node.name: 1})
        for block in reversed(needed):
            self._of[block] = self._add(block)
        self._vector(features, "")

    def _add(self, block: Block) -> str:
        """The node of a block."""
        source = self._vector(block.sources, f"{block.name} ")
        if block.weights is not None:
            name = self._free(block.name)
            dense = Dense(name=name, sources=(source,), weights=(block.weights,), bias=block.bias, trainable=False)
            self.nodes.append(dense)
            source = name
        if block.activation:
            name = self._free(f"{block.name} {block.activation}" if block.weights is not None else block.name)
            made = Activate(name=name, source=source, activation=block.activation, formula=block.formula)
            self.nodes.append(made)
            source = name
        return source

    def _vector(self, features: Sequence[Feature], prefix: str) -> str:
        """The node of features, from all that they come from, scaled."""
        places = [self._place(feature) for feature in features]
        runs = []
        for source, group in groupby(places, key=lambda place: place[0]):
            found = [place for _, place, _ in group]
            runs.append(self._part(source, found, f"{prefix}selected"))
        if len(runs) > 1:
            joined = self._free(f"{prefix}joined")
            self.nodes.append(Concat(name=joined, sources=tuple(runs)))
            runs = [joined]
        scaled = scale_nodes([scales for _, _, scales in places], runs[0], f"{prefix}scale", self._free)
        self.nodes += scaled
        return scaled[-1].name if scaled else runs[0]

    def _place(self, feature: Feature) -> tuple[str, int, tuple[Scaling, ...]]:
        """Where a feature is: the node, the place in it, and the scales that follow."""
        if feature.block is not None:
            return self._of[feature.block], feature.column, feature.scales
        return self._inputs.node.name, *self._inputs.place(feature)

    def _part(self, source: str, places: Sequence[int], name: str) -> str:
        widths = {node: block.width for block, node in self._of.items()}
        if places == [*range(widths.get(source, self._inputs.width))]:
            return source
        self.nodes.append(Select(name=self._free(name), source=source, indices=tuple(places)))
        return self.nodes[-1].name

    def _free(self, name: str) -> str:
        """A name that no node has."""
        self._names[name] += 1
        return name if self._names[name] == 1 else self._free(f"{name} {self._names[name]}")


class _Inputs:
    """The node of the inputs, and where features are in it."""

    def __init__(self, features: Sequence[Feature], names: Sequence[str]) -> None:
        self._plain = all(feature.plain for feature in features)
        if self._plain:
            self._columns = sorted({feature.column for feature in features})
            ordered = self._columns == list(range(len(self._columns)))
            named = tuple(names[column] if names else f"x{column + 1}" for column in self._columns)
            self.width = len(named)
            self.node: Node = Input(name="x", width=self.width, names=named if names or not ordered else ())
            return
        self._groups = sorted(dict.fromkeys(map(_group, features)), key=lambda group: group.column)
        marked = {_group(feature) for feature in features if feature.indicator and not feature.categories}
        scales = [_scale(group, features) for group in self._groups]
        identifiers = Identifiers(())
        pairs = zip(self._groups, scales, strict=True)
        columns = [_column(group, group in marked, scale, names, identifiers) for group, scale in pairs]
        self._scaled = dict(zip(self._groups, [scale is not None for scale in scales], strict=True))
        ends = np.cumsum([len(column.input_names) for column in columns]).tolist()
        self._spans = dict(zip(self._groups, pairwise([0, *ends]), strict=True))
        self.width = ends[-1]
        self.node = Columns(name="x", columns=tuple(columns))

    def place(self, feature: Feature) -> tuple[int, tuple[Scaling, ...]]:
        """The place of a feature among the inputs, and the scales that its column does not have itself."""
        if self._plain:
            return self._columns.index(feature.column), feature.scales
        group = _group(feature)
        start, stop = self._spans[group]
        scales = feature.scales[1:] if self._scaled[group] and not feature.indicator else feature.scales
        if feature.indicator:
            return stop - 1, scales
        return start + (feature.categories.index(feature.category) if feature.categories else 0), scales


def unused(taken: set[int], names: Sequence[str], width: int) -> str:
    """A note on the columns of the data that no feature needs; empty if there are none."""
    left = [show(names[column]) if names else f"x{column + 1}" for column in range(width) if column not in taken]
    shown = [*left[:MAX_SHOWN], *([f"{len(left) - MAX_SHOWN:,} more"] if len(left) > MAX_SHOWN else [])]
    verb = "is" if len(left) == 1 else "are"
    return f"{joined(shown, 'and')} {verb} not used: a row has the other columns, in their order" if left else ""


def scale_nodes(scales: Sequence[Sequence[Scaling]], source: str, name: str, free: Callable[[str], str]) -> list[Node]:
    """The nodes that scale the numbers of a vector, each by its own scales, one after another."""
    nodes: list[Node] = []
    for level in range(max(map(len, scales), default=0)):
        pairs = [constants(own[level] if level < len(own) else None) for own in scales]
        subtract, divide = np.array(pairs).T
        before = nodes[-1].name if nodes else source
        nodes.append(Scale(name=free(f"{name}{level + 1}"), source=before, subtract=subtract, divide=divide))
    return nodes


def _group(feature: Feature) -> Feature:
    """What all features of one column of a spec have in common."""
    return Feature(feature.column, feature.fill, feature.categories, unknown=feature.unknown, gaps=feature.gaps)


def _scale(group: Feature, features: Sequence[Feature]) -> Scaling | None:
    """The scale that all numbers of a column have first, so that the column has it itself; None if there is none."""
    own = [feature.scales for feature in features if _group(feature) == group and not feature.indicator]
    if group.categories or not own or not all(own) or any(scales[0] != own[0][0] for scales in own):
        return None
    return own[0][0]


def _column(
    group: Feature, marked: bool, scale: Scaling | None, names: Sequence[str], identifiers: Identifiers
) -> ValueColumn:
    title = names[group.column] if names else f"x{group.column + 1}"
    if not group.categories:
        fill = group.fill if isinstance(group.fill, float) else None
        return column_of(title, identifiers, fill=fill, indicator=marked, scale=scale)
    filled = isinstance(group.fill, str) and group.fill in group.categories
    missing = group.fill if filled else "" if group.gaps or group.unknown else None
    unknown, gaps = group.unknown, group.gaps
    return column_of(title, identifiers, categories=group.categories, fill=missing, unknown=unknown, indicator=gaps)
