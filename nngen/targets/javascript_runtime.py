"""The fixed definitions of JavaScript in the form that a network needs, see ``nngen.targets.specific``.

The runtime file is laid out as Prettier does it, so that lines and brackets tell where a statement ends.
"""

import re
from collections.abc import Mapping

from nngen.common.text import columns
from nngen.targets.conditions import Conditions, calls, outside, split
from nngen.targets.definitions import brace_definitions, used
from nngen.targets.javascript_layout import BRACES, function
from nngen.targets.line_breaks import WIDTH
from nngen.targets.specific import Language

_HEAD = re.compile(r"^(export )?function (\w+)\(([^\0]*?)\) \{$", re.MULTILINE)
_COMMENT = re.compile(r"(?:^//.*\n)*^/\*\*(?:(?!/\*\*)[^\0])*\*/\n\Z", re.MULTILINE)
"""The comment above a function, with its type."""

_LOCAL = re.compile(
    r"(?:^ +(?://|/\*\*).*\n)?^( +)(const|let) (\w+|[\[{][^\n=]*[\]}]) = "
    r"(?:.*;|.*[^;\n](?:\n\1 .*)*\n\1\S.*;)\n",
    re.MULTILINE,
)
"""A statement that declares local names, with the comment above it."""

_ANGLES = re.compile(r"<[^<>()]*>")
_GIVEN_BACK = re.compile(r"^( +)const (\w+) = (.*);\n\1return \2;$", re.MULTILINE)


def _tidied(text: str) -> str:
    """A function without the local names and the arguments that it does not use any more, laid out again."""
    head = _HEAD.search(text)
    if not head:
        return text
    above, body = text[: head.start()], _read(text[head.end() :])
    return f"{_headed(above, head, used(body))}{calls(body, BRACES)}" if body.strip("\n}") else ""


def _read(body: str) -> str:
    """The body of a function without names that nothing reads, and with ``const`` for what does not change."""
    for found in _LOCAL.finditer(body):
        names = used(found[3])
        others = body.replace(found[0], "", 1)
        if used(others).isdisjoint(names):
            return _read(others)
        if found[2] == "let" and found[3].isidentifier():
            changes = rf"(?<![.\w]){found[3]}(?: [-+*/]?= |\+\+)|^ *\[[^\]\n]*\b{found[3]}\b[^\]\n]*\] = "
            if not re.search(changes, others, re.MULTILINE):
                return _read(body.replace(found[0], found[0].replace("let ", "const ", 1), 1))
    return _GIVEN_BACK.sub(r"\1return \3;", body)


def _headed(above: str, head: re.Match[str], read: frozenset[str]) -> str:
    """The comment and the head of a function without arguments that may be left out and that it does not read."""
    found = _COMMENT.search(above)
    if not found:
        return above + head[0]
    says, kind = _said(found[0])
    kind = _ANGLES.sub(lambda found: found[0].replace(", ", ",\0"), kind)
    end = next(outside(kind, " => ", 0))
    types = _types(kind[1 : end - 1])
    given, _, named = " ".join(head[3].split()).removesuffix(",").removesuffix(" = {}").partition("{ ")
    listed = _arguments(given, types, read, needed=bool(head[1]))
    options = _arguments(named, _types(types["options"].strip("{} ")), read) if named else []
    laid_out = function(listed, head[2], kind[end + len(" => ") :], says, bool(head[1]), options)
    return above[: found.start()] + laid_out.replace(",\0", ", ")


def _types(text: str) -> dict[str, str]:
    """The type of each argument."""
    pairs = (one.partition(": ") for one in split(text, ", "))
    return {name.removesuffix("?"): kind for name, _, kind in pairs}


def _arguments(text: str, types: Mapping[str, str], read: frozenset[str], *, needed: bool = False) -> list[str]:
    """The arguments that are read, with types and defaults; those without a default may be needed anyway."""
    parts = (one.partition(" = ") for one in split(text.strip(", }"), ", ") if one)
    return [
        f"{name}: {types[name]}{equals}{default}"
        for name, equals, default in parts
        if name.lstrip(".") in read or (needed and not equals)
    ]


def _said(comment: str) -> tuple[str, str]:
    """What a comment says, in paragraphs, and the type that it states."""
    lines = [re.sub(r"^(?://|/\*\*| \*/?)? ?", "", line) for line in comment.strip().splitlines()]
    text = "\n".join(lines).removesuffix("*/").strip()
    says, _, kind = text.partition("@type {")
    paragraphs = [" ".join(one.split()) for one in says.split("\n\n")]
    return "\n\n".join(filter(None, paragraphs)), " ".join(kind.rpartition("}")[0].split())


def short(text: str) -> str:
    """A module with functions of one expression as arrow functions, and guards on one line, where they fit."""
    return _GUARD.sub(_shorter, _FUNCTION.sub(_shorter, text))


_FUNCTION = re.compile(
    r"^(?P<export>export )?function (?P<name>\w+)(?P<given>\(.*\)) \{\n  return (?P<value>(?!\{|.* \? ).*);\n\}$",
    re.MULTILINE,
)
_GUARD = re.compile(r"^(?P<if> *if \(.*\)) \{\n +(?P<ends>(?:return|throw|break|continue)\b.*;)\n *\}$", re.MULTILINE)


def _shorter(found: re.Match[str]) -> str:
    part = found.groupdict()
    if "ends" in part:
        line = f"{part['if']} {part['ends']}"
    else:
        line = f"{part['export'] or ''}const {part['name']} = {part['given']} => {part['value']};"
    return line if columns(line) <= WIDTH else found[0]


JAVASCRIPT = Language(brace_definitions, Conditions().decided, _tidied)
