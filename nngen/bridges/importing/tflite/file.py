"""A file of TensorFlow Lite as data: its tensors and its operators, and nothing that it would run."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.limits import SMALL
from nngen.bridges.importing.onnx.model import needed, shortest
from nngen.bridges.importing.tflite.flatbuffer import OPERATORS, TYPES, DamagedError, FlatBuffer, Table, named
from nngen.common.diagnostics import show
from nngen.common.files import refused
from nngen.common.records import dataclass

NUMBERS = {
    "FLOAT32": "<f4",
    "FLOAT16": "<f2",
    "INT64": "<i8",
    "INT32": "<i4",
    "INT16": "<i2",
    "INT8": "i1",
    "UINT8": "u1",
}
"""The types of constants that are read, as NumPy writes them."""

INTEGERS = ("INT8", "UINT8", "INT16")
"""The types of the numbers that quantized networks compute with."""

ACTIVATION = ("activation", 0, "b", 0)
OPTIONS: Mapping[str, tuple[int, Sequence[tuple[str, int, str, Any]]]] = {
    "ADD": (11, [ACTIVATION]),
    "CONCATENATION": (10, [("axis", 0, "i", 0), ("activation", 1, "b", 0)]),
    "DIV": (29, [ACTIVATION]),
    "FULLY_CONNECTED": (8, [ACTIVATION, ("format", 1, "b", 0), ("keeps", 2, "?", False)]),
    "LEAKY_RELU": (75, [("alpha", 0, "f", 0.0)]),
    "MEAN": (27, [("keeps", 0, "?", False)]),
    "MUL": (21, [ACTIVATION]),
    "SOFTMAX": (9, [("beta", 0, "f", 0.0)]),
    "SUB": (28, [ACTIVATION]),
}
"""By operator, the number of the table of its options, and the fields of this: name, number, type and default."""


@dataclass(frozen=True)
class Tensor:
    """A tensor: of an input, between operators, or constant."""

    name: str
    """Not two tensors have the same."""
    type: str
    """As in ``flatbuffer.TYPES``."""
    shape: tuple[int | None, ...]
    """None for a dimension of any size."""
    scaled: bool
    """Whether its integers encode real numbers by a scale and a zero point."""
    values: NDArray[Any] | None = None
    """The numbers of a constant, those that its integers stand for. Without a shape, that of the shortest decimal."""
    integers: NDArray[Any] | None = None
    """The integers of a constant."""
    scales: tuple[float, ...] = ()
    """One scale of its integers, or one for each place along its axis, in 32 bits."""
    zeros: tuple[int, ...] = ()
    """The zero points, as many as scales, one, or none."""
    axis: int = 0


@dataclass(frozen=True)
class Operator:
    """An operator of the graph."""

    number: int
    """Its position, from 1."""
    kind: str
    """As in ``flatbuffer.OPERATORS``; that of a custom operator has its own name."""
    inputs: tuple[str, ...]
    """The names of its tensors; empty for one that is left out."""
    outputs: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """It in a message."""
        return f"operator {self.number} ({self.kind})"


@dataclass(frozen=True)
class File:
    """A checked file."""

    tensors: Mapping[str, Tensor]
    operators: tuple[Operator, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    writer: str
    """What its author or converter says about it."""

    @property
    def integers(self) -> bool:
        """Whether TensorFlow Lite computes with integers: with such weights it rounds all numbers."""
        return any(tensor.scaled for tensor in self.tensors.values())

    def needed(self) -> list[Operator]:
        """The operators that the outputs depend on, in their order."""
        return needed(self.operators, self.outputs)


def read(content: bytes, path: str) -> File:
    """Read a file.

    Args:
        content: its bytes.
        path: where it is, for messages.

    Raises:
        SpecError: it is no such file, is damaged, or describes more than is read.
    """
    if content[4:8] != b"TFL3":
        raise refused(path, "this is no file of TensorFlow Lite: it does not begin with the sign TFL3")
    try:
        with np.errstate(invalid="ignore"):  # a damaged number, before it is refused
            return _Reader(FlatBuffer(content).root()).file()
    except DamagedError as error:
        raise refused(path, f"this file cannot be read: {error}") from None
    except OverflowError:
        raise refused(path, "this file cannot be read: a number in it is too large") from None


class _Reader:
    def __init__(self, model: Table) -> None:
        self._model = model
        self._left = SMALL.numbers
        graphs = model.tables(2)
        if model.number(0, "I") != 3 or not graphs:
            raise DamagedError("expected version 3 of the schema, and a graph")
        self._graph = graphs[0]  # the others are those of operators such as IF
        self._buffers = model.tables(4)
        self._codes = [self._code(code) for code in model.tables(1)]
        self._tensors: dict[str, Tensor] = {}
        self._names: list[str] = []

    def file(self) -> File:
        tables, operators = self._graph.tables(0), self._graph.tables(3)
        if len(operators) > SMALL.nodes or len(tables) > 10 * SMALL.nodes:
            raise DamagedError(f"it has {len(operators):,} operators; at most {SMALL.nodes:,} are read")
        tensors: dict[str, Tensor] = {}
        for table in tables:
            name = self._free(table.text(3).removesuffix(":0").removeprefix("serving_default_"), tensors)
            tensors[name] = self._tensor(name, table)
        self._tensors, self._names = tensors, [*tensors]
        inputs, outputs = self._named(self._graph, 1), self._named(self._graph, 2)
        if not outputs or len({"", *inputs}) <= len(inputs) or "" in outputs:
            raise DamagedError("its inputs or outputs are missing, or the same twice")
        return File(
            tensors=tensors,
            operators=tuple(self._operator(number, table) for number, table in enumerate(operators, 1)),
            inputs=inputs,
            outputs=outputs,
            writer=self._model.text(3),
        )

    def _free(self, name: str, taken: Mapping[str, Tensor]) -> str:
        return name if name and name not in taken else f"{name} tensor {len(taken)}".strip()

    def _code(self, table: Table) -> str:
        """The name of an operator; small numbers are in an older field."""
        kind = named(OPERATORS, max(table.number(0, "b"), table.number(3, "i")))
        return f"CUSTOM {show(table.text(1))}" if kind == "CUSTOM" else kind

    def _named(self, table: Table, slot: int) -> tuple[str, ...]:
        """The names of tensors by their numbers; empty for -1."""
        found = table.numbers(slot, "<i4").tolist()
        if not all(-1 <= number < len(self._names) for number in found):
            raise DamagedError("it names a tensor that it does not have")
        return tuple(self._names[number] if number >= 0 else "" for number in found)

    def _operator(self, number: int, table: Table) -> Operator:
        code = table.number(0, "I")
        if code >= len(self._codes):
            raise DamagedError("it names an operator that it does not have")
        kind = self._codes[code]
        union, fields = OPTIONS.get(kind, (0, ()))
        given = table.table(4) if fields else None
        if given is not None and table.number(3, "B") != union:
            raise DamagedError(f"the options of {kind} are those of another operator")
        options = {
            name: default if given is None else given.number(place, letter, default)
            for name, place, letter, default in fields
        }
        inputs, outputs = self._named(table, 1), self._named(table, 2)
        if kind == "RESHAPE" and any(self._tensors[name].values is None for name in inputs[1:] if name):
            inputs = inputs[:1]  # Flatten of Keras computes the sizes from the batch; its output states them, too
        return Operator(number, kind, inputs, outputs, options)

    def _tensor(self, name: str, table: Table) -> Tensor:
        kind = named(TYPES, table.number(1, "b"))
        shape = tuple(table.numbers(0, "<i4").tolist())
        open_shape = tuple(table.numbers(7, "<i4").tolist()) or shape
        if len(shape) > SMALL.rank or len(open_shape) != len(shape) or min(shape, default=0) < 0:
            raise DamagedError(f"the tensor {show(name)} has no shape of at most {SMALL.rank} sizes")
        buffer = table.number(2, "I")
        if buffer >= len(self._buffers):
            raise DamagedError(f"the tensor {show(name)} has no buffer")
        content = self._buffers[buffer].numbers(0, "u1")
        quantization = table.table(4)
        scaled = kind in INTEGERS and quantization is not None and len(quantization.numbers(2, "<f4")) > 0
        values = integers = None
        constant = len(content) or 0 in shape  # the shape of a single number has no sizes
        if constant and kind in NUMBERS and table.table(6) is None:  # sparse tensors are not read
            values = self._constant(name, content, NUMBERS[kind], shape)
            integers = values if values.dtype.kind in "iu" else None
            if quantization is not None and integers is not None:
                values = _dequantized(values, quantization, name)
            if values.dtype.kind == "f":
                values = np.array(shortest(float(values))) if not shape else values.astype(np.float64)
                if values.size > 1 and not np.isfinite(values).all():
                    raise DamagedError(f"the tensor {show(name)} has a number that is not finite")
        sizes = tuple(size if size >= 0 else None for size in open_shape)
        if quantization is None:
            return Tensor(name, kind, sizes, scaled, values, integers)
        scales, zeros = quantization.numbers(2, "<f4").tolist(), quantization.numbers(3, "<i8").tolist()
        axis = int(quantization.number(6, "i"))
        return Tensor(name, kind, sizes, scaled, values, integers, tuple(scales), tuple(zeros), axis)

    def _constant(self, name: str, content: NDArray[Any], kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
        count = prod(shape)
        if len(content) != count * np.dtype(kind).itemsize:
            raise DamagedError(f"the tensor {show(name)} has {len(content):,} bytes, which its shape {shape} does not")
        self._left -= count
        if self._left < 0 or max(shape, default=0) > SMALL.numbers:
            raise DamagedError(f"its constants have more than {SMALL.numbers:,} numbers")
        return content.view(kind).reshape(shape)


def _dequantized(values: NDArray[Any], quantization: Table, name: str) -> NDArray[Any]:
    """The numbers that integers stand for: ``scale (q - zero point)``, with one scale, or one for each place."""
    scale = quantization.numbers(2, "<f4").astype(np.float64)
    if not len(scale):
        return values
    zero = quantization.numbers(3, "<i8").astype(np.float64)
    axis = quantization.number(6, "i")
    sizes = [1] * values.ndim
    if len(scale) > 1:
        if not 0 <= axis < values.ndim or values.shape[axis] != len(scale):
            raise DamagedError(f"the tensor {show(name)} has {len(scale):,} scales, which do not fit its shape")
        sizes[axis] = len(scale)
    if len(zero) not in (0, 1, len(scale)) or not (np.isfinite(scale) & (scale > 0.0)).all():
        raise DamagedError(f"the scales of the tensor {show(name)} are not what the schema says")
    zeros = np.broadcast_to(zero if len(zero) else np.zeros(1), scale.shape)
    found: NDArray[Any] = (values - zeros.reshape(sizes)) * scale.reshape(sizes)
    return found
