"""Operators that become dense layers, softmax, normalizations and dropout."""

import re
from collections.abc import Sequence

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.loss import LOG_SOFTMAX
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.elementwise import paired
from nngen.bridges.importing.onnx.model import Constant, Operator, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader
from nngen.mathematics.catalogue import OF_ONNX

_WEIGHTS = re.compile(r"(?:.*[./:])?([A-Za-z0-9_]+)[./](?:weight|kernel|W)(?::0)?")
"""The name of a weight matrix behind that of its layer."""

_OWN_WEIGHTS = re.compile("W_(.+)")
"""The same in files of nngen."""


def dense(reader: Reader, source: Vector, matrix: Array, bias: Array | None, name: str) -> Vector:
    """The weighted sums of a vector.

    Args:
        reader: the reader.
        source: the vector, a node.
        matrix: a row for each output.
        bias: a number for each output, or None.
        name: the name of the weights in the file, in which that of the layer may be.
    """
    if matrix.ndim != 2 or matrix.shape[1] != source.width:
        shape = matrix.shape[::-1]
        raise UnfitError(f"its weights have the shape {shape}, but the vector has {source.width} numbers")
    own = reader.model.producer.partition(" ")[0] == "nngen"
    found = (_OWN_WEIGHTS if own else _WEIGHTS).fullmatch(name)
    layers = sum(isinstance(node, graph.Dense) for node in reader.nodes.values())
    node = graph.Dense(
        name=found[1] if found else f"layer{layers + 1}", sources=(source.node,), weights=(matrix,), bias=bias
    )
    return Vector(reader.add(node, len(matrix)), (len(matrix),))


def _gemm(reader: Reader, operator: Operator) -> Sequence[Value]:
    """A dense layer, with ``alpha``, ``beta`` and ``transB`` multiplied out; ``transA`` is refused."""
    if operator.attributes.get("transA", 0):
        raise UnfitError("it transposes the examples (transA)", "export it with the batch as the first dimension")
    source = reader.flat(operator)
    weights = reader.constant(operator, 1, "weights")
    bias = reader.constant(operator, 2, "biases")
    if weights is None or weights.ndim != 2:
        raise UnfitError("its weights are no matrix")
    matrix = weights if operator.attributes.get("transB", 0) else weights.T
    matrix = matrix * operator.attributes.get("alpha", 1.0)
    if bias is not None:
        bias = _biases(bias * operator.attributes.get("beta", 1.0), len(matrix))
    return [dense(reader, source, matrix, bias, operator.inputs[1])]


def _biases(array: Array, units: int) -> Array:
    """Biases of the shapes (), (1,), (n,) or (1, n) as (n,)."""
    if array.ndim > 2 or (array.ndim == 2 and array.shape[0] != 1) or array.size not in (1, units):
        raise UnfitError(f"its biases have the shape {array.shape}; expected ({units},)")
    return np.broadcast_to(array.ravel(), (units,)).copy()


def _matmul(reader: Reader, operator: Operator) -> Sequence[Value]:
    """By a constant matrix, a dense layer; of a row and a column of each example, ``dot``."""
    if isinstance(reader.values[operator.inputs[0]], Constant):
        raise UnfitError("its weights come before the vector", "export it with the batch as the first dimension")
    if not isinstance(reader.values[operator.inputs[1]], Constant):
        return [_row_by_column(reader, operator)]
    source = reader.flat(operator)
    weights = reader.constant(operator, 1, "weights")
    if weights is None or weights.ndim != 2:
        raise UnfitError("its weights are no matrix")
    return [dense(reader, source, weights.T, None, operator.inputs[1])]


def _row_by_column(reader: Reader, operator: Operator) -> Vector:
    """A row times a column for each example: the dot product of two vectors."""
    row, column = (reader.vector(operator, index) for index in range(2))
    if len(row.shape) != 2 or row.shape[0] != 1 or column.shape != row.shape[::-1]:
        message = f"it multiplies {row.shape} and {column.shape} for each example"
        raise UnfitError(message, "a row times a column, or a vector times constant weights, can be read")
    return Vector(paired(reader, OF_ONNX[operator.kind], [row, column]).node, (1, 1))


def _softmax(kind: str) -> Handler:
    def read(reader: Reader, operator: Operator) -> Sequence[Value]:
        """``softmax``, of which it may be the logarithm at the output; over the batch it is refused."""
        # before version 13, the axis is that from which on the numbers are flattened
        source = reader.flat(operator)
        axis = operator.attributes.get("axis", 1 if operator.version < 13 else -1)
        if axis not in (1, -1):
            raise UnfitError("it compares the examples of a batch", f"export it with axis=-1, not {axis}")
        if source.width == 1:
            raise UnfitError("of a single number, it is always the same", "export the number before it")
        return [reader.made(graph.Activate, source, kind, activation=kind)]

    return read


def _batch_normalization(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``batch_norm`` with its statistics; the training mode is refused."""
    if operator.attributes.get("training_mode", 0) or len([name for name in operator.outputs if name]) > 1:
        raise UnfitError("it measures the examples of a batch", "export the network in inference mode")
    source = reader.flat(operator)
    gain, shift, mean, variance = (_constants(reader, operator, index, source.width) for index in range(1, 5))
    momentum = operator.attributes.get("momentum", 0.9)
    made = reader.made(
        graph.BatchNorm,
        source,
        "batch_norm",
        gain=gain,
        shift=shift,
        mean=mean,
        variance=variance,
        epsilon=operator.attributes.get("epsilon", 1e-5),
        momentum=round(1.0 - momentum, 12) if 0.0 < momentum < 1.0 else 0.1,
        # PyTorch corrects the running variance by n - 1, ONNX does not (BatchNormalization, version 14)
        correction=1.0 if "pytorch" in reader.model.producer.lower() else 0.0,
    )
    return [made]


def _constants(reader: Reader, operator: Operator, index: int, width: int) -> Array:
    """Constants for a vector, zeros where they are left out; ``checks`` compares their shapes with it."""
    found = reader.constant(operator, index, "constants")
    return np.zeros(width) if found is None else found


def _layer_normalization(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``layer_norm``, also in parts; over the batch it is refused."""
    source = reader.flat(operator)
    _last_axis(operator)
    gain, shift = (_constants(reader, operator, 1, source.width), _constants(reader, operator, 2, source.width))
    epsilon = operator.attributes.get("epsilon", 1e-5)
    return [reader.made(graph.LayerNorm, source, "layer_norm", gain=gain, shift=shift, epsilon=epsilon)]


def _rms_normalization(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``rms_norm``, also in parts."""
    source = reader.flat(operator)
    _last_axis(operator)
    gain, epsilon = _constants(reader, operator, 1, source.width), operator.attributes.get("epsilon", 1e-5)
    return [reader.made(graph.RmsNorm, source, "rms_norm", gain=gain, epsilon=epsilon)]


def _last_axis(operator: Operator) -> None:
    if operator.attributes.get("axis", -1) not in (-1, 1):
        raise UnfitError("it normalizes the examples of a batch", "export it with axis=-1")


def _dropout(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``dropout``, its rate an attribute before version 12, then an input; the training mode is refused."""
    training = reader.constant(operator, 2, "mode")
    if training is not None and training.any():
        raise UnfitError("it drops numbers at random", "export the network in inference mode")
    ratio = operator.attributes.get("ratio", 0.5)
    if operator.version >= 12:
        given = operator.inputs[1] if len(operator.inputs) > 1 else ""
        value = reader.values.get(given)
        ratio = value.expression.number if isinstance(value, Constant) and value.array.size == 1 else 0.5
    value = reader.values[operator.inputs[0]]
    if not 0.0 < ratio < 1.0:
        return [value]
    vector = reader.vector(operator)
    source = Vector(reader.node_of(vector), vector.shape)
    return [reader.made(graph.Dropout, source, "dropout", rate=ratio)]


HANDLERS: dict[str, Handler] = {
    "BatchNormalization": _batch_normalization,
    "Dropout": _dropout,
    "Gemm": _gemm,
    "LayerNormalization": _layer_normalization,
    "LogSoftmax": _softmax(LOG_SOFTMAX),
    "MatMul": _matmul,
    "RMSNormalization": _rms_normalization,
    "Softmax": _softmax("softmax"),
}
