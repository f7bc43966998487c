"""Features: numbers that the preprocessing of a source makes from columns, and the columns of a spec that give them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nngen.bridges.importing.graph import Columns, Input, Node, Scale, Select
from nngen.common.diagnostics import show
from nngen.common.text import joined
from nngen.description.identifiers import Identifiers
from nngen.description.model import (
    Categorical,
    Divide,
    FillCategory,
    Interval,
    Numeric,
    Standardize,
    ValueColumn,
    category_names,
)

Scaling = Standardize | Interval | Divide

MAX_SHOWN = 10
"""Columns of a list in a note."""


@dataclass(frozen=True)
class Feature:
    """A number that comes from one column of the data.

    Without ``categories`` it is the number of the column; with ``indicator``, 1 where that is missing. With
    ``categories`` it is 1 where the column has the category ``category``; with ``indicator``, 1 where it has none.
    """

    column: int
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

    @property
    def plain(self) -> bool:
        """Whether it is the number of a column that is never missing, perhaps scaled."""
        return self.fill is None and not self.categories and not self.indicator


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


def input_nodes(features: Sequence[Feature], names: Sequence[str]) -> list[Node]:
    """The nodes that make features from the columns of the data that they need, in the order of the data.

    ``names`` are the names of the columns, if any.
    """
    if all(feature.plain for feature in features):
        columns = sorted({feature.column for feature in features})
        ordered = columns == list(range(len(columns)))
        named = tuple(names[column] if names else f"x{column + 1}" for column in columns)
        nodes: list[Node] = [Input(name="x", width=len(columns), names=named if names or not ordered else ())]
        indices = [columns.index(feature.column) for feature in features]
        if indices != list(range(len(columns))):
            nodes.append(Select(name="selected", source="x", indices=tuple(indices)))
        scales = [feature.scales for feature in features]
    else:
        nodes, scales = _columns(features, names)
    return [*nodes, *scale_nodes(scales, nodes[-1].name, "scale")]


def unused(features: Sequence[Feature], names: Sequence[str], width: int) -> str:
    """A note on the columns of the data that no feature needs; empty if there are none."""
    taken = {feature.column for feature in features}
    left = [show(names[column]) if names else f"x{column + 1}" for column in range(width) if column not in taken]
    shown = [*left[:MAX_SHOWN], *([f"{len(left) - MAX_SHOWN:,} more"] if len(left) > MAX_SHOWN else [])]
    verb = "is" if len(left) == 1 else "are"
    return f"{joined(shown, 'and')} {verb} not used: a row has the other columns, in their order" if left else ""


def scale_nodes(scales: Sequence[Sequence[Scaling]], source: str, name: str) -> list[Node]:
    """The nodes that scale the numbers of a vector, each by its own scales, one after another."""
    nodes: list[Node] = []
    for level in range(max(map(len, scales), default=0)):
        pairs = [constants(own[level] if level < len(own) else None) for own in scales]
        subtract, divide = np.array(pairs).T
        before = nodes[-1].name if nodes else source
        nodes.append(Scale(name=f"{name}{level + 1}", source=before, subtract=subtract, divide=divide))
    return nodes


def _columns(features: Sequence[Feature], names: Sequence[str]) -> tuple[list[Node], list[tuple[Scaling, ...]]]:
    """Columns of a spec, the selection of those of their inputs that are features, and the scales that follow."""
    groups = sorted(dict.fromkeys(map(_group, features)), key=lambda group: group.column)
    marked = {_group(feature) for feature in features if feature.indicator and not feature.categories}
    shared = [_scale(group, features) for group in groups]
    identifiers = Identifiers(())
    columns = [
        _column(group, group in marked, scale, names, identifiers) for group, scale in zip(groups, shared, strict=True)
    ]
    starts = np.cumsum([0, *(len(column.input_names) for column in columns)]).tolist()
    indices, scales = [], []
    for feature in features:
        place = groups.index(_group(feature))
        last = starts[place + 1] - starts[place] - 1
        within = last if feature.indicator else feature.categories.index(feature.category) if feature.categories else 0
        indices.append(starts[place] + within)
        scaled = shared[place] is not None and not feature.indicator
        scales.append(feature.scales[1:] if scaled else feature.scales)
    nodes: list[Node] = [Columns(name="x", columns=tuple(columns))]
    if indices != list(range(starts[-1])):
        nodes.append(Select(name="selected", source="x", indices=tuple(indices)))
    return nodes, scales


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
    column = names[group.column] if names else f"x{group.column + 1}"
    if not group.categories:
        made = identifiers.make(column, "column", lambda name: (name, f"{name}_missing"))
        return Numeric(
            name=made,
            column=column if column != made else None,
            missing=group.fill if isinstance(group.fill, float) else "error",
            indicator=marked,
            scale=scale,
        )
    made = identifiers.make(
        column, "column", lambda name: (name, f"{name}_missing", *category_names(name, group.categories))
    )
    zeros = group.gaps or group.unknown
    filled = isinstance(group.fill, str) and group.fill in group.categories
    return Categorical(
        name=made,
        column=column if column != made else None,
        categories=group.categories,
        missing=FillCategory(category=str(group.fill)) if filled else "zeros" if zeros else "error",
        indicator=group.gaps,
        unknown="zeros" if group.unknown else "error",
    )
