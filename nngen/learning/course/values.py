"""The values of a network that a lesson may name, by the reference engine, and numbers that no formula gives."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import combinations, product

import numpy as np

from nngen.description.model import Index
from nngen.learning.course.given import Array, Given
from nngen.mathematics.formulas import UndefinedError
from nngen.plan import Block, derivative_of, full_name

CORNERS = np.array([*product((0.0, 1.0), repeat=2)])
"""All inputs of a table of two bits, such as that of AND."""

LINES = (*product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5)),)
"""Two weights and a bias: one for each table that a line can make."""


def line_tables(_: Given) -> float:
    """How many of the 16 tables of two bits a line makes."""
    return float(len({tuple((CORNERS @ w + b > 0).tolist()) for *w, b in LINES}))


def line_right(given: Given) -> float:
    """The most examples, whose inputs are bits, that a line gets right."""
    x, y = given.examples
    return float(max(((x @ w + b > 0) == (y[:, 0] > 0.5)).sum() for *w, b in LINES))


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
    """The cosine of the angle between two rows; 0 if all of one is 0, as recommenders have it."""
    return float(one @ other / (math.sqrt((one @ one) * (other @ other)) or 1.0))


def of_ratings(given: Given, params: Sequence[Array]) -> Iterator[tuple[str, float]]:
    """The numbers of a table of ratings: each rating, the mean of each viewer and each film, and their similarities.

    A rating that is held out counts in no other number. Similarities are those over what both have. Of the network they
    are its answer for each pair, and the angles between the weights of ids.
    """
    ids = [[*map(str, one.ids), ""] for one in given.spec.indices if isinstance(one.ids, tuple)]  # "": unknown ids
    if len(ids) != 2 or given.examples[0].shape[1:] != (2,) or given.examples[1].shape[1:] != (1,):
        return
    table = np.full([*map(len, ids)], np.nan)
    for known, x, y in ((False, given.data.test_x, given.data.test_y), (True, *given.examples)):
        for (i, j), (rating,) in zip(x.astype(int), y, strict=True):
            yield f"rating_{ids[0][i]}_{ids[1][j]}", float(rating)
            table[i, j] = rating if known else np.nan
    pairs = [*product(*(range(len(one) - 1) for one in ids))]
    for (i, j), (answer,) in zip(pairs, given.network.forward(params, pairs), strict=True):
        yield f"says_{ids[0][i]}_{ids[1][j]}", float(answer)
    of_ids = ((words(given).get(block.index, ()), rows) for block, rows in zip(given.plan.blocks, params, strict=True))
    weights = [pair for names, rows in of_ids for pair in zip(names, rows, strict=False)]
    for (one, u), (other, v) in combinations(weights, 2):
        if len(u) == len(v):
            yield f"angle_{one}_{other}", math.degrees(math.acos(min(max(cosine(u, v), -1.0), 1.0)))
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
    "line_tables": line_tables,
    "line_right": line_right,
    **{f"{word}_{name}": partial(_error, name, part) for part, word in enumerate(("fit", "left")) for name in FACTORS},
}
"""These numbers by name; each is computed only where a lesson names it."""


_WORD = re.compile(r"\w+", re.ASCII)


def _stepped(given: Given, example: int) -> Sequence[Array]:
    """The parameters after a step with an example."""
    x, y = (one[[example]] for one in given.examples)
    _, gradient = given.network.gradient(given.start, x, y)
    return given.network.step(given.start, gradient, given.network.init_state(given.start), x)[0]


STATES: Mapping[str, Callable[[Given, int], Sequence[Array]]] = {
    "": lambda given, _: given.start,
    "new_": _stepped,
    "trained_": lambda given, _: given.trained,
}
"""The parameters of which values are, by what their names begin with: at first, after a step, and after training."""

NUDGES = {"nudge_": 0.1, "touch_": 0.01}
"""The change of a parameter, by the first word in the name of the loss that follows from it."""


@cache
def values(given: Given, example: int, state: str = "") -> Mapping[str, float]:
    """All values of a page by name, for an example, from 0, and in a state.

    These are the inputs, ``target``, the parameters, ``z_``, ``a_``, ``da_`` and ``dz_`` of the units, the loss, the
    derivatives, ``rate``; means over the examples; numbers of a table of ratings; and sizes such as ``n_parameters``.
    Without examples only what needs none.
    """
    network, spec = given.network, given.spec
    planned, parameters = given.plan, [*_parameters(given)]
    params = given.start if spec.data is None else STATES[state](given, example)
    found = {f"n_{name}": float(size) for name, size in _sizes(given).items()}
    found |= _named(parameters, params)
    rate = spec.training.optimizer.options.get("rate")
    if isinstance(rate, float):
        found["rate"] = rate
    if spec.data is None:
        return found
    xs, ys = given.examples
    x, y = xs[example], ys[example]
    mean, slopes = network.gradient(params, xs, ys)
    found |= {"mean_loss": mean, "mean_target": float(ys[:, 0].mean())}
    found |= _named(parameters, slopes, "mean_", slope=True)
    answers = network.forward(params, xs)
    found["n_right"] = float(((answers > 0.5) == (ys > 0.5)).all(axis=1).sum())
    loss, gradient = network.gradient(params, [x], [y])
    found |= {"loss": float(loss), "n_moved": float(sum(np.count_nonzero(one) for one in gradient))}
    found |= _named(parameters, gradient, slope=True)
    units = {layer.name: layer.unit_names for layer in spec.layers}
    for layer, symbols in network.values(params, x, y).items():
        for symbol, row in symbols.items():
            found |= {full_name(symbol, unit): float(one) for unit, one in zip(units[layer], row, strict=True)}
    found |= dict(of_ratings(given, params))
    found |= dict(zip(spec.numbers, map(float, x[len(spec.indices) :]), strict=True))
    targets = dict(zip(planned.output.units, map(float, y), strict=True))
    return {**found, **{f"target_{unit}": value for unit, value in targets.items()}, "target": float(y[0])}


@cache
def nudged(given: Given, example: int, by: float) -> Mapping[str, float]:
    """The loss of an example with each parameter changed a little, by its name."""
    x, y = (one[[example]] for one in given.examples)
    start = np.array(given.network.pack(given.start))
    moved = (given.network.unpack((start + by * one).tolist()) for one in np.eye(start.size))
    losses = (given.network.loss(params, x, y) for params in moved)
    return dict(zip(_parameters(given), map(float, losses), strict=True))


def value(given: Given, example: int, name: str) -> float:
    """The value of a name.

    Raises:
        UndefinedError: the network is of another kind, or its training takes too long.
    """
    if name in values(given, 0):
        return values(given, example)[name]
    if name in MORE:
        try:
            return MORE[name](given.trainable)
        except Exception:
            raise UndefinedError(f"{name} of this network") from None
    start, _, rest = name.partition("_")
    if f"{start}_" in NUDGES:
        return nudged(given, example, NUDGES[f"{start}_"])[rest]
    return values(given, example, f"{start}_")[rest]


def _named(
    parameters: Sequence[str], arrays: Sequence[Array], before: str = "", *, slope: bool = False
) -> dict[str, float]:
    """Numbers of parameters by name, or derivatives by theirs. Rows of ids that are no words have no name."""
    flat = [float(number) for one in arrays for number in one.flat]
    names = map(derivative_of, parameters) if slope else parameters
    pairs = zip(names, parameters, flat, strict=True)
    return {f"{before}{name}": number for name, parameter, number in pairs if parameter}


def _parameters(given: Given) -> Iterator[str]:
    """The names of all parameters in their order, empty for one without a name."""
    indices = {index.name: index for index in given.spec.indices}
    for block in given.plan.blocks:
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


def _sizes(given: Given) -> dict[str, int]:
    """How many of everything there are."""
    planned = given.plan
    return {
        "inputs": len(planned.inputs),
        "units": sum(len(layer.units) for layer in planned.layers),
        "outputs": len(planned.output.units),
        "parameters": planned.size,
        "epochs": given.spec.training.epochs,
        **{layer.name: len(layer.units) for layer in planned.layers},
        "examples": 0 if given.spec.data is None else len(given.examples[0]),
    }


@cache
def names(given: Given) -> Mapping[str, str]:
    """The names that a formula of a page may have."""
    of_states = (f"{state}{name}" for state in STATES for name in values(given, 0))
    of_nudges = (f"{before}{name}" for before in NUDGES for name in words(given)["weight"] if given.spec.data)
    return dict.fromkeys((*of_states, *of_nudges, *MORE), "")


@cache
def words(given: Given) -> Mapping[str, Sequence[str]]:
    """The words that may follow ``for each``: examples, weights with biases by name, and the ids of each input."""
    examples = map(str, range(_sizes(given)["examples"]))
    weights = filter(None, _parameters(given))
    ids = {one.name: (*map(str, one.ids),) for one in given.spec.indices if isinstance(one.ids, tuple)}
    return {"example": (*examples,), "weight": (*weights,), **ids}
