"""The names in an ONNX file, and checks of its nodes against the definitions of their operators."""

import json
from collections.abc import Iterator
from typing import Any

import onnx

from nngen.bridges.importing.onnx.model import Operator
from nngen.common.diagnostics import show


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


def mistakes(node: Any, operator: Operator) -> Iterator[str]:
    """What of a node is not as its operator is defined: inputs that are missing, attributes of another type."""
    if not onnx.defs.has(operator.kind, operator.version, operator.domain):
        return
    schema = onnx.defs.get_schema(operator.kind, operator.version, operator.domain)
    if not schema.min_input <= len(operator.inputs) <= schema.max_input:
        yield f"expected {schema.min_input} to {schema.max_input} inputs, got {len(operator.inputs)}"
        return
    if len(operator.outputs) > schema.max_output or not any(operator.outputs):
        yield f"expected 1 to {schema.max_output} outputs, got {len(operator.outputs)}"
    for index, name in enumerate(operator.inputs):
        formal = schema.inputs[min(index, len(schema.inputs) - 1)]
        if not name and formal.option != onnx.defs.OpSchema.FormalParameterOption.Optional:
            yield f"its input {index + 1}, {formal.name}, is missing"
    given = {attribute.name: attribute.type for attribute in node.attribute}
    for name, definition in schema.attributes.items():
        if definition.required and name not in given:
            yield f"its attribute {name} is missing"
        if name in given and given[name] != definition.type.value:
            yield f"its attribute {name} has another type than {definition.type.name}"
    unknown = [name for name in given if name not in schema.attributes]
    if unknown:
        yield f"there is no attribute {show(unknown[0])}"


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
