"""A trained network in integers: scales measured on the training rows, whole numbers chosen, ranges of sums proven.

docs/int8.md has the mathematics.
"""

from nngen.integers.activations import TABLE_SIZE
from nngen.integers.network import MISSING, Codes, Inputs, Integers, Rescale, Rows, Sums, Whole
from nngen.integers.quantize import quantized
from nngen.integers.rows import whole_rows
from nngen.integers.run import Answers, run

__all__ = [
    "MISSING",
    "TABLE_SIZE",
    "Answers",
    "Codes",
    "Inputs",
    "Integers",
    "Rescale",
    "Rows",
    "Sums",
    "Whole",
    "quantized",
    "run",
    "whole_rows",
]
