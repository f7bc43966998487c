"""How far a module may be from the reference, and how much rounding changes the reference."""

import numpy as np

from nngen.description.model import Spec
from nngen.proof.reference import Array, Network, nearer_to_zero
from nngen.proof.verify.ulps import EPSILON

ALLOWED = 2.0**12
"""Allowed distance from the reference in units in the last place: 12 digits agree, or 3 with 32 bits.

Module and reference add in different orders and use different forms of a function. Over the committed modules and the
networks of the tests, in every form, the largest distance was 256 with 64 bits and 118 with 32.
"""

PERTURBATION = 16.0
"""Perturbation of the parameters in units in the last place, to see whether rounding matters.

The reference also rounds activations differently. If tanh is nearly 1, only that has an effect: 1 - a * a is then
mostly rounding.
"""

SENSITIVE = ALLOWED / 4.0
"""The largest effect of rounding on a result that is judged by ``ALLOWED``."""

MISTAKE_FACTOR = 64.0
"""A sensitive result is wrong if its distance is this many times the effect of rounding."""


def beside(flat: Array, dtype: str, random: np.random.Generator) -> Array:
    """Parameters, shape ``(size,)``, changed by a few units in the last place."""
    return flat * (1.0 + PERTURBATION * EPSILON[dtype] * random.normal(size=len(flat)))


def rounded(spec: Spec, dtype: str, random: np.random.Generator) -> Network:
    """A reference that rounds about half of all activations differently."""
    return Network(spec, lambda a: nearer_to_zero(a, random.integers(0, 2, np.shape(a)), EPSILON[dtype]))
