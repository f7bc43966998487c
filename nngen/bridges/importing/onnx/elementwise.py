"""Operators on single numbers: they become functions, which activations, shifts and scales are made of."""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.expressions import Expression, Z, call
from nngen.bridges.importing.functions import FOLDED, ONE, SEVERAL, WITH_OPTIONS, clip, gelu, gelu_tanh
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.ids import counted
from nngen.bridges.importing.onnx.model import Constant, Ids, Label, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader
from nngen.bridges.importing.parametric import parametric
from nngen.mathematics.catalogue import OF_ONNX, PAIRS, summed

FLOATS = {1: "float32", 10: "float16", 11: "float64"}
"""The types that a cast between does not matter, by their numbers in ONNX; the comparison shows the rounding."""


VECTORS = "vectors of the same shape can be added, multiplied, divided and joined"


def combined(reader: Reader, values: Sequence[Value], function: Callable[..., Expression], kind: str) -> Vector:
    """A function of numbers of one vector and of constants."""
    vectors = [_number(reader, value) for value in values if not isinstance(value, Constant)]
    if any(isinstance(value, Constant) and value.array.dtype.kind not in "fib" for value in values):
        raise UnfitError("a constant is no number")
    if len({len(vector.shape) for vector in vectors}) > 1:
        raise UnfitError("it combines vectors with different numbers of dimensions")
    try:
        shape = np.broadcast_shapes(*(vector.shape for vector in vectors))
    except ValueError:
        raise UnfitError("it combines vectors of different shapes", VECTORS) from None
    by_place = any(isinstance(value, Constant) and not _is_single(value, shape) for value in values)
    if by_place:
        return _by_place(reader, values, vectors, kind)
    if len({vector.node for vector in vectors}) > 1:
        return _of_two(reader, vectors, kind)
    places = iter(vectors)
    operands = [value.expression if isinstance(value, Constant) else next(places).function for value in values]
    return Vector(vectors[0].node, shape, function(*operands))


def _number(reader: Reader, value: Value) -> Vector:
    if isinstance(value, RawColumns):
        return Vector(reader.numbers(value), value.shape)
    if not isinstance(value, Vector):
        raise UnfitError("an input is neither a vector nor a constant")
    return value


def _is_single(value: Constant, shape: tuple[int, ...]) -> bool:
    """Whether a constant is one number for all; a list of one number is that of a vector of one."""
    return value.array.size == 1 and value.array.ndim <= len(shape) + 1 and (prod(shape) > 1 or not value.array.shape)


def _by_place(reader: Reader, values: Sequence[Value], vectors: Sequence[Vector], kind: str) -> Vector:
    """A vector with a constant for each of its numbers."""
    if len(values) != 2 or len(vectors) != 1 or kind not in ("Add", "Sub", "Mul", "Div", "Sum", "PRelu"):
        message = "it has a constant of its own for each number, which only +, -, *, / and PRelu may have"
        raise UnfitError(message, "give all numbers the same constant")
    (vector,), first = vectors, isinstance(values[0], Constant)
    constant = next(value for value in values if isinstance(value, Constant))
    array = constant.doubles()
    extra = array.ndim - len(vector.shape)
    if (extra > 0 and set(array.shape[:extra]) != {1}) or extra > 1:
        raise UnfitError(f"its constants have the shape {array.shape}, which is not that of each example")
    array = array.reshape(array.shape[max(extra, 0) :])
    if np.broadcast_shapes(array.shape, vector.shape) != vector.shape:
        raise UnfitError(f"its constants have the shape {array.shape}, the vector {vector.shape}")
    numbers = np.broadcast_to(array, vector.shape).ravel()
    node = reader.node_of(vector)
    match kind:
        case "Add" | "Sum":
            made = reader.biased(node, numbers) or reader.affine(node, 1.0, numbers)
        case "Sub":
            made = reader.affine(node, -1.0, numbers) if first else reader.scale(node, numbers, 1.0)
        case "Mul":
            made = reader.affine(node, numbers, 0.0)
        case "PRelu":
            if first:
                raise UnfitError("its slopes are no constants", "export the network in inference mode")
            for part in parametric(f"{node} prelu", "", node, numbers):
                made = reader.add(part, vector.width)
        case _:
            if first:
                raise UnfitError("it divides constants by the numbers of a vector")
            made = reader.scale(node, 0.0, numbers)
    return Vector(made, vector.shape)


def _of_two(reader: Reader, vectors: Sequence[Vector], kind: str) -> Vector:
    """The sum or difference of two vectors, or what a kind of layer computes from them."""
    shapes = {vector.shape for vector in vectors}
    if len(vectors) != 2 or kind not in ("Add", "Sub", "Sum", *OF_ONNX) or len(shapes) > 1:
        raise UnfitError("it combines vectors in another way, or of different shapes", VECTORS)
    names = [reader.node_of(vector) for vector in vectors]
    if kind in OF_ONNX:
        return paired(reader, OF_ONNX[kind], vectors)
    if kind == "Sub":
        names[1] = reader.affine(names[1], -1.0, 0.0)
    width = vectors[0].width
    node = graph.Sum(name=reader.named(f"{names[0]} sum"), sources=tuple(names))
    return Vector(reader.add(node, width), vectors[0].shape)


def paired(reader: Reader, operation: str, vectors: Sequence[Vector]) -> Vector:
    """Two vectors of the same width, number by number; a sum over these has no dimension for each example."""
    name = reader.named(operation)
    node = graph.Pair(name=name, operation=operation, sources=tuple(map(reader.node_of, vectors)))
    shape, width = ((), 1) if PAIRS[operation].over_units else (vectors[0].shape, vectors[0].width)
    return Vector(reader.add(node, width), shape)


def _one(kind: str) -> Handler:
    def read(reader: Reader, operator: Operator) -> Sequence[Value]:
        """An activation of the catalogue, or part of a custom one."""
        return [combined(reader, [reader.values[operator.inputs[0]]], ONE[kind], kind)]

    return read


def _with_options(kind: str) -> Handler:
    function, defaults = WITH_OPTIONS[kind]

    def read(reader: Reader, operator: Operator) -> Sequence[Value]:
        """An activation of the catalogue with these options, or part of a custom one."""
        options = {name: float(operator.attributes.get(name, default)) for name, default in defaults.items()}
        value = reader.values[operator.inputs[0]]
        return [combined(reader, [value], lambda z: function(z, *options.values()), kind)]

    return read


def _several(kind: str) -> Handler:
    joined = "several sources of a layer"
    of_two = {"Add": joined, "Sum": joined, "Sub": f"{joined}, with factors"}
    pair = f"``{OF_ONNX[kind]}``" if kind in OF_ONNX else of_two.get(kind)

    def read(reader: Reader, operator: Operator) -> Sequence[Value]:
        """Part of an activation."""
        values = [reader.values[name] for name in operator.inputs]
        if kind not in FOLDED:
            return [combined(reader, values, SEVERAL[kind], kind)]
        total, *rest = values
        for value in rest:
            total = combined(reader, [total, value], SEVERAL[kind], kind)
        return [total]

    read.__doc__ = (
        f"Of a vector and constants, ``scale``, weights or an activation; of two vectors, {pair}."
        if pair
        else read.__doc__
    )
    return read


def _gelu_of(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``gelu`` or ``gelu_tanh``, as ``approximate`` says."""
    function = gelu_tanh if operator.attributes.get("approximate") == "tanh" else gelu
    return [combined(reader, [reader.values[operator.inputs[0]]], function, "Gelu")]


def _clip_of(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Between constant limits: attributes before version 11, then inputs."""
    low, high = (operator.attributes.get(name) for name in ("min", "max"))
    if operator.version >= 11:
        given = [reader.values[name] if name else None for name in (*operator.inputs[1:], "", "")[:2]]
        if not all(value is None or (isinstance(value, Constant) and value.array.size == 1) for value in given):
            raise UnfitError("its bounds are not constant numbers")
        low, high = (value.expression if isinstance(value, Constant) else None for value in given)
    return [combined(reader, [reader.values[operator.inputs[0]]], lambda z: clip(z, low, high), "Clip")]


def _cast(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Between numbers, nothing; of a condition, 1 or 0. Rounding is refused."""
    value = reader.values[operator.inputs[0]]
    kind = operator.attributes.get("to")
    if isinstance(value, Vector) and value.function.boolean:
        return [value if kind == 9 else Vector(value.node, value.shape, call("where", value.function, 1.0, 0.0))]
    if isinstance(value, Vector) and kind in (6, 7) and (rows := counted(reader, value)) is not None:
        return [rows]
    if isinstance(value, Label | Ids) or (isinstance(value, RawColumns) and reader.table.whole(value.places)):
        return [value]
    if kind not in FLOATS or (kind == 10 and not reader.model.half):
        raise UnfitError("it makes other numbers of float32 or float64", "export it without rounding")
    return [value]


def _reduced(name: str) -> Handler:
    def read(reader: Reader, operator: Operator) -> Sequence[Value]:
        """Over the numbers of an example: part of softmax, a normalization or ``dot``."""
        value = reader.values[operator.inputs[0]]
        vector = _number(reader, value)
        axes = reader.integers(operator, 1, "axes")
        node = reader.nodes.get(vector.node)
        if name == "sum" and isinstance(node, graph.Pair) and summed(node.operation) and vector.function is Z:
            return [_summed(reader, operator, vector, node, axes)]
        if len(vector.shape) != 1 or axes not in ([1], [-1]) or not operator.attributes.get("keepdims", 1):
            raise UnfitError("expected that it combines the numbers of each example, and keeps the dimension")
        combined_units = vector.function if vector.shape == (1,) else call(name, vector.function)
        return [Vector(vector.node, (1,), combined_units)]

    return read


def _summed(reader: Reader, operator: Operator, vector: Vector, pair: graph.Pair, axes: Sequence[int] | None) -> Vector:
    """The sum of what two vectors are joined to, such as a dot product."""
    rank = len(vector.shape)
    if axes not in ([rank], [-1]) or prod(vector.shape[:-1]) != 1:
        raise UnfitError("expected that it adds the products of each example")
    halves = [Vector(source, vector.shape) for source in pair.sources]
    shape = (*vector.shape[:-1], *([1] if operator.attributes.get("keepdims", 1) else []))
    return Vector(paired(reader, summed(pair.operation), halves).node, shape)


def _einsum(reader: Reader, operator: Operator) -> Sequence[Value]:
    """The dot product ``nk,nk->n`` of two vectors; any other equation is refused."""
    equation = str(operator.attributes.get("equation", "")).replace(" ", "")
    vectors = [_number(reader, reader.values[name]) for name in operator.inputs]
    n, k = equation[:1], equation[1:2]
    if equation != f"{n}{k},{n}{k}->{n}" or [len(vector.shape) for vector in vectors] != [1, 1]:
        raise UnfitError(f"it computes {equation[:40]}", "the dot product nk,nk->n can be read")
    return [paired(reader, OF_ONNX[operator.kind], vectors)]


HANDLERS: dict[str, Handler] = {
    **{kind: _one(kind) for kind in ONE},
    **{kind: _with_options(kind) for kind in WITH_OPTIONS},
    **{kind: _several(kind) for kind in SEVERAL},
    "Cast": _cast,
    "Clip": _clip_of,
    "Einsum": _einsum,
    "Gelu": _gelu_of,
    "ReduceMax": _reduced("max"),
    "ReduceMean": _reduced("mean"),
    "ReduceSum": _reduced("sum"),
}
