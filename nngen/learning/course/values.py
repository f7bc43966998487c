"""The values of a network that a lesson may name, as the reference engine computes them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from nngen.description.model import Index, Spec
from nngen.learning.course.given import Array, Given
from nngen.learning.course.numbers import MORE, of_ratings
from nngen.plan import Block, Plan, derivative_of, full_name, plan

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
