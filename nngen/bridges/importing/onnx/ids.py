"""Ids of an ONNX graph, and the embeddings that give each id a row of numbers.

PyTorch, Keras and nngen write an embedding as ``Gather`` of a constant matrix by whole numbers. A row that is not there
is an error in ONNX Runtime, and -1 is the last one; a network refuses both.
"""

import re

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.expressions import Expression, Z, call
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.model import Constant, Ids, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Reader

_TABLE = re.compile(r"(?:.*[./:])?([A-Za-z0-9_]+)[./](?:weight|embeddings)(?::0)?|([A-Za-z0-9_]+)")
"""The name of a matrix behind that of its layer."""


def embedding(reader: Reader, operator: Operator, table: Constant, chosen: Ids | RawColumns) -> Vector:
    """The rows of a constant matrix, or numbers of a constant vector, by the ids of a column."""
    if isinstance(chosen, RawColumns):
        if len(chosen.places) != 1 or not reader.table.whole(chosen.places):
            raise UnfitError("it selects rows by several columns, or by numbers that are not whole")
        chosen = Ids(chosen.places[0], chosen.shape, 0)
    if operator.attributes.get("axis", 0) != 0 or table.array.ndim not in (1, 2) or table.array.dtype.kind != "f":
        raise UnfitError("expected that it selects rows of a matrix of numbers")
    rows = len(table.array)
    count = len(chosen.ids) if isinstance(chosen.ids, tuple) else chosen.ids or rows
    other = chosen.other is not None and chosen.other % (count + 1) == count and rows == count + 1
    if rows != count + other or (chosen.other is not None and not other and chosen.other != count):
        raise UnfitError(f"it has {rows:,} rows for {count:,} ids, and other ids would select one of them")
    reader.table.ids(chosen.place, chosen.ids or count, other=other)
    matrix = table.doubles().reshape(rows, -1)
    name = _name(reader, operator.inputs[0])
    node = graph.Embedding(name=name, column=chosen.place, table=matrix)
    made = reader.embedding(chosen.place, operator.inputs[0], node)
    return Vector(made, (*chosen.shape, *table.array.shape[1:]))


def _name(reader: Reader, table: str) -> str:
    """The name of the layer of a matrix."""
    own = reader.model.producer.partition(" ")[0] == "nngen"
    found = _TABLE.fullmatch(table)
    name = table.partition("_")[2] if own else found and (found[1] or found[2])
    return name or "embedding"


def encoded(reader: Reader, operator: Operator, column: RawColumns) -> Ids:
    """The rows of ids by name, as ``LabelEncoder`` gives them."""
    given = operator.attributes
    keys = next((given[name] for name in ("keys_strings", "keys_int64s") if name in given), None)
    rows = given.get("values_int64s")
    if len(column.places) != 1 or keys is None or rows is None or sorted(rows) != [*range(len(keys))]:
        raise UnfitError("expected that it gives each id of a column a row, from 0", "or use a OneHotEncoder")
    ids = tuple(str(key) for _, key in sorted(zip(rows, keys, strict=True)))
    return Ids(column.places[0], column.shape, ids, int(given.get("default_int64", -1)))


def counted(reader: Reader, vector: Vector) -> Ids | None:
    """The rows of the numbers of a column that are whole and below a count, as nngen writes them; None for others."""
    place = reader.table.place(vector.node)
    if place is None or vector.function.operator != "where":
        return None
    count = vector.function.operands[2]
    whole = call("==", Z, call("floor", Z))
    known = call("and", whole, call("and", call(">=", Z, 0.0), call("<", Z, count)))
    if count.operator or not count.number.is_integer() or not _alike(vector.function, call("where", known, Z, count)):
        return None
    return Ids(place, vector.shape, int(count.number), int(count.number))


def _alike(one: Expression, other: Expression) -> bool:
    same = (one.operator, one.number, len(one.operands)) == (other.operator, other.number, len(other.operands))
    return same and all(map(_alike, one.operands, other.operands))


def shaped(value: Ids, shape: tuple[int, ...]) -> Value:
    """The same ids with another shape for each example."""
    return Ids(value.place, shape, value.ids, value.other)
