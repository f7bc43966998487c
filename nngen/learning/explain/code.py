"""Splits the text of a generated module into the parts that the page shows, with marked names.

The parts joined are the module to the last character, since the page runs it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup

from nngen.common.records import dataclass

_PIECE = re.compile(r"\n*(?:(?:  //.*\n)+|  [^\s)\]}].*\n(?:(?:   .*|  [)\]}].*)\n)*)")
"""A comment, or a statement with its continuation lines: those that are indented further or close a bracket."""

_GIVES = re.compile(r"  (?:const |let )?(\w+) =\s|  _add\w*\(\[?(\w+)")
"""The start of a statement that assigns a name, or adds to it."""

_WORD = re.compile(r"(?P<comment>//.*|/\*[\s\S]*?\*/)|(?P<quoted>\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`)|(?P<word>\w+)")

_KEYWORDS = frozenset(
    "const let var function export return if else for of in throw new break continue while true false null".split()
)


@dataclass(frozen=True)
class Statement:
    """A statement of the gradient with the name that it assigns, or a comment."""

    name: str
    text: str


@dataclass(frozen=True)
class ModuleParts:
    """A module, split at the statements of its gradient."""

    before: str
    statements: tuple[Statement, ...]
    between: str
    """From the end of the gradient to the function that makes a step."""
    step: str
    after: str


def code(text: str) -> ModuleParts:
    """Split a module of the target javascript.

    Raises:
        ValueError: it has no gradient and step in the form of that target.
    """
    gradient = _last(r"^(export )?function (_|batch_)gradient\(", text)
    step = _last(r"^/\*\*(?:.+|(?:\n \*.*)*\n \*/)\nexport function step\(", text)
    if not gradient or not step:
        raise ValueError("this is not a module of the target javascript")
    start = text.index("{\n", text.index(")", gradient.end())) + 2
    stop = text.index("\n}\n", start) + 1
    end = text.index("\n}\n", text.index("\nfunction _update(", step.end())) + 3
    return ModuleParts(
        before=text[:start],
        statements=tuple(_statements(text[start:stop])),
        between=text[stop : step.start()],
        step=text[step.start() : end],
        after=text[end:],
    )


def _last(pattern: str, text: str) -> re.Match[str] | None:
    """The last match of a pattern. A description in the comment at the top may match earlier."""
    return max(re.finditer(pattern, text, re.MULTILINE), key=re.Match.start, default=None)


def _statements(body: str) -> Iterator[Statement]:
    """The statements and comments of a function, each with the empty lines before it."""
    for piece in _PIECE.finditer(body):
        gives = _GIVES.match(piece[0].lstrip("\n"))
        yield Statement((gives[1] or gives[2]) if gives else "", piece[0])


@lru_cache(4096)  # the networks of a page share most of their lines
def marked(text: str, names: frozenset[str]) -> Markup:
    """The text as markup: names carry ``data-name``, comments and keywords are coloured."""
    markup, at = Markup(), 0
    for token in _WORD.finditer(text):
        markup += text[at : token.start()]
        word, kind = token[0], token.lastgroup
        if kind == "word" and word in names:
            markup += Markup('<span data-name="{}">{}</span>').format(word, word)
        elif kind == "comment":
            markup += Markup("<i>{}</i>").format(word)
        elif kind == "word" and word in _KEYWORDS:
            markup += Markup("<b>{}</b>").format(word)
        else:
            markup += word
        at = token.end()
    return markup + text[at:]
