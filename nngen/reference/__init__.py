"""The generic engine, which judges the generated modules: it takes a spec, and shares nothing with them."""

from nngen.reference.engine import Network
from nngen.reference.generator import Array, bits, normal, uniform

__all__ = ["Array", "Network", "bits", "normal", "uniform"]
