"""The operators of PyTorch, ATen, that a spec can express, by the names that ``torch.export`` gives them."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import (
    Activate,
    Affine,
    BatchNorm,
    Concat,
    Dense,
    Dropout,
    LayerNorm,
    Node,
    RmsNorm,
    Scale,
    Select,
    Sum,
)
from nngen.bridges.importing.torch.activations import ACTIVATIONS, activate
from nngen.bridges.importing.torch.call import Call, Rule, UnfitError, Vector
from nngen.bridges.importing.torch.pairs import PAIRS, pair
from nngen.mathematics.catalogue import OF_TORCH


def _linear(call: Call) -> Node:
    """A dense layer, not trained if ``requires_grad`` is false."""
    return _dense(call, call.input, call.get(1, "weight"), call.get(2, "bias"))


def _matmul(call: Call) -> Node:
    """A dense layer, not trained if ``requires_grad`` is false."""
    return _dense(call, call.input, np.transpose(call.get(1, "mat2", call.named.get("other"))), None)


def _addmm(call: Call) -> Node:
    """A dense layer, not trained if ``requires_grad`` is false."""
    source = call.get(1, "mat1")
    if (call.named.get("alpha", 1), call.named.get("beta", 1)) != (1, 1) or not isinstance(source, Vector):
        raise UnfitError("it is not a weighted sum of one vector")
    return _dense(call, source, np.transpose(call.get(2, "mat2")), call.get(0, "input"))


def _dense(call: Call, source: Vector, weights: Any, bias: Any) -> Node:
    if not isinstance(weights, np.ndarray) or weights.ndim != 2 or not isinstance(bias, np.ndarray | None):
        raise UnfitError("its weights are not constants")
    bias = None if bias is None else np.broadcast_to(bias.reshape(-1), len(weights))
    return Dense(name=call.name, place=call.place, sources=(source.node,), weights=(weights,), bias=bias)


def _batch_norm(call: Call) -> Node:
    """``batch_norm``, with its statistics."""
    _, gain, shift, mean, variance, training, momentum, epsilon = call.arguments[:8]
    if training or mean is None or variance is None:
        raise UnfitError("it normalizes by the batch also outside training: use track_running_stats=True")
    if momentum is None:
        raise UnfitError("its statistics are means over all batches: give it a momentum")
    return call.made(
        BatchNorm,
        gain=call.constants(gain, 1.0),
        shift=call.constants(shift, 0.0),
        mean=call.constants(mean),
        variance=call.constants(variance),
        epsilon=float(epsilon),
        momentum=float(momentum),
    )


def _layer_norm(call: Call) -> Node:
    """``layer_norm`` over the features."""
    if list(call.get(1, "normalized_shape", ())) != [call.input.width]:
        raise UnfitError("it is not over all values of the vector")
    gain, shift = call.constants(call.get(2, "weight"), 1.0), call.constants(call.get(3, "bias"), 0.0)
    epsilon = float(call.get(4, "eps", 1e-5))
    return call.made(LayerNorm, gain=gain, shift=shift, epsilon=epsilon)


def _rms_norm(call: Call) -> Node:
    """``rms_norm`` over the features."""
    if list(call.get(1, "normalized_shape", ())) != [call.input.width]:
        raise UnfitError("it is not over all values of the vector")
    given = call.get(3, "eps")
    epsilon = call.epsilon if given is None else float(given)
    gain = call.constants(call.get(2, "weight"), 1.0)
    return call.made(RmsNorm, gain=gain, epsilon=epsilon)


def _dropout(call: Call) -> Node | None:
    """``dropout``."""
    rate = float(call.get(1, "p"))
    return call.made(Dropout, rate=rate) if rate else None


def _add(call: Call) -> Node:
    """``scale``, biases, or several sources of a layer."""
    first, other = call.pair
    factor = call.named.get("alpha", 1)
    if not isinstance(other, Vector):
        return _affine(call, 1.0, call.constants(other) * factor)
    if factor != 1 or other.shape != first.shape:
        raise UnfitError("it adds vectors of different sizes, or multiplies one of them")
    return Sum(name=call.name, place=call.place, sources=(first.node, other.node))


def _subtract(call: Call) -> Node:
    """``scale`` or biases; of two vectors it is refused."""
    other = call.get(1, "other")
    if call.named.get("alpha", 1) != 1:
        raise UnfitError("its alpha is not 1")
    if call.is_of_input(other, "tanh"):
        return activate(call, "tanh_shrink", formula="z - tanh(z)")
    return _scale(call, other, 1.0)


def _subtracted(call: Call) -> Node:
    """``scale`` or biases; of two vectors it is refused."""
    if call.named.get("alpha", call.get(2, "alpha", 1)) != 1:
        raise UnfitError("its alpha is not 1")
    return _affine(call, -1.0, call.constants(call.get(1, "other")))


def _multiply(call: Call) -> Node:
    """``scale``, weights, an activation, or ``product`` of two vectors."""
    first, other = call.pair
    if not isinstance(other, Vector):
        return _affine(call, call.constants(other), 0.0)
    if other == first:
        return activate(call, "squared", formula="z**2")
    if call.is_of_input(other, "sigmoid"):
        return activate(call, "silu")
    made = call.nodes[other.node]
    if (
        isinstance(made, Activate)
        and made.activation == "tanh"
        and call.is_of_input(Vector(made.source, first.shape), "softplus")
    ):
        return activate(call, "mish")
    if other.shape != first.shape:
        raise UnfitError("it multiplies vectors of different sizes")
    return pair(call, OF_TORCH["mul.Tensor"], first, other)


def _divide(call: Call) -> Node:
    """``scale``, weights, an activation, or ``ratio`` of two vectors."""
    other = call.get(1, "other")
    if call.named.get("rounding_mode") is not None:
        raise UnfitError("it rounds")
    if isinstance(other, Vector):
        shifted = call.nodes[other.node]
        if isinstance(shifted, Affine) and (shifted.multiply == 1.0).all() and (shifted.add == 1.0).all():
            other = Vector(shifted.source, other.shape)
        if call.is_of_input(other, "absolute"):
            return activate(call, "softsign")
        first = call.get(0, "input")
        if isinstance(first, Vector) and first.shape == call.get(1, "other").shape:
            return pair(call, OF_TORCH["div.Tensor"], first, call.get(1, "other"))
    return _scale(call, 0.0, other)


def _power(call: Call) -> Node:
    """A custom activation, for squares and cubes."""
    exponent = call.get(1, "exponent")
    if exponent not in (2, 3):
        raise UnfitError(f"it raises to the power {exponent}")
    return activate(call, "squared" if exponent == 2 else "cubed", formula=f"z**{int(exponent)}")


def _negative(call: Call) -> Node:
    """Part of the weights."""
    return _affine(call, -1.0, 0.0)


def _scale(call: Call, subtract: Any, divide: Any) -> Node:
    if isinstance(subtract, Vector) or isinstance(divide, Vector):
        raise UnfitError("it combines two vectors")
    return call.made(Scale, subtract=call.constants(subtract), divide=call.constants(divide))


def _affine(call: Call, multiply: Any, add: Any) -> Node:
    return call.made(Affine, multiply=call.constants(multiply), add=call.constants(add))


def _concatenate(call: Call) -> Node:
    """Several sources of a layer."""
    if call.get(1, "dim", 0) not in (1, -1):
        raise UnfitError(f"it is over dimension {call.get(1, 'dim', 0)}: use dim=-1")
    vectors = call.get(0, "tensors")
    if not isinstance(vectors, list | tuple) or not all(
        isinstance(one, Vector) and len(one.shape) == 1 for one in vectors
    ):
        raise UnfitError("it joins something else than vectors")
    return Concat(name=call.name, place=call.place, sources=tuple(vector.node for vector in vectors))


def _slice(call: Call) -> Node | None:
    """A part of a vector or of ids; a part of the batch is refused."""
    start, stop, step = call.get(2, "start"), call.get(3, "end"), call.get(4, "step", 1)
    if call.get(1, "dim", 0) == 0:
        if start in (0, None) and (stop is None or stop > 2**31) and step == 1:
            return None
        raise UnfitError("it takes a part of the batch")
    call.over_units(call.get(1, "dim", 0))
    indices = tuple(range(call.input.width)[slice(start, stop, step)])
    return call.made(Select, indices=indices)


def _same_values(call: Call) -> None:
    """Nothing, if the numbers of an example stay in their order."""
    first = call.get(0, "input")
    if not isinstance(first, Vector) or first.width != math.prod(call.shape):
        raise UnfitError("it mixes examples")


SAME_VALUES = (
    "flatten.using_ints view.default reshape.default _unsafe_view.default squeeze.dim squeeze.default unsqueeze.default"
    " to.dtype to.dtype_layout _to_copy.default clone.default contiguous.default detach.default alias.default"
).split()
"""Operators that change the shape or the type of a tensor, or copy it."""

RULES: Mapping[str, Rule] = {
    **ACTIVATIONS,
    **PAIRS,
    "linear.default": _linear,
    "matmul.default": _matmul,
    "mm.default": _matmul,
    "addmm.default": _addmm,
    "pow.Tensor_Scalar": _power,
    "rsub.Scalar": _subtracted,
    "batch_norm.default": _batch_norm,
    "layer_norm.default": _layer_norm,
    "rms_norm.default": _rms_norm,
    "dropout.default": _dropout,
    "add.Tensor": _add,
    "sub.Tensor": _subtract,
    "mul.Tensor": _multiply,
    "div.Tensor": _divide,
    "neg.default": _negative,
    "cat.default": _concatenate,
    "slice.Tensor": _slice,
    **dict.fromkeys(SAME_VALUES, _same_values),
}
"""The rules by the names of operators, whether they write in place or not."""
