"""The operators of PyTorch, ATen, that a spec can express, by the names that ``torch.export`` gives them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Node
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.parametric import parametric
from nngen.bridges.importing.torch.functions import Call, Rule
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
    return graph.Dense(name=call.name, place=call.place, sources=(source.node,), weights=(weights,), bias=bias)


def _batch_norm(call: Call) -> Node:
    """``batch_norm``, with its statistics."""
    _, gain, shift, mean, variance, training, momentum, epsilon = call.arguments[:8]
    if training or mean is None or variance is None:
        raise UnfitError("it normalizes by the batch also outside training: use track_running_stats=True")
    if momentum is None:
        raise UnfitError("its statistics are means over all batches: give it a momentum")
    return call.made(
        graph.BatchNorm,
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
    return call.made(graph.LayerNorm, gain=gain, shift=shift, epsilon=epsilon)


def _rms_norm(call: Call) -> Node:
    """``rms_norm`` over the features."""
    if list(call.get(1, "normalized_shape", ())) != [call.input.width]:
        raise UnfitError("it is not over all values of the vector")
    given = call.get(3, "eps")
    epsilon = call.epsilon if given is None else float(given)
    gain = call.constants(call.get(2, "weight"), 1.0)
    return call.made(graph.RmsNorm, gain=gain, epsilon=epsilon)


def _dropout(call: Call) -> Node | None:
    """``dropout``."""
    rate = float(call.get(1, "p"))
    return call.made(graph.Dropout, rate=rate) if rate else None


def _add(call: Call) -> Node:
    """Several sources of a layer; of a vector and constants, ``scale``, biases or an activation."""
    first, other = call.pair
    factor = call.named.get("alpha", 1)
    if not isinstance(other, Vector):
        return call.made(graph.Affine, multiply=call.constants(1.0), add=call.constants(other) * factor)
    if factor != 1 or other.shape != first.shape:
        raise UnfitError("it adds vectors of different sizes, or multiplies one of them")
    return graph.Sum(name=call.name, place=call.place, sources=(first.node, other.node))


def _subtract(call: Call) -> Node:
    """Several sources of a layer, with factors; of a vector and constants, ``scale``, weights or an activation."""
    first, other = call.get(0, "input"), call.get(1, "other")
    if call.named.get("alpha", 1) != 1:
        raise UnfitError("its alpha is not 1")
    if isinstance(first, Vector) and isinstance(other, Vector):
        if first.shape != other.shape:
            raise UnfitError("it subtracts vectors of different sizes")
        negated = replace(call, name=f"{call.name} negated", arguments=[other])
        node = negated.made(graph.Affine, multiply=call.constants(-1.0), add=call.constants(0.0))
        call.nodes[node.name] = node
        return graph.Sum(name=call.name, place=call.place, sources=(first.node, node.name))
    if isinstance(other, Vector):
        return call.made(graph.Affine, multiply=call.constants(-1.0), add=call.constants(first))
    return call.made(graph.Scale, subtract=call.constants(other), divide=call.constants(1.0))


def _multiply(call: Call) -> Node:
    """``product`` of two vectors; of a vector and constants, ``scale``, weights or an activation."""
    first, other = call.pair
    if not isinstance(other, Vector):
        return call.made(graph.Affine, multiply=call.constants(other), add=call.constants(0.0))
    if other.shape != first.shape:
        raise UnfitError("it multiplies vectors of different sizes")
    return pair(call, OF_TORCH["mul.Tensor"], first, other)


def _divide(call: Call) -> Node:
    """``ratio`` of two vectors; of a vector and constants, ``scale``, weights or an activation."""
    first, other = call.get(0, "input"), call.get(1, "other")
    if call.named.get("rounding_mode") is not None:
        raise UnfitError("it rounds")
    if isinstance(other, Vector):
        if not isinstance(first, Vector) or first.shape != other.shape:
            raise UnfitError("it divides by a vector of another size")
        return pair(call, OF_TORCH["div.Tensor"], first, other)
    return call.made(graph.Scale, subtract=call.constants(0.0), divide=call.constants(other))


def _softmax(name: str) -> Rule:
    def rule(call: Call) -> Node:
        """``softmax`` over the features, of which it may be the logarithm at the output."""
        call.over_units(call.get(1, "dim"))
        return call.made(graph.Activate, activation=name)

    return rule


def _glu(call: Call) -> Node:
    """``product`` of one half and the sigmoid of the other."""
    call.over_units(call.get(1, "dim", -1))
    half = call.input.width // 2
    spans = {"half": range(half), "rest": range(half, 2 * half)}
    first, rest = (
        replace(call, name=f"{call.name} {word}").made(graph.Select, indices=tuple(spans[word])) for word in spans
    )
    gate = graph.Activate(name=f"{call.name} gate", place=call.place, source=rest.name, activation="sigmoid")
    call.nodes.update({node.name: node for node in (first, rest, gate)})
    return graph.Pair(
        name=call.name, place=call.place, operation=OF_TORCH["mul.Tensor"], sources=(first.name, gate.name)
    )


def _prelu(call: Call) -> Node:
    """``leaky_relu``; with different slopes, ``relu`` and a layer that is not trained."""
    *before, last = parametric(call.name, call.place, call.input.node, call.constants(call.get(1, "weight")))
    call.nodes.update({node.name: node for node in before})
    return last


def _concatenate(call: Call) -> Node:
    """Several sources of a layer."""
    if call.get(1, "dim", 0) not in (1, -1):
        raise UnfitError(f"it is over dimension {call.get(1, 'dim', 0)}: use dim=-1")
    vectors = call.get(0, "tensors")
    if not isinstance(vectors, list | tuple) or not all(
        isinstance(one, Vector) and len(one.shape) == 1 for one in vectors
    ):
        raise UnfitError("it joins something else than vectors")
    return graph.Concat(name=call.name, place=call.place, sources=tuple(vector.node for vector in vectors))


def _slice(call: Call) -> Node | None:
    """A part of a vector or of ids; a part of the batch is refused."""
    start, stop, step = call.get(2, "start"), call.get(3, "end"), call.get(4, "step", 1)
    if call.get(1, "dim", 0) == 0:
        if start in (0, None) and (stop is None or stop > 2**31) and step == 1:
            return None
        raise UnfitError("it takes a part of the batch")
    call.over_units(call.get(1, "dim", 0))
    indices = tuple(range(call.input.width)[slice(start, stop, step)])
    return call.made(graph.Select, indices=indices)


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
    **PAIRS,
    "linear.default": _linear,
    "matmul.default": _matmul,
    "mm.default": _matmul,
    "addmm.default": _addmm,
    "batch_norm.default": _batch_norm,
    "layer_norm.default": _layer_norm,
    "rms_norm.default": _rms_norm,
    "dropout.default": _dropout,
    "softmax.int": _softmax("softmax"),
    "log_softmax.int": _softmax("log_softmax"),
    "glu.default": _glu,
    "prelu.default": _prelu,
    "add.Tensor": _add,
    "sub.Tensor": _subtract,
    "mul.Tensor": _multiply,
    "div.Tensor": _divide,
    "cat.default": _concatenate,
    "slice.Tensor": _slice,
    **dict.fromkeys(SAME_VALUES, _same_values),
}
"""The rules by the names of operators, whether they write in place or not; ``functions`` has those on numbers."""
