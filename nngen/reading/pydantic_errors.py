"""Translates Pydantic's validation errors to diagnostics at the positions in the user's file."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pydantic import ValidationError

from nngen.common.aliases import advice_on_kind, same
from nngen.common.diagnostics import MAX_FOUND, Diagnostic, closest, nearest, offered, show
from nngen.common.text import joined
from nngen.description.model import CUSTOM
from nngen.mathematics.formulas import TextError
from nngen.reading.document import Document, Loc
from nngen.reading.schema_words import (
    Node,
    chooser,
    custom_entry,
    entries,
    fields,
    in_words,
    names,
    nodes,
    places,
    words,
)
from nngen.reading.unknown_choices import custom_names, unknown, unknown_choice

_KINDS = {
    "initial": "initializer",
    "weights": "initializer",
    "biases": "initializer",
    "targets": "target",
    "scale_targets": "scale",
}
"""The kind of entries of a field, if it is not the name of the field."""

_TAGS = {"names", "other", "scheme", "plain", "numeric", "categorical", "index", CUSTOM}
"""The tags of choices that are not names of entries or fields."""

_DATA_TAGS = {("data", "rows"), ("data", "file"), ("data", "values")}
"""The tags that are also names of fields, each after the field of the choice."""


def mistakes(document: Document, error: ValidationError) -> Iterator[Diagnostic]:
    """The diagnostics of a validation error, except for values that the reader refused."""
    for detail in error.errors(include_url=False, include_input=False)[:MAX_FOUND]:
        match detail["type"], detail["loc"]:
            case "missing", (*parents, name):
                yield from _missing_field(document, document.locate(_untagged(document, tuple(parents))), str(name))
            case "value_error" | "string_too_long", ("activations" | "losses" as field, name, "[key]"):
                yield document.about((field, name), _key_message(detail, name), key=True)
            case "extra_forbidden", (*parents, name):
                if (
                    parents[-1:] == [CUSTOM]
                    and parents[0] in ("layers", "loss")
                    and unknown_choice(document, document.locate(_untagged(document, tuple(parents))))
                ):
                    continue  # the unknown choice is reported instead
                loc = document.locate((*_untagged(document, tuple(parents)), name))
                if loc not in document.refused:
                    yield unknown_field(document, loc)
            case _, tagged:
                loc = document.locate(_untagged(document, tagged))
                if loc not in document.refused:
                    yield from _mistake(document, loc, detail)


def _untagged(document: Document, loc: Loc) -> Loc:
    """A path without the tags of choices: the names of entries, unless a field of that name is meant.

    Custom formulas have no tags.
    """
    if loc[:1] in (("activations",), ("losses",)):
        return loc
    tags = _TAGS | names()
    found: list[str | int] = []
    value: object = document.value
    before: str | int | None = None
    chosen = False  # whether the tag of this mapping was seen
    for step in loc:
        entry = not chosen and (step in _TAGS or (isinstance(value, dict) and value.get("name") == step))
        field = isinstance(value, dict) and step in value and not entry
        if (before, step) in _DATA_TAGS or (step in tags and before != "values" and not field):
            chosen = chosen or entry
        else:
            found.append(step)
            value, chosen = _within(value, step), False
        before = step
    return tuple(found)


def _as_name(loc: Loc, value: object) -> tuple[str, str]:
    """Label and advice for a text that is not a name only because of spaces or hyphens."""
    name = re.sub(r"[\s-]+", "_", value.strip()) if isinstance(value, str) else ""
    if name == value or not name.isidentifier():
        return "", ""
    where = (
        "the columns of a file may have any name: list them under `data`: `inputs: [...]`" if loc[0] == "inputs" else ""
    )
    return offered(name), where


def _within(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _mistake(document: Document, loc: Loc, detail: Any) -> Iterator[Diagnostic]:
    value = document.get(loc)
    match detail["type"]:
        case "union_tag_invalid" | "union_tag_not_found" if isinstance(value, str | dict):
            yield _entry(document, loc)
        case "model_attributes_type" if isinstance(value, str):
            yield _entry(document, loc)
        case "value_error":
            error = detail["ctx"]["error"]
            if isinstance(error, TextError):
                label = nearest(error.word, error.known)
                yield document.about(loc, str(error), label, error.advice, part=(error.start, error.width))
            else:
                yield document.about(loc, str(error), *_as_name(loc, value))
        case "string_too_long":
            most = detail["ctx"]["max_length"]
            yield document.about(loc, f"the text has {len(value)} characters, but at most {most} are allowed")
        case "string_too_short":
            yield document.about(loc, "the text is empty")
        case "too_long":
            yield document.about(loc, f"expected at most {detail['ctx']['max_length']} entries, got {len(value)}")
        case "too_short":
            least = detail["ctx"]["min_length"]
            if len(value) < least:  # otherwise the entries themselves are wrong
                yield document.about(
                    loc, f"expected at least {least} {'entry' if least == 1 else 'entries'}, got {len(value) or 'none'}"
                )
        case _:
            yield _wrong(document, loc, value, "something else")


def unknown_field(document: Document, loc: Loc) -> Diagnostic:
    """The diagnostic of a field that there is not."""
    found = nodes(document, loc[:-1])
    known, message = fields(found), f"unknown field {show(loc[-1])}"
    label, advice = offered(_known_field(loc[-1], known)), f"known: {', '.join(known)}"
    if not label and (paths := _elsewhere(loc, found)):
        label = offered(".".join(paths[0])) if len(paths) == 1 else ""
        parents = [f"under `{'.'.join(path[:-1])}`" if path[:-1] else "at the top of the file" for path in paths]
        advice = f"`{paths[0][-1]}` belongs {joined(parents, 'or')}"
    elif not label:
        label = offered(closest(loc[-1], known))
    if not label and loc[:1] == ("layers",):
        advice = advice_on_kind(loc[-1]) or advice
    return document.about(loc, message, label, advice, key=True)


CLOSE = 0.85
"""Similarity above which a field counts as mistyped, not as misplaced; `activations` in a layer has 0.95."""


def _known_field(written: object, known: Iterable[str]) -> str:
    """The field of this mapping that was mistyped or named as in other tools; empty if there is none."""
    return same(written, known, "field") or closest(written, known, CLOSE)


def _elsewhere(loc: Loc, found: list[Node]) -> list[tuple[str, ...]]:
    """The nearest paths of the intended field, in this mapping first; options of other entries do not count."""
    known = places(options=not entries(found))
    here = tuple(step for step in loc[:-1] if isinstance(step, str))
    candidates = [path for path in known.get(same(loc[-1], known, "field"), ()) if path[:-1] != here]
    inner = [path for path in candidates if path[: len(here)] == here] or candidates
    return [path for path in inner if len(path) == min(map(len, inner))]


def _missing_field(document: Document, loc: Loc, name: str) -> Iterator[Diagnostic]:
    value, found = document.get(loc), nodes(document, loc)
    known = fields(found)
    if isinstance(value, str):  # a short form
        yield _needs(document, loc, value, entries(found)[value])
        return
    strange = [*islice((key for key in value if key not in known), MAX_FOUND)]
    meant = {_known_field(key, known) or closest(key, known) for key in strange} - {""}
    if meant and (len(found) > 1 or name in meant):
        return  # the field exists under a wrong name
    if any(path[:-1] == (*loc, name) for key in strange for path in _elsewhere((*loc, key), found)):
        return  # a part of the field exists one level too high
    first = list(dict.fromkeys(node["required"][0] for node in found if "required" in node))
    if len(first) == 1:
        yield document.about(loc, f"missing field {name!r}", advice=_description(known[name]))
    elif name in first:
        yield document.about(loc, f"missing field {joined(map(repr, first), 'or')}")


def _description(field: Node) -> str:
    return " ".join(field.get("description", "").split())


def _entry(document: Document, loc: Loc) -> Diagnostic:
    """The diagnostic for a choice without a name, with an unknown name, or without required options."""
    value, found = document.get(loc), nodes(document, loc)
    known = entries(found)
    if isinstance(value, dict):
        chosen = chooser(found)
        if chosen not in value:
            return document.about(loc, f"missing field {chosen!r}", advice=f"known: {', '.join(known)}")
        loc, value = (*loc, chosen), value[chosen]
    elif value in known:
        return _needs(document, loc, value, known[value])
    elif (custom := custom_entry(found)) and value in custom_names(document, loc):
        return _needs(document, loc, value, custom)
    field = next(step for step in reversed(loc) if isinstance(step, str) and step != "name")
    return document.about(loc, *unknown(_KINDS.get(field, field), value, known, custom_names(document, loc)))


def _needs(document: Document, loc: Loc, name: str, node: Node) -> Diagnostic:
    """The diagnostic for a short form of an entry with required options."""
    chosen = chooser([node])
    needed = {key: node["properties"][key] for key in node["required"] if key != chosen}
    written = "".join(f", {key}: {next(iter(words([field])), '...')}" for key, field in needed.items())
    advice = f"write `{{{chosen}: {name}{written}}}`. {' '.join(map(_description, needed.values()))}"
    return document.about(loc, f"{name} needs {joined(map(repr, needed), 'and')}", advice=advice)


def _wrong(document: Document, loc: Loc, value: object, otherwise: str) -> Diagnostic:
    found = nodes(document, loc)
    if chooser(found) == "name" and (known := entries(found)):
        message = f"expected a name or a mapping, got {show(value)}"
        return document.about(loc, message, advice=f"known: {', '.join(known)}")
    message = f"expected {in_words(found) or otherwise}, got {show(value)}"
    return document.about(loc, message, nearest(value, words(found)), _form(found, value))


def _form(found: list[Node], value: object) -> str:
    """The right form of a value, if only its form is wrong."""
    types = {node.get("type") for node in found}
    if isinstance(value, str) and types & {"number", "integer"} and value.strip().isdecimal():
        return f"write {value.strip()} without quotes"
    if types == {"string"} and type(value) in (int, float) and not any("pattern" in node for node in found):
        return f'write "{value}", in quotes'
    if "boolean" in types and (truth := _TRUTHS.get(str(value).lower())):
        return f"write {truth}"
    lists = [node["items"] for node in found if "items" in node]
    if types & {"number", "integer"}:
        return ""
    if isinstance(value, int | float) and any({"type": "number"} in (node, *node.get("anyOf", ())) for node in lists):
        return f"write `[{show(value)}]`"
    return ""


_TRUTHS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
"""Texts that mean truth values in YAML 1.1 or in quotes."""


def _key_message(detail: Any, name: object) -> str:
    """The message about a key that is a wrong name."""
    if detail["type"] == "string_too_long":
        return f"the name has {len(str(name))} characters, but at most {detail['ctx']['max_length']} are allowed"
    return str(detail["ctx"]["error"])
