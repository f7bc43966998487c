"""Operators between numbers and integers of 8 or 16 bits: a pair of them clips, and rounds to a step."""

from collections.abc import Mapping, Sequence
from math import isinf

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.functions import clip
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.model import Model, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader
from nngen.bridges.importing.onnx.steps import cuts, steps

ROUNDED = (
    "the file rounds to integers of 8 or 16 bits; this network clips where they end and rounds nothing: its answers "
    "may differ by some of their steps"
)
"""A note on a quantized network."""

_UNCHANGED = ("Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze")
"""Operators that may stand between the two of a pair."""


def _quantize(reader: Reader, operator: Operator) -> Sequence[Value]:
    """An activation that ends where its integers end; nothing, with a note, where the numbers end before."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, RawColumns):
        value = Vector(reader.numbers(value), value.shape)
    if not isinstance(value, Vector):
        raise UnfitError("it rounds what is no vector of numbers")
    reader.notes[ROUNDED] = None
    low, high = cuts(operator, reader.model)
    made = clip(value.function, None if isinf(low) else low, None if isinf(high) else high)
    return [Vector(value.node, value.shape, made)]


def _dequantize(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing more: the numbers that its ``QuantizeLinear`` has clipped. Constant integers become numbers."""
    value = reader.values[operator.inputs[0]]
    source = _source(reader.model, operator)
    if source is None or not isinstance(value, Vector):
        raise UnfitError(
            "its integers are no constants, and come from no QuantizeLinear", "export the network with QDQ"
        )
    if steps(source, reader.model) != steps(operator, reader.model):
        raise UnfitError("it has another scale or zero point than its QuantizeLinear")
    return [value]


def _source(model: Model, operator: Operator) -> Operator | None:
    """The ``QuantizeLinear`` that makes the integers of a ``DequantizeLinear``."""
    makers: Mapping[str, Operator] = {name: one for one in model.operators for name in one.outputs}
    found = makers.get(operator.inputs[0])
    while found is not None and found.kind in _UNCHANGED:
        found = makers.get(found.inputs[0])
    return found if found is not None and found.kind == "QuantizeLinear" else None


HANDLERS: Mapping[str, Handler] = {"DequantizeLinear": _dequantize, "QuantizeLinear": _quantize}
