"""The weighted sums of a layer in integers, and the proof of their range."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nngen.integers.activations import rounded
from nngen.integers.columns import NotHeldError
from nngen.integers.folded import Folded
from nngen.integers.network import MAX_SUM, TOP, Sums

FINEST = 2.0**-27
"""The least value of 1 in a sum: a network that has learned nothing has tiny weights, and needs no finer ones."""


class Vector(NamedTuple):
    """The activations of a layer or of the inputs: the value of 1, and their least and greatest number."""

    scale: float
    least: int
    most: int


def sums(one: Folded, vectors: Mapping[str, Vector]) -> Sums:
    """The weights and biases of a layer as whole numbers, all in units of one scale.

    Each part of a sum lies between its bounds, too: 0 is a possible activation, so each further term can only widen
    the range.

    Args:
        one: the layer.
        vectors: the activations of its sources, by name.

    Raises:
        NotHeldError: a sum may have more than 30 bits.
    """
    scales = [vectors[source].scale for source in one.sources]
    largest = max(float(np.abs(w).max()) * s for w, s in zip(one.weights, scales, strict=True))
    scale = max(largest / TOP, float(np.abs(one.biases).max()) / 2.0**24, FINEST)
    weights = tuple(
        tuple(tuple(rounded(w * s / scale) for w in row) for row in matrix.tolist())
        for matrix, s in zip(one.weights, scales, strict=True)
    )
    biases = tuple(rounded(b / scale) for b in one.biases.tolist())
    low = high = 0
    for unit, bias in enumerate(biases):
        least = most = bias
        for source, matrix in zip(one.sources, weights, strict=True):
            vector = vectors[source]
            least += sum(min(w * vector.least, w * vector.most) for w in matrix[unit])
            most += sum(max(w * vector.least, w * vector.most) for w in matrix[unit])
        low, high = min(low, least), max(high, most)
    if max(-low, high) >= MAX_SUM:
        raise NotHeldError(f"a sum may reach {max(-low, high):,}, and sums have at most 30 bits")
    return Sums(one.layer.name, one.layer.activation.name, one.sources, weights, biases, scale, low, high)
