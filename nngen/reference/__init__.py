"""The generic engine, which judges the generated modules: it takes a spec, and shares nothing with them."""

from nngen.reference.encoding import Encoder
from nngen.reference.engine import Network
from nngen.reference.generator import Array, bits, normal, uniform
from nngen.reference.layers import nearer_to_zero

__all__ = ["Array", "Encoder", "Network", "bits", "nearer_to_zero", "normal", "uniform"]
