"""Ranges of numbers that functions and commands take."""

import math
from numbers import Integral, Real
from typing import Annotated, Any

from nngen.common.records import dataclass


@dataclass(frozen=True)
class Within:
    """Annotates a number: it is from ``least`` to ``most``."""

    kind: type
    """``Integral`` or ``Real``."""
    least: float
    most: float = math.inf

    def __contains__(self, value: Any) -> bool:
        fits = isinstance(value, self.kind) and not isinstance(value, bool)
        return fits and bool(self.least <= value <= self.most)

    @property
    def ends(self) -> tuple[float, float | None]:
        """The least value, and the most one if there is one."""
        return self.least, self.most if self.most < math.inf else None

    def __str__(self) -> str:
        kind = "whole number" if self.kind is Integral else "number"
        return f"a {kind} from {self.least:g}" + (f" to {self.most:.10g}" if self.most < math.inf else "")


Count = Annotated[int, Within(Integral, 1)]
Several = Annotated[int, Within(Integral, 2, 1_000)]
Seed = Annotated[int, Within(Integral, 0, 2**32 - 1)]
Entries = Annotated[int, Within(Integral, 16, 256)]
"""The numbers of a table of a predictor in integers."""
Seconds = Annotated[float, Within(Real, 0.1, 86_400)]
