"""The integers of quantized files: what they stand for, and constants that are quantized."""

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.onnx.model import Model, Operator, shortest

PAIR = ("DequantizeLinear", "QuantizeLinear")
"""The operators between numbers and integers."""

_ENDS = {
    "HardSigmoid": (0.0, 1.0),
    "Relu": (0.0, inf),
    "Sigmoid": (0.0, 1.0),
    "Softmax": (0.0, 1.0),
    "Softsign": (-1.0, 1.0),
    "Tanh": (-1.0, 1.0),
}
"""The least and the greatest number of operators."""

_TYPES = {0: "u1", 2: "u1", 3: "i1", 4: "u2", 5: "i2"}
"""The integers that ``output_dtype`` names."""


class Steps(NamedTuple):
    """The numbers that integers stand for: from low to high, in equal steps."""

    low: float
    high: float
    step: float


def steps(operator: Operator, model: Model) -> Steps:
    """The steps of a ``QuantizeLinear``.

    Raises:
        UnfitError: it has others, or several.
    """
    given = [model.constants.get(name) for name in operator.inputs[1:] if name]
    if any(array is None or array.size == 0 or len(np.unique(array)) > 1 for array in given):
        raise UnfitError("expected one constant scale and zero point for all numbers", "quantize each layer as a whole")
    scale, zero = given[0], given[1] if len(given) > 1 else None
    kind = operator.attributes.get("output_dtype", 0)
    dtype = _type(zero, kind)
    assert scale is not None  # noqa: S101 (it has been looked at)
    step, middle = shortest(float(scale.ravel()[0])), 0 if zero is None else int(zero.ravel()[0])
    if not (step > 0.0 and np.isfinite(step)):
        raise UnfitError(f"expected a scale above 0, got {step:g}")
    ends = np.iinfo(dtype)
    return Steps((int(ends.min) - middle) * step, (int(ends.max) - middle) * step, step)


def cuts(operator: Operator, model: Model) -> tuple[float, float]:
    """Where a ``QuantizeLinear`` cuts numbers; infinite where the operator before it ends at most a step farther."""
    low, high, step = steps(operator, model)
    before = next((one.kind for one in model.operators if operator.inputs[0] in one.outputs), "")
    least, most = _ENDS.get(before, (-inf, inf))
    return -inf if least >= low - step else low, inf if most <= high + step else high


def quantized(operator: Operator, arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """What the operator makes of constants: of integers exactly the numbers that they stand for."""
    values, scale = arrays[0], arrays[1].astype(np.float64)
    zero = arrays[2] if len(arrays) > 2 else None
    if operator.attributes.get("block_size"):
        raise UnfitError("it has a scale for each block of numbers", "quantize with a scale for each unit")
    if scale.size > 1:
        axis = int(operator.attributes.get("axis", 1))
        if not -values.ndim <= axis < values.ndim or values.shape[axis] != scale.size:
            raise UnfitError(f"it has {scale.size} scales for numbers of the shape {values.shape}")
        shape = [1] * values.ndim
        shape[axis] = scale.size
        scale, zero = scale.reshape(shape), zero if zero is None else zero.reshape(shape)
    middle = 0.0 if zero is None else zero.astype(np.float64)
    if operator.kind == "DequantizeLinear":
        return np.asarray((values.astype(np.float64) - middle) * scale)
    dtype = _type(zero, operator.attributes.get("output_dtype", 0))
    ends = np.iinfo(dtype)
    return np.clip(np.rint(values.astype(np.float64) / scale) + middle, ends.min, ends.max).astype(dtype)


def _type(zero: NDArray[Any] | None, kind: int) -> np.dtype[Any]:
    """The integers, by the type of the zero point or by ``output_dtype``."""
    dtype = np.dtype(_TYPES.get(kind, object)) if zero is None else zero.dtype
    if dtype.kind not in "iu" or dtype.itemsize > 2:
        message = f"it makes numbers of the type {dtype if zero is not None else kind}"
        raise UnfitError(message, "quantize to integers of 8 or 16 bits")
    return dtype
