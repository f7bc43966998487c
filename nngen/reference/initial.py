"""Initial values by scheme."""

import numpy as np

from nngen.reference.generator import Array, Words, normal, uniform
from nngen.spec import Scheme


def draw(scheme: Scheme, seed: int, index: Words, fan_in: int, fan_out: int) -> Array:
    """An initial value for each index: the parameter's number in pack order."""
    seed = seed if scheme.seed is None else scheme.seed
    options = scheme.options
    fans = fan_in if scheme.name.startswith("he_") else fan_in + fan_out
    match scheme.name:
        case "zeros":
            return np.zeros(index.shape)
        case "uniform":
            return options["low"] + (options["high"] - options["low"]) * uniform(seed, index)
        case "normal":
            return options["mean"] + options["deviation"] * normal(seed, index)
        case "glorot_uniform" | "he_uniform":
            return np.asarray(np.sqrt(6.0 / fans) * (2.0 * uniform(seed, index) - 1.0))
        case "glorot_normal" | "he_normal":
            return np.asarray(np.sqrt(2.0 / fans) * normal(seed, index))
    raise KeyError(scheme.name)
