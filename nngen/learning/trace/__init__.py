"""Worksheets: steps of training with all numbers."""

from nngen.learning.trace.example import Request
from nngen.learning.trace.tracing import trace, written
from nngen.learning.trace.worksheet import Worksheet

__all__ = ["Request", "Worksheet", "trace", "written"]
