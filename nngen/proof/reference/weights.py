"""Weights of examples: the weight of an example times that of its class, and the reduction over a batch.

For losses ``L`` with weights ``w``, the reduction is the sum of ``w L``, or this sum divided by the number of examples
or by the sum of the weights.
"""

import numpy as np
from numpy.typing import ArrayLike

from nngen.description.model import Layer, Loss
from nngen.proof.reference.generator import Array

_OF_BOTH_SIGNS = {"hinge", "squared_hinge"}
_STEPS_OF_BOTH_SIGNS = {"bipolar_step", "undecided_step"}


def _weights(loss: Loss, layer: Layer, y: Array, example_weights: ArrayLike | None) -> Array:
    """The weights, ``(n,)``; a target of 1 means the class of its output, or the second class of a single output."""
    weights = np.ones(len(y)) if example_weights is None else np.asarray(example_weights, np.float64)
    if weights.shape != (len(y),) or not ((weights >= 0.0) & (weights < np.inf)).all():
        raise ValueError(f"expected {len(y)} finite weights of at least 0, got {weights}")
    if loss.class_weights is None:
        return weights
    signed = loss.name in _OF_BOTH_SIGNS or (
        loss.name == "perceptron" and layer.activation.name in _STEPS_OF_BOTH_SIGNS
    )
    belongs = (y + 1.0) / 2.0 if signed else y
    if belongs.shape[1] == 1:
        belongs = np.hstack([1.0 - belongs, belongs])
    return np.asarray(weights * (belongs @ np.array(loss.class_weights)))


def shares(loss: Loss, layer: Layer, y: Array, example_weights: ArrayLike | None) -> Array:
    """The factor of each example in the loss of a batch, ``(n,)``.

    Raises:
        ValueError: ``example_weights`` is not ``(n,)``, or all weights of a weighted mean are 0.
    """
    weights = _weights(loss, layer, y, example_weights)
    match loss.batch:
        case "sum":
            return weights
        case "mean":
            return weights / len(y)
    if not weights.any():
        raise ValueError("expected weights that are not all 0")
    return np.asarray(weights / weights.sum())


def counted(loss: Loss, layer: Layer, y: Array, example_weights: ArrayLike | None) -> Array:
    """The weight of each example in the mean loss of an epoch, ``(n,)``."""
    return _weights(loss, layer, y, example_weights) if loss.batch == "weighted_mean" else np.ones(len(y))
