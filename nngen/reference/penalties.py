"""What large weights cost."""

import numpy as np

from nngen.reference.generator import Array
from nngen.training import Training


def _strengths(training: Training) -> tuple[float, float]:
    """How much the sizes count, and how much half the squares."""
    if training.penalty is None:
        return 0.0, 0.0
    options = training.penalty.options
    match training.penalty.name:
        case "l1":
            return options["strength"], 0.0
        case "l2":
            return 0.0, options["strength"]
        case "elastic_net":
            return options["l1"], options["l2"]
    raise KeyError(training.penalty.name)


def penalty(training: Training, w: Array) -> float:
    """What a parameter adds to the loss."""
    sizes, squares = _strengths(training)
    return float(sizes * np.abs(w).sum() + squares * (w * w).sum() / 2.0)


def penalty_slope(training: Training, w: Array) -> Array:
    """Its derivatives."""
    sizes, squares = _strengths(training)
    return np.asarray(sizes * np.sign(w) + squares * w)
