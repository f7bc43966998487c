"""The fixed definitions of JavaScript in the form that a network needs, see ``nngen.targets.specific``.

The runtime file is laid out as Prettier does it, so that lines and brackets tell where a statement ends.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from nngen.common.text import columns
from nngen.targets.definitions import brace_definitions, used
from nngen.targets.javascript_layout import BRACES, function
from nngen.targets.line_breaks import WIDTH
from nngen.targets.specific import Language

_IF = re.compile(r"^( *)if \((.*)\) \{(.*)$")
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
_LONG = re.compile(rf"^.{{{WIDTH + 1},}}\);$", re.MULTILINE)
_GIVEN_BACK = re.compile(r"^( +)const (\w+) = (.*);\n\1return \2;$", re.MULTILINE)


def _decided(text: str, flags: Mapping[str, bool]) -> str:
    """A text without the conditions that settings decide, and without what would follow a return."""
    return _chosen("\n".join(_lines(text.splitlines(), flags)), flags)


def _lines(lines: Sequence[str], flags: Mapping[str, bool]) -> list[str]:
    """The lines that remain of statements with a condition, without what would follow a return."""
    done: list[str] = []
    todo = list(lines)
    while todo:
        line = todo.pop(0)
        found = _IF.match(line)
        value = _condition(found[2], flags) if found else ""
        if found is None or isinstance(value, str):
            done.append(f"{found[1]}if ({_bare(str(value))}) {{{found[3]}" if found else line)
            continue
        margin = found[1]
        first, last = _branches(todo, margin)
        kept = first if value else last
        while not kept and done[-1].startswith(f"{margin}// "):
            done.pop()
        todo = kept + (_later(todo, margin) if kept and _ends(kept[-1], margin) else todo)
    return done


def _branches(lines: list[str], margin: str) -> tuple[list[str], list[str]]:
    """Both branches of a condition, taken from the lines after its head."""
    branches: list[list[str]] = [[]]
    while (line := lines.pop(0)) != f"{margin}}}":
        if line == f"{margin}}} else {{":
            branches.append([])
        else:
            branches[-1].append(line.removeprefix("  "))
    return branches[0], branches[1] if len(branches) > 1 else []


def _bare(condition: str) -> str:
    """A condition without parentheses around all of it."""
    whole = condition.startswith("(") and next(_outside(condition, ")", 1)) == len(condition) - 1
    return condition[1:-1] if whole else condition


def _ends(line: str, margin: str) -> bool:
    """Whether nothing follows a line in its block."""
    return re.match(rf"{margin}(?:return|throw|continue)\b", line) is not None


def _later(lines: list[str], margin: str) -> list[str]:
    """The lines after the end of a block."""
    return lines[next(place for place, line in enumerate(lines) if line and not line.startswith(margin)) :]


def _condition(text: str, flags: Mapping[str, bool]) -> bool | str:
    """The value of a condition, or what remains of it."""
    for word, decisive in ((" || ", True), (" && ", False)):
        parts = list(_split(text, word))
        if len(parts) > 1:
            values = [_condition(part, flags) for part in parts]
            left = [value for value in values if isinstance(value, str)]
            return decisive if decisive in values else word.join(left) if left else not decisive
    if text.startswith("(") and text.endswith(")"):
        inner = _condition(text[1:-1], flags)
        return f"({inner})" if isinstance(inner, str) and " " in inner else inner
    value = flags.get(text.removeprefix("!"))
    return text if value is None else value != text.startswith("!")


def _chosen(text: str, flags: Mapping[str, bool]) -> str:
    """A text with one value in place of each choice such as ``DROPOUT ? seeds : null``."""
    choice = re.compile(rf"(!?)\b({'|'.join(flags)}) \? ")
    while found := choice.search(text):
        middle = next(_outside(text, " : ", found.end()))
        end = next(_outside(text, "", middle))
        value = flags[found[2]] != bool(found[1])
        kept = text[found.end() : middle] if value else text[middle + len(" : ") : end]
        before, after = text[: found.start()], text[end:]
        alone = before.endswith("(") and after.startswith(")") and not re.search(r"[\w\]]\($", before)
        if alone and (after.startswith(") ? ") or len(list(_split(kept, " "))) == 1):
            before, after = before[:-1], after[1:]
        text = before + kept + after
    return text


def _outside(text: str, mark: str, start: int) -> Iterator[int]:
    """The places of a mark that no brackets and no other choice enclose; of an empty one, where the value ends."""
    depth = choices = 0
    for place in range(start, len(text)):
        letter = text[place]
        if depth == 0 and text.startswith(" ? ", place):
            choices += 1
        elif depth == 0 and mark and text.startswith(mark, place):
            if not choices or mark != " : ":
                yield place
            choices -= mark == " : " and choices > 0
        elif depth == 0 and not mark and letter in ",;)]}":
            yield place
        depth += (letter in "([{") - (letter in ")]}")


def _split(text: str, mark: str) -> Iterator[str]:
    """The parts of a text between marks outside of brackets."""
    start = 0
    for place in _outside(text, mark, 0):
        yield text[start:place]
        start = place + len(mark)
    yield text[start:]


def _tidied(text: str) -> str:
    """A function without the local names and the arguments that it does not use any more, laid out again."""
    head = _HEAD.search(text)
    if not head:
        return text
    above, body = text[: head.start()], _read(text[head.end() :])
    return f"{_headed(above, head, used(body))}{_LONG.sub(_called, body)}" if body.strip("\n}") else ""


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
    end = next(_outside(kind, " => ", 0))
    types = _types(kind[1 : end - 1])
    given, _, named = " ".join(head[3].split()).removesuffix(" = {}").partition("{ ")
    listed = _arguments(given, types, read, needed=bool(head[1]))
    options = _arguments(named, _types(types["options"].strip("{} ")), read) if named else []
    laid_out = function(listed, head[2], kind[end + len(" => ") :], says, bool(head[1]), options)
    return above[: found.start()] + laid_out.replace(",\0", ", ")


def _types(text: str) -> dict[str, str]:
    """The type of each argument."""
    pairs = (one.partition(": ") for one in _split(text, ", "))
    return {name.removesuffix("?"): kind for name, _, kind in pairs}


def _arguments(text: str, types: Mapping[str, str], read: frozenset[str], *, needed: bool = False) -> list[str]:
    """The arguments that are read, with types and defaults; those without a default may be needed anyway."""
    parts = (one.partition(" = ") for one in _split(text.strip(", }"), ", ") if one)
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


def _called(found: re.Match[str]) -> str:
    """A statement that ends with a call, with the arguments on lines of their own."""
    line = found[0]
    margin = line[: len(line) - len(line.lstrip())]
    for place in (one.end() for one in re.finditer(r"\(", line)):
        if next(_outside(line, ")", place), 0) == len(line) - len(");"):
            given = list(_split(line[place : -len(");")], ", "))
            return margin + BRACES.items([given], line[len(margin) : place], ");", len(margin))
    return line


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


JAVASCRIPT = Language(brace_definitions, _decided, _tidied)
