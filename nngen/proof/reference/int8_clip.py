"""The smooth clip of a column in whole numbers, by docs/int8.md."""

import math
from bisect import bisect_right
from fractions import Fraction
from typing import NamedTuple

from nngen.proof.reference.int8_steps import near, near_quotient

KNOTS = [k / 4 for k in range(16)] + [4 * 2**octave * (1 + k / 8) for octave in range(3) for k in range(8)] + [32.0]


def smooth(x: float) -> float:
    """The clip itself."""
    return x / math.hypot(1.0, x / 3.0)


class Clip(NamedTuple):
    """The clip of a number that is ``above`` the low end of its range."""

    m: int
    zero: int

    def __call__(self, above: int) -> int:
        """The clip in units of 1/8192."""
        x = Fraction(near_quotient(above * self.m, 2**15) - self.zero, 1024)
        k = min(bisect_right(KNOTS, abs(x)), len(KNOTS) - 1)
        left, right = Fraction(KNOTS[k - 1]), Fraction(KNOTS[k])
        first, last = near(8192 * smooth(float(left))), near(8192 * smooth(float(right)))
        size = math.floor(first + (last - first) * (abs(x) - left) / (right - left))
        return size if x > 0 else -size


def clip_of(least: float, most: float, apart: int) -> Clip:
    """The clip of a range from ``least`` to ``most``, which are so many whole numbers apart."""
    m = near(1024 * 2**15 * (most - least) / apart) if apart else 0
    return Clip(m, near(min(max(-1024 * least, -32767), 32767)))
