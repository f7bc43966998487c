"""The values of a network that a lesson may name, by the reference engine, and numbers that no formula gives."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import combinations, takewhile

import numpy as np

from nngen.description.model import Index, Spec
from nngen.learning.course.given import Array, Given
from nngen.plan import Block, Plan, derivative_of, full_name, plan


@cache
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


NEW = "new_"
"""Begins the names of what a step with the example leads to."""

MEAN = "mean_"
"""Begins the names of the mean loss of all examples, and of its derivatives."""

_WORD = re.compile(r"\w+", re.ASCII)


@cache
def values(given: Given, example: int) -> Mapping[str, float]:
    """All values of a page by name, for an example, from 0.

    These are the inputs, ``target``, the parameters, ``z_``, ``a_``, ``da_`` and ``dz_`` of the units, the loss, the
    derivatives, ``rate``; the same after a step; means over the examples; numbers of a table of ratings; and sizes such
    as ``n_parameters``. Without examples only what needs none.
    """
    network, spec = given.network, given.spec
    planned = plan(spec)
    parameters = [*_parameters(planned, spec)]
    found = {f"n_{name}": float(size) for name, size in _sizes(given, planned).items()}
    found |= _named(parameters, given.start)
    rate = spec.training.optimizer.options.get("rate")
    if isinstance(rate, float):
        found["rate"] = rate
    if spec.data is None:
        return found
    xs, ys = given.examples
    x, y = xs[example], ys[example]
    _, gradient = network.gradient(given.start, [x], [y])
    stepped, _ = network.step(given.start, gradient, network.init_state(given.start), np.array([x]))
    mean, slopes = network.gradient(given.start, xs, ys)
    found |= {f"{MEAN}loss": mean} | _named(parameters, slopes, MEAN, slope=True)
    found["n_moved"] = float(sum(np.count_nonzero(one) for one in gradient))
    found |= {f"{NEW}{name}": value for name, value in _at(given, parameters, stepped, x, y)}
    found |= dict(_at(given, parameters, given.start, x, y))
    found |= dict(of_ratings(given))
    found |= dict(zip(spec.numbers, map(float, x[len(spec.indices) :]), strict=True))
    targets = dict(zip(planned.output.units, map(float, y), strict=True))
    return {**found, **{f"target_{unit}": value for unit, value in targets.items()}, "target": float(y[0])}


def _at(
    given: Given, parameters: Sequence[str], params: Sequence[Array], x: Array, y: Array
) -> Iterator[tuple[str, float]]:
    """The values of an example with some parameters."""
    network = given.network
    loss, gradient = network.gradient(params, [x], [y])
    yield "loss", float(loss)
    yield from _named(parameters, params).items()
    yield from _named(parameters, gradient, slope=True).items()
    units = {layer.name: layer.unit_names for layer in given.spec.layers}
    for layer, symbols in network.values(params, x, y).items():
        for symbol, row in symbols.items():
            yield from ((full_name(symbol, unit), float(one)) for unit, one in zip(units[layer], row, strict=True))


def _named(
    parameters: Sequence[str], arrays: Sequence[Array], before: str = "", *, slope: bool = False
) -> dict[str, float]:
    """Numbers of parameters by name, or derivatives by theirs. Rows of ids that are no words have no name."""
    flat = [float(number) for one in arrays for number in one.flat]
    names = map(derivative_of, parameters) if slope else parameters
    pairs = zip(names, parameters, flat, strict=True)
    return {f"{before}{name}": number for name, parameter, number in pairs if parameter}


def _parameters(planned: Plan, spec: Spec) -> Iterator[str]:
    """The names of all parameters in their order, empty for one without a name."""
    indices = {index.name: index for index in spec.indices}
    for block in planned.blocks:
        if block.index:
            yield from _of_ids(block, indices[block.index])
        else:
            yield from (name for row in block.rows for name in row)


def _of_ids(block: Block, index: Index) -> Iterator[str]:
    """The weights of an embedding: those of an id are named by it."""
    ids = [str(one) for one in index.ids] if isinstance(index.ids, tuple) else []
    for place in range(block.count):
        name = ids[place] if place < len(ids) and _WORD.fullmatch(ids[place]) else ""
        yield from (full_name("w", unit, name) if name else "" for unit in block.inputs)


def _sizes(given: Given, planned: Plan) -> dict[str, int]:
    """How many of everything there are."""
    return {
        "inputs": len(planned.inputs),
        "units": sum(len(layer.units) for layer in planned.layers),
        "outputs": len(planned.output.units),
        "parameters": planned.size,
        "examples": 0 if given.spec.data is None else len(given.examples[0]),
    }


def names(given: Given) -> Mapping[str, str]:
    """The names that a formula of a page may have."""
    return dict.fromkeys((*values(given, 0), *MORE), "")
