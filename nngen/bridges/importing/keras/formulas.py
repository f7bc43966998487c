"""The formulas of Keras's layers and activations in float64, for arrays whose first axis counts examples.

Source: the documentation of ``keras.layers`` and ``keras.activations``, 3.15. The arrays of a layer come in the order
in which it makes them: kernel, bias; gamma, beta, moving mean, moving variance.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import Array


@dataclass(frozen=True)
class Call:
    """A layer with its options, its inputs and its arrays."""

    config: Mapping[str, Any]
    inputs: Sequence[Array]
    arrays: Sequence[Array]
    keras_2: bool
    """Whether Keras 2 wrote the file."""

    @property
    def x(self) -> Array:
        """The first input."""
        return self.inputs[0]

    def get(self, option: str, default: Any) -> Any:
        """An option."""
        return self.config.get(option, default)


def _relu(z: Array, slope: float = 0.0, most: float = math.inf, threshold: float = 0.0) -> Any:
    return np.where(z >= threshold, np.minimum(z, most), slope * (z - threshold))


def _softmax(z: Array, axis: int = -1) -> Any:
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _elu(z: Array, alpha: float = 1.0) -> Any:
    return np.where(z > 0.0, z, alpha * np.expm1(np.minimum(z, 0.0)))


def _sigmoid(z: Array) -> Any:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _softplus(z: Array) -> Any:
    return np.logaddexp(0.0, z)


def _gelu(z: Array) -> Any:
    return 0.5 * z * (1.0 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2.0)))


def _hard_sigmoid(z: Array) -> Any:
    return np.clip(z + 3.0, 0.0, 6.0) / 6.0


def _log_softmax(z: Array) -> Any:
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


FUNCTIONS: Mapping[str, Callable[[Array], Any]] = {
    "linear": lambda z: z,
    "relu": _relu,
    "relu6": lambda z: _relu(z, most=6.0),
    "leaky_relu": lambda z: _relu(z, slope=0.2),
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "elu": _elu,
    "celu": _elu,
    "selu": lambda z: 1.0507009873554805 * _elu(z, 1.6732632423543772),
    "softplus": _softplus,
    "softsign": lambda z: z / (1.0 + np.abs(z)),
    "soft_shrink": lambda z: np.sign(z) * np.maximum(np.abs(z) - 0.5, 0.0),
    "hard_shrink": lambda z: z * (np.abs(z) > 0.5),
    "tanh": np.tanh,
    "tanh_shrink": lambda z: z - np.tanh(z),
    "sigmoid": _sigmoid,
    "log_sigmoid": lambda z: -_softplus(-z),
    "hard_sigmoid": _hard_sigmoid,
    "silu": lambda z: z * _sigmoid(z),
    "swish": lambda z: z * _sigmoid(z),
    "hard_silu": lambda z: z * _hard_sigmoid(z),
    "hard_swish": lambda z: z * _hard_sigmoid(z),
    "hard_tanh": lambda z: np.clip(z, -1.0, 1.0),
    "gelu": _gelu,
    "mish": lambda z: z * np.tanh(_softplus(z)),
    "exponential": np.exp,
    "squareplus": lambda z: 0.5 * (z + np.sqrt(z * z + 4.0)),
}
"""The functions ``keras.activations`` with their defaults."""


def _activated(given: Any, z: Array, keras_2: bool) -> Any:
    """An activation by its name, by the description of a function, or by that of a layer."""
    if isinstance(given, dict) and isinstance(given["config"], dict):
        return LAYERS[given["class_name"]](Call(given["config"], [z], (), keras_2))
    name = given["config"] if isinstance(given, dict) else given or "linear"
    if name == "hard_sigmoid" and keras_2:
        return np.clip(0.2 * z + 0.5, 0.0, 1.0)
    return FUNCTIONS[name](z)


def _dense(call: Call) -> Any:
    kernel, *bias = call.arrays
    return _activated(call.get("activation", None), sum(bias, call.x @ kernel), call.keras_2)


def _relu_layer(call: Call) -> Any:
    most = call.get("max_value", None)
    slope, threshold = call.get("negative_slope", 0.0), call.get("threshold", 0.0)
    return _relu(call.x, slope or 0.0, math.inf if most is None else most, threshold or 0.0)


def _normalization(call: Call) -> Any:
    given = call.get("mean", None), call.get("variance", None)
    mean, variance = given if given[0] is not None else call.arrays[:2]
    return (call.x - np.array(mean)) / np.maximum(np.sqrt(np.array(variance)), 1e-7)


def _batch_norm(call: Call) -> Any:
    *trained, mean, variance = call.arrays
    return _shifted(call, trained, (call.x - mean) / np.sqrt(variance + call.get("epsilon", 1e-3)))


def _layer_norm(call: Call) -> Any:
    centered = call.x - call.x.mean(axis=-1, keepdims=True)
    variance = (centered * centered).mean(axis=-1, keepdims=True)
    return _shifted(call, call.arrays, centered / np.sqrt(variance + call.get("epsilon", 1e-3)))


def _shifted(call: Call, trained: Sequence[Array], normalized: Array) -> Any:
    """``gamma * normalized + beta``, with those of the two that the layer has."""
    rest = iter(trained)
    gain = next(rest) if call.get("scale", True) else 1.0
    return gain * normalized + (next(rest) if call.get("center", True) else 0.0)


def _rms_norm(call: Call) -> Any:
    (scale,) = call.arrays
    return scale * call.x / np.sqrt((call.x**2).mean(axis=-1, keepdims=True) + call.get("epsilon", 1e-6))


def _entry(call: Call) -> Any:
    shape = call.get("batch_shape", call.get("batch_input_shape", None))
    return call.x.reshape(len(call.x), *shape[1:])


def _lookup(call: Call) -> Any:
    """The place of each id in the vocabulary, after that of unknown ids."""
    vocabulary, unknown = call.get("vocabulary", None), int(call.get("num_oov_indices", 1))
    if vocabulary is None:
        vocabulary = [one if call.x.dtype == object else int(one) for one in call.arrays[0]]
    if unknown and vocabulary[0] == call.get("oov_token", None):
        vocabulary = vocabulary[1:]
    places = {one: place for place, one in enumerate(vocabulary, unknown)}
    return np.vectorize(lambda one: places.get(one, 0) if unknown else places[one], otypes=[float])(call.x)


def _dot(call: Call) -> Any:
    axes = call.get("axes", -1)
    one, other = (
        axis if axis >= 0 else axis + x.ndim
        for axis, x in zip(axes if isinstance(axes, list) else (axes, axes), call.inputs, strict=True)
    )
    pairs = zip(*call.inputs, strict=True)
    found = np.array([np.tensordot(u, v, (one - 1, other - 1)) for u, v in pairs])
    return found.reshape(len(found), *(found.shape[1:] or (1,)))


def _sum(call: Call) -> Any:
    axis = call.get("axis", None)
    return call.x.sum(axis if isinstance(axis, int) else tuple(axis), keepdims=bool(call.get("keepdims", False)))


LAYERS: Mapping[str, Callable[[Call], Any]] = {
    "InputLayer": _entry,
    "Dense": _dense,
    "Activation": lambda call: _activated(call.get("activation", None), call.x, call.keras_2),
    "ReLU": _relu_layer,
    "LeakyReLU": lambda call: _relu(call.x, call.get("negative_slope", call.get("alpha", 0.3))),
    "PReLU": lambda call: np.maximum(call.x, 0.0) + call.arrays[0] * np.minimum(call.x, 0.0),
    "ELU": lambda call: _elu(call.x, call.get("alpha", 1.0)),
    "Softmax": lambda call: _softmax(call.x),
    "Identity": lambda call: call.x,
    "Dropout": lambda call: call.x,
    "Flatten": lambda call: call.x.reshape(len(call.x), -1),
    "Reshape": lambda call: call.x.reshape(len(call.x), *call.get("target_shape", None)),
    "Concatenate": lambda call: np.concatenate(call.inputs, axis=-1),
    "Add": lambda call: np.sum(call.inputs, axis=0),
    "Multiply": lambda call: np.prod(call.inputs, axis=0),
    "Average": lambda call: np.mean(call.inputs, axis=0),
    "Minimum": lambda call: np.min(call.inputs, axis=0),
    "Subtract": lambda call: np.subtract(*call.inputs),
    **dict.fromkeys(
        ("ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise"), lambda call: call.x
    ),
    "CategoryEncoding": lambda call: np.eye(call.get("num_tokens", 0))[call.x.astype(int)].max(axis=1),
    "Discretization": lambda call: np.eye(len(call.get("bin_boundaries", ())) + 1)[
        np.searchsorted(call.get("bin_boundaries", ()), call.x[:, 0], side="right")
    ],
    "Maximum": lambda call: np.max(call.inputs, axis=0),
    "TrueDivide": lambda call: np.divide(*call.inputs),
    "Bias": lambda call: call.x + call.arrays[0],
    "Dot": _dot,
    "Sum": _sum,
    "StringLookup": _lookup,
    "IntegerLookup": _lookup,
    "Embedding": lambda call: call.arrays[0][call.x.astype(int)],
    "Normalization": _normalization,
    "Rescaling": lambda call: call.x * np.array(call.get("scale", 1.0)) + np.array(call.get("offset", 0.0)),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _rms_norm,
}
"""The layers that the reader takes, by the name of the class."""
