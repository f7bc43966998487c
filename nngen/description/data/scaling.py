"""Scaling: numbers as a network has them, and its answers in the units of the data."""

import math

from nngen.common.records import dataclass
from nngen.description.model import Row
from nngen.mathematics.formulas import Formula


@dataclass(frozen=True)
class Scaling:
    """The scaling ``(x - subtract) / divide``, with a number for each input."""

    subtract: Row
    divide: Row
    log: bool = False
    """Whether it scales logarithms of the numbers."""

    @property
    def divisor(self) -> float | None:
        """The number that divides every input, if scaling does nothing else; otherwise None."""
        return None if any(self.subtract) or len(set(self.divide)) > 1 else self.divide[0]

    def __call__(self, x: Row) -> Row:
        """The scaled inputs of an example."""
        return tuple((v - s) / d for v, s, d in zip(x, self.subtract, self.divide, strict=True))


MAX_EXPONENT = 700.0
"""The largest logarithm of an answer: of larger ones, Python raises an error, and other languages have infinity."""

CLIP = "smooth_clip"
"""The function of modules that keeps a scaled number within ±3."""


def scaled(subtract: float, divide: float, clipped: bool = False) -> Formula:
    """``(x - subtract) / divide``, simplified, and within the clip if there is one."""
    if math.isinf(divide):
        return Formula("0.0 * x")
    shifted = "x" if not subtract else f"x - {subtract!r}" if subtract > 0.0 else f"x + {-subtract!r}"
    plain = shifted if divide == 1.0 else f"({shifted}) / {divide!r}"
    return Formula(f"{CLIP}({plain})", frozenset({CLIP})) if clipped else Formula(plain)


def unscaled(subtract: float, divide: float) -> Formula:
    """``a * divide + subtract``, simplified."""
    scaled = "a" if divide == 1.0 else f"a * {divide!r}"
    return Formula(
        scaled if not subtract else f"{scaled} + {subtract!r}" if subtract > 0.0 else f"{scaled} - {-subtract!r}"
    )
