"""A file of TensorFlow Lite computed in 32 bits in the order of LiteRT's reference kernels.

They add products one after another. So this says which part of a difference is the rounding of 32 bits.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nngen.bridges.importing.tflite.file import File
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS

f32 = np.float32


def outputs(file: File, x: Any) -> Any:
    """The output of a file with one input, an array of 32-bit numbers of the shape that the file says."""
    values = {name: _narrow(tensor.values) for name, tensor in file.tensors.items()} | {file.inputs[0]: x}
    for operator in file.needed():
        given = [values[name] for name in operator.inputs if name]
        made = RULES[operator.kind](*given)
        relu = ACTIVATIONS[operator.options.get("activation", 0)] == "RELU"
        values[operator.outputs[0]] = np.maximum(made, f32(0)) if relu else made
    return values[file.outputs[0]]


def _narrow(values: Any) -> Any:
    return values.astype(f32) if values is not None and values.dtype.kind == "f" else values


def _added(columns: Any) -> Any:
    """The sum of arrays, one after another."""
    total = f32(0)
    for column in columns:
        total = total + column
    return total


def _dense(x: Any, weights: Any, bias: Any = 0) -> Any:
    return (_added(v * column for v, column in zip(x.ravel(), weights.T, strict=True)) + bias)[None]


RULES: Mapping[str, Callable[..., Any]] = {
    "ADD": np.add,
    "DIV": np.divide,
    "FULLY_CONNECTED": _dense,
    "LOGISTIC": lambda x: f32(1) / (f32(1) + np.exp(-x)),
    "MEAN": lambda x, axes: np.array([[_added(x.ravel()) / f32(x.size)]]),
    "MUL": np.multiply,
    "RESHAPE": lambda x, shape: x.reshape([int(size) for size in shape]),
    "RSQRT": lambda x: f32(1) / np.sqrt(x),
    "SQRT": np.sqrt,
    "SQUARED_DIFFERENCE": lambda x, y: (x - y) * (x - y),
    "SUB": np.subtract,
}
"""How each operator is computed, before its fused activation."""
