"""The smooth clip of ``scale: robust`` in whole numbers: lines between knots."""

import math

import numpy as np
from numpy.typing import NDArray

from nngen.integers.network import KNOTS, PLACES, Clip

FARTHEST = 31.0
"""How far from the center, as a share of the divisor, a number may be before it counts as the end of its range."""


def smooth(t: float) -> float:
    """The clip of a scaled number."""
    return t / math.sqrt(1.0 + (t / 3.0) ** 2)


def clipped(clip: Clip, above: NDArray[np.int64]) -> NDArray[np.int64]:
    """The clip of numbers that are so far above the low end of their range."""
    t = (above * clip.multiplier + 2**14 >> 15) - clip.zero
    size = np.interp(np.abs(t), PLACES, KNOTS)  # exact: the steps between knots are powers of 2
    found: NDArray[np.int64] = np.sign(t) * np.floor(size).astype(np.int64)
    return found
