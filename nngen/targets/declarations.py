"""What TypeScript reads beside a JavaScript module: the types that its comments state, and those of its rows."""

import re
from collections.abc import Iterable, Iterator

from nngen.common.records import dataclass
from nngen.description.data import AnyColumn, CategoryColumn, DateColumn, Encoding, IndexColumn
from nngen.targets.prose import literal

_TYPEDEF = re.compile(r"/\*\* @typedef \{(?P<type>.*?)\} (?P<name>[A-Z]\w*)(?: - (?P<says>.*?))? \*/", re.DOTALL)
_STATED = re.compile(
    r"(?:^/\*\*(?P<says>(?:(?!\*/).)*?)@type \{(?P<type>(?:(?!\*/).)*)\}\s*\*/\n|^// (?P<beside>[^\n]*)\n)?"
    r"^export (?:const|function) (?P<name>\w+)",
    re.DOTALL | re.MULTILINE,
)
_GIVEN_ON = re.compile(r"^export \{ (\w+) \} from", re.MULTILINE)

MAX_IDS = 100
"""The most ids of a column that its type lists."""


@dataclass(frozen=True)
class Declaration:
    """What a module exports, or a type that its functions name."""

    text: str
    """``const NAME: TYPE`` or ``type NAME = TYPE``."""
    says: str
    """What the module says of it."""


@dataclass(frozen=True)
class Declarations:
    """What the template of the types gets."""

    network: str
    """The name of the network."""
    listed: tuple[Declaration, ...]
    """The declarations of its module, in order."""


def declarations(network: str, module: str, encoding: Encoding | None) -> Declarations:
    """The declarations of a JavaScript module.

    Args:
        network: the name of the network.
        module: its text: the comment of each function has its type.
        encoding: the columns of its rows, whose types are stricter here than what the module takes.
    """
    found = [(one.start(), _typedef(one, encoding)) for one in _TYPEDEF.finditer(module)]
    found += [(one.start(), _stated(one, encoding)) for one in _STATED.finditer(module)]
    found += [(one.start(), Declaration(f"const {one[1]}: Params", "")) for one in _GIVEN_ON.finditer(module)]
    return Declarations(network, tuple(one for _, one in sorted(found, key=lambda pair: pair[0])))


def _typedef(found: re.Match[str], encoding: Encoding | None) -> Declaration:
    name, says = found["name"], _plain(found["says"] or "")
    kind = _row(encoding) if name == "Row" and encoding else _plain(found["type"])
    return Declaration(f"type {name} = {kind}", says and f"{name}: {says}")


def _stated(found: re.Match[str], encoding: Encoding | None) -> Declaration:
    name = found["name"]
    kind = _plain(found["type"]) if found["type"] else _kind_of(name, encoding)
    if name == "predict_proba" and encoding and encoding.classes:
        kind = kind.replace("Record<string, number>", "Record<(typeof CLASSES)[number], number>")
    return Declaration(f"const {name}: {kind}", _plain(found["says"] or found["beside"] or ""))


def _plain(text: str) -> str:
    """A comment without the marks of its lines; its paragraphs stay."""
    lines = [re.sub(r"^ ?\* ?", "", line).strip() for line in text.strip().splitlines()]
    return "\n\n".join(" ".join(part.split()) for part in "\n".join(lines).strip().split("\n\n"))


def _kind_of(name: str, encoding: Encoding | None) -> str:
    """The type of a constant, whose comment has none."""
    texts = {"LAYOUT": "string", "PARAMETERS": "readonly string[]", "TRAINED": "Params", "TYPICAL": "Row"}
    if name in texts or encoding is None:
        return texts[name]
    if name != "CATEGORIES":
        return _listed(encoding.classes if name == "CLASSES" else [one.column for one in encoding.columns])
    names, listed = zip(*((literal(one.column), _listed(one.categories)) for one in encoding.categorical), strict=True)
    return f"ReadonlyMap<{' | '.join(names)}, {' | '.join(listed)}>"


def _listed(texts: Iterable[str]) -> str:
    return f"readonly [{', '.join(map(literal, texts))}]"


def _row(encoding: Encoding) -> str:
    """The type of a row by the names of its columns, or in their order."""
    members = "".join(f"\n  {literal(one.column)}: {' | '.join(_cell(one))};" for one in encoding.columns)
    return f"{{{members}\n}} | unknown[]"


def _cell(column: AnyColumn) -> Iterator[str]:
    """The types of a cell, with null where a value may be missing."""
    match column:
        case CategoryColumn():
            yield from map(literal, column.categories)
            if {"true", "false"}.intersection(map(str.lower, column.categories)):
                yield "boolean"
            if any(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", one) for one in column.categories):
                yield "number"
            missing = column.fill is not None
        case IndexColumn():
            yield from map(literal, column.ids) if len(column.ids) <= MAX_IDS else ("string",)
            if not column.ids or all(map(str.isdigit, column.ids)):
                yield "number"
            missing = column.unknown
        case DateColumn():
            yield "string"
            missing = column.fill is not None
        case _:
            yield from ("number", "string") if column.style else ("number",)
            missing = column.fill is not None
    if missing:
        yield "null"
