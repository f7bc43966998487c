"""Values as YAML that reads as if written by hand."""

import re
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

WIDTH = 100
"""Characters of a line, with its indentation; longer lists and mappings take several lines."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*")
_WORDS = frozenset("true false yes no on off null y n".split())
"""Words that are no texts in YAML 1.1 or 1.2, in any case."""


def quoted(text: str) -> str:
    """A text as YAML has it in a list or a mapping: plain if it can be read only as that, otherwise in quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and len(text) <= 60:
        return text
    escaped = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}
    return '"' + "".join(escaped.get(character, character) for character in text) + '"'


def flow(value: Any) -> str:
    """A value on one line: ``{name: adam, rate: 0.01}``."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case Mapping():
            return "{" + ", ".join(f"{quoted(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return f"[{', '.join(map(flow, value))}]"
        case Integral():
            return str(int(value))
        case Real():  # also of NumPy, which shows its types
            return repr(float(value))
    return repr(value)


def block(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """The lines of a mapping: a line for each key, or several if a line would be too long."""
    lines = []
    pad = " " * indent
    for key, item in value.items():
        line = f"{pad}{quoted(str(key))}: {flow(item)}"
        if len(line) <= WIDTH or not item or not isinstance(item, Mapping | list | tuple):
            lines.append(line)
        elif isinstance(item, Mapping):
            lines += [f"{pad}{quoted(str(key))}:", *block(item, indent + 2)]
        elif any(isinstance(part, Mapping) for part in item):
            lines += [f"{pad}{quoted(str(key))}:", *(line for part in item for line in listed(part, indent + 2))]
        else:
            lines += _wrapped(f"{pad}{quoted(str(key))}: [", map(flow, item), indent + 4)
    return lines


def listed(value: Any, indent: int) -> list[str]:
    """The lines of an item of a list."""
    pad = " " * indent
    line = f"{pad}- {flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping):
        return [line]
    first, *rest = block(value, indent + 2)
    return [f"{pad}- {first.lstrip()}", *rest]


def _wrapped(start: str, items: Iterable[str], indent: int) -> list[str]:
    """A list on several lines, each as long as it may be."""
    lines, line = [], start
    for item in items:
        if len(line) + len(item) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = " " * indent
        line += f"{item}, "
    return [*lines, line.removesuffix(", ") + "]"]
