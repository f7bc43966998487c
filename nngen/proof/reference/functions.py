"""Activations from textbooks: values and derivatives."""

import math
from collections.abc import Callable

import numpy as np

from nngen.description.model import Layer, Spec
from nngen.proof.reference.custom import custom_activation
from nngen.proof.reference.generator import Array


def _sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))  # of the two forms of the fraction, the one that cannot overflow
    return np.where(z < 0.0, e, 1.0) / (1.0 + e)


def _softplus(z: Array) -> Array:
    return np.asarray(np.logaddexp(0.0, z))


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _exponential(z: Array, alpha: float, width: float = 1.0) -> Array:
    """The exponential part of ELU and its relatives for z < 0; 0 for z > 0."""
    return np.asarray(alpha * np.expm1(np.minimum(z, 0.0) / width))


def _exponential_slope(z: Array, alpha: float, width: float = 1.0) -> Array:
    """Its derivative for z < 0; the textbook form, value plus alpha, would be 0 where exp is below 1e-16."""
    return np.asarray(alpha / width * np.exp(np.minimum(z, 0.0) / width))


def _below(z: Array) -> Array:
    """The probability that a standard normal number is below z."""
    return np.asarray(np.vectorize(math.erfc, otypes=[float])(-z * math.sqrt(0.5)) / 2.0)


def _bell(z: Array) -> Array:
    """The density of the standard normal distribution."""
    return np.asarray(np.exp(-(z**2) / 2.0) / math.sqrt(2.0 * math.pi))


def _gelu_share(z: Array) -> Array:
    """The approximation of ``_below``: (1 + tanh(u)) / 2, which is 1 / (1 + e^(-2 u))."""
    return _sigmoid(math.sqrt(8.0 / math.pi) * (z + 0.044715 * z**3))


def _gelu_tanh_back(z: Array, a: Array, da: Array) -> Array:
    share = _gelu_share(z)
    inner = math.sqrt(8.0 / math.pi) * (1.0 + 3.0 * 0.044715 * z**2)
    return da * (share + z * share * (1.0 - share) * inner)


def _mish_back(z: Array, a: Array, da: Array) -> Array:
    t = np.tanh(_softplus(z))
    return da * (t + z * (1.0 - t**2) * _sigmoid(z))


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al., eq. 14

# Of the weighted sum z: the output a; and of z, a and the derivative da, the derivative dz. The Jacobian of softmax is
# diag(a) - a aT in each row.
FUNCTIONS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "step": (lambda z: np.where(z > 0.0, 1.0, 0.0), lambda z, a, da: np.zeros_like(da)),
    "bipolar_step": (lambda z: np.where(z > 0.0, 1.0, -1.0), lambda z, a, da: np.zeros_like(da)),
    "undecided_step": (lambda z, theta: np.sign(z) * (np.abs(z) > theta), lambda z, a, da, theta: np.zeros_like(da)),
    "linear": (lambda z: z, lambda z, a, da: da),
    "sigmoid": (_sigmoid, lambda z, a, da: da * a * (1.0 - a)),
    "tanh": (np.tanh, lambda z, a, da: da * (1.0 - a * a)),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z, a, da: np.where(a > 0.0, da, 0.0)),
    "leaky_relu": (
        lambda z, slope: np.maximum(z, 0.0) + slope * np.minimum(z, 0.0),
        lambda z, a, da, slope: np.where(z > 0.0, da, slope * da),
    ),
    "elu": (
        lambda z, alpha: np.where(z > 0.0, z, _exponential(z, alpha)),
        lambda z, a, da, alpha: np.where(z > 0.0, da, da * _exponential_slope(z, alpha)),
    ),
    "selu": (
        lambda z: SCALE * np.where(z > 0.0, z, _exponential(z, ALPHA)),
        lambda z, a, da: SCALE * np.where(z > 0.0, da, da * _exponential_slope(z, ALPHA)),
    ),
    "celu": (
        lambda z, alpha: np.where(z > 0.0, z, _exponential(z, alpha, alpha)),
        lambda z, a, da, alpha: np.where(z > 0.0, da, da * _exponential_slope(z, alpha, alpha)),
    ),
    "gelu": (lambda z: z * _below(z), lambda z, a, da: da * (_below(z) + z * _bell(z))),
    "gelu_tanh": (lambda z: z * _gelu_share(z), _gelu_tanh_back),
    "silu": (lambda z: z * _sigmoid(z), lambda z, a, da: da * (_sigmoid(z) + a * (1.0 - _sigmoid(z)))),
    "mish": (lambda z: z * np.tanh(_softplus(z)), _mish_back),
    "softplus": (_softplus, lambda z, a, da: da * _sigmoid(z)),
    "log_sigmoid": (lambda z: -_softplus(-z), lambda z, a, da: da * _sigmoid(-z)),
    "softsign": (lambda z: z / (1.0 + np.abs(z)), lambda z, a, da: da / (1.0 + np.abs(z)) ** 2),
    "hard_sigmoid": (
        lambda z, slope: np.clip(slope * z + 0.5, 0.0, 1.0),
        lambda z, a, da, slope: np.where((a > 0.0) & (a < 1.0), slope * da, 0.0),
    ),
    "hard_tanh": (lambda z: np.clip(z, -1.0, 1.0), lambda z, a, da: np.where(np.abs(z) < 1.0, da, 0.0)),
    "relu6": (lambda z: np.clip(z, 0.0, 6.0), lambda z, a, da: np.where((a > 0.0) & (a < 6.0), da, 0.0)),
    "hard_swish": (
        lambda z: z * np.clip(z + 3.0, 0.0, 6.0) / 6.0,
        lambda z, a, da: da * np.where(np.abs(z) < 3.0, (2.0 * z + 3.0) / 6.0, z > 0.0),
    ),
    "soft_shrink": (
        lambda z, theta: np.sign(z) * np.maximum(np.abs(z) - theta, 0.0),
        lambda z, a, da, theta: da * (np.abs(z) > theta),
    ),
    "hard_shrink": (lambda z, theta: z * (np.abs(z) > theta), lambda z, a, da, theta: da * (np.abs(z) > theta)),
    "scaled_tanh": (
        lambda z: 1.7159 * np.tanh(2.0 / 3.0 * z),
        lambda z, a, da: da * (1.7159 * 2.0 / 3.0) * (1.0 - np.tanh(2.0 / 3.0 * z) ** 2),
    ),
    "gaussian": (lambda z: np.exp(-(z**2)), lambda z, a, da: da * -2.0 * z * a),
    "sine": (np.sin, lambda z, a, da: da * np.cos(z)),
    "softmax": (_softmax, lambda z, a, da: a * (da - (a * da).sum(axis=1, keepdims=True))),
}


def activate(spec: Spec, layer: Layer, z: Array) -> Array:
    """The activations of a layer, ``(n, units)``."""
    if layer.activation.name in spec.activations:
        return custom_activation(spec, layer.activation.name, z).value
    return FUNCTIONS[layer.activation.name][0](z, **layer.activation.options)


def go_back(spec: Spec, layer: Layer, z: Array, a: Array, da: Array) -> Array:
    """The derivatives with respect to a layer's ``z``, from those with respect to its output ``a``."""
    if layer.activation.name in spec.activations:
        return da * custom_activation(spec, layer.activation.name, z).slope
    return FUNCTIONS[layer.activation.name][1](z, a, da, **layer.activation.options)
