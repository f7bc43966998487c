"""Bounds of all sums for boxes of rows, with interval arithmetic (Moore, 1966).

All numbers are whole and below 2^53, so float64 is exact. The bounds of a single row are its answer.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.integers import Integers, Sums, Value
from nngen.proof.proving.questions import Question

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Ends(NamedTuple):
    """The least and the greatest number of each unit, ``(boxes, units)``."""

    low: Array
    high: Array

    def within(self, other: "Ends") -> "Ends":
        """The intersection of both."""
        return Ends(np.maximum(self.low, other.low), np.minimum(self.high, other.high))

    def plus(self, other: "Ends") -> "Ends":
        """The bounds of the sums."""
        return Ends(self.low + other.low, self.high + other.high)

    def less(self, other: "Ends") -> "Ends":
        """The bounds of the differences."""
        return Ends(self.low - other.high, self.high - other.low)


class Bounds:
    """The bounds of a network, prepared for a property that is about one answer: never, range or robust."""

    def __init__(self, network: Integers, asked: Question) -> None:
        self.network, self.asked = network, asked
        self.hidden = [(Weights(layer.weights, layer.biases), Reached(layer)) for layer in network.hidden]
        output = network.output
        weights, biases = [np.array(w) for w in output.weights], np.array(output.biases)
        if output.units > 1 and network.classes:  # by how much the sum of the class is before each other
            weights, biases = [w[asked.low] - w for w in weights], biases[asked.low] - biases
        self.output = Weights(weights, biases)

    def holding(self, inputs: Ends) -> Bools:
        """Which boxes keep the property, where the bounds say so: ``(boxes,)``."""
        network, asked = self.network, self.asked
        known = {network.inputs.name: inputs}
        for layer, (weights, reached) in zip(network.hidden, self.hidden, strict=True):
            known[layer.name] = reached(weights.sums(layer, known))
        low, high = self.output.sums(network.output, known)
        if not network.classes:
            one = Reached(network.output.answers[asked.output])
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


class Weights:
    """The weights of a layer, those above 0 apart from those below."""

    def __init__(self, weights: Sequence[object], biases: object) -> None:
        self.pairs = [(np.maximum(w, 0.0).T, np.minimum(w, 0.0).T) for w in map(np.array, weights)]
        self.biases = np.array(biases, np.float64)

    def sums(self, layer: Sums, known: Mapping[str, Ends], *, apart: bool = False) -> Ends:
        """The bounds of the sums, or of how far two of them are apart, by those of the sources of a layer."""
        low = high = np.zeros_like(self.biases) if apart else self.biases
        for source, (above, below) in zip(layer.sources, self.pairs, strict=True):
            ends = known[source]
            low = low + ends.low @ above + ends.high @ below
            high = high + ends.high @ above + ends.low @ below
        return Ends(low, high)


class Reached:
    """The bounds of activations or answers for bounds of their sums."""

    def __init__(self, one: Value) -> None:
        self.one = one
        self.values = self.steps = _extremes([])
        if one.table:
            self.values, self.steps = _extremes(one.table), _extremes(np.diff(one.table))

    def __call__(self, sums: Ends) -> Ends:
        """Those for bounds of sums."""
        first, last = (_place(self.one, z) for z in sums)
        if self.one.table:
            return Ends(self.values.low[first, last], self.values.high[first, last])
        return Ends((first + self.one.base).astype(np.float64), (last + self.one.base).astype(np.float64))

    def apart(self, before: Ends, after: Ends, sums: Ends) -> Ends:
        """Those of how far two of them are apart, by how far their sums are apart.

        A place is a sum that is cut, divided and rounded, so ``sums`` give it at most their own distance, divided and
        rounded away; a table then moves from place to place by its steps.
        """
        step = self.one.step
        least, most = np.minimum(before.low, after.low), np.maximum(before.high, after.high)
        cut = (least < step.low) | (most > step.high)
        low, high = (z.astype(np.int64) for z in sums)
        low, high = np.where(cut, np.minimum(low, 0), low), np.where(cut, np.maximum(high, 0), high)
        low, high = (low >> step.before) * step.multiplier, -(-high >> step.before) * step.multiplier
        places = Ends(*(z.astype(np.float64) for z in (low >> step.after, -(-high >> step.after))))
        if not self.one.table:
            return places
        first, last = _place(self.one, least), _place(self.one, most)
        last = np.maximum(last - 1, first)  # the last step between these places; if there is none, nothing moves
        last = np.minimum(last, len(self.one.table) - 2)
        first = np.minimum(first, last)
        by = [end * steps[first, last] for end in places for steps in self.steps]
        return Ends(np.minimum.reduce(by), np.maximum.reduce(by))


def _extremes(values: Sequence[int] | NDArray[np.int64]) -> Ends:
    """The least and the greatest value of each part of a table."""
    ends = np.tri(len(values), dtype=bool).T
    rows = np.broadcast_to(np.array(values, np.float64), ends.shape)
    low, high = np.where(ends, rows, np.inf), np.where(ends, rows, -np.inf)
    return Ends(np.minimum.accumulate(low, axis=1), np.maximum.accumulate(high, axis=1))


def _place(one: Value, sums: Array) -> Places:
    step = one.step
    above = np.clip(sums, step.low, step.high).astype(np.int64) - step.low
    place: Places = ((above + step.half_before >> step.before) * step.multiplier + step.half_after) >> step.after
    return place
