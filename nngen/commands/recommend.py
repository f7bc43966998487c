"""The best items for users, by a trained network of two inputs with ids."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.commands.inner import ANSWERS, module_of
from nngen.commands.metrics import Places
from nngen.commands.predict import checked, opened, parameters
from nngen.commands.trained import BATCH
from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Array, Encoding, encoding, rows_encoded
from nngen.description.model import Index, Rows, Spec, Table, TableIds


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
