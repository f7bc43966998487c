"""Columns of numbers in whole numbers, by docs/int8.md: the unit, the range and the offset of each."""

import math
from collections.abc import Sequence
from fractions import Fraction


def power_of_ten(values: Sequence[float | Fraction], reach: float = 0.0, apart: int = 0, noise: float = 0.0) -> float:
    """The resolution of some numbers, by exact arithmetic."""
    exact = [Fraction(v) for v in values]
    size, span = max([Fraction(reach), *map(abs, exact)]), max(exact) - min(exact)
    step = Fraction(1)
    while size > 32767 * step:
        step *= 10
    while step <= 1 and size * 10 <= 32767 * step and step > Fraction(1, 10**307):
        if _whole(exact, step, max(size, Fraction(noise))) and (not span or span >= apart * step):
            break
        step /= 10
    return float(step)


def _whole(exact: Sequence[Fraction], step: Fraction, size: Fraction) -> bool:
    """Whether numbers are multiples of a step, up to a millionth of a size."""
    return all(abs(v - step * round(v / step)) * 10**6 <= size for v in exact)


def range_of(values: Sequence[float]) -> tuple[float, float]:
    """The range of some numbers: without one in 200 at each end, if that halves it at least."""
    known = sorted(values)
    inner = known[len(known) // 200 : len(known) - len(known) // 200]
    width = inner[-1] - inner[0]
    kept = inner if 0.0 < 2.0 * width < known[-1] - known[0] else known
    return kept[0], kept[-1]


def offset_of(values: Sequence[float], step: float) -> float:
    """The offset of some numbers: 0 if whole numbers of 16 bits hold them, with 1,024 of them or as multiples."""
    least, span, size = min(values), max(values) - min(values), max(map(abs, values))
    held = size <= 32767 * step
    if span == 0.0 or (held and span >= 1024 * step):
        return 0.0
    if held and _whole([Fraction(v) for v in values], Fraction(step), Fraction(size)):
        return 0.0
    power = Fraction(1)
    while power > Fraction(span):
        power /= 10
    while power * 10 <= Fraction(span):
        power *= 10
    return math.floor(least / float(power)) * float(power)
