"""A trained network in integers: scales measured on the training rows, whole numbers chosen, ranges of sums proven.

docs/int8.md has the mathematics.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nngen.integers.activations import INCREASING, TABLE_SIZE
from nngen.integers.lite import Lite, Scale, as_micro
from nngen.integers.network import KNOTS, MISSING, TOP, Clip, Codes, Hidden, Inputs, Integers, Score, Sums, Value, Whole

if TYPE_CHECKING:
    from nngen.integers.quantize import quantized
    from nngen.integers.rows import whole_rows
    from nngen.integers.running import Answers, encoded, run

__all__ = [
    "INCREASING",
    "KNOTS",
    "MISSING",
    "TABLE_SIZE",
    "TOP",
    "Answers",
    "Clip",
    "Codes",
    "Hidden",
    "Inputs",
    "Integers",
    "Lite",
    "Scale",
    "Score",
    "Sums",
    "Value",
    "Whole",
    "as_micro",
    "encoded",
    "quantized",
    "run",
    "whole_rows",
]

_ELSEWHERE = {
    "Answers": "running",
    "encoded": "running",
    "quantized": "quantize",
    "run": "running",
    "whole_rows": "rows",
}
"""The modules that need NumPy, by the names that they have."""


def __getattr__(name: str) -> Any:
    """Load modules that need NumPy only on demand, so that ``nngen build`` does not wait for it."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"nngen.integers.{_ELSEWHERE[name]}"), name)
