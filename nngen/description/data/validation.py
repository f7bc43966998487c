"""The order in which ``fit`` of every module draws the examples that it keeps for validation."""

import numpy as np
from numpy.typing import NDArray


def validation_order(count: int, seed: int) -> NDArray[np.intp]:
    """The places of some examples, sorted by the random numbers of a seed; the first are kept for validation.

    The random numbers are those of generated modules (docs/module.md, "Random numbers").
    """
    h: NDArray[np.uint32] = np.zeros(count, np.uint32)
    for word in (np.arange(count, dtype=np.uint32), np.uint32(seed)):
        h = h + word + np.uint32(0x9E3779B9)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x21F0AAAD)
        h = (h ^ (h >> np.uint32(15))) * np.uint32(0x735A2D97)
        h = h ^ (h >> np.uint32(15))
    return np.argsort(h, kind="stable")
