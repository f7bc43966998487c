"""Numbers of lessons that no formula over the values of a network gives."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import combinations, takewhile

import numpy as np

from nngen.learning.course.given import Array, Given


def flat_epochs(given: Given) -> float:
    """For how many epochs the loss stays nearly what it is at first."""
    start = given.network.loss(given.start, *given.examples)
    return float(max(epoch for epoch, _, _ in takewhile(lambda one: one[1] > 0.99 * start, given.training(100))))


@cache
def errors(given: Given, factors: int, more: tuple[str, ...]) -> tuple[float, float]:
    """The mean error of a factorization on its ratings, and that on each rating if it is trained without this one.

    It has other factors than the page, and ``more`` in its training. It takes a step with all ratings, which is faster.
    """
    weights = "{initial: {name: normal, deviation: 0.5}}"
    layers = [f"layers.{k}.{one}" for k in (0, 1) for one in (f"units={factors}", f"weights={weights}")]
    steps = ("batch_size=full", "optimizer.rate=1.0", "epochs=200", *more)
    page = given.other(*layers, "initial={seed: 1}", *(f"training.{one}" for one in steps))
    x, y = given.examples
    misses = []
    for left in (np.zeros(len(x), bool), *np.eye(len(x), dtype=bool)):
        params, _ = page.network.fit([*page.start[:2], y[~left].mean(axis=0)], x[~left], y[~left])
        misses.append(float(np.abs(page.network.forward(params, x) - y)[left if left.any() else ~left].mean()))
    return misses[0], float(np.mean(misses[1:]))


def cosine(one: Array, other: Array) -> float:
    """The cosine of the angle between two rows."""
    return float(one @ other / math.sqrt((one @ one) * (other @ other)))


def of_ratings(given: Given) -> Iterator[tuple[str, float]]:
    """The numbers of a table of ratings: each rating, the mean of each viewer and each film, and their similarities.

    A rating that is held out counts in no other number. Similarities are those over what both have.
    """
    ids = [[*map(str, one.ids), ""] for one in given.spec.indices if isinstance(one.ids, tuple)]  # "": unknown ids
    if len(ids) != 2 or given.examples[0].shape[1:] != (2,) or given.examples[1].shape[1:] != (1,):
        return
    table = np.full([*map(len, ids)], np.nan)
    for known, x, y in ((False, given.data.test_x, given.data.test_y), (True, *given.examples)):
        for (i, j), (rating,) in zip(x.astype(int), y, strict=True):
            yield f"rating_{ids[0][i]}_{ids[1][j]}", float(rating)
            table[i, j] = rating if known else np.nan
    for names, rows in zip(ids, (table, table.T), strict=True):
        rated = [(name, row) for name, row in zip(names, rows, strict=True) if not np.isnan(row).all()]
        yield from ((f"mean_{name}", float(np.nanmean(row))) for name, row in rated)
        for (one, u), (other, v) in combinations(rated, 2):
            both = ~np.isnan(u + v)
            a, b = u[both], v[both]
            if len(a):
                yield f"cosine_{one}_{other}", cosine(a, b)
                if np.ptp(a) and np.ptp(b):  # else one of them never differs from its mean
                    yield f"correlation_{one}_{other}", cosine(a - a.mean(), b - b.mean())


FACTORS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "1": (1, ()),
    "6": (6, ()),
    "6_penalty": (6, ("penalty={name: l2, strength: 0.1}",)),
}
"""The factorizations of which lessons tell errors, as ``errors`` takes them."""


def _error(name: str, part: int, given: Given) -> float:
    return errors(given, *FACTORS[name])[part]


MORE: Mapping[str, Callable[[Given], float]] = {
    "flat_epochs": flat_epochs,
    **{f"fit_{name}": partial(_error, name, 0) for name in FACTORS},
    **{f"left_{name}": partial(_error, name, 1) for name in FACTORS},
}
"""These numbers by name; each is computed only where a lesson names it."""
