"""Reads a text into a spec: keeps the position of each value, and reports all mistakes at once."""

from nngen.reading.checks.all import MAX_PARAMETERS
from nngen.reading.source import load, parse

__all__ = ["MAX_PARAMETERS", "load", "parse"]
