"""The fixed definitions of C with the names and the numbers of a network.

C has no modules and no generic functions: each header states its own functions, whose names begin with that of the
network, for numbers of one width. ``templates/c/runtime.h`` has ``net_`` and ``NET_`` for the name, and words such as
``real`` for what depends on the width.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from nngen.targets.c_layout import head
from nngen.targets.definitions import Definition

_WIDTH = re.compile(r"^#ifdef NET_FLOAT\n([^\0]*?)(?:#else\n([^\0]*?))?#endif /\* NET_FLOAT \*/\n", re.MULTILINE)
"""What depends on the width of numbers: for 32 bits, and for 64 bits."""

_STANDARD = {
    "math.h": (
        "(?:cos|erfc|exp|expm1|fabs|floor|fmod|log|log1p|pow|sin|sqrt|tanh)f?|INFINITY|NAN|isnan|lrint"  # C99 7.12
    ),
    "stddef.h": "NULL|size_t",
    "stdint.h": "uint32_t",
    "string.h": "strspn",
}
"""The standard headers, and what a header may name of each."""

_COMMENT = re.compile(r"/\*[^\0]*?\*/")
_WORD = re.compile(r"^#define (\w+) (.+)\n", re.MULTILINE)
_READ = re.compile(r"\bNET_READ\((.*?)\)")

_HEAD = re.compile(r"^(static inline [^(;{]+\()([^;{]*)\)( \{|;)$", re.MULTILINE)
"""The head of a function, or its declaration."""


def generic(own: Sequence[Definition], name: str) -> list[Definition]:
    """The definitions of the header of a network, with the names that they have in the runtime file."""

    def renamed(names: frozenset[str]) -> frozenset[str]:
        return frozenset(re.sub(rf"^(?:{name}|({name.upper()}))_", _prefix, word) for word in names)

    return [replace(one, names=renamed(one.names), uses=renamed(one.uses)) for one in own]


def included(text: str) -> str:
    """The text of a header without the standard headers of which it names nothing."""
    code = _COMMENT.sub("", text)
    for header, names in _STANDARD.items():
        if not re.search(rf"\b(?:{names})\b", code):
            text = text.replace(f"#include <{header}>\n", "", 1)
    return text


def _prefix(found: re.Match[str]) -> str:
    return "NET_" if found[1] else "net_"


def specific(source: str, name: str, *, narrow: bool, trained: bool) -> Callable[[str], str]:
    """A function that turns the text of a fixed definition into that of a network's header.

    Args:
        source: the text of the runtime file.
        name: the name of the network.
        narrow: whether numbers have 32 bits instead of 64.
        trained: whether the header has trained parameters, which a macro reads.
    """
    words = {**_words(source, narrow), "net_": f"{name}_", "NET_": f"{name.upper()}_"}
    known = re.compile(rf"\b(?:(?:{'|'.join(_words(source, narrow))})\b|(?:net_|NET_)(?=\w))")

    def written(text: str) -> str:
        text = _of_width(f"{text}\n", narrow).removesuffix("\n")
        text = text if trained else _READ.sub(r"\1", text)
        return _HEAD.sub(_wrapped, known.sub(lambda found: words[found[0]], text))

    return written


@cache
def _words(source: str, narrow: bool) -> dict[str, str]:
    """What words stand for: they are defined where numbers get their width."""
    chosen = _WIDTH.search(source)
    return dict(_WORD.findall(chosen[1 if narrow else 2])) if chosen else {}


def _of_width(text: str, narrow: bool) -> str:
    return _WIDTH.sub(lambda found: found[1 if narrow else 2] or "", text)


def _wrapped(found: re.Match[str]) -> str:
    """The head of a function on as many lines as it needs."""
    rows = head(found[1], " ".join(found[2].split()).split(", "))
    return rows if found[3] == " {" else rows.removesuffix(" {") + ";"
