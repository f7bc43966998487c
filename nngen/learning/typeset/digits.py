"""Numbers with a fixed count of significant digits, and words among formulas."""

import math

from nngen.common.records import dataclass
from nngen.learning.translation import translated

MINUS = "−"
"""The minus sign. It is as wide as a plus."""


@dataclass(frozen=True)
class Digits:
    """How numbers and words are written."""

    count: int | None = 6
    """The count of significant digits; None for as many as identify the number."""
    language: str = "en"
    """The language of words, such as those of a case distinction."""

    def says(self, text: str) -> str:
        """A message in this language. Any other text stays as it is."""
        return translated(text, self.language)

    def parts(self, value: float) -> tuple[bool, str, int]:
        """Whether a number is negative, its decimal digits, and its power of ten."""
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
