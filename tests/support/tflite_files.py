"""Files of TensorFlow Lite, written by hand: a FlatBuffer with the tables of its schema, version 3."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nngen.bridges.importing import Imported, outputs
from nngen.bridges.importing.compare import Judgement, Sample
from nngen.bridges.importing.tflite.file import read
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS, OPERATORS, TYPES
from tests.support.differences import seen

RNG = np.random.Generator(np.random.PCG64(1))
W, V = (RNG.standard_normal((3, 3)).astype(np.float32) for _ in range(2))
B, GAIN, SHIFT = (RNG.uniform(0.5, 2.0, 3).astype(np.float32) for _ in range(3))

Fields = Mapping[int, Any]
"""A table: a number as its letter of ``struct`` and its value, bytes, an array, a table, or a list of tables."""

OF_NUMPY = {
    "float32": "FLOAT32",
    "float16": "FLOAT16",
    "int8": "INT8",
    "uint8": "UINT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
}
OPTIONS = {"FULLY_CONNECTED": 8, "SOFTMAX": 9, "CONCATENATION": 10, "ADD": 11, "MUL": 21, "MEAN": 27, "SUB": 28}
OPTIONS |= {"DIV": 29, "LEAKY_RELU": 75, "PACK": 59, "SHAPE": 55, "STRIDED_SLICE": 32}


class _File(bytearray):
    """What is written, and the lists that follow all tables: one that several tables have is there once."""

    def __init__(self) -> None:
        super().__init__(b"\0\0\0\0TFL3")
        self.lists: dict[int, tuple[Any, list[int]]] = {}


def flatbuffer(root: Fields) -> bytes:
    """A file with this table, the sign of TensorFlow Lite behind its first offset."""
    out = _File()
    _point(out, 0, _table(out, root))
    for value, places in out.lists.values():
        _aligned(out, 16, 4)
        for place in places:
            _point(out, place, len(out))
        out += struct.pack("<I", len(value)) + (value + b"\0" if isinstance(value, bytes) else value.tobytes())
    return bytes(out)


def _aligned(out: bytearray, size: int, ahead: int = 0) -> None:
    out.extend(bytes(-(len(out) + ahead) % size))


def _point(out: bytearray, place: int, target: int) -> None:
    struct.pack_into("<I", out, place, target - place)


def _table(out: _File, fields: Fields) -> int:
    """Write a table and what it has; its fields are eight bytes apart."""
    slots = max(fields, default=-1) + 1
    _aligned(out, 8, 4 + 2 * slots)
    before = len(out)
    out += struct.pack("<HH", 4 + 2 * slots, 8 + 8 * len(fields))
    places = {slot: 8 + 8 * number for number, slot in enumerate(fields)}
    out += b"".join(struct.pack("<H", places.get(slot, 0)) for slot in range(slots))
    start = len(out)
    out += struct.pack("<i", start - before) + bytes(4 + 8 * len(fields))
    for slot, value in fields.items():
        if isinstance(value, tuple):
            struct.pack_into(f"<{value[0]}", out, start + places[slot], value[1])
        elif isinstance(value, Mapping):
            _point(out, start + places[slot], _table(out, value))
        elif isinstance(value, list):
            _point(out, start + places[slot], _tables(out, value))
        else:
            out.lists.setdefault(id(value), (value, []))[1].append(start + places[slot])
    return start


def _tables(out: _File, tables: Sequence[Fields]) -> int:
    _aligned(out, 4)
    start = len(out)
    out += struct.pack("<I", len(tables)) + bytes(4 * len(tables))
    for number, table in enumerate(tables, 1):
        _point(out, start + 4 * number, _table(out, table))
    return start


@dataclass
class Graph:
    """A network of TensorFlow Lite, tensor by tensor and operator by operator."""

    tensors: list[Fields] = field(default_factory=list)
    buffers: list[Fields] = field(default_factory=lambda: [{}])
    operators: list[Fields] = field(default_factory=list)
    codes: list[Fields] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)

    def tensor(self, shape: Sequence[int], kind: str = "FLOAT32", **scales: Any) -> int:
        """A tensor between operators; -1 is a size that is open."""
        fields = {0: np.array([max(size, 1) for size in shape], "<i4"), 1: ("b", TYPES.index(kind)), 2: ("I", 0)}
        fields |= {3: f"t{len(self.tensors)}".encode(), **_quantized(**scales)}
        self.tensors.append(fields | ({7: np.array(shape, "<i4")} if min(shape, default=1) < 0 else {}))
        return len(self.tensors) - 1

    def input(self, shape: Sequence[int], kind: str = "FLOAT32", **scales: Any) -> int:
        """An input."""
        self.inputs.append(self.tensor(shape, kind, **scales))
        return self.inputs[-1]

    def constant(self, values: Any, dtype: str = "float32", **scales: Any) -> int:
        """A constant."""
        array = np.asarray(values, dtype)
        made = self.tensor(array.shape, OF_NUMPY[dtype], **scales)
        self.buffers.append({0: np.frombuffer(array.tobytes(), "u1")})
        self.tensors[made] = {**self.tensors[made], 2: ("I", len(self.buffers) - 1)}
        return made

    def add(self, kind: str, inputs: Sequence[int], output: int, options: Fields | None = None) -> int:
        """An operator; returns its output."""
        number = OPERATORS.index(kind)
        self.codes.append({0: ("b", min(number, 127)), 2: ("i", 1), 3: ("i", number)})
        fields = {0: ("I", len(self.codes) - 1), 1: np.array(inputs, "<i4"), 2: np.array([output], "<i4")}
        given = {3: ("B", OPTIONS[kind]), 4: options or {}} if kind in OPTIONS else {}
        self.operators.append(fields | given)
        return output

    def dense(self, source: int, weights: int, bias: int, output: int, activation: str = "NONE") -> int:
        """The operator FULLY_CONNECTED; -1 for no bias."""
        return self.add("FULLY_CONNECTED", [source, weights, bias], output, fused(activation))

    def file(self, *outputs: int, signed: bool = False) -> bytes:
        """The bytes of the file; ``signed`` with a signature, which has the names ``x`` and ``y``."""
        graph = {0: self.tensors, 1: np.array(self.inputs, "<i4"), 2: np.array(outputs, "<i4"), 3: self.operators}
        ends = (
            [[{0: name, 1: ("I", at)}] for name, at in ((b"x", self.inputs[0]), (b"y", outputs[0]))] if signed else []
        )
        names = {7: [{0: ends[0], 1: ends[1], 2: b"serving_default", 4: ("I", 0)}]} if signed else {}
        return flatbuffer({0: ("I", 3), 1: self.codes, 2: [graph], 3: b"written by a test", 4: self.buffers} | names)


def _quantized(scale: Any = None, zero: Any = 0, axis: int = 0) -> Fields:
    if scale is None:
        return {}
    numbers = {2: np.atleast_1d(np.array(scale, "<f4")), 3: np.atleast_1d(np.array(zero, "<i8"))}
    return {4: numbers | {6: ("i", axis)}}


def fused(activation: str) -> Fields:
    """The options of an operator that only has a fused activation."""
    return {0: ("b", ACTIVATIONS.index(activation))}


def normalized(graph: Graph, z: int, *, squared_difference: bool, inverse_root: bool) -> int:
    """A layer normalization in the operators that converters write."""
    axis = graph.constant(-1, "int32")

    def mean(x: int) -> int:
        return graph.add("MEAN", [x, axis], graph.tensor([1, 1]), {0: ("?", True)})

    def joined(kind: str, *inputs: int, width: int = 3) -> int:
        return graph.add(kind, inputs, graph.tensor([1, width]))

    centre = mean(z)
    centred = joined("SUB", z, centre)
    squares = joined("SQUARED_DIFFERENCE", z, centre) if squared_difference else joined("MUL", centred, centred)
    variance = joined("ADD", mean(squares), graph.constant(1e-3), width=1)
    scale = joined("RSQRT" if inverse_root else "SQRT", variance, width=1)
    found = joined("MUL" if inverse_root else "DIV", centred, scale)
    return joined("ADD", joined("MUL", found, graph.constant(GAIN)), graph.constant(SHIFT))


def many_operators(*, inverse_root: bool) -> bytes:
    """A network of five layers with a normalization, a skip connection and a softmax."""
    graph = Graph()
    x = graph.input([-1, 1, 3])
    flat = graph.add("RESHAPE", [x, graph.constant([-1, 3], "int32")], graph.tensor([-1, 3]))
    first = graph.dense(flat, graph.constant(W), graph.constant(B), graph.tensor([-1, 3]), "RELU6")
    second = graph.dense(first, graph.constant(V), -1, graph.tensor([-1, 3]))
    norm = normalized(graph, second, squared_difference=inverse_root, inverse_root=inverse_root)
    tanh = graph.add("TANH", [norm], graph.tensor([-1, 3]))
    skip = graph.add("ADD", [tanh, first], graph.tensor([-1, 3]), fused("RELU"))
    both = graph.add("CONCATENATION", [skip, flat], graph.tensor([-1, 6]), {0: ("i", 1)})
    last = graph.dense(both, graph.constant(RNG.standard_normal((4, 6))), -1, graph.tensor([-1, 4]))
    answer = graph.add("SOFTMAX", [last], graph.tensor([-1, 4]), {0: ("f", 0.5)})
    return graph.file(answer)


def flattened(activation: str) -> bytes:
    """A network of Keras as converters write it: ``Flatten`` computes its sizes from the batch; two layers follow.

    Args:
        activation: an operator with one input, or PRELU with a slope for each unit.
    """
    graph = Graph()
    x = graph.input([-1, 2, 3])
    first, last, stride = (graph.constant([number], "int32") for number in (0, 1, 1))
    shape = graph.add("SHAPE", [x], graph.tensor([3], "INT32"), {0: ("b", TYPES.index("INT32"))})
    count = graph.add("STRIDED_SLICE", [shape, first, last, stride], graph.tensor([], "INT32"), {4: ("i", 1)})
    sizes = graph.add("PACK", [count, graph.constant(6, "int32")], graph.tensor([2], "INT32"), {0: ("i", 2)})
    flat = graph.add("RESHAPE", [x, sizes], graph.tensor([-1, 6]))
    z = graph.dense(flat, graph.constant(np.concatenate([W, V], axis=1)), graph.constant(B), graph.tensor([-1, 3]))
    slopes = [graph.constant(np.array([0.1, 0.25, 0.5], "f4"))] if activation == "PRELU" else []
    options = {0: ("f", 0.3)} if activation == "LEAKY_RELU" else None
    a = graph.add(activation, [z, *slopes], graph.tensor([-1, 3]), options)
    return graph.file(graph.dense(a, graph.constant(V), -1, graph.tensor([-1, 3])))


def note_differences(content: bytes, made: Imported, given: Sample, judgements: Sequence[Judgement]) -> None:
    """Note how far a network is from its file, for the table of its operators."""
    kinds = {operator.kind for operator in read(content, "").needed()}
    for judgement in judgements:
        if judgement.outputs is not None:
            seen(judgement.by, kinds, outputs(made, given), judgement.outputs)
