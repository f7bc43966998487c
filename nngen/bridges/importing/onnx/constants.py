"""Constants that an ONNX graph computes from constants, in float64."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.onnx.model import Operator, shortest
from nngen.bridges.importing.onnx.steps import PAIR, quantized

_BROADCAST = frozenset("Add Sub Mul Div Pow Max Min Sum Where".split())
_SINGLE = frozenset(
    "Abs Cast DequantizeLinear Exp Flatten Identity Log Neg QuantizeLinear Reciprocal Reshape Shape Slice Sqrt Squeeze "
    "Transpose Unsqueeze".split()
)
FOLDED = _BROADCAST | _SINGLE | {"Concat", "ConstantOfShape", "Expand", "Gather"}
"""The operators that are computed on constants. Each can make at most as many numbers as ``_size`` says beforehand."""

_FLOATS = (1, 10, 11)
"""The types of numbers with a point, by their numbers in ONNX."""


class Constants:
    """Computes constants, which together have a limit: otherwise a small file could ask for all memory."""

    def __init__(self) -> None:
        self._left = LIMITS.numbers

    def folded(self, operator: Operator, arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The result of an operator on constants; single numbers of float32 are those of their shortest decimals."""
        self._left -= _size(operator, arrays)
        if self._left < 0:
            raise UnfitError(f"the constants that the file computes have more than {LIMITS.numbers:,} numbers")
        if operator.kind in PAIR:
            return quantized(operator, arrays)
        return _computed(operator, [_doubles(array) for array in arrays])


def _computed(operator: Operator, given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    if operator.kind == "Cast" and operator.attributes.get("to") in _FLOATS:
        return given[0].astype(np.float64)
    names = [f"x{index}" for index in range(len(given))]
    attributes = {name: value for name, value in operator.attributes.items() if value is not None}
    if operator.kind == "ConstantOfShape":
        value = np.asarray(attributes.get("value", np.zeros(1, np.float32)))
        return np.full([int(size) for size in given[0]], value.ravel()[0])
    from onnx import helper  # sources without onnx have no such constants
    from onnx.reference import ReferenceEvaluator

    try:
        node = helper.make_node(operator.kind, names, ["y"], **attributes)
        (result,) = ReferenceEvaluator(node, opsets={"": operator.version}).run(
            None, dict(zip(names, given, strict=True))
        )
    except Exception as error:  # the evaluator raises errors of many classes
        message = " ".join(str(error).split())[:100]
        raise UnfitError(f"it cannot be computed on these constants: {message}") from None
    return np.asarray(result)


def _doubles(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype != np.float32:
        return array
    return np.array(shortest(float(array))) if array.shape == () else array.astype(np.float64)


def _size(operator: Operator, arrays: Sequence[NDArray[Any]]) -> int:
    """The number of numbers that it makes, or more."""
    if operator.kind in _BROADCAST:
        try:
            return prod(np.broadcast_shapes(*(array.shape for array in arrays)))
        except ValueError:
            raise UnfitError("the shapes of its constants do not agree") from None
    if operator.kind == "ConstantOfShape":
        return prod(abs(int(size)) for size in arrays[0].ravel())
    if operator.kind == "Expand":
        return prod(abs(int(size)) for size in arrays[1].ravel()) * arrays[0].size
    if operator.kind == "Gather":
        return arrays[0].size * max(1, arrays[1].size)
    return sum(array.size for array in arrays)
