"""Data about ids for a living page: their names, a table of ratings, planes of points, and a matrix factorization."""

from collections.abc import Mapping, Sequence
from typing import Any

from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Layer, Plan

MOST_NAMES = 1000
"""The most ids that a page offers in a list. Of more, a reader types the number of the row."""


@dataclass(frozen=True)
class Ids:
    """An input with ids."""

    name: str
    count: int
    """The number of rows."""
    names: tuple[str, ...]
    """The ids as the data write them; empty if these have whole numbers from 0."""

    @property
    def listed(self) -> bool:
        """Whether a reader chooses from a list."""
        return self.count <= MOST_NAMES

    def name_of(self, row: int) -> str:
        """The id of a row; empty for the row that all unknown ids share, after the others."""
        if self.names:
            return self.names[row] if row < len(self.names) else ""
        return str(row)


def ids_of(plan: Plan, spec: Spec) -> tuple[Ids, ...]:
    """The inputs with ids."""
    given = (index.ids if isinstance(index.ids, tuple) else () for index in spec.indices)
    return tuple(Ids(i.name, i.count, tuple(map(str, names))) for i, names in zip(plan.indices, given, strict=True))


def rates(plan: Plan) -> bool:
    """Whether the network predicts one number for a pair of ids, so that a table has a cell for each pair."""
    return len(plan.indices) == len(plan.inputs) == 2 and len(plan.output.units) == 1


def factorization(plan: Plan) -> Mapping[str, Any] | None:
    """The parts of a matrix factorization: a dot product of an embedding of each of two ids.

    None if the network has none, or if its factors are also used elsewhere or changed before the product.
    """
    if not rates(plan):
        return None
    by_name = {layer.name: layer for layer in plan.layers}
    dots = [layer for layer in plan.layers if KINDS[layer.kind].over_units]
    factors = [by_name[source.name] for source in dots[0].sources] if len(dots) == 1 else []
    if not all(map(_plain, factors)) or {f.sources[0].name for f in factors} != {index.name for index in plan.indices}:
        return None
    used = [source.name for layer in plan.layers for source in layer.sources]
    if any(used.count(factor.name) > 1 for factor in factors):
        return None
    sides = {factor.sources[0].name: factor for factor in factors}
    return {
        "sides": [_side(sides[index.name]) for index in plan.indices],
        "dot": dots[0].name,
        "output": plan.output.name,
        "terms": _terms(plan, dots[0]),
    }


def planes(plan: Plan) -> Sequence[Mapping[str, Any]]:
    """Pairs of embeddings whose rows a plane shows as points: one of each id, with as many factors, for the same layer.

    In a ``shared`` one, each factor of an id meets the same factor of the other: a layer joins these two, as a product.
    """
    if whole := factorization(plan):
        return [{"sides": whole["sides"], "shared": True}]
    if not rates(plan):
        return []
    by_name = {layer.name: layer for layer in plan.layers}
    found = []
    for layer in plan.layers:
        rows = [by_name[source.name] for source in layer.sources if source.name in by_name]
        rows = [row for row in rows if _plain(row) and len(row.units) > 1]
        rows.sort(key=lambda row: plan.inputs.index(row.sources[0].name))
        if len(rows) == 2 and rows[0].sources != rows[1].sources and len(rows[0].units) == len(rows[1].units):
            found.append({"sides": [_side(row) for row in rows], "shared": KINDS[layer.kind].pair})
    return found


def _plain(layer: Layer) -> bool:
    """Whether the values of a layer are a row of its matrix."""
    return layer.embedding and layer.activation == "linear" and not layer.normalization and layer.biases is None


def _side(factor: Layer) -> Mapping[str, Any]:
    (block,) = factor.weights
    return {"layer": factor.name, "start": block.start, "factors": len(factor.units), "block": block.name}


def _terms(plan: Plan, dot: Layer) -> list[Mapping[str, Any]] | None:
    """The terms of the rating before its activation, each with the place of the id that selects its only number.

    None if the rating is not a sum of single numbers.
    """
    output = plan.output
    if output is not dot and (
        not KINDS[output.kind].total or dot.name not in [source.name for source in output.sources]
    ):
        return None
    biases = [{"bias": block.start} for block in (output.biases,) if block]
    by_name = {layer.name: layer for layer in plan.layers}
    sources = [dot] if output is dot else [by_name[source.name] for source in output.sources]
    places = [plan.inputs.index(layer.sources[0].name) if layer.embedding else None for layer in sources]
    return [*biases, *({"layer": layer.name, "input": at} for layer, at in zip(sources, places, strict=True))]
