"""The values that a field accepts, in words, from the JSON Schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from nngen.common.text import joined
from nngen.description.model import schema
from nngen.reading.document import Document, Loc

Node = dict[str, Any]
"""A part of the schema without alternatives: a number, a text, a list, a mapping, or one of some words."""

_schema = cache(schema)


def nodes(document: Document, loc: Loc) -> list[Node]:
    """The parts of the schema for a path of a document; empty if the schema has none."""
    found, value = [_schema()], document.value
    for step in loc:
        found = [child for node in _fitting(found, value) for child in _children(node, step)]
        value = value[step]
    return _fitting(found, value)


@cache
def names() -> frozenset[str]:
    """The names of all entries of all choices."""
    return frozenset(entries(list(_schema()["$defs"].values())))


@cache
def places(*, options: bool) -> dict[str, list[tuple[str, ...]]]:
    """For each field of a spec, all its paths, except in custom formulas and in properties.

    ``options`` tells whether to include the options of catalogue entries.
    """
    found: dict[str, dict[tuple[str, ...], None]] = {}
    waiting: list[tuple[tuple[str, ...], Node]] = [((), _schema())]
    while waiting:
        path, node = waiting.pop(0)
        own = chooser([node]) == "kind" or (not options and bool(entries([node])))
        for name, field in () if own else node.get("properties", {}).items():
            found.setdefault(name, {})[*path, name] = None
            waiting += [((*path, name), child) for child in _expand(field)]
        waiting += [(path, child) for child in _expand(node.get("items", {})) if child]
    return {name: [*paths] for name, paths in found.items()}


def chooser(found: list[Node]) -> str:
    """The field by which mappings are chosen: `name`, or `kind` of properties."""
    return "kind" if any("const" in node.get("properties", {}).get("kind", {}) for node in found) else "name"


def entries(found: list[Node]) -> dict[str, Node]:
    """The mappings of a choice by the name of the entry."""
    names = [(node.get("properties", {}).get(chooser([node]), {}).get("const"), node) for node in found]
    return {name: node for name, node in names if name is not None}


def custom_entry(found: list[Node]) -> Node | None:
    """The mapping of a choice for custom formulas, if the choice accepts them."""
    names = [(node.get("properties", {}).get(chooser(found), {}), node) for node in found]
    return next((node for name, node in names if name and "const" not in name), None)


MAX_NAMED = 6
"""A mapping with more fields is described only as a mapping."""


def fields(found: list[Node]) -> dict[str, Node]:
    """The fields of a mapping."""
    return {name: field for node in found for name, field in node.get("properties", {}).items()}


def words(found: list[Node]) -> list[str]:
    """The allowed words, such as ``sum`` and ``mean``."""
    listed = [node.get("enum") or [node["const"]] for node in found if "enum" in node or "const" in node]
    return [word for group in listed for word in group]


def in_words(found: list[Node]) -> str:
    """The allowed values in words, such as ``a whole number from 1 to 100000 or a list of names``."""
    types = (kind for node in found if "enum" not in node and "const" not in node for kind in _types(node))
    expected = [*(word if any(map(str.isalnum, str(word))) else repr(word) for word in words(found)), *types]
    if expected == ["a mapping"] and 0 < len(known := fields(found)) <= MAX_NAMED:
        return f"a mapping with {joined(known, 'and')}"
    return joined(dict.fromkeys(expected), "or")


def _types(node: Node) -> tuple[str, ...]:
    match node.get("type"):
        case "integer":
            return (f"a whole number{_range(node)}",)
        case "number":
            return (f"a number{_range(node)}",)
        case "string":
            return ("a text",)
        case "boolean":
            return ("true", "false")
        case "array":
            kinds = [item.get("type") for item in _expand(_items(node))]
            names, numbers = kinds[:1] == ["string"], {*kinds} == {"number"}
            return ("a list of names" if names else "a list of numbers" if numbers else "a list",)
    return ("a mapping",)


def _range(node: Node) -> str:
    match node:
        case {"minimum": low, "maximum": high}:
            return f" from {low} to {high}"
        case {"minimum": low, "exclusiveMaximum": high}:
            return f" of at least {low:g} and less than {high:g}"
        case {"minimum": low}:
            return f" of at least {low:g}"
        case {"exclusiveMinimum": low, "exclusiveMaximum": high}:
            return f" between {low:g} and {high:g}"
        case {"exclusiveMinimum": low}:
            return f" greater than {low:g}"
    return ""


def _expand(node: Node) -> Iterator[Node]:
    """The alternatives of a choice, except null, which stands for a missing field."""
    if "$ref" in node:
        yield from _expand(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    elif "anyOf" in node or "oneOf" in node:
        for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            yield from _expand(choice)
    elif node.get("type") != "null":
        yield node


def _children(node: Node, step: str | int) -> list[Node]:
    child: Node | None
    if isinstance(step, int):
        child = _items(node)
    else:
        child = node.get("properties", {}).get(step) or node.get("additionalProperties")
    return list(_expand(child)) if child else []


def _items(node: Node) -> Node:
    """The schema of the items of a list, which are of one kind."""
    items: Node = node.get("items") or next(iter(node.get("prefixItems", ())), {})
    return items


def _fitting(found: list[Node], value: object) -> list[Node]:
    """The intended ones among several mappings: those with the given name, or with the most fields in common."""
    if isinstance(value, dict):
        mappings = [node for node in found if node.get("type") == "object"]
        return _closest(mappings, value) if len(mappings) > 1 else mappings or found
    return found


def _closest(found: list[Node], value: dict[str, object]) -> list[Node]:
    by_name = entries(found)
    if by_name:
        name = value.get(chooser(found))
        if isinstance(name, str) and name in by_name:
            return [by_name[name]]
        custom = custom_entry(found)
        return [custom] if isinstance(name, str) and custom else found
    known = [
        (len(value.keys() & node.get("properties", {}).keys()), len(required) if value.keys() >= {*required} else 0)
        for node in found
        for required in (node.get("required", ()),)
    ]
    return [node for node, rank in zip(found, known, strict=True) if rank == max(known)]
