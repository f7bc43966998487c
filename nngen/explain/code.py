"""The text of a generated module in the parts that the page shows, each with its names marked.

The parts, one after the other, are the module, to the last character: it is what the page runs.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from markupsafe import Markup

_PIECE = re.compile(r"\n*(?:(?:  //.*\n)+|  [^\s)\]}].*\n(?:(?:   .*|  [)\]}].*)\n)*)")
"""A comment, or a statement with the lines that go on with it: those that are indented further, or close a bracket."""

_GIVES = re.compile(r"  (?:const |let )?(\w+) =\s")
"""How a statement begins that gives a value to a name."""

_WORD = re.compile(r"(?P<comment>//.*|/\*[\s\S]*?\*/)|(?P<quoted>\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`)|(?P<word>\w+)")

_KEYWORDS = frozenset(
    "const let var function export return if else for of in throw new break continue while true false null".split()
)


@dataclass(frozen=True)
class Statement:
    """A statement of the gradient, or a comment; where it gives a value to a name, with that."""

    name: str
    text: str


@dataclass(frozen=True)
class Code:
    """A module: what comes before the statements of its gradient, these, and what comes after them."""

    before: str
    statements: tuple[Statement, ...]
    between: str
    """From the end of the gradient to the function that makes a step."""
    step: str
    after: str


def code(text: str) -> Code:
    """The parts of a module of the target javascript.

    Raises:
        ValueError: it has no gradient and step of the form that the target writes.
    """
    gradient = _last(r"^export function batch_gradient\(", text) or _last(r"^export function gradient\(", text)
    step = _last(r"^/\*\*(?:\n \*.*)*\n \*/\nexport function step\(", text)
    if not gradient or not step:
        raise ValueError("this is no module of the target javascript")
    start = text.index("{\n", text.index(")", gradient.end())) + 2
    stop = text.index("\n}\n", start) + 1
    end = text.index("\n}\n", step.end()) + 3
    return Code(
        before=text[:start],
        statements=tuple(_statements(text[start:stop])),
        between=text[stop : step.start()],
        step=text[step.start() : end],
        after=text[end:],
    )


def _last(pattern: str, text: str) -> re.Match[str] | None:
    """Where a pattern is found last: earlier, a description may say the same, in the comment at the top."""
    return max(re.finditer(pattern, text, re.MULTILINE), key=re.Match.start, default=None)


def _statements(body: str) -> Iterator[Statement]:
    """The statements of a function and the comments between them, each with the empty lines before it."""
    for found in _PIECE.finditer(body):
        gives = _GIVES.match(found[0].lstrip("\n"))
        yield Statement(gives[1] if gives else "", found[0])


def marked(text: str, names: Set[str]) -> Markup:
    """The text as markup that has the same text: names can be found by ``data-name``, the rest is coloured."""
    made, at = Markup(), 0
    for found in _WORD.finditer(text):
        made += text[at : found.start()]
        word, kind = found[0], found.lastgroup
        if kind == "word" and word in names:
            made += Markup('<span data-name="{}">{}</span>').format(word, word)
        elif kind == "comment":
            made += Markup("<i>{}</i>").format(word)
        elif kind == "word" and word in _KEYWORDS:
            made += Markup("<b>{}</b>").format(word)
        else:
            made += word
        at = found.end()
    return made + text[at:]
