"""The names in an ONNX file, and checks of its nodes against the definitions of their operators."""

import json
from collections.abc import Iterator
from typing import Any

import onnx

from nngen.bridges.importing.onnx.model import Operator


def names(proto: onnx.ModelProto) -> Iterator[Any]:
    """All names in a file."""
    graph = proto.graph
    yield from (proto.producer_name, proto.producer_version, graph.name)
    yield from (imported.domain for imported in proto.opset_import)
    for named in (*graph.initializer, *graph.input, *graph.output):
        yield named.name
    for node in graph.node:
        yield from (node.op_type, node.domain, node.name, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)


CONTROL = ("If", "Loop", "Scan", "SequenceMap")
"""Operators with graphs, which are refused in any case, and not checked: they take values of the graph around them."""


def mistake(node: onnx.NodeProto, operator: Operator, version: int) -> str:
    """What of a node is not as its operator is defined; empty for nothing. ``version`` is that of the format."""
    if operator.kind in CONTROL or not onnx.defs.has(operator.kind, operator.version, operator.domain):
        return ""
    context = type(onnx.checker.DEFAULT_CONTEXT)()
    context.ir_version, context.opset_imports = version, {operator.domain: operator.version}
    checked = onnx.NodeProto()
    checked.CopyFrom(node)
    checked.domain = operator.domain  # which is also called ai.onnx
    try:
        onnx.checker.check_node(checked, context)
    except onnx.checker.ValidationError as error:
        return str(error).partition("\n")[0]
    return ""


def own_names(proto: Any) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The names of columns and of units of layers that nngen writes into the metadata; empty where there are none."""
    units = _value(proto, "units")
    listed = {name: _texts(given) for name, given in units.items()} if isinstance(units, dict) else {}
    return _texts(_value(proto, "columns")), listed


def _value(proto: Any, key: str) -> Any:
    """A text of the metadata, in JSON; None if there is none, or something else."""
    try:
        return json.loads(next((entry.value for entry in proto.metadata_props if entry.key == key), "null"))
    except (ValueError, RecursionError):
        return None


def _texts(given: Any) -> tuple[str, ...]:
    """A list of texts; empty if it is something else."""
    return tuple(given) if isinstance(given, list) and all(isinstance(text, str) for text in given) else ()
