"""The statements of a module as the rows of its page, each with the equation that it computes, and marked names.

The parts joined are the module to the last character, since the page runs it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from markupsafe import Markup, escape

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.plan import Plan

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
    parts, at = list[str](), 0
    for token in _WORD.finditer(text):
        word, kind = token[0], token.lastgroup
        form = ""
        if kind == "word" and word in names:
            form = f'<span data-name="{word}">{word}</span>'  # letters and digits only
        elif kind == "comment":
            form = f"<i>{escape(word)}</i>"
        elif kind == "word" and word in _KEYWORDS:
            form = f"<b>{word}</b>"
        if form:
            parts += [escape(text[at : token.start()]), form]
            at = token.end()
    return Markup("".join([*parts, escape(text[at:])]))  # noqa: S704 (each part is escaped)


@dataclass(frozen=True)
class Row:
    """A statement of the module, and the equation that it computes."""

    number: int | None
    """Its index among the statements with an equation; None without one."""
    name: str
    kind: str
    """The general equation behind it; empty if there is none."""
    equation: Markup
    text: str
    code: Markup


@dataclass(frozen=True)
class Section:
    """The statements under one comment of the module."""

    title: str
    text: str
    remark: Markup
    """The comment, as code."""
    rows: tuple[Row, ...]


def names_in(planned: Plan, parts: ModuleParts) -> frozenset[str]:
    """The names that an equation may contain."""
    names = {statement.name for statement in parts.statements} - {""}
    names |= {*planned.inputs, *planned.output.names("y"), "x", "loss"}
    for block in planned.blocks:
        names |= {block.name, *(name for row in block.rows for name in row)}
    return frozenset(names)


def rows_of(
    parts: ModuleParts, known: Mapping[str, Sequence[str]], kinds: Mapping[str, str], names: frozenset[str]
) -> Iterator[Row]:
    """The statements as rows."""
    seen: Counter[str] = Counter()
    number = 0
    for statement in parts.statements:
        name = statement.name
        of_name = known.get(name, ())
        equation = of_name[seen[name]] if seen[name] < len(of_name) else ""
        seen[name] += 1
        yield Row(
            number=number if equation else None,
            name=name,
            kind=kinds.get(name, ""),
            equation=Markup(equation),  # noqa: S704 (MathML, whose names are escaped)
            text=statement.text,
            code=_line(statement.text, names),
        )
        number += bool(equation)


def _line(text: str, names: frozenset[str]) -> Markup:
    """A statement. The empty line before it is hidden, since the page does not need it."""
    bare = text.lstrip("\n")
    blank = f"<span hidden>{text[: len(text) - len(bare)]}</span>" if bare != text else ""
    return Markup(blank) + marked(bare, names)  # noqa: S704 (empty lines alone)


def sections_of(rows: Iterable[Row]) -> tuple[tuple[Row, ...], tuple[Section, ...]]:
    """The rows before the first comment, and a section for each comment."""
    head: list[Row] = []
    sections: list[Section] = []
    for row in rows:
        if row.text.lstrip().startswith("//"):
            comment = " ".join(line.strip().removeprefix("// ") for line in row.text.strip().splitlines())
            sections.append(Section(_title(comment.partition(":")[0]), row.text, row.code, ()))
        elif sections:
            sections[-1] = replace(sections[-1], rows=(*sections[-1].rows, row))
        else:
            head.append(row)
    return tuple(head), tuple(sections)


def _title(text: str) -> str:
    """The title of a section, from its comment in the module. Most titles have only names of layers."""
    before, _, name = text.partition("the penalty, ")
    if name and not before:
        return message("the penalty, {name}", name=name)
    known = (message("the loss"), message("the derivative with respect to a weight"))
    return next((title for title in known if title == text), text)
