"""The worksheet: a step of training with its numbers, read from the generated module itself."""

from nngen.trace.example import Asked
from nngen.trace.tracing import Request, trace
from nngen.trace.worksheet import Worksheet

__all__ = ["Asked", "Request", "Worksheet", "trace"]
