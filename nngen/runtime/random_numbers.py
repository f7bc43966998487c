"""Random numbers, the same in every language."""

from math import sqrt

from nngen.runtime.kit import F64, U32, Num


def _bits(seed: U32, index: int) -> U32:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = U32(0)
    for word in (U32(index), U32(seed)):
        h = h + word + 0x9E3779B9
        h = (h ^ (h >> 16)) * 0x21F0AAAD
        h = (h ^ (h >> 15)) * 0x735A2D97
        h = h ^ (h >> 15)
    return h


def _uniform(seed: U32, index: int) -> F64:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return F64(_bits(seed, index)) / 4294967296.0


def _keep(seed: U32 | None, index: int, rate: F64) -> Num:
    """What dropout multiplies unit index by: 0 with this probability, else 1 / (1 - rate); 1 without a seed."""
    if seed is None:
        return 1.0
    return 0.0 if _uniform(seed, index) < rate else Num(1.0 / (1.0 - rate))


def _normal(seed: U32, index: int) -> F64:
    """The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6."""
    total = 0.0
    for k in range(12):
        total += F64(_bits(seed, 12 * index + k))
    return total / 4294967296.0 - 6.0


def _truncated(seed: U32, index: int, cut: F64) -> F64:
    """The index-th normal number of this seed; if it is beyond ±cut, that of other seeds, until one is within."""
    n = _normal(seed, index)
    attempt = U32(0)
    while abs(n) > cut:
        attempt = attempt + 1
        n = _normal(_bits(attempt, int(seed)), index)
    return n


def _orthogonal(seed: U32, start: int, rows: int, columns: int) -> list[F64]:
    """A matrix of normal random numbers from start on, made orthonormal along its shorter side; row by row.

    This is the modified Gram-Schmidt process, done twice: rounding leaves the first vectors not quite orthogonal.
    """
    count = min(rows, columns)
    length = max(rows, columns)
    step = columns if rows <= columns else 1
    along = 1 if rows <= columns else columns
    q = [_normal(seed, start + i) for i in range(rows * columns)]
    for turn in range(2 * count):
        k = step * (turn % count)
        norm = sqrt(_product(q, k, k, along, length))
        for i in range(length):
            q[k + along * i] /= norm
        for other in range(turn % count + 1, count):
            share = _product(q, k, step * other, along, length)
            for i in range(length):
                q[step * other + along * i] -= share * q[k + along * i]
    return q


def _product(q: list[F64], one: int, other: int, along: int, length: int) -> F64:
    """The sum of products of two vectors in a matrix, from their first places on."""
    total = 0.0
    for i in range(length):
        total += q[one + along * i] * q[other + along * i]
    return total
