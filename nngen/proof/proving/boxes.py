"""The search that splits boxes of rows until bounds decide a property: branch and bound.

A property of walks along a column is about pairs of rows: each number of this column with the next one and, if all
values must give one answer, every other value with the first one.
"""

import math
import time
from collections.abc import Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from nngen.integers import Codes, Integers, encoded
from nngen.proof.proving.bounds import Array, Bounds, Ends, Places
from nngen.proof.proving.cbmc import Found, Verdict
from nngen.proof.proving.pairs import MOST_CLASSES, Pairs
from nngen.proof.proving.questions import Question

FEW = 20_000
"""Boxes that are tried before all rows are: they take a second, or seven in a network of 6 layers of 50 units."""

MOST_PARTS = 10_000
"""The most boxes to begin with: one for each combination of categories and missing values."""

BATCH = 2_048
"""Boxes that are bounded at once: their activations fit into a cache."""


class _Column(NamedTuple):
    """A column of each row that is compared: numbers whose activations differ, and the runs in which they rise."""

    numbers: Places
    """``(rows, numbers)``."""
    activations: Array
    """``(rows, numbers, places)``."""
    places: list[int]
    """Those of its inputs."""
    runs: list[tuple[int, int]]


def _column(network: Integers, asked: Question, place: int) -> _Column:
    column, values = network.inputs.columns[place], asked.columns[place]
    count = len(column.categories) if isinstance(column, Codes) else 1
    places = [*range(column.place, column.place + count), *([] if column.indicator is None else [column.indicator])]
    rows = np.repeat(np.array([[one.all[0] for one in asked.columns]]), len(values.all), axis=0)
    rows[:, place] = values.all
    found = encoded(network.inputs, rows)[:, places]
    alone = 0 if isinstance(column, Codes) else max(values.high - values.low + 1, 0)  # a run of numbers, then others
    new = [k for k in range(len(found)) if k == 0 or k >= alone or (found[k] != found[k - 1]).any()]
    run = sum(k < alone for k in new)
    compared = [(k,) if asked.walked is None else (k, k) for k in new]
    if place == asked.walked:  # a number is compared with the next one, all others with the first
        compared = [*pairwise(new[:run]), *((new[0], k) for k in new[max(run, 1) :])]
        run = max(run - 1, 0)
    runs = [(0, run - 1)] * (run > 0) + [(k, k) for k in range(run, len(compared))]
    chosen = np.array(compared, np.int64).reshape(-1, 1 if asked.walked is None else 2).T
    return _Column(rows[chosen, place], found[chosen].astype(np.float64), places, runs)


def searched(
    network: Integers, asked: Question, seconds: float, most: float = math.inf
) -> tuple[Found, list[list[int]], int]:
    """Split the rows of a property until bounds decide it.

    Args:
        network: the network.
        asked: the property.
        seconds: the time limit.
        most: how many boxes are bounded.

    Returns:
        what is found, the rows that break it, the second of two first, and how many boxes were bounded.
    """
    end = time.monotonic() + seconds
    columns = [_column(network, asked, place) for place in range(len(asked.columns))]
    if np.prod([float(len(one.runs)) for one in columns]) > MOST_PARTS:
        return Found(Verdict.UNDECIDED, why="there are too many categories"), [], 0
    if asked.walked is not None and len(network.classes) > MOST_CLASSES:
        return Found(Verdict.UNDECIDED, why="there are too many classes"), [], 0
    bounds, count = (Bounds if asked.walked is None else Pairs)(network, asked), 0
    parts = np.array([*product(*(one.runs for one in columns))], np.int64).reshape(-1, len(columns), 2)
    waiting = [(parts[:, :, 0], parts[:, :, 1])]
    while waiting:
        first, last = waiting.pop()
        if len(first) > BATCH:
            waiting.append((first[BATCH:], last[BATCH:]))
            first, last = first[:BATCH], last[:BATCH]
        if count >= most or time.monotonic() >= end:
            return Found(Verdict.UNDECIDED, why=f"{count:,} boxes do not decide it"), [], count
        count += len(first)
        open_ = ~bounds.holding(*_inputs(network, columns, first, last))
        first, last = first[open_], last[open_]
        middle = (first + last) // 2
        wrong = ~bounds.holding(*_inputs(network, columns, middle, middle))
        if wrong.any():
            found = np.stack([one.numbers[:, k] for one, k in zip(columns, middle[wrong][0], strict=True)], axis=1)
            return Found(Verdict.FAILS), found[::-1].tolist(), count
        waiting += [_halves(network, columns, first, last, middle)] if len(first) else []
    return Found(Verdict.PROVEN), [], count


def _inputs(network: Integers, columns: Sequence[_Column], first: Places, last: Places) -> list[Ends]:
    """The bounds of the activations of the inputs of each row and, of two, of how far these are apart."""
    rows = len(columns[0].numbers)
    low, high = np.zeros((2, rows + rows // 2, len(first), network.inputs.count))
    for one, lower, upper in zip(columns, first.T, last.T, strict=True):
        low[:rows, :, one.places], high[:rows, :, one.places] = one.activations[:, lower], one.activations[:, upper]
        if rows > 1 and (moved := one.activations[1] - one.activations[0]).any():
            parts = np.stack([lower, upper + 1], axis=1).ravel()
            moved = np.concatenate([moved, moved[-1:]])  # a part may end there
            low[2][:, one.places] = np.minimum.reduceat(moved, parts, axis=0)[::2]
            high[2][:, one.places] = np.maximum.reduceat(moved, parts, axis=0)[::2]
    return [Ends(*ends) for ends in zip(low, high, strict=True)]


def _halves(
    network: Integers, columns: Sequence[_Column], first: Places, last: Places, middle: Places
) -> tuple[Places, Places]:
    """The two halves of boxes, each split along the column that moves the first sums the most."""
    reach = _influence(network)
    moved = np.stack(
        [
            (one.activations[0][upper] - one.activations[0][lower]) @ reach[one.places]
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
