"""Operators between numbers and integers of 8 or 16 bits, read as the numbers that the integers stand for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import INTEGERS
from nngen.bridges.importing.expressions import call
from nngen.bridges.importing.nodes import UnsupportedError, Vector
from nngen.bridges.importing.onnx.model import Operator
from nngen.bridges.importing.onnx.reader import Handler, Reader
from nngen.bridges.importing.onnx.values import RawColumns, Value


def _quantized(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, with a note: integers are the numbers that they stand for. From 0 on, they are ``relu``."""
    value = reader.values[operator.inputs[0]]
    if not isinstance(value, Vector | RawColumns):
        raise UnsupportedError("it rounds what is no vector of numbers")
    reader.notes[INTEGERS] = None
    zero = reader.model.constants.get(operator.inputs[2]) if len(operator.inputs) > 2 else None
    if operator.kind == "QuantizeLinear" and isinstance(value, Vector) and from_zero(zero):
        return [Vector(value.node, value.shape, call("maximum", value.function, 0.0))]
    return [value]


def from_zero(zero: NDArray[Any] | None) -> bool:
    """Whether the smallest integer stands for 0, so that negative numbers become 0: tools then leave out ``Relu``."""
    return zero is not None and zero.dtype.kind in "iu" and bool((zero == np.iinfo(zero.dtype).min).all())


HANDLERS: Mapping[str, Handler] = dict.fromkeys(("DequantizeLinear", "QuantizeLinear"), _quantized)
