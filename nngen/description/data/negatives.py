"""Examples of a table of pairs: those that occur, with the target 1, and others that are drawn, with the target 0.

Of ``random`` only ``Random(seed).random()`` is used, which gives the same numbers in every version of Python.
"""

from random import Random

import numpy as np

from nngen.description.data.floats import Array
from nngen.description.data.partition import Places
from nngen.description.model import Spec, Table


def with_negatives(spec: Spec, x: Array, y: Array, *known: Array) -> tuple[Array, Array]:
    """Inputs and targets of pairs that occur, and behind them those that are drawn; other specs draw none.

    Args:
        spec: a spec with data.
        x: the inputs.
        y: the targets.
        known: the pairs that are not drawn. For training, these are not the held-out ones: nobody knows them before.
    """
    if not (isinstance(spec.data, Table) and spec.data.negatives):
        return x, y
    more = _drawn(spec, x, np.concatenate(known), 0)
    return np.concatenate([x, more]), np.concatenate([y, np.zeros((len(more), 1))])


def drawn_again(spec: Spec, x: Array, y: Array, kept: Places, epoch: int) -> Array:
    """The inputs of the training examples with other pairs in place of the drawn ones, but for the kept places."""
    pairs = x[y[:, 0] == 1.0]
    again = np.concatenate([pairs, _drawn(spec, pairs, pairs, epoch)])
    again[kept] = x[kept]
    return again


def _drawn(spec: Spec, pairs: Array, known: Array, epoch: int) -> Array:
    """For each pair, some of its user with an item that is in no known pair: none for users who know all items."""
    if not isinstance(spec.data, Table):
        raise TypeError("only a table has pairs")
    item = spec.indices[1]
    items = item.count - (item.unknown == "row")
    codes = np.unique((known[:, 0] * items + known[:, 1])[known[:, 1] < items].astype(np.int64))
    owners, taken = np.divmod(codes, items)
    users = np.repeat(pairs[:, 0].astype(np.int64), spec.data.negatives or 0)
    first, end = (np.searchsorted(owners, users, side) for side in ("left", "right"))
    free = items - (end - first)
    users, first, free = (values[free > 0] for values in (users, first, free))
    draw = Random((spec.initial.seed << 32) + epoch).random  # noqa: S311 (it has to be repeatable, not secret)
    place = (np.array([draw() for _ in range(len(users))]) * free).astype(np.int64)
    # the k-th known item of a user, from 0, is behind as many free ones as its number, less k
    behind = owners * items + taken - (np.arange(len(codes)) - np.searchsorted(owners, owners))
    found = place + np.searchsorted(behind, users * items + place, "right") - first
    return np.column_stack([users, found]).astype(np.float64)
