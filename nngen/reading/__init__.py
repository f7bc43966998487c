"""Reads a text into a spec: keeps the position of each value, reports all mistakes at once; and writes YAML."""

from nngen.reading.checks.all import MAX_PARAMETERS
from nngen.reading.document import Document, Span
from nngen.reading.properties import properties
from nngen.reading.replaced import replaced
from nngen.reading.source import checked, load, parse, values_of, written
from nngen.reading.yaml_reader import read
from nngen.reading.yaml_text import check_characters
from nngen.reading.yaml_writer import block, flow, listed, quoted

__all__ = [
    "MAX_PARAMETERS",
    "Document",
    "Span",
    "block",
    "check_characters",
    "checked",
    "flow",
    "listed",
    "load",
    "parse",
    "properties",
    "quoted",
    "read",
    "replaced",
    "values_of",
    "written",
]
