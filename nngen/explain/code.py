"""The text of a generated module in the parts that the page shows, each with its names marked.

The parts, one after the other, are the module, to the last character: it is what the page runs.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from markupsafe import Markup

_STATEMENT = re.compile(r"  (?:const |let )?(\w+) =\s")
"""How a statement begins that gives a value to a name."""

_WORD = re.compile(r"(?P<comment>//.*|/\*[\s\S]*?\*/)|(?P<quoted>\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`)|(?P<word>\w+)")

_KEYWORDS = frozenset(
    "const let var function export return if else for of in throw new break continue while true false null".split()
)


@dataclass(frozen=True)
class Statement:
    """A statement of the gradient, or lines that belong to it; where it gives a value to a name, with that."""

    name: str
    text: str
    comment: bool = False


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
    gradient = re.search(r"^export function (?:batch_)gradient\(", text, re.MULTILINE) or re.search(
        r"^export function gradient\(", text, re.MULTILINE
    )
    step = re.search(r"^/\*\*(?:\n \*.*)*\n \*/\nexport function step\(", text, re.MULTILINE)
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


def _statements(body: str) -> Iterator[Statement]:
    """The statements of a function, with the empty lines and comments before them apart."""
    chunk: list[str] = []
    for line in body.splitlines(keepends=True):
        opens = re.match(r"  [^\s})\]]", line) or line.isspace()
        comment = bool(chunk) and chunk[-1].startswith("  //")
        continues = line.isspace() and not chunk or line.startswith("  //") and chunk and chunk[-1].isspace()
        continues = continues or (comment and line.startswith("  //"))
        if opens and chunk and not continues:
            yield _statement("".join(chunk))
            chunk = []
        chunk.append(line)
    if chunk:
        yield _statement("".join(chunk))


def _statement(text: str) -> Statement:
    found = _STATEMENT.match(text)
    return Statement(found[1] if found else "", text, comment="//" in text and text.lstrip().startswith("//"))


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
