"""Operators that move numbers: shapes, parts of vectors, and constants."""

from collections.abc import Sequence
from math import prod

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.ids import embedding, shaped
from nngen.bridges.importing.onnx.model import Constant, Dimensions, Ids, Label, Named, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader


def _shaped(value: Value, shape: tuple[int, ...]) -> Value:
    """A value with another shape for each example."""
    if isinstance(value, Vector):
        return Vector(value.node, shape, value.function)
    if isinstance(value, RawColumns):
        return RawColumns(value.places, shape)
    return shaped(value, shape) if isinstance(value, Ids) else value


def _shape_of(value: Value) -> tuple[int, ...]:
    if isinstance(value, Vector | RawColumns | Ids):
        return value.shape
    raise UnfitError("its input is no vector")


def _identity(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing."""
    return [reader.values[operator.inputs[0]]]


def _constant(reader: Reader, operator: Operator) -> Sequence[Value]:
    """A constant."""
    given = operator.attributes
    for name, dtype in ("value_float", np.float32), ("value_floats", np.float32):
        if name in given:
            return [Constant(np.asarray(given[name], dtype))]
    for name in ("value_int", "value_ints"):
        if name in given:
            return [Constant(np.asarray(given[name], np.int64))]
    if not isinstance(given.get("value"), np.ndarray):
        raise UnfitError("its value is no tensor of numbers or texts")
    return [Constant(given["value"])]


def _flatten(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, if the numbers of an example stay together."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, Label):
        return [value]
    shape = _shape_of(value)
    if operator.attributes.get("axis", 1) not in (1, -len(shape)):
        raise UnfitError("it joins examples", "export it with axis=1")
    return [_shaped(value, (prod(shape),))]


def _reshape(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, if the numbers of an example stay together."""
    value, target = reader.values[operator.inputs[0]], reader.values[operator.inputs[1]]
    if isinstance(value, Label | Named):
        return [value]
    old = _shape_of(value)
    if isinstance(target, Dimensions):
        sizes: list[int | None] = list(target.sizes)
    elif isinstance(target, Constant):
        sizes = [int(size) for size in target.array.ravel()]
    else:
        raise UnfitError("its shape is not constant")
    last = "skl2onnx" in reader.model.producer and operator.outputs[0] in reader.model.outputs
    if last and sizes == [-1, 1] and len(old) == 1 and old[0] > 1:  # it writes so of a network with several targets
        reader.notes["the file joins the outputs of all examples to a column; here each example has its own"] = None
        return [value]
    batch, *wanted = sizes or [None]
    shape = [old[place] if size == 0 and place < len(old) else size for place, size in enumerate(wanted)]
    new = tuple(size for size in shape if size is not None and size > 0)
    if shape.count(-1) == 1 and len(new) == len(shape) - 1 and batch != -1:
        rest = prod(old) // prod(new)
        new = tuple(rest if size == -1 else size for size in shape if size is not None)
    keeps = batch in (None, -1, 0) or batch == reader.table.batch
    if not keeps or len(new) < len(shape) or prod(new) != prod(old):
        raise UnfitError(f"it makes {tuple(sizes)} of examples of the shape {old}, which joins or splits them")
    return [_shaped(value, new)]


def _squeeze(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, if the numbers of an example stay together."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, Label | Dimensions):
        return [Dimensions(value.sizes, True) if isinstance(value, Dimensions) else value]
    shape = _shape_of(value)
    axes = reader.integers(operator, 1, "axes")
    places = [axis % (len(shape) + 1) for axis in axes] if axes is not None else []
    kept = tuple(size for place, size in enumerate(shape, 1) if place not in places)
    if 0 in places or axes is None or prod(kept) != prod(shape):
        raise UnfitError("expected that it removes dimensions of size 1 other than that of the batch")
    return [_shaped(value, kept)]


def _unsqueeze(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, if the numbers of an example stay together."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, Dimensions):
        return [Dimensions(value.sizes)]
    shape = list(_shape_of(value))
    axes = reader.integers(operator, 1, "axes") or []
    rank = len(shape) + 1 + len(axes)
    for place in sorted(axis % rank for axis in axes):
        if place == 0:
            raise UnfitError("it puts a dimension before that of the batch")
        shape.insert(place - 1, 1)
    return [_shaped(value, tuple(shape))]


def _shape(reader: Reader, operator: Operator) -> Sequence[Value]:
    """A constant, but for the size of the batch."""
    shape = _shape_of(reader.values[operator.inputs[0]])
    start, end = operator.attributes.get("start", 0), operator.attributes.get("end", len(shape) + 1)
    return [Dimensions((None, *shape)[start:end])]


def _last_axis(reader: Reader, operator: Operator, index: int = 0, axis: int = -1) -> tuple[Value, int]:
    """A value whose numbers are in its last dimension, which is this axis, and their count."""
    value = reader.values[operator.inputs[index]]
    shape = _shape_of(value)
    if not shape or prod(shape[:-1]) != 1:
        raise UnfitError(f"expected a vector for each example, got the shape {shape}")
    if axis % (len(shape) + 1) != len(shape):
        raise UnfitError("it selects examples of a batch")
    return value, shape[-1]


def _selected(reader: Reader, value: Value, indices: Sequence[int], shape: tuple[int, ...]) -> Value:
    if isinstance(value, RawColumns):
        return RawColumns(tuple(value.places[index] for index in indices), shape)
    if not isinstance(value, Vector) or not indices:
        raise UnfitError("it selects nothing")
    source = reader.node_of(value)
    node = graph.Select(name=f"{source} part", source=source, indices=tuple(indices))
    return Vector(reader.add(node, len(indices)), shape)


def _gather(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Constant places of a vector; rows of a constant matrix by whole numbers are ``ids`` and ``embedding``."""
    value, chosen = reader.values[operator.inputs[0]], reader.values[operator.inputs[1]]
    if isinstance(value, Constant) and isinstance(chosen, Label):
        return [Label(chosen.scores, tuple(map(str, value.array.ravel().tolist())))]
    if isinstance(value, Constant) and isinstance(chosen, Ids | RawColumns):
        return [embedding(reader, operator, value, chosen)]
    if not isinstance(chosen, Constant) or chosen.array.dtype.kind != "i" or chosen.array.ndim > 1:
        raise UnfitError("the selected places are not constant")
    axis = operator.attributes.get("axis", 0)
    if isinstance(value, Dimensions):
        sizes = tuple(_within(value.sizes, int(place)) for place in chosen.array.ravel())
        return [Dimensions(sizes, scalar=not chosen.array.shape)]
    value, width = _last_axis(reader, operator, axis=axis)
    places = [_place(int(place), width) for place in chosen.array.ravel()]
    return [_selected(reader, value, places, (len(places),) if chosen.array.shape else ())]


def _within(sizes: Sequence[int | None], place: int) -> int | None:
    if not -len(sizes) <= place < len(sizes):
        raise UnfitError("it selects a dimension that is not there")
    return sizes[place]


def _place(place: int, width: int) -> int:
    if not -width <= place < width:
        raise UnfitError(f"it selects the place {place} of {width}")
    return place % width


def _slice(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Constant places of a vector; a part of the batch is refused."""
    names = ("starts", "ends", "axes", "steps")
    starts, ends, axes, steps = (reader.integers(operator, index, name) for index, name in enumerate(names, 1))
    value = reader.values[operator.inputs[0]]
    if starts is None or ends is None or len(starts) != len(ends):
        raise UnfitError("its bounds are not constant")
    if isinstance(value, Dimensions):
        return [Dimensions(value.sizes[starts[0] : ends[0] : (steps or [1])[0]])]
    if len(starts) != 1 or len(axes or [0]) != 1 or (steps or [1])[0] == 0:
        raise UnfitError("it selects in several dimensions")
    value, width = _last_axis(reader, operator, axis=(axes or [0])[0])
    indices = list(range(width))[starts[0] : ends[0] : (steps or [1])[0]]
    return [_selected(reader, value, indices, (len(indices),))]


def _split(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Constant places of a vector; a part of the batch is refused."""
    value, width = _last_axis(reader, operator, axis=operator.attributes.get("axis", 0))
    count = len(operator.outputs)
    size = -(-width // count)
    sizes = reader.integers(operator, 1, "split") or [*[size] * (count - 1), width - size * (count - 1)]
    if len(sizes) != count or sum(sizes) != width or min(sizes) < 1:
        raise UnfitError(f"it splits {width} numbers into parts of {sizes}")
    ends = np.cumsum(sizes).tolist()
    spans = [range(stop - size, stop) for stop, size in zip(ends, sizes, strict=True)]
    return [_selected(reader, value, list(span), (len(span),)) for span in spans]


def _concat(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Several sources of a layer; constants beside a vector are refused."""
    values = [reader.values[name] for name in operator.inputs]
    if all(isinstance(value, Constant | Dimensions) for value in values):
        return [_joined_dimensions(values)]
    if any(isinstance(value, Constant) for value in values):
        raise UnfitError("it joins a vector and constants")
    widths = [_last_axis(reader, operator, index)[1] for index in range(len(values))]
    ranks = {len(_shape_of(value)) + 1 for value in values}
    if len(ranks) != 1 or operator.attributes.get("axis", 1) % min(ranks) != min(ranks) - 1:
        raise UnfitError("it joins examples of batches", "export it with axis=1")
    shape = (*_shape_of(values[0])[:-1], sum(widths))
    if all(isinstance(value, RawColumns) for value in values):
        return [RawColumns(tuple(place for value in values for place in value.places), shape)]  # type: ignore[union-attr]
    names = tuple(reader.node_of(reader.vector(operator, index)) for index in range(len(values)))
    return [Vector(reader.add(graph.Concat(name=operator.outputs[0], sources=names), sum(widths)), shape)]


def _joined_dimensions(values: Sequence[Value]) -> Value:
    sizes: list[int | None] = []
    for value in values:
        if isinstance(value, Dimensions):
            sizes += value.sizes
        elif isinstance(value, Constant) and value.array.dtype.kind == "i":
            sizes += [int(size) for size in value.array.ravel()]
    return Dimensions(tuple(sizes))


def _transpose(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, if the numbers of an example stay together."""
    value = reader.values[operator.inputs[0]]
    order = operator.attributes.get("perm")
    if isinstance(value, Constant):
        return [Constant(np.transpose(value.array, order))]
    shape = _shape_of(value)
    if order != [*range(len(shape) + 1)]:
        raise UnfitError("it exchanges dimensions of the examples", "export it with the batch first")
    return [value]


def _argmax(reader: Reader, operator: Operator) -> Sequence[Value]:
    """The classes, in the order of the scores."""
    vector = reader.flat(operator)
    if operator.attributes.get("axis", 0) not in (1, -1):
        raise UnfitError("it compares the examples of a batch")
    reader.widths.setdefault(vector.node, vector.width)
    return [Label(operator.inputs[0])]


HANDLERS: dict[str, Handler] = {
    "ArgMax": _argmax,
    "Concat": _concat,
    "Constant": _constant,
    "Flatten": _flatten,
    "Gather": _gather,
    "Identity": _identity,
    "Reshape": _reshape,
    "Shape": _shape,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
