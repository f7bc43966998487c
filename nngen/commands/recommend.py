"""The best items for users, by a trained network of two inputs with ids, and the ids most like one.

The likeness is the cosine of embeddings, or the similarities that a network holds as weights.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.commands.inner import ANSWERS, module_of
from nngen.commands.metrics import Places
from nngen.commands.predict import Asked, checked, opened, parameters
from nngen.commands.trained import BATCH
from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Array, Encoding, encoding, rows_encoded
from nngen.description.model import Index, Rows, Spec, Table, TableIds
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Block, Plan, plan


@dataclass(frozen=True)
class Recommender:
    """A trained network that gives a number for a user and an item."""

    module: Any
    params: Any
    users: Index
    items: Index

    def scores(self, rows: Places) -> Array:
        """The outputs of all items that have a row of their own, for some rows of users: ``(users, items)``."""
        count = len(ids_of(self.items))
        parts = []
        step = max(1, BATCH // count)  # users of a batch
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            x = np.column_stack([np.repeat(some, count), np.tile(np.arange(count), len(some))]).astype(np.float64)
            outputs = [self.module.forward(self.params, x[i : i + BATCH])[:, 0] for i in range(0, len(x), BATCH)]
            parts.append(np.reshape(np.concatenate(outputs), (len(some), count)))
        return np.concatenate(parts).astype(np.float64) if parts else np.zeros((0, count))


def recommender(spec: Spec, path: Path, params: Path | Sequence[float]) -> Recommender:
    """The recommender of a spec, whose first input has the ids of users, and whose second those of items.

    Raises:
        SpecError: the spec has other inputs or several outputs, or the file of parameters cannot be read.
    """
    users, items = _indices(spec, path)
    stored, how = opened(spec, params), encoding(spec, path.parent)
    values = checked(stored, spec, how)
    module = module_of(spec, path.parent, "numpy", how, ANSWERS)
    return Recommender(module, parameters(module, spec, values), users, items)


def best(
    spec: Spec, path: Path, params: Path | Sequence[float], user: str | None, count: int
) -> Iterator[list[list[Any]]]:
    """The names of columns, and then the best items for a user that are not in the data of the spec, best ones first.

    Without a user, these are the items for all users, each in the first column of a row. The rows come part by part.

    Raises:
        SpecError: as in ``recommender``, or the user is unknown.
    """
    found = recommender(spec, path, params)
    names = ids_of(found.users)
    users = np.arange(len(names)) if user is None else np.array([row_of(found.users, user, "--for")])
    how = encoding(spec, path.parent)
    pairs = _pairs(spec, path, how)
    seen = _seen(pairs if user is None else pairs[pairs[:, 0] == users[0]])
    answers = found.module.decode if how and how.predicts and not how.classes else np.asarray
    target = spec.data.targets[0] if isinstance(spec.data, Table) else spec.layers[-1].unit_names[0]
    head = [found.items.column or found.items.name, target]
    rows: list[list[Any]] = [head if user is not None else [found.users.column or found.users.name, *head]]
    items = ids_of(found.items)
    step = max(1, BATCH // len(items))
    for start in range(0, len(users), step):
        some = users[start : start + step]
        for row, scores in zip(some.tolist(), found.scores(some), strict=True):
            order = ranked(scores, seen(row), count)
            values = np.reshape(answers(scores[order][:, None]), -1).tolist()
            begin = [] if user is not None else [names[row]]
            rows += ([*begin, items[item], value] for item, value in zip(order, values, strict=True))
        yield rows
        rows = []


def new_user(spec: Spec, path: Path, user: str | None) -> Iterator[str]:
    """A caution if a user has no ratings; the errors are those of ``best``."""
    if user is None:
        return
    users, _ = _indices(spec, path)
    if place_of(users, user) is None:
        items = "the answers are those for all new ids, near the mean of each item"
        yield f"no {users.column or users.name} is called {show(user)}; {items}"


def ranked(scores: Array, without: Places, count: int) -> list[int]:
    """The places of the highest scores, the highest one first, and of equal ones the first.

    Args:
        scores: a number for each item; NaN is below all others.
        without: the items that are no candidates.
        count: how many places, at most.
    """
    found = np.ones(len(scores), bool)
    found[without] = False
    candidates = np.flatnonzero(found)
    low = -scores[candidates]
    if count < len(low):
        last = np.partition(low, count - 1)[count - 1]
        if not np.isnan(last):
            candidates, low = candidates[low <= last], low[low <= last]
    order: list[int] = candidates[np.argsort(low, kind="stable")[:count]].tolist()
    return order


def _indices(spec: Spec, path: Path) -> tuple[Index, Index]:
    """The inputs of users and of items."""
    match [*spec.columns]:
        case [Index() as users, Index() as items] if len(spec.layers[-1].unit_names) == 1:
            return users, items
    ids = sum(isinstance(column, Index) for column in spec.columns)
    got = f"{counted(len(spec.columns), 'input')}, {ids or 'none'} of them with ids"
    got += f", and {counted(len(spec.layers[-1].unit_names), 'output')}"
    advice = "the first input has the ids of users, the second those of items"
    raise files.refused(path, f"--top needs two inputs with ids, and one output; got {got}", advice)


def ids_of(column: Index) -> tuple[str, ...] | range:
    """The ids that have a row of their own."""
    return range(column.ids) if isinstance(column.ids, int) else column.ids


def row_of(column: Index, given: str, option: str) -> int:
    """The row of embeddings that an id selects.

    Raises:
        SpecError: no row has the id of this option.
    """
    row = place_of(column, given)
    if row is not None:
        return row
    if column.unknown == "row":
        return column.count - 1
    ids = ids_of(column)
    advice = f"the ids are 0 to {len(ids) - 1}" if isinstance(ids, range) else nearest(given, [*map(str, ids)])
    raise files.refused(Path(option), f"no {column.column or column.name} is called {show(given)}", advice)


def place_of(column: Index, given: str) -> int | None:
    """The row of an id that has one of its own, else None."""
    ids = ids_of(column)
    if isinstance(ids, range):
        known = given.isascii() and given.isdigit() and len(given) < 16 and int(given) in ids
        return int(given) if known else None
    return ids.index(given) if given in ids else None


def _seen(pairs: Places) -> Callable[[int], Places]:
    """A function that gives the items of the pairs with a user."""
    order = np.argsort(pairs[:, 0], kind="stable")
    users, items = pairs[order].T.astype(np.intp)
    return lambda user: items[np.searchsorted(users, user) : np.searchsorted(users, user, "right")]


def _pairs(spec: Spec, path: Path, how: Encoding | None) -> Places:
    """The user and the item of each row of the data of a spec, by their rows: ``(rows, 2)``."""
    if isinstance(spec.data, Table) and "leave_out" not in (spec.data.missing_target, spec.data.unknown_class):
        ids = [column.ids for column in spec.indices]
        known = [each.places for each in ids if isinstance(each, TableIds)]
        if len(known) == len(ids) and all((places >= 0).all() for places in known):
            return np.column_stack(known)
    if how is None or not isinstance(spec.data, Rows | Table):
        return np.zeros((0, 2), np.intp)
    return rows_encoded(spec, path.parent, how, None)[0].astype(np.intp)


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
