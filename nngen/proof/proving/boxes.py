"""Bounds of all sums for boxes of rows, and the search that splits boxes until their bounds decide a property.

Branch and bound with interval arithmetic (Moore, 1966). All numbers are whole and below 2^53, so float64 is exact. The
bounds of a single row are its answer.
"""

import math
import time
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.integers import Codes, Integers, Sums, Value, encoded
from nngen.proof.proving.cbmc import Found, Verdict
from nngen.proof.proving.questions import Question, Values

Array = NDArray[np.float64]
Places = NDArray[np.int64]

FEW = 20_000
"""Boxes that are tried before all rows are: they take a second."""

MOST_PARTS = 10_000
"""The most boxes to begin with: one for each combination of categories and missing values."""

BATCH = 2_048
"""Boxes that are bounded at once: their activations fit into a cache."""


class Ends(NamedTuple):
    """The least and the greatest number of each unit, ``(boxes, units)``."""

    low: Array
    high: Array


class Bounds:
    """The bounds of a network, prepared for a property that is about one answer: never, range or robust."""

    def __init__(self, network: Integers, asked: Question) -> None:
        self.network, self.asked = network, asked
        self.hidden = [(_matrices(layer), _Values(layer)) for layer in network.hidden]
        output = network.output
        weights, biases = [np.array(w) for w in output.weights], np.array(output.biases)
        if output.units > 1 and network.classes:  # by how much the sum of the class is before each other
            weights, biases = [w[asked.low] - w for w in weights], biases[asked.low] - biases
        self.output = [(np.maximum(w, 0.0).T, np.minimum(w, 0.0).T) for w in weights], biases.astype(np.float64)

    def holding(self, inputs: Ends) -> NDArray[np.bool_]:
        """Which boxes keep the property, where the bounds say so: ``(boxes,)``."""
        network, asked = self.network, self.asked
        known = {network.inputs.name: inputs}
        for layer, (matrices, values) in zip(network.hidden, self.hidden, strict=True):
            known[layer.name] = values(_reach(layer, *matrices, known))
        low, high = _reach(network.output, *self.output, known)
        if not network.classes:
            one = _Values(network.output.answers[asked.output])
            low, high = one(Ends(low[:, asked.output], high[:, asked.output]))
            return np.asarray((low >= asked.low) & (high <= asked.high))
        if (threshold := network.output.threshold) is not None:
            second = (1 - asked.low) if asked.other else asked.low
            return np.asarray(low[:, 0] > threshold if second else high[:, 0] <= threshold)
        places = np.arange(network.output.units)
        first = places > asked.low  # at a tie, the first class is the answer
        before = (high < 0) | (~first & (high == 0)) if asked.other else (low > 0) | (first & (low == 0))
        others = before[:, places != asked.low]
        return np.asarray(others.any(axis=1) if asked.other else others.all(axis=1))  # one class before it is enough


def _matrices(layer: Sums) -> tuple[list[tuple[Array, Array]], Array]:
    pairs = [(np.maximum(w, 0.0).T, np.minimum(w, 0.0).T) for w in map(np.array, layer.weights)]
    return pairs, np.array(layer.biases, np.float64)


def _reach(layer: Sums, pairs: Sequence[tuple[Array, Array]], biases: Array, known: Mapping[str, Ends]) -> Ends:
    """The bounds of weighted sums of the sources of a layer."""
    low = high = biases
    for source, (above, below) in zip(layer.sources, pairs, strict=True):
        ends = known[source]
        low = low + ends.low @ above + ends.high @ below
        high = high + ends.high @ above + ends.low @ below
    return Ends(low, high)


class _Values:
    """The bounds of activations or answers for bounds of their sums."""

    def __init__(self, one: Value) -> None:
        self.one = one
        self.least = self.most = np.zeros((0, 0))
        if one.table:  # of each part of the table
            ends = np.tri(len(one.table), dtype=bool).T
            rows = np.broadcast_to(np.array(one.table, np.float64), ends.shape)
            self.least = np.minimum.accumulate(np.where(ends, rows, np.inf), axis=1)
            self.most = np.maximum.accumulate(np.where(ends, rows, -np.inf), axis=1)

    def __call__(self, sums: Ends) -> Ends:
        first, last = (_place(self.one, z) for z in sums)
        if self.least.size:
            return Ends(self.least[first, last], self.most[first, last])
        return Ends((first + self.one.base).astype(np.float64), (last + self.one.base).astype(np.float64))


def _place(one: Value, sums: Array) -> Places:
    step = one.step
    above = np.clip(sums, step.low, step.high).astype(np.int64) - step.low
    place: Places = ((above + step.half_before >> step.before) * step.multiplier + step.half_after) >> step.after
    return place


class _Column(NamedTuple):
    """A column: numbers whose activations differ, these activations, their places, and the runs in which they rise."""

    numbers: Places
    activations: Array
    places: list[int]
    runs: list[tuple[int, int]]


def _column(network: Integers, base: Sequence[int], place: int, values: Values) -> _Column:
    column = network.inputs.columns[place]
    count = len(column.categories) if isinstance(column, Codes) else 1
    places = [*range(column.place, column.place + count), *([] if column.indicator is None else [column.indicator])]
    rows = np.repeat(np.array([base]), len(values.all), axis=0)
    rows[:, place] = values.all
    found = encoded(network.inputs, rows)[:, places]
    alone = 0 if isinstance(column, Codes) else max(values.high - values.low + 1, 0)  # a run of numbers, then others
    new = [k for k in range(len(found)) if k == 0 or k >= alone or (found[k] != found[k - 1]).any()]
    run = sum(k < alone for k in new)
    runs = [(0, run - 1)] * (run > 0) + [(k, k) for k in range(run, len(new))]
    return _Column(rows[new, place], found[new].astype(np.float64), places, runs)


def searched(
    network: Integers, asked: Question, seconds: float, most: float = math.inf
) -> tuple[Found, list[list[int]], int]:
    """Split the rows of a property until bounds decide it.

    Args:
        network: the network.
        asked: never, range or robust.
        seconds: the time limit.
        most: how many boxes are bounded.

    Returns:
        what is found, a row that breaks it, and how many boxes were bounded.
    """
    end = time.monotonic() + seconds
    base = [values.all[0] for values in asked.columns]
    columns = [_column(network, base, place, values) for place, values in enumerate(asked.columns)]
    bounds, count = Bounds(network, asked), 0
    if np.prod([float(len(one.runs)) for one in columns]) > MOST_PARTS:
        return Found(Verdict.UNDECIDED, why="there are too many categories"), [], 0
    parts = np.array([*product(*(one.runs for one in columns))], np.int64)
    waiting = [(parts[:, :, 0], parts[:, :, 1])]
    while waiting:
        first, last = waiting.pop()
        if len(first) > BATCH:
            waiting.append((first[BATCH:], last[BATCH:]))
            first, last = first[:BATCH], last[:BATCH]
        if count >= most or time.monotonic() >= end:
            return Found(Verdict.UNDECIDED, why=f"{count:,} boxes do not decide it"), [], count
        count += len(first)
        ends = _inputs(network, columns, first, last)
        open_ = ~bounds.holding(ends)
        first, last = first[open_], last[open_]
        middle = (first + last) // 2
        wrong = ~bounds.holding(_inputs(network, columns, middle, middle))
        if wrong.any():
            row = middle[wrong][0]
            found = [int(one.numbers[k]) for one, k in zip(columns, row, strict=True)]
            return Found(Verdict.FAILS), [found], count
        waiting += [_halves(network, columns, first, last, middle)] if len(first) else []
    return Found(Verdict.PROVEN), [], count


def _inputs(network: Integers, columns: Sequence[_Column], first: Places, last: Places) -> Ends:
    """The bounds of the activations of the inputs."""
    low, high = (np.zeros((len(first), network.inputs.count)) for _ in range(2))
    for one, (lower, upper) in zip(columns, zip(first.T, last.T, strict=True), strict=True):
        low[:, one.places], high[:, one.places] = one.activations[lower], one.activations[upper]
    return Ends(low, high)


def _halves(
    network: Integers, columns: Sequence[_Column], first: Places, last: Places, middle: Places
) -> tuple[Places, Places]:
    """The two halves of boxes, each split along the column that moves the first sums the most."""
    reach = _influence(network)
    moved = np.stack(
        [
            (one.activations[upper] - one.activations[lower]) @ reach[one.places]
            for one, lower, upper in zip(columns, first.T, last.T, strict=True)
        ],
        axis=1,
    )
    chosen = moved.argmax(axis=1)[:, None] == np.arange(len(columns))
    halves = np.where(chosen, middle, last), np.where(chosen, middle + 1, first)
    return np.concatenate([first, halves[1]]), np.concatenate([halves[0], last])


def _influence(network: Integers) -> Array:
    """For each input, the sum of the sizes of its weights."""
    name = network.inputs.name
    parts = [
        w for layer in network.layers for source, w in zip(layer.sources, layer.weights, strict=True) if source == name
    ]
    sizes: Array = np.abs(np.concatenate([np.array(w, np.float64) for w in parts])).sum(axis=0)
    return sizes + 1.0
