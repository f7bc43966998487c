"""Numbers in print."""

import math
from dataclasses import dataclass

MINUS = "−"
"""The minus sign, which is as wide as a plus."""


@dataclass(frozen=True)
class Digits:
    """How many significant digits are shown; None for as many as it takes to read the same number back."""

    count: int | None = 6

    def parts(self, value: float) -> tuple[bool, str, int]:
        """Whether a number has a minus sign, its size as decimal digits, and the power of ten that multiplies these."""
        if not math.isfinite(value):
            return value < 0, "NaN" if math.isnan(value) else "∞", 0
        text = repr(float(abs(value))) if self.count is None else f"{abs(value):.{self.count}g}"
        digits, _, exponent = text.partition("e")
        return math.copysign(1.0, value) < 0 and float(text) != 0.0, digits.removesuffix(".0"), int(exponent or 0)

    def text(self, value: float) -> str:
        """A number as text: ``−0.25``, ``1e−8``."""
        negative, digits, exponent = self.parts(value)
        power = f"e{exponent}".replace("-", MINUS) if exponent else ""
        return f"{MINUS if negative else ''}{digits}{power}"


FULL = Digits(None)
"""As many digits as the numbers have."""
