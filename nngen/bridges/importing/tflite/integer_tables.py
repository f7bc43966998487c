"""The steps of a full-integer file of TensorFlow Lite that are a function of each activation: tables of 256 numbers.

The rules are those of the reference kernels of LiteRT and of gemmlowp; docs/int8.md has them.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.tflite.integer_calls import MAX_FACTOR, Call, limits, scale_of
from nngen.integers import Scale, lite


def _table(call: Call, function: Callable[[int], int]) -> lite.LiteStep:
    return lite.LiteTable(*call.start, tuple(map(function, range(lite.LEAST, lite.MOST + 1))))


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
    low, high = limits(call.operator.kind, made)
    return _table(call, lambda q: lite.clamped(lite.rescaled(q - given.zero, factor) + made.zero, low, high))


def _leaky_relu(call: Call) -> lite.LiteStep:
    return _bent(call, 1, np.float32(call.operator.options["alpha"]))


def _prelu(call: Call) -> lite.LiteStep:
    slopes = call.tensors[call.operator.inputs[1]]
    found = set() if slopes.integers is None else {*slopes.integers.ravel().tolist()}
    if len(found) != 1:
        raise UnfitError("with integers, all of its units have one slope")
    scale = scale_of(slopes)
    return _bent(call, int(found.pop()) - scale.zero, np.float32(scale.size))


def _bent(call: Call, whole: int, slope: np.float32) -> lite.LiteStep:
    """Two factors, one on each side of the zero point, computed in 32-bit floating point."""
    given, made = scale_of(call.sources[0]), scale_of(call.output)
    above = float(np.float32(given.size) / np.float32(made.size))
    below = float(np.float32(given.size) * slope / np.float32(made.size))
    if not (above <= MAX_FACTOR and abs(below) <= MAX_FACTOR):
        raise UnfitError("its scales are too far apart")

    def value(q: int) -> int:
        away = q - given.zero
        found = lite.rescaled(away, above) if away >= 0 else lite.rescaled(away * whole, below)
        return lite.clamped(found + made.zero)

    return _table(call, value)


def _hard_swish(call: Call) -> lite.LiteStep:
    """``x clip(x + 3, 0, 6) / 6`` in 16 bits."""
    given, made = scale_of(call.sources[0]), scale_of(call.output)
    fine = np.float32(1.0 / 128.0) * np.float32(given.size)
    factors = float(fine / np.float32(made.size)), float(fine / np.float32(3.0 / 32768.0))
    if not (0.0 < factors[0] < 1.0 and factors[1] <= MAX_FACTOR):
        raise UnfitError("its scales are too far apart")
    return _table(call, lambda q: lite.clamped(lite.hard_swish(q - given.zero, *factors) + made.zero))


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


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(min(-x, 700.0)))


FUNCTIONS: Mapping[str, tuple[Callable[[float], float], float, int]] = {
    "LOGISTIC": (_sigmoid, 1.0 / 256.0, -128),
    "TANH": (math.tanh, 1.0 / 128.0, 0),
}
"""The function of an operator, and the scale and the zero point of its output."""


TABLES: Mapping[str, Callable[[Call], lite.LiteStep | None]] = {
    "HARD_SWISH": _hard_swish,
    "LEAKY_RELU": _leaky_relu,
    "LOGISTIC": _function,
    "PRELU": _prelu,
    "QUANTIZE": _quantize,
    "RELU": _relu,
    "RELU6": _relu,
    "RELU_N1_TO_1": _relu,
    "TANH": _function,
}
"""From an operator to its step; None if it changes no byte."""
