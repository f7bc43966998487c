"""Whole numbers for factors, by docs/int8.md: from a sum to one of some places."""

import math
from typing import NamedTuple


def near(value: float) -> int:
    """The nearest whole number; of two, the greater one."""
    return math.floor(value + 0.5)


def near_quotient(number: int, divisor: int) -> int:
    """The same of a quotient, exactly: the floor of (2 number + divisor) / (2 divisor)."""
    return (2 * number + divisor) // (2 * divisor)


class Steps(NamedTuple):
    """The place of a sum is near(near((sum - first) / 2^k) m / 2^n), from 0 to ``places`` - 1."""

    first: int
    places: int
    k: int
    m: int
    n: int

    def place(self, total: int) -> int:
        """The place of a sum. A sum beyond the last one that has a place counts as that one."""
        if total <= self.first:
            return 0
        found = self._beyond(total)
        if found < self.places:
            return found
        within, beyond = self.first, total
        while beyond - within > 1:
            middle = (within + beyond) // 2
            within, beyond = (middle, beyond) if self._beyond(middle) < self.places else (within, middle)
        return self._beyond(within)

    def _beyond(self, total: int) -> int:
        """The place, had it no end."""
        above = near_quotient(total - self.first, 2**self.k)
        return near_quotient(above * self.m, 2**self.n) if above < 2**16 else self.places


def steps(ratio: float, first: int, count: int) -> Steps:
    """The whole numbers for ``ratio`` places in a sum of 1."""
    reach, k = math.ceil(1.01 * count / ratio), 0
    while reach >= 2 ** (16 + k):
        k += 1
    n = max((i for i in range(25) if near(ratio * 2.0 ** (k + i)) < 2**16 and count * 2**i <= 2**32), default=0)
    for whole_bytes in (16, 8):
        if whole_bytes < n and ratio * 2.0 ** (k + whole_bytes) >= 1024:
            n = whole_bytes
    return Steps(first, count, k, min(max(near(ratio * 2.0 ** (k + n)), 1), 65535), n)


def eight_digits(size: float) -> float:
    """A positive size, rounded up to eight binary digits."""
    if size == 0.0:
        return 1.0
    digit = 2.0 ** (math.floor(math.log2(size)) - 7)
    return math.ceil(size * (1.0 - 2.0**-30) / digit) * digit
