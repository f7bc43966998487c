"""Initial values by initializer."""

import itertools
import math

import numpy as np

from nngen.description.model import Scheme
from nngen.proof.reference.generator import Array, Words, bits, normal, uniform

DEVIATION = 0.87962566103423978
"""The standard deviation of a standard normal number between -2 and 2, as in Keras."""


def draw(scheme: Scheme, seed: int, index: Words, fan_in: int, fan_out: int) -> Array:
    """An initial value for each index, the number of the parameter in pack order; it has the shape of ``index``."""
    seed = seed if scheme.seed is None else scheme.seed
    options = scheme.options
    match scheme.name:
        case "zeros":
            return np.zeros(index.shape)
        case "uniform":
            return options["low"] + (options["high"] - options["low"]) * uniform(seed, index)
        case "normal":
            return options["mean"] + options["deviation"] * normal(seed, index)
        case "truncated_normal":
            return options["mean"] + options["deviation"] * truncated(seed, index, options["cut"])
        case "constant":
            return np.full(index.shape, options["value"])
        case "orthogonal":
            return options["gain"] * orthonormal(normal(seed, index))
    name, _, distribution = scheme.name.partition("_")
    variance = {"glorot": 2.0 / (fan_in + fan_out), "he": 2.0 / fan_in, "lecun": 1.0 / fan_in}[name]
    if distribution == "normal":
        return np.asarray(np.sqrt(variance) * normal(seed, index))
    if distribution == "truncated":
        return np.asarray(np.sqrt(variance) / DEVIATION * truncated(seed, index, 2.0))
    bound = {"glorot": 6.0 / (fan_in + fan_out), "he": 6.0 / fan_in, "lecun": 3.0 / fan_in}[name]  # 3 * variance, exact
    return np.asarray(np.sqrt(bound) * (2.0 * uniform(seed, index) - 1.0))


def truncated(seed: int, index: Words, cut: float) -> Array:
    """A normal number between -cut and cut for each index, by rejection (von Neumann, 1951).

    Draw k, from 0, is the index-th number of the seed ``bits(k, seed)``, or of the seed itself for k = 0. The result is
    the first draw that is not rejected.
    """

    def one(number: int) -> float:
        streams = (seed if k == 0 else int(bits(k, seed)) for k in itertools.count())
        return next(n for n in (float(normal(stream, number)) for stream in streams) if -cut <= n <= cut)

    return np.array([one(number) for number in index.ravel().tolist()]).reshape(index.shape)


def orthonormal(matrix: Array) -> Array:
    """Orthonormalize the rows by the modified Gram-Schmidt process, or the columns if these are fewer.

    A first pass leaves an error that grows with the condition number of the matrix (Björck, BIT 7, 1967). A second pass
    reduces it to that of a well-conditioned matrix.
    """
    if len(matrix) > len(matrix.T):
        return orthonormal(matrix.T).T
    rows = list(matrix)
    for _ in range(2):
        for i, row in enumerate(rows):
            for before in rows[:i]:
                row = row - _dot(before, row) * before
            rows[i] = row / math.sqrt(_dot(row, row))
    return np.array(rows)


def _dot(v: Array, w: Array) -> float:
    return float((v * w).cumsum()[-1])  # adds one product after the other; NumPy's own sums have other orders
