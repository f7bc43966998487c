"""The fixed definitions of C with the names and the numbers of a network.

C has no modules and no generic functions: each header states its own functions, whose names begin with that of the
network, for numbers of one width. ``templates/c/runtime.h`` has ``net_`` and ``NET_`` for the name, conditions such as
``#if NET_DROPOUT`` and ``IF(NET_DROPOUT)(, seeds)`` for what a network may have, and words such as ``real`` for what
depends on it. A header gets the text that remains.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from nngen.common.text import columns
from nngen.targets.c_layout import BRACES, commented, head
from nngen.targets.definitions import BRACES as SYNTAX
from nngen.targets.definitions import Definition, used
from nngen.targets.line_breaks import WIDTH

_FEATURE = re.compile(r"^(NET_\w+) {2,}", re.MULTILINE)
"""What a network may have: a line in the comment at the top of the runtime file."""

_TEST = re.compile(r"#(?:(if|elif) (.+)|(ifdef|ifndef|else|endif)\b.*)")
_INLINE = re.compile(r"(\s*)\b(IF|UNLESS)\((NET_\w+)\)\(")
_WORD = re.compile(r"^#define (\w+)(?: (.+))?\n", re.MULTILINE)
_READ = re.compile(r"\bNET_READ\((.*?)\)")

_STANDARD = {
    "math.h": (  # C99 7.12
        "(?:copysign|cos|erfc|exp|expm1|fabs|floor|fmod|log|log1p|pow|sin|sqrt|tanh)f?|INFINITY|NAN|is(?:finite|inf|nan)|lrint"
    ),
    "stddef.h": "NULL|size_t",
    "stdint.h": "u?int(?:32|64)_t|uint_fast(?:8|16)_t",
    "stdlib.h": "strtod",
    "string.h": "mem(?:cpy|move)|str(?:cmp|ncmp|len|spn|cspn|str|chr)",
}
"""The standard headers, and what a header may name of each."""

_PREFIX = re.compile(r"\b(net|NET)_(?=\w)")
"""What begins a name in the runtime file: ``NET_`` that of a macro, ``net_`` any other."""

_COMMENT = re.compile(r"/\*[^\0]*?\*/")
_ABOVE = re.compile(r"\A/\* ([^\0]*?) \*/$", re.MULTILINE)
"""The comment above a definition."""

_HEAD = re.compile(r"^(static inline [^(;{]+\()([^;{]*)\)( \{|;)$", re.MULTILINE)
"""The head of a function, or its declaration."""

_CALL = re.compile(r"^( *)([^(\n]*\(|return .*\()\n\s+([^;{]*?)\n *\);$", re.MULTILINE)
"""A statement that ends with a call whose arguments have lines of their own."""


_TRAINING = {
    f"/* helpers: {what} */"
    for what in (
        "examples and batches",
        "rows and their columns",
        "steps of rows",
        "training",
        "the numbers of the reference",
    )
}
"""The comments that functions follow which need parameters that can change."""


def prefixed(text: str, name: str) -> str:
    """A text, or a single name, of the runtime file with the name of a network: that of ``XOR`` is ``XOR_`` twice.

    There is no way back: ``XOR_H`` may come from either prefix.
    """
    return _PREFIX.sub(lambda found: f"{name.upper() if found[1].isupper() else name}_", text)


def included(text: str) -> str:
    """The text of a header without the standard headers of which it names nothing."""
    code = _COMMENT.sub("", text)
    for header, names in _STANDARD.items():
        if not re.search(rf"\b(?:{names})\b", code):
            text = text.replace(f"#include <{header}>\n", "", 1)
    return text


def _of_units(dot: str) -> str:
    """The sum of products of two vectors that are no parameters, which may lie in flash: from that of a parameter."""
    text = dot.replace("sum of products,", "sum of products of two vectors,").replace("net_dot(", "net_dot_of_units(")
    return _READ.sub(r"\1", text)


class _Named(Definition):
    """A fixed definition with the names of a network's header; what it uses is found when a header may need it."""

    _written: str

    def __init__(self, one: Definition, written: str) -> None:
        names = frozenset(SYNTAX.stated.findall(written))
        vars(self).update(text=one.text, gap=one.gap, names=names, _written=written)

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it uses."""
        return used(self._written) - self.names


class Runtime:
    """The runtime file in the words of a network."""

    def __init__(self, source: str, features: Collection[str], words: Mapping[str, str], name: str) -> None:
        """Read the file.

        Args:
            source: its text.
            features: what the network has, such as ``DROPOUT``.
            words: what words stand for, beyond those that the file defines.
            name: the name of the network.
        """
        self._name = name
        self._known = {name: name.removeprefix("NET_") in features for name in _FEATURE.findall(source)}
        stated = self.resolved(source.partition("/* words")[2].partition("/* what headers state")[0])
        self._words = {**dict(_WORD.findall(stated)), **words}
        self._written = re.compile(rf" ?\b({'|'.join(self._words)})\b")
        self._trains: set[str] = set()

    def resolved(self, text: str) -> str:
        """A text without its conditions on features."""
        return _inline("\n".join(_lines(text.split("\n"), self._known)), self._known)

    def definitions(self, given: Iterable[Definition]) -> list[Definition]:
        """The definitions of the file, with the names that they state and use in this network's header."""
        place, found = "", []
        for one in given:
            place = one.text if one.text.startswith("/* helpers") else place
            if place in _TRAINING:
                self._trains.add(one.text)
            found.append(self._named(one))
            if f"{self._name}_dot" in found[-1].names:
                found.append(self._named(replace(one, text=_of_units(one.text))))
        return found

    def _named(self, one: Definition) -> Definition:
        return _Named(one, prefixed(self.written(one.text), self._name))

    def written(self, text: str) -> str:
        """A definition with its words replaced, but for the name of the network."""
        text, before = self.resolved(text), ""
        while text != before:
            text, before = self._written.sub(self._word, text), text
        return text

    def _word(self, found: re.Match[str]) -> str:
        text = self._words[found[1]]
        return f" {text}" if text and found[0].startswith(" ") else text

    def specific(self, *, trained: bool) -> Callable[[str], str]:
        """A function that turns the text of a fixed definition into that of the network's header.

        Args:
            trained: whether the header has trained parameters, which a macro reads.
        """

        def written(given: str) -> str:
            text = self.written(given)
            text = text if trained else _READ.sub(r"\1", text)
            text = prefixed(text, self._name)
            text = _ABOVE.sub(lambda found: commented(found[1]), text)
            text = _CALL.sub(_called, _HEAD.sub(_wrapped, text))
            guarded = trained and given in self._trains
            return f"#ifdef {self._name.upper()}_TRAINS\n{text}\n#endif" if guarded else text

        return written


def joined(text: str, name: str) -> str:
    """The text of a header in which what trains and follows one another is under one condition."""
    return text.replace(f"#endif\n\n#ifdef {name.upper()}_TRAINS\n", "\n")


def _lines(lines: Iterable[str], known: Mapping[str, bool]) -> Iterable[str]:
    """The lines that remain of those under conditions on features; other conditions stay."""
    opened: list[tuple[bool, bool, bool]] = []
    """For each condition: whether it is on features, whether a part of it held before, and whether this part holds."""
    for line in lines:
        found = _TEST.match(line)
        kind = (found[1] or found[3]) if found else ""
        ours = found is not None and found[2] is not None and set(re.findall(r"\w+", found[2])) <= known.keys()
        if found and kind.startswith("if"):
            holds = ours and _holds(found[2], known)
            opened.append((ours, holds, holds))
            if ours:
                continue
        elif found and opened and opened[-1][0]:
            _, before, _ = opened.pop()
            if kind != "endif":
                holds = not before and (kind == "else" or _holds(found[2], known))
                opened.append((True, before or holds, holds))
            continue
        elif kind == "endif" and opened:
            opened.pop()
        if all(holds for ours, _, holds in opened if ours):
            yield line


def _holds(condition: str, known: Mapping[str, bool]) -> bool:
    """Whether a condition on features holds: alternatives of features that are there, or with ``!`` are not."""
    return any(
        all(known[name.lstrip("!")] != name.startswith("!") for name in term.split(" && "))
        for term in condition.split(" || ")
    )


def _inline(text: str, known: Mapping[str, bool]) -> str:
    """A text without ``IF(feature)(text)`` and ``UNLESS(feature)(text)``, which may contain one another."""
    found = _INLINE.search(text)
    if not found:
        return text
    depth, end = 1, found.end()
    while depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    inner, rest = text[found.end() : end - 1], text[end:]
    if known[found[3]] != (found[2] == "IF"):
        return text[: found.start()] + _inline(rest, known)
    gap = "" if inner.startswith((",", ".", ";")) else found[1]
    return text[: found.start()] + gap + _inline(inner, known) + _inline(rest, known)


def _wrapped(found: re.Match[str]) -> str:
    """The head of a function on as many lines as it needs."""
    rows = head(found[1], " ".join(found[2].split()).split(", "))
    return rows if found[3] == " {" else rows.removesuffix(" {") + ";"


def _called(found: re.Match[str]) -> str:
    """A call on as many lines as it needs."""
    margin, start, arguments = found[1], found[2], " ".join(found[3].split())
    line = f"{margin}{start}{arguments});"
    if columns(line) <= WIDTH:
        return line
    pieces = f"⟨{arguments}⟩".replace("(", "(⟨").replace(")", "⟩)").replace(", ", ",↵")
    return margin + BRACES.lay_out(f"{start}{pieces});", len(margin))
