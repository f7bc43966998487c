"""A file of TensorFlow Lite computed operator by operator in float64, to judge an import.

It shares nothing with what reads the operators: each is a line of NumPy, as TensorFlow Lite defines it. Integers are
the numbers that they stand for. Shapes are those of the file, so that it computes one example at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.tflite.file import File, Operator
from nngen.bridges.importing.tflite.schema import ACTIVATIONS


def outputs(file: File, inputs: Sequence[Any], name: str) -> Any:
    """A value of the graph.

    Args:
        file: a checked file.
        inputs: an array for each input, of the shape that the file says.
        name: the value.
    """
    values = {key: tensor.values for key, tensor in file.tensors.items()} | dict(zip(file.inputs, inputs, strict=True))
    for operator in file.needed():
        given = [values[key] for key in operator.inputs if key]
        made = (
            _reshaped(file, operator, *given) if operator.kind == "RESHAPE" else RULES[operator.kind](operator, *given)
        )
        values[operator.outputs[0]] = FUSED[ACTIVATIONS[operator.options.get("activation", 0)]](made)
    return values[name]


def _reshaped(file: File, operator: Operator, x: Any, shape: Any = None) -> Any:
    sizes = [-1 if size is None else size for size in file.tensors[operator.outputs[0]].shape]
    return x.reshape(sizes if shape is None else [int(size) for size in shape])


def _fully_connected(operator: Operator, x: Any, weights: Any, bias: Any = 0.0) -> Any:
    found = x.reshape(-1, weights.shape[1]) @ weights.T + bias
    return found.reshape(*x.shape[:-1], -1) if operator.options["keeps"] else found


def _softmax(operator: Operator, x: Any) -> Any:
    e = np.exp(operator.options["beta"] * (x - x.max(axis=-1, keepdims=True)))
    return e / e.sum(axis=-1, keepdims=True)


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _, *given: function(*given)


FUSED: Mapping[str, Callable[[Any], Any]] = {
    "NONE": lambda x: x,
    "RELU": lambda x: np.maximum(x, 0.0),
    "RELU6": lambda x: np.clip(x, 0.0, 6.0),
    "RELU_N1_TO_1": lambda x: np.clip(x, -1.0, 1.0),
}

RULES: Mapping[str, Callable[..., Any]] = {
    "ADD": _plain(np.add),
    "CONCATENATION": lambda operator, *given: np.concatenate(given, axis=operator.options["axis"]),
    "DEQUANTIZE": _plain(lambda x: x),
    "DIV": _plain(np.divide),
    "FULLY_CONNECTED": _fully_connected,
    "LOGISTIC": _plain(lambda x: 0.5 + 0.5 * np.tanh(0.5 * x)),
    "MEAN": lambda operator, x, axes: x.mean(axis=tuple(map(int, np.ravel(axes))), keepdims=operator.options["keeps"]),
    "MUL": _plain(np.multiply),
    "QUANTIZE": _plain(lambda x: x),
    "RELU": _plain(FUSED["RELU"]),
    "RELU6": _plain(FUSED["RELU6"]),
    "RSQRT": _plain(lambda x: x**-0.5),
    "SOFTMAX": _softmax,
    "SQRT": _plain(np.sqrt),
    "SQUARED_DIFFERENCE": _plain(lambda x, y: (x - y) ** 2),
    "SUB": _plain(np.subtract),
    "TANH": _plain(np.tanh),
}
"""How each operator is computed, before its fused activation."""
