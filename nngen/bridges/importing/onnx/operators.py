"""The operators of ONNX, and how each is read: https://onnx.ai/onnx/operators.

Here are those about missing values.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx import elementwise, layers, ml, quantized, shapes
from nngen.bridges.importing.onnx.model import Constant, Gap, Label, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader


def _is_nan(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Of a column: where a value is missing."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, RawColumns) and len(value.places) == 1:
        return [Gap(value.places[0])]
    return [Gap(None) if isinstance(value, Vector) else _refused(value)]


def _equal(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Of a column and an empty text: where a category is missing; else part of an activation."""
    values = [reader.values[name] for name in operator.inputs]
    columns = [value for value in values if isinstance(value, RawColumns)]
    if len(columns) == 1 and len(columns[0].places) == 1 and any(_text(value) == "" for value in values):
        return [Gap(columns[0].places[0])]
    return elementwise.HANDLERS["Equal"](reader, operator)


def _where(reader: Reader, operator: Operator) -> Sequence[Value]:
    """After ``IsNaN`` of a column: ``missing`` of the column; else part of an activation."""
    gap, filled, value = (reader.values[name] for name in operator.inputs)
    if not isinstance(gap, Gap):
        return elementwise.HANDLERS["Where"](reader, operator)
    if not isinstance(filled, Constant) or filled.array.size != 1:
        raise UnfitError("what replaces a missing value is not constant")
    if gap.place is None:
        return [value if isinstance(value, Label) else _refused(value)]
    if isinstance(value, RawColumns) and value.places == (gap.place,):
        text = _text(filled)
        reader.table.fill(gap.place, filled.expression.number if text is None else text)
        return [value]
    if isinstance(value, Vector) and value.node == reader.table.encoded(gap.place) and _text(filled) is None:
        number = float(filled.array.item())
        if number == 0.0 or np.isnan(number):
            reader.table.missing(gap.place, zeros=number == 0.0)
            return [value]
    return [_refused(value)]


def _cast(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Between numbers, nothing; of a condition, 1 or 0. Rounding is refused."""
    value = reader.values[operator.inputs[0]]
    if not isinstance(value, Gap) or value.place is None or operator.attributes.get("to") not in elementwise.FLOATS:
        return elementwise.HANDLERS["Cast"](reader, operator)
    node = reader.table.indicator(value.place)
    reader.widths[node] = 1
    return [Vector(node, (1,))]


def _text(value: Value) -> str | None:
    """The only text of a constant; None if it is something else."""
    found = value.array.item() if isinstance(value, Constant) and value.array.size == 1 else None
    return found if isinstance(found, str) else None


def _refused(value: Value) -> Value:
    raise UnfitError("it replaces missing values of something that is no column of the data")


_OWN = {"Cast": _cast, "Equal": _equal, "IsNaN": _is_nan, "Where": _where, **quantized.HANDLERS}

HANDLERS: Mapping[tuple[str, str], Handler] = {
    **{("", kind): read for kind, read in (elementwise.HANDLERS | layers.HANDLERS | shapes.HANDLERS | _OWN).items()},
    **{("ai.onnx.ml", kind): read for kind, read in ml.HANDLERS.items()},
}
"""What reads an operator, by its domain and kind."""
