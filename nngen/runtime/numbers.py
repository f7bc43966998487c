"""What formulas call of numbers, and sums, in the width of the network."""

from nngen.runtime.kit import Num, is_nan


def _choose(condition: bool, yes: Num, no: Num) -> Num:
    """One number if a condition holds, else the other."""
    return yes if condition else no


def _maximum(a: Num, b: Num) -> Num:
    """The greater number; NaN if one is NaN."""
    return b if b > a or is_nan(b) else a


def _minimum(a: Num, b: Num) -> Num:
    """The lesser number; NaN if one is NaN."""
    return b if b < a or is_nan(b) else a


def _sign(x: Num) -> Num:
    """1 above 0, -1 below it, 0 at it."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0


def _largest(*values: Num) -> Num:
    """The largest number; NaN if one is NaN."""
    top = values[0]
    for value in values:
        top = _maximum(top, value)
    return top


def _sum(values: list[Num]) -> Num:
    """The sum, added one after the other."""
    total: Num = 0.0
    for value in values:
        total += value
    return total


def _dot(v: list[Num], w: list[Num]) -> Num:
    """The sum of products, added one after the other."""
    total: Num = 0.0
    for i, value in enumerate(v):
        total += value * w[i]
    return total
