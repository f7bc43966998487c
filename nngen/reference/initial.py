"""Initial values by scheme."""

import numpy as np

from nngen.reference.generator import Array, Words, normal, uniform
from nngen.structure import Scheme


def draw(scheme: Scheme, seed: int, index: Words, fan_in: int, fan_out: int) -> Array:
    """An initial value for each index: the parameter's number in pack order."""
    seed = seed if scheme.seed is None else scheme.seed
    options = scheme.options
    match scheme.name:
        case "zeros":
            return np.zeros(index.shape)
        case "uniform":
            return options["low"] + (options["high"] - options["low"]) * uniform(seed, index)
        case "normal":
            return options["mean"] + options["deviation"] * normal(seed, index)
        case "constant":
            return np.full(index.shape, options["value"])
    name, _, distribution = scheme.name.partition("_")
    variance = {"glorot": 2.0 / (fan_in + fan_out), "he": 2.0 / fan_in, "lecun": 1.0 / fan_in}[name]
    if distribution == "normal":
        return np.asarray(np.sqrt(variance) * normal(seed, index))
    bound = {"glorot": 6.0 / (fan_in + fan_out), "he": 6.0 / fan_in, "lecun": 3.0 / fan_in}[name]  # 3 * variance, exact
    return np.asarray(np.sqrt(bound) * (2.0 * uniform(seed, index) - 1.0))
