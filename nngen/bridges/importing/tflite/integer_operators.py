"""The step for each operator of a full-integer file of TensorFlow Lite.

The rules are those of the reference kernels of LiteRT and of gemmlowp; docs/int8.md has them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.tflite.file import Operator, Tensor
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS, named
from nngen.common.diagnostics import show
from nngen.integers import Scale, lite

MAX_FACTOR = 2.0**20
"""The greatest factor of a sum or an activation; those of trained networks are near 1 or below."""

MAX_WIDTH = 2**15 - 1
"""The most activations of an operator: what is counted in 16 bits."""

MAX_SHARES = 2**12
"""The most shares of a softmax: the sum of more exponentials could leave 32 bits."""


@dataclass(frozen=True)
class Call:
    """An operator with what it takes and gives."""

    operator: Operator
    sources: tuple[Tensor, ...]
    """The tensors that it takes; weights and biases are no such."""
    numbers: tuple[int, ...]
    """The steps that give them."""
    widths: tuple[int, ...]
    """How many numbers each has; one that is alone counts as often as it is needed."""
    output: Tensor
    tensors: Mapping[str, Tensor]
    """All tensors of the file."""

    @property
    def start(self) -> tuple[str, tuple[int, ...], int]:
        """The first fields of each step: its place, its sources and its width."""
        return self.operator.place, self.numbers, width(self.output)


def _dense(call: Call) -> lite.LiteStep:
    options, (source,) = call.operator.options, call.sources
    weights, bias = (call.tensors[name] if name else None for name in (*call.operator.inputs, "", "")[1:3])
    if weights is None or weights.integers is None or weights.type != "INT8" or weights.integers.ndim != 2:
        raise UnfitError("its weights are not a matrix of the type INT8")
    if options["format"] or any(weights.zeros) or (len(weights.scales) > 1 and weights.axis != 0):
        raise UnfitError("its weights are shuffled, have a zero point, or scales that are not those of units")
    w = weights.integers.astype(np.int64)
    if not weights.scales or w.shape[1] != width(source) or len(w) != width(call.output):
        raise UnfitError("its weights do not fit its input and its output")
    b = np.zeros(len(w), np.int64)
    if bias is not None:
        if bias.integers is None or bias.type != "INT32" or bias.integers.shape != (len(w),):
            raise UnfitError("its biases are not a number of the type INT32 for each unit")
        b = bias.integers.astype(np.int64)
    given, made = scale_of(source), scale_of(call.output)
    scales = _multipliers(given.size, weights.scales, made.size)
    biases = tuple((b - given.zero * w.sum(axis=1)).tolist())
    rows = tuple(map(tuple, w.tolist()))
    step = lite.LiteDense(*call.start, rows, biases, *scales, _ends(call.operator, made))
    factor = max(m / 2.0**s for m, s in zip(step.multipliers, step.shifts, strict=True))
    if step.reach * max(factor, 1.0) >= 2.0**31:
        raise UnfitError(f"its sums may reach {step.reach:,}, more than 31 bits hold")
    return step


def _table(call: Call, function: Callable[[int], int]) -> lite.LiteStep:
    return lite.LiteTable(*call.start, tuple(map(function, range(lite.LEAST, lite.MOST + 1))))


def _passed(call: Call) -> None:
    if scale_of(call.sources[0]) != scale_of(call.output):
        raise UnfitError("it changes the scale")


def _nothing(call: Call) -> None:
    """A step between bytes and numbers, which lies outside of the bytes."""


def _quantize(call: Call) -> lite.LiteStep | None:
    if call.sources[0].type == "FLOAT32":
        return None
    given, made = scale_of(call.sources[0]), scale_of(call.output)
    factor = given.size / made.size
    if factor > MAX_FACTOR:
        raise UnfitError("its scales are too far apart")
    return _table(call, lambda q: lite.clamped(lite.rescaled(q - given.zero, factor) + made.zero))


def _relu(call: Call) -> lite.LiteStep:
    given, made = scale_of(call.sources[0]), scale_of(call.output)
    factor = float(np.float32(given.size) / np.float32(made.size))
    if not factor <= MAX_FACTOR:
        raise UnfitError("its scales are too far apart")
    low, high = _limits(call.operator.kind, made)
    return _table(call, lambda q: lite.clamped(lite.rescaled(q - given.zero, factor) + made.zero, low, high))


def _function(call: Call) -> lite.LiteStep:
    """A table of a function in 32-bit floating point, whose outputs have a scale that the schema says."""
    function, size, zero = FUNCTIONS[call.operator.kind]
    if scale_of(call.output) != Scale(size, zero):
        raise UnfitError(f"its output has not the scale {size} and the zero point {zero}")
    given = scale_of(call.sources[0])

    def value(q: int) -> int:
        x = np.float32(given.size) * np.float32(q - given.zero)
        return lite.clamped(lite.rounded(float(np.float32(function(float(x))) / np.float32(size))) + zero)

    return _table(call, value)


def _softmax(call: Call) -> lite.LiteStep:
    (source,) = call.sources
    if scale_of(call.output) != Scale(1.0 / 256.0, -128):
        raise UnfitError("its output has not the scale 1/256 and the zero point -128")
    if len(source.shape) != 2 or width(source) > MAX_SHARES:
        raise UnfitError(f"its input is no vector of at most {MAX_SHARES:,} activations")
    factor = call.operator.options["beta"] * scale_of(source).size
    if not 2.0**-26 <= factor <= MAX_FACTOR:
        raise UnfitError("its scale is not one of a trained network")
    return lite.LiteSoftmax(*call.start, lite.exponentials(factor))


def _sum(call: Call) -> lite.LiteStep:
    """A sum or a difference: both vectors in units of twice the larger scale, with 20 binary digits more."""
    first, second, made = _pair(call)
    unit = 2.0 * max(first.size, second.size)
    a, b, rescaling = map(_below_one, (first.size / unit, second.size / unit, unit / (2.0**20 * made.size)))
    if call.operator.kind == "SUB":
        b = b._replace(multiplier=-b.multiplier)
    return lite.LiteSum(*call.start, (first.zero, second.zero), (a, b), rescaling, _ends(call.operator, made))


def _product(call: Call) -> lite.LiteStep:
    first, second, made = _pair(call)
    rescaling = _below_one(float(np.float32(first.size) * np.float32(second.size) / np.float32(made.size)))
    return lite.LiteProduct(*call.start, (first.zero, second.zero), rescaling, _ends(call.operator, made))


def _pair(call: Call) -> list[Scale]:
    """The scales of two vectors and of what becomes of them."""
    if len(call.sources) != 2 or {*call.widths} != {width(call.output)}:
        raise UnfitError("with integers, it takes two vectors of one size, or a vector and a constant")
    return [scale_of(tensor) for tensor in (*call.sources, call.output)]


def _below_one(factor: float) -> lite.Rescaling:
    """A factor below 1, as its kernel demands."""
    if not 0.0 < factor < 1.0:
        raise UnfitError("its scales are too far apart")
    return lite.multiplier(factor)


def _joined(call: Call) -> lite.LiteStep:
    options = call.operator.options
    if any(len(tensor.shape) != 2 for tensor in (*call.sources, call.output)) or options["axis"] not in (1, -1):
        raise UnfitError("with integers, it joins vectors")
    if any(scale_of(source) != scale_of(call.output) for source in call.sources):
        raise UnfitError("its inputs and its output have different scales")
    if sum(call.widths) != width(call.output) or named(ACTIVATIONS, options["activation"]) != "NONE":
        raise UnfitError("its inputs do not fit its output, or it has a fused activation")
    return lite.LiteJoined(*call.start)


def scale_of(tensor: Tensor) -> Scale:
    """The scale of a tensor between operators."""
    if len(tensor.scales) != 1 or len(tensor.zeros) > 1 or not 1e-30 < tensor.scales[0] < 1e30:
        raise UnfitError(f"its tensor {show(tensor.name)} has not one scale")
    zero = tensor.zeros[0] if tensor.zeros else 0
    if not lite.LEAST <= zero <= lite.MOST:
        raise UnfitError(f"the zero point of its tensor {show(tensor.name)} is no number of 8 bits")
    return Scale(tensor.scales[0], zero)


def width(tensor: Tensor) -> int:
    """The numbers of an example; the first size is that of the batch."""
    sizes = tensor.shape[1:]
    if None in sizes or tensor.shape[:1] not in ((1,), (None,)):
        raise UnfitError(f"its tensor {show(tensor.name)} is no single example of a known size")
    found = math.prod(size or 0 for size in sizes)
    if not 1 <= found <= MAX_WIDTH:
        raise UnfitError(f"its tensor {show(tensor.name)} has {found:,} numbers, and not 1 to {MAX_WIDTH:,}")
    return found


def _multipliers(given: float, weights: tuple[float, ...], made: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The multiplier and the shift of each unit, or those of all. Only a single scale is multiplied in 32 bits."""
    if len(weights) == 1:
        factors = [float(np.float32(given) * np.float32(weights[0])) / made]
    else:
        factors = [given * scale / made for scale in weights]
    if not all(0.0 < factor <= MAX_FACTOR for factor in factors):
        raise UnfitError("its scales are too far apart")
    pairs = [lite.multiplier(factor) for factor in factors]
    return tuple(m for m, _ in pairs), tuple(s for _, s in pairs)


def _ends(operator: Operator, made: Scale) -> lite.Clamped:
    """The zero point and the ends of an operator with a fused activation."""
    return lite.Clamped(made.zero, *_limits(named(ACTIVATIONS, operator.options["activation"]), made))


def _limits(activation: str, made: Scale) -> tuple[int, int]:
    """The least and the greatest activation."""
    if activation not in ENDS:
        raise UnfitError(f"its fused activation {activation} has no integer form")
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

HANDLERS: Mapping[str, Callable[[Call], lite.LiteStep | None]] = {
    "ADD": _sum,
    "CONCATENATION": _joined,
    "DEQUANTIZE": _nothing,
    "FULLY_CONNECTED": _dense,
    "LOGISTIC": _function,
    "MUL": _product,
    "QUANTIZE": _quantize,
    "RELU": _relu,
    "RELU6": _relu,
    "RELU_N1_TO_1": _relu,
    "RESHAPE": _passed,
    "SOFTMAX": _softmax,
    "SUB": _sum,
    "TANH": _function,
}
"""From an operator to its step; None if it changes no byte."""

SEVERAL = ("ADD", "CONCATENATION", "MUL", "SUB")
"""Operators of several vectors."""

RESIZING = ("FULLY_CONNECTED", *SEVERAL)
"""Operators whose first vector may have another size than their output."""
