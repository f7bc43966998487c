"""The most similar ids, by the cosine of their embeddings, or by the similarities that a network holds as weights."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.commands.predict import Asked, checked, opened
from nngen.commands.recommend import best, ids_of, place_of, ranked
from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.text import counted
from nngen.description.data import Array, encoding
from nngen.description.model import Index, Spec
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Block, Plan, plan


def ranked_rows(
    asked: Asked, count: int, user: str | None, given: str | None, of: str | None
) -> Iterable[list[list[Any]]]:
    """The best items for a user, or for all, or the ids most like a given one; see ``best`` and ``similar``."""
    if given is None:
        return best(asked.spec, asked.path, asked.params, user, count)
    return [similar(asked.spec, asked.path, asked.params, given, count, of)]


def similar(
    spec: Spec, path: Path, params: Path | Sequence[float], given: str, count: int, of: str | None
) -> list[list[Any]]:
    """The names of columns, and then the ids that are most similar to an id, the most similar one first.

    The similarity is the cosine of the rows of all embeddings of an input that have two or more units, one beside
    another; 0 where a row has only zeros. A network without ids that divides two weighted sums of ratings
    (``kind: ratio``) holds the similarities of items as the weights of the first sum. The input is ``of``, or the last
    one that has the id, which is that of items.

    Raises:
        SpecError: the network has no such rows, the id is unknown, or a file cannot be read.
    """
    planned = plan(spec)
    values = np.asarray(checked(opened(spec, params), spec, encoding(spec, path.parent)))
    if spec.indices:
        column = _column(spec, given, of)
        head, names = column.column or column.name, [*map(str, ids_of(column))]
        place = place_of(column, given)
        if place is None:  # `unknown: row` has no similar ids
            raise files.refused(Path("--similar"), f"no {head} is called {show(given)}", nearest(given, names))
        similarities = _cosines(_embedding(planned, path, column, values)[: len(names)], place)
    else:
        head = "item"
        names, matrix = _items(planned, path, values)
        if given not in names:
            raise files.refused(Path("--similar"), f"no item is called {show(given)}", nearest(given, names))
        place = names.index(given)
        similarities = matrix[place]
    order = ranked(similarities, np.array([place]), count)
    return [[head, "similarity"], *([names[i], float(similarities[i])] for i in order)]


def _column(spec: Spec, given: str, of: str | None) -> Index:
    """The input that an id belongs to."""
    names = [column.name for column in spec.indices]
    if of is not None:
        found = next((column for column in spec.indices if of in (column.name, column.column)), None)
        if found is None:
            raise files.refused(Path("--of"), f"no input with ids is called {show(of)}", nearest(of, names))
        return found
    return next((c for c in reversed(spec.indices) if place_of(c, given) is not None), spec.indices[-1])


def _embedding(planned: Plan, path: Path, column: Index, values: Array) -> Array:
    """All embeddings of an input with two or more units, side by side: ``(rows, units)``."""
    blocks = [
        layer.weights[0]
        for layer in planned.layers
        if layer.embedding and layer.sources[0].name == column.name and len(layer.units) > 1
    ]
    if not blocks:
        advice = "the cosine of single numbers is 1 or -1"
        raise files.refused(path, f"{show(column.name)} has no embedding of two or more units", advice)
    return np.hstack([_matrix(block, values) for block in blocks])


def _items(planned: Plan, path: Path, values: Array) -> tuple[list[str], Array]:
    """The items of an item-based recommender, and their similarities: ``(items, items)``."""
    layers = {layer.name: layer for layer in planned.layers}
    first = layers.get(planned.output.sources[0].name) if KINDS[planned.output.kind].quotient else None
    if first is None or not KINDS[first.kind].dense or len(first.units) > len(planned.inputs):
        got = f"got {counted(len(planned.inputs), 'input')} and an output of kind {planned.output.kind}"
        advice = "such as specs/ratings_mf.yaml or specs/recommend/items_cosine.yaml"
        raise files.refused(path, f"--similar needs an input with ids, or a ratio of weighted sums; {got}", advice)
    names = [*planned.inputs[: len(first.units)]]
    return names, _matrix(first.weights[0], values)[:, : len(names)]


def _matrix(block: Block, values: Array) -> Array:
    return values[block.start : block.stop].reshape(block.shape)


def _cosines(rows: Array, place: int) -> Array:
    """The cosine of a row with each row; 0 where one has only zeros."""
    norms = np.sqrt(np.sum(rows * rows, axis=1))
    product = norms * norms[place]
    cosines: Array = np.divide(rows @ rows[place], product, out=np.zeros(len(rows)), where=product > 0.0)
    return cosines
