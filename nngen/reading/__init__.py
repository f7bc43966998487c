"""From text to a spec: places are kept, and all mistakes are reported at once."""

from nngen.reading.checks.all import MAX_PARAMETERS
from nngen.reading.source import load

__all__ = ["MAX_PARAMETERS", "load"]
