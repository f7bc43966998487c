"""The step for each operator of a full-integer file of TensorFlow Lite.

The rules are those of the reference kernels of LiteRT and of gemmlowp; docs/int8.md has them.
"""

from collections.abc import Callable, Mapping

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS, named
from nngen.bridges.importing.tflite.integer_calls import MAX_FACTOR, Call, ends, scale_of, width
from nngen.bridges.importing.tflite.integer_tables import TABLES
from nngen.integers import Scale, lite

MAX_SHARES = 2**12
"""The most shares of a softmax: the sum of more exponentials could leave 32 bits."""


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
    step = lite.LiteDense(*call.start, rows, biases, *scales, ends(call.operator, made))
    factor = max(m / 2.0**s for m, s in zip(step.multipliers, step.shifts, strict=True))
    if step.reach * max(factor, 1.0) >= 2.0**31:
        raise UnfitError(f"its sums may reach {step.reach:,}, more than 31 bits hold")
    return step


def _passed(call: Call) -> None:
    if scale_of(call.sources[0]) != scale_of(call.output):
        raise UnfitError("it changes the scale")


def _nothing(call: Call) -> None:
    """A step between bytes and numbers, which lies outside of the bytes."""


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
    return lite.LiteSum(*call.start, (first.zero, second.zero), (a, b), rescaling, ends(call.operator, made))


def _product(call: Call) -> lite.LiteStep:
    first, second, made = _pair(call)
    rescaling = _below_one(float(np.float32(first.size) * np.float32(second.size) / np.float32(made.size)))
    return lite.LiteProduct(*call.start, (first.zero, second.zero), rescaling, ends(call.operator, made))


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


HANDLERS: Mapping[str, Callable[[Call], lite.LiteStep | None]] = {
    **TABLES,
    "ADD": _sum,
    "CONCATENATION": _joined,
    "DEQUANTIZE": _nothing,
    "FULLY_CONNECTED": _dense,
    "MUL": _product,
    "RESHAPE": _passed,
    "SOFTMAX": _softmax,
    "SUB": _sum,
}
"""From an operator to its step; None if it changes no byte."""

SEVERAL = ("ADD", "CONCATENATION", "MUL", "SUB")
"""Operators of several vectors."""

RESIZING = ("FULLY_CONNECTED", *SEVERAL)
"""Operators whose first vector may have another size than their output."""
