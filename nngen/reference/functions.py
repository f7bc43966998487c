"""Activations and losses, from the textbook: the values, and the way back."""

from collections.abc import Callable

import numpy as np

from nngen.reference.generator import Array


def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))  # of the two forms of the fraction, the one that cannot overflow
    return np.where(z < 0.0, e, 1.0) / (1.0 + e)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


ACTIVATE: dict[str, Callable[[Array], Array]] = {
    "step": lambda z: np.where(z > 0.0, 1.0, 0.0),
    "linear": lambda z: z,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "softmax": _softmax,
}

# From da to dz, by z and the output a. The Jacobian of softmax is diag(a) - a aT in each row.
GO_BACK: dict[str, Callable[[Array, Array, Array], Array]] = {
    "step": lambda z, a, da: np.zeros_like(da),
    "linear": lambda z, a, da: da,
    "sigmoid": lambda z, a, da: da * a * (1.0 - a),
    "tanh": lambda z, a, da: da * (1.0 - a * a),
    "relu": lambda z, a, da: np.where(a > 0.0, da, 0.0),
    "softmax": lambda z, a, da: a * (da - (a * da).sum(axis=1, keepdims=True)),
}

# A term for each example and output. -log(sigmoid(z)) is log(e^0 + e^-z), -log(softmax(z)) is log(sum of e^z) - z.
TERMS: dict[str, Callable[[Array, Array, Array], Array]] = {
    "squared_error": lambda z, a, y: (a - y) ** 2,
    "half_squared_error": lambda z, a, y: (a - y) ** 2 / 2.0,
    "binary_cross_entropy": lambda z, a, y: y * np.logaddexp(0.0, -z) + (1.0 - y) * np.logaddexp(0.0, z),
    "cross_entropy": lambda z, a, y: y * (np.logaddexp.reduce(z, axis=1, keepdims=True) - z),
    "perceptron": lambda z, a, y: (a - y) * z,
}


def output_error(loss: str, activation: str, z: Array, a: Array, y: Array) -> Array:
    """The derivatives of the terms by the output layer's ``z``.

    A cross-entropy belongs to one activation and, where ``y`` sums to 1, has the derivative ``a - y``; so has the
    perceptron criterion, which takes ``a`` for a constant (Bishop, Pattern Recognition and Machine Learning, 2006,
    sections 4.3.2, 4.3.4 and 4.1.7).
    """
    match loss:
        case "squared_error":
            return GO_BACK[activation](z, a, 2.0 * (a - y))
        case "half_squared_error":
            return GO_BACK[activation](z, a, a - y)
    return a - y
