"""The random numbers: the index-th number of a seed, by 32-bit integer arithmetic."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Words: TypeAlias = NDArray[np.uint64]

_WORD = np.uint64(2**32 - 1)


def bits(seed: int, index: ArrayLike) -> Words:
    """A random 32-bit integer for each index (mod 2^32): a hash of index and seed, one-to-one for each seed."""
    h: Words = np.zeros((), np.uint64)  # 64 bits hold the product of two 32-bit numbers
    for word in (np.asarray(index, np.uint64), np.uint64(seed)):
        h = (h + word + np.uint64(0x9E3779B9)) & _WORD
        h = h ^ (h >> np.uint64(16))
        h = (h * np.uint64(0x21F0AAAD)) & _WORD
        h = h ^ (h >> np.uint64(15))
        h = (h * np.uint64(0x735A2D97)) & _WORD
        h = h ^ (h >> np.uint64(15))
    return h


def uniform(seed: int, index: ArrayLike) -> Array:
    """A uniform number for each index, 0 <= u < 1."""
    return np.asarray(bits(seed, index) / 2.0**32)


def normal(seed: int, index: ArrayLike) -> Array:
    """A nearly normal number for each index: the sum of 12 uniform numbers minus 6 (Irwin and Hall, 1927); exact."""
    twelve = np.asarray(index, np.uint64)[..., np.newaxis] * np.uint64(12) + np.arange(12, dtype=np.uint64)
    return np.asarray(bits(seed, twelve).sum(axis=-1) / 2.0**32 - 6.0)
