"""Worksheets: steps of training with all numbers."""

from nngen.trace.example import Request
from nngen.trace.formats import written
from nngen.trace.tracing import trace
from nngen.trace.worksheet import Worksheet

__all__ = ["Request", "Worksheet", "trace", "written"]
