"""A full-integer file of TensorFlow Lite as a chain of layers that keeps its integers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from nngen.bridges.importing.checks import dense_only, problem
from nngen.bridges.importing.integers import LITE
from nngen.bridges.importing.limits import SMALL
from nngen.bridges.importing.nodes import UnsupportedError
from nngen.bridges.importing.tflite import schema
from nngen.bridges.importing.tflite.file import File, Operator, Tensor, read
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.integers import Lite, LiteDense, LiteSoftmax, LiteTable, Scale, lite

FLOATS = "without `--dtype int8` it becomes a spec, with the numbers that its integers stand for"
"""The other way to import a file."""

MAX_FACTOR = 2.0**20
"""The greatest factor of a sum or an activation; those of trained networks are near 1 or below."""


MAX_WIDTH = 2**15 - 1
"""The most activations between two operators: what is counted in 16 bits."""

MAX_SHARES = 2**12
"""The most shares of a softmax: the sum of more exponentials could leave 32 bits."""


def read_integers(path: str, name: str) -> bytes:
    """Read a file: a ``Lite`` as JSON. This runs in a process of its own.

    Raises:
        SpecError: it is no such file, or something in it is not of 8 bits or has no integer form, with all of it.
    """
    file = read(files.read(Path(path), SMALL.file), path)
    needed = file.needed()
    dense_only(path, ((operator.place, operator.kind) for operator in needed))
    found: list[Diagnostic] = []
    if not file.integers:
        raise SpecError([problem(path, "", "it does not compute with integers of 8 bits", "leave out `--dtype int8`")])
    if len(file.inputs) != 1 or len(file.outputs) != 1:
        message = f"expected one input and one output, got {len(file.inputs)} and {len(file.outputs)}"
        raise SpecError([problem(path, "", message, FLOATS)])
    chain = _Chain(file, file.inputs[0])
    for operator in needed:
        try:
            chain.add(operator)
        except UnsupportedError as error:
            found.append(problem(path, operator.place, error.message, error.advice or FLOATS))
            chain.at = operator.outputs[0] if operator.outputs else ""
    if not found and (chain.first is None or not chain.steps):
        found.append(problem(path, "", "it does not compute with integers of 8 bits", "leave out `--dtype int8`"))
    if found or chain.first is None:
        raise SpecError(found)
    return LITE.dump_json(chain.network(name))


class _Chain:
    """The operators of a file, one after another, each of which takes what the one before it gives."""

    def __init__(self, file: File, at: str) -> None:
        self._file = file
        self.at = at
        self.first: Tensor | None = None
        """The first tensor of 8 bits."""
        self._last: Tensor | None = None
        self._made = Lite("", 0, Scale(1.0, 0), Scale(1.0, 0))
        if file.tensors[at].type == "INT8":
            self.first = self._last = file.tensors[at]

    @property
    def steps(self) -> int:
        """How many operators compute something."""
        return len(self._made.order)

    def network(self, name: str) -> Lite:
        """The whole network."""
        assert self.first is not None  # noqa: S101 (the caller has asked)
        assert self._last is not None  # noqa: S101
        given, answers = _scale(self.first), _scale(self._last)
        return replace(self._made, name=name, inputs=_width(self.first), given=given, answers=answers)

    def add(self, operator: Operator) -> None:
        """Add an operator.

        Raises:
            UnsupportedError: it has no integer form here.
        """
        if operator.kind not in HANDLERS:
            raise UnsupportedError("this operator has no integer form")
        ends = (*operator.inputs[:1], *operator.outputs)
        if len(ends) != 2 or "" in ends or ends[0] != self.at:
            raise UnsupportedError("with integers, each operator takes what the one before it gives")
        if any(name and self._file.tensors[name].values is None for name in operator.inputs[1:]):
            raise UnsupportedError("with integers, all inputs but the first are constant")
        source, output = self._file.tensors[self.at], self._file.tensors[operator.outputs[0]]
        if self.first is not None and source.type != "INT8":
            raise UnsupportedError("numbers become integers only before all other operators")
        if operator.kind != "FULLY_CONNECTED" and _width(source) != _width(output):
            raise UnsupportedError("it changes the number of activations")
        floats = {"QUANTIZE": source, "DEQUANTIZE": output}.get(operator.kind)
        for tensor in (source, output):
            kinds = ("FLOAT32", "INT8") if tensor is floats else ("INT8",)
            if tensor.type not in kinds:
                raise UnsupportedError(f"its tensor {show(tensor.name)} is of the type {tensor.type}, and not INT8")
            if tensor.type == "INT8":
                _scale(tensor)
        HANDLERS[operator.kind](self, operator, source, output)
        self.at = output.name
        if output.type == "INT8":
            self._last = output
            self.first = self.first or output

    # what operators become

    def _dense(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        weights, bias = (self._file.tensors[name] if name else None for name in (*operator.inputs, "", "")[1:3])
        options = operator.options
        if weights is None or weights.integers is None or weights.type != "INT8" or weights.integers.ndim != 2:
            raise UnsupportedError("its weights are not a matrix of the type INT8")
        if options["format"] or any(weights.zeros) or (len(weights.scales) > 1 and weights.axis != 0):
            raise UnsupportedError("its weights are shuffled, have a zero point, or scales that are not those of units")
        w = weights.integers.astype(np.int64)
        if not weights.scales or w.shape[1] != _width(source) or len(w) != _width(output):
            raise UnsupportedError("its weights do not fit its input and its output")
        b = np.zeros(len(w), np.int64)
        if bias is not None:
            if bias.integers is None or bias.type != "INT32" or bias.integers.shape != (len(w),):
                raise UnsupportedError("its biases are not a number of the type INT32 for each unit")
            b = bias.integers.astype(np.int64)
        given, made = _scale(source), _scale(output)
        step = LiteDense(
            operator.place,
            tuple(map(tuple, w.tolist())),
            tuple((b - given.zero * w.sum(axis=1)).tolist()),
            *_multipliers(given.size, weights.scales, made.size),
            made.zero,
            *_ends(schema.name(schema.ACTIVATIONS, options["activation"]), made),
        )
        factor = max(m / 2.0**s for m, s in zip(step.multipliers, step.shifts, strict=True))
        if step.reach * max(factor, 1.0) >= 2.0**31:
            raise UnsupportedError(f"its sums may reach {step.reach:,}, more than 31 bits hold")
        self._put(replace(self._made, dense=(*self._made.dense, step)), operator)

    def _table(self, operator: Operator, function: Callable[[int], int]) -> None:
        step = LiteTable(operator.place, tuple(map(function, range(lite.LEAST, lite.MOST + 1))))
        self._put(replace(self._made, tables=(*self._made.tables, step)), operator)

    def _put(self, made: Lite, operator: Operator) -> None:
        self._made = replace(made, order=(*made.order, operator.place))

    def _passed(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        if _scale(source) != _scale(output):
            raise UnsupportedError("it changes the scale")

    def _quantize(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        if source.type == "FLOAT32":
            return
        given, made = _scale(source), _scale(output)
        factor = given.size / made.size
        if factor > MAX_FACTOR:
            raise UnsupportedError("its scales are too far apart")
        self._table(operator, lambda q: lite.clamped(lite.rescaled(q - given.zero, factor) + made.zero))

    def _relu(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        given, made = _scale(source), _scale(output)
        factor = float(np.float32(given.size) / np.float32(made.size))
        if not factor <= MAX_FACTOR:
            raise UnsupportedError("its scales are too far apart")
        low, high = _ends(operator.kind, made)
        self._table(operator, lambda q: lite.clamped(lite.rescaled(q - given.zero, factor) + made.zero, low, high))

    def _function(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        """A table of a function in 32-bit floating point, whose outputs have a scale that the schema says."""
        function, size, zero = FUNCTIONS[operator.kind]
        if _scale(output) != Scale(size, zero):
            raise UnsupportedError(f"its output has not the scale {size} and the zero point {zero}")
        given = _scale(source)

        def value(q: int) -> int:
            x = np.float32(given.size) * np.float32(q - given.zero)
            return lite.clamped(lite.rounded(float(np.float32(function(float(x))) / np.float32(size))) + zero)

        self._table(operator, value)

    def _softmax(self, operator: Operator, source: Tensor, output: Tensor) -> None:
        if _scale(output) != Scale(1.0 / 256.0, -128):
            raise UnsupportedError("its output has not the scale 1/256 and the zero point -128")
        if len(source.shape) != 2 or _width(source) > MAX_SHARES:
            raise UnsupportedError(f"its input is no vector of at most {MAX_SHARES:,} activations")
        factor = operator.options["beta"] * _scale(source).size
        if not 2.0**-26 <= factor <= MAX_FACTOR:
            raise UnsupportedError("its scale is not one of a trained network")
        step = LiteSoftmax(operator.place, lite.exponentials(factor))
        self._put(replace(self._made, softmax=(*self._made.softmax, step)), operator)


def _scale(tensor: Tensor) -> Scale:
    """The scale of a tensor between operators."""
    if len(tensor.scales) != 1 or len(tensor.zeros) > 1 or not 1e-30 < tensor.scales[0] < 1e30:
        raise UnsupportedError(f"its tensor {show(tensor.name)} has not one scale")
    zero = tensor.zeros[0] if tensor.zeros else 0
    if not lite.LEAST <= zero <= lite.MOST:
        raise UnsupportedError(f"the zero point of its tensor {show(tensor.name)} is no number of 8 bits")
    return Scale(tensor.scales[0], zero)


def _width(tensor: Tensor) -> int:
    """The numbers of an example; the first size is that of the batch."""
    sizes = tensor.shape[1:]
    if None in sizes or tensor.shape[:1] not in ((1,), (None,)):
        raise UnsupportedError(f"its tensor {show(tensor.name)} is no single example of a known size")
    found = math.prod(size or 0 for size in sizes)
    if not 1 <= found <= MAX_WIDTH:
        raise UnsupportedError(f"its tensor {show(tensor.name)} has {found:,} numbers, and not 1 to {MAX_WIDTH:,}")
    return found


def _multipliers(given: float, weights: tuple[float, ...], made: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The multiplier and the shift of each unit, or those of all. Only a single scale is multiplied in 32 bits."""
    if len(weights) == 1:
        factors = [float(np.float32(given) * np.float32(weights[0])) / made]
    else:
        factors = [given * scale / made for scale in weights]
    if not all(0.0 < factor <= MAX_FACTOR for factor in factors):
        raise UnsupportedError("its scales are too far apart")
    pairs = [lite.multiplier(factor) for factor in factors]
    return tuple(m for m, _ in pairs), tuple(s for _, s in pairs)


def _ends(activation: str, made: Scale) -> tuple[int, int]:
    """The least and the greatest activation."""
    if activation not in ENDS:
        raise UnsupportedError(f"its fused activation {activation} has no integer form")
    low, high = (
        None if end is None else made.zero + lite.rounded(float(np.float32(end) / np.float32(made.size)))
        for end in ENDS[activation]
    )
    return (
        lite.LEAST if low is None else max(lite.LEAST, low),
        lite.MOST if high is None else min(lite.MOST, high),
    )


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(min(-x, 700.0)))


ENDS: Mapping[str, tuple[float | None, float | None]] = {
    "NONE": (None, None),
    "RELU": (0.0, None),
    "RELU6": (0.0, 6.0),
    "RELU_N1_TO_1": (-1.0, 1.0),
}
"""The limits of the activations, as the real numbers that integers stand for."""

FUNCTIONS: Mapping[str, tuple[Callable[[float], float], float, int]] = {
    "LOGISTIC": (_sigmoid, 1.0 / 256.0, -128),
    "TANH": (math.tanh, 1.0 / 128.0, 0),
}
"""The function of an operator, and the scale and the zero point of its output."""

HANDLERS: Mapping[str, Callable[[_Chain, Operator, Tensor, Tensor], None]] = {
    "DEQUANTIZE": lambda chain, operator, source, output: None,
    "FULLY_CONNECTED": _Chain._dense,
    "LOGISTIC": _Chain._function,
    "QUANTIZE": _Chain._quantize,
    "RELU": _Chain._relu,
    "RELU6": _Chain._relu,
    "RELU_N1_TO_1": _Chain._relu,
    "RESHAPE": _Chain._passed,
    "SOFTMAX": _Chain._softmax,
    "TANH": _Chain._function,
}
"""What operators become."""
