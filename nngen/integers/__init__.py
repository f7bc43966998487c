"""A trained network in integers: scales measured on the training rows, whole numbers chosen, ranges of sums proven.

docs/int8.md has the mathematics.
"""

from typing import TYPE_CHECKING

from nngen.common.on_demand import on_demand
from nngen.integers.activations import INCREASING, TABLE_SIZE
from nngen.integers.lite import Lite, Scale, as_micro
from nngen.integers.network import (
    KNOTS,
    LARGEST,
    MISSING,
    TOP,
    Clip,
    Codes,
    Hidden,
    Inputs,
    Integers,
    Score,
    Sums,
    Value,
    Whole,
)

if TYPE_CHECKING:
    from nngen.integers.quantize import quantized
    from nngen.integers.rows import whole_rows
    from nngen.integers.running import Answers, encoded, run

__all__ = [
    "INCREASING",
    "KNOTS",
    "LARGEST",
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

__getattr__ = on_demand(
    __name__,
    {"quantize": "quantized", "rows": "whole_rows", "running": "Answers encoded run"},  # they need NumPy
)
