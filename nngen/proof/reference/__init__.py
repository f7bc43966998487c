"""The generic engine, which judges the generated modules: it takes a spec, and shares nothing with them."""

from nngen.proof.reference.contributions import contributions
from nngen.proof.reference.encoding import Encoder
from nngen.proof.reference.engine import Network
from nngen.proof.reference.generator import Array, bits, normal, uniform
from nngen.proof.reference.intervals import bounds, score
from nngen.proof.reference.layers import nearer_to_zero
from nngen.proof.reference.sensitivity import sensitivity

__all__ = [
    "Array",
    "Encoder",
    "Network",
    "bits",
    "bounds",
    "contributions",
    "nearer_to_zero",
    "normal",
    "score",
    "sensitivity",
    "uniform",
]
