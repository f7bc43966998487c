"""Scaling of inputs: the constants come from the training examples only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nngen.description.model import Interval, Row, Standardize


@dataclass(frozen=True)
class Scaling:
    """The scaling ``(x - subtract) / divide``, with a number for each input."""

    subtract: Row
    divide: Row

    @property
    def divisor(self) -> float | None:
        """The number that divides every input, if scaling does nothing else; otherwise None."""
        return None if any(self.subtract) or len(set(self.divide)) > 1 else self.divide[0]

    def __call__(self, x: Row) -> Row:
        """The scaled inputs of an example."""
        return tuple((v - s) / d for v, s, d in zip(x, self.subtract, self.divide, strict=True))


def measured(scale: Standardize | Interval, column: Sequence[float]) -> tuple[float, float]:
    """The constants to subtract from a column and to divide it by, measured on its values."""
    return _standard(column) if isinstance(scale, Standardize) else _interval(column)


def _standard(column: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation; a constant column is divided by 1, as rounding could give it a tiny deviation."""
    if min(column) == max(column):
        return column[0], 1.0
    mean = math.fsum(column) / len(column)
    variance = math.fsum((x - mean) * (x - mean) for x in column) / len(column)
    return mean, math.sqrt(variance) or 1.0


def _interval(column: Sequence[float]) -> tuple[float, float]:
    """The smallest value and the range; a constant column is divided by 1."""
    return min(column), (max(column) - min(column)) or 1.0
