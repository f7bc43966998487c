"""The layers of Keras that scale, normalize or drop values."""

from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Affine, Array, BatchNorm, Dropout, LayerNorm, RmsNorm, Scale
from nngen.bridges.importing.keras.layer import Call, Made
from nngen.bridges.importing.parametric import of_statistics

SMALLEST_DEVIATION = 1e-7
"""The least divisor of a Normalization layer, ``keras.backend.epsilon()``."""


def normalization(call: Call) -> Made:
    """``scale`` under ``data``, or multiplied into weights."""
    if call.get("invert"):
        raise UnfitError("it is inverted", "use Rescaling")
    width, given = call.input.width, call.get("mean")
    for_all = call.get("axis", -1) in (None, [])
    if not for_all:
        call.last_axis()
    size = () if for_all else (width,)
    if given is None:
        read = call.read({"mean": size, "variance": size, "count": ()})
        mean, variance = np.broadcast_to(read["mean"], width), np.broadcast_to(read["variance"], width)
    else:
        mean, variance = _given(call, "mean", width), _given(call, "variance", width)
    if (variance < 0.0).any():
        raise UnfitError("expected variances of at least 0")
    deviation = np.maximum(np.sqrt(variance), SMALLEST_DEVIATION)
    return call.made(Scale, subtract=mean, divide=deviation)


def rescaling(call: Call) -> Made:
    """``scale`` under ``data``, or multiplied into weights."""
    width = call.input.width if len(call.input.shape) == 1 else 1
    multiply, add = (np.resize(_given(call, key, width), call.input.width) for key in ("scale", "offset"))
    return call.made(Affine, multiply=multiply, add=add)


def batch_norm(call: Call) -> Made:
    """``batch_norm``; a shift and scale where it is not trained."""
    call.last_axis()
    if call.get("renorm"):
        raise UnfitError("renorm has no equal in a spec", "train it with renorm=False")
    size = (call.vector(),)
    keys = _trained(call)
    read = call.read(dict.fromkeys((*keys, "moving_mean", "moving_variance"), size))
    gain, shift = read.get("gamma", np.ones(size)), read.get("beta", np.zeros(size))
    mean, variance, epsilon = read["moving_mean"], read["moving_variance"], call.number("epsilon", 1e-3)
    node = BatchNorm(
        name=call.label,
        source=call.input.node,
        gain=gain,
        shift=shift,
        mean=mean,
        variance=variance,
        epsilon=epsilon,
        momentum=1.0 - call.number("momentum", 0.99),
        correction=0.0,
        trainable=bool(keys),
        note=_half(keys),
    )
    made = node if call.trains else of_statistics(node, "a BatchNormalization that is not trained")
    return (made,), call.input.shape


def layer_norm(call: Call) -> Made:
    """``layer_norm``, without ``rms_scaling``."""
    call.last_axis()
    size = (call.vector(),)
    if call.get("rms_scaling"):
        raise UnfitError("rms_scaling has no equal in a spec", "use RMSNormalization")
    keys = _trained(call)
    read = call.read(dict.fromkeys(keys, size))
    return call.made(
        LayerNorm,
        gain=read.get("gamma", np.ones(size)),
        shift=read.get("beta", np.zeros(size)),
        epsilon=call.number("epsilon", 1e-3),
        trainable=bool(keys) and call.trains,
        note=_half(keys),
    )


def rms_norm(call: Call) -> Made:
    """``rms_norm``."""
    call.last_axis()
    size = (call.vector(),)
    gain, epsilon = call.read({"scale": size})["scale"], call.number("epsilon", 1e-6)
    return call.made(RmsNorm, gain=gain, epsilon=epsilon, trainable=call.trains)


def dropout(call: Call) -> Made:
    """``dropout``."""
    rate = call.number("rate", 0.5)
    if call.get("noise_shape") is not None:
        raise UnfitError("noise_shape has no equal in a spec", "remove it")
    if rate == 0.0:
        return (), call.input.shape
    return call.made(Dropout, rate=rate)


def of_training(call: Call) -> Made:
    """Nothing, with a note: it changes the training alone."""
    call.entry.notes += (f"the {call.layer.kind} {call.label!r} is left out: it only changes the training",)
    return (), call.input.shape


def _trained(call: Call) -> list[str]:
    """The weights of a normalization that the layer has."""
    return [key for key, there in (("gamma", "scale"), ("beta", "center")) if call.get(there, True)]


def _half(keys: list[str]) -> str:
    """A note on a normalization that has only one of gain and shift."""
    only = {"gamma": "the gain", "beta": "the shift"}
    return f"Keras trains {only[keys[0]]} of its normalization alone" if len(keys) == 1 else ""


def _given(call: Call, key: str, width: int) -> Array:
    """Constants of the description: a number, or one for each of ``width`` values, perhaps in nested lists."""
    value: Any = call.get(key)
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    listed = value if isinstance(value, list) else [value]
    if len(listed) not in (1, width) or not all(type(one) in (int, float) and np.isfinite(one) for one in listed):
        raise UnfitError(f"expected a number or {width} numbers as {key!r}")
    return np.broadcast_to(np.array(listed, np.float64), width)
