"""Penalties on large weights, and their derivatives."""

import numpy as np

from nngen.description.model import Penalty, Training
from nngen.proof.reference.generator import Array


def _strengths(training: Training) -> tuple[float, float]:
    """The factors of |w| and of w^2 / 2."""
    match training.penalty:
        case Penalty(name="l1", options=options):
            return options["strength"], 0.0
        case Penalty(name="l2", options=options):
            return 0.0, options["strength"]
        case Penalty(name="elastic_net", options=options):
            return options["l1"], options["l2"]
    raise KeyError(training.penalty)


def penalty(training: Training, w: Array) -> Array:
    """The penalty of each number of a parameter."""
    sizes, squares = _strengths(training)
    return np.asarray(sizes * np.abs(w) + squares * (w * w) / 2.0)


def penalty_slope(training: Training, w: Array) -> Array:
    """The derivatives of the penalty, in the shape of the parameter."""
    sizes, squares = _strengths(training)
    return np.asarray(sizes * np.sign(w) + squares * w)
