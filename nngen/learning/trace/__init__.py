"""Worksheets: steps of training with all numbers."""

from nngen.learning.trace.example import Request
from nngen.learning.trace.tracing import of_spec, trace, written
from nngen.learning.trace.worksheet import Worksheet

__all__ = ["Request", "Worksheet", "of_spec", "trace", "written"]
