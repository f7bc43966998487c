"""The statements of a module as the rows of its page, each with the equation that it computes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.learning.explain.code import ModuleParts, marked
from nngen.plan import Plan


@dataclass(frozen=True)
class Row:
    """A statement of the module, and the equation that it computes."""

    number: int | None
    """Its index among the statements with an equation; None without one."""
    name: str
    kind: str
    """The general equation behind it; empty if there is none."""
    equation: Markup
    code: Markup


@dataclass(frozen=True)
class Section:
    """The statements under one comment of the module."""

    title: str
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
) -> Iterator[tuple[Row, str]]:
    """The statements as rows, each with its text."""
    seen: Counter[str] = Counter()
    number = 0
    for statement in parts.statements:
        name = statement.name
        of_name = known.get(name, ())
        equation = of_name[seen[name]] if seen[name] < len(of_name) else ""
        seen[name] += 1
        row = Row(
            number=number if equation else None,
            name=name,
            kind=kinds.get(name, ""),
            equation=Markup(equation),  # noqa: S704 (MathML, whose names are escaped)
            code=_line(statement.text, names),
        )
        number += bool(equation)
        yield row, statement.text


def _line(text: str, names: frozenset[str]) -> Markup:
    """A statement. The empty line before it is hidden, since the page does not need it."""
    bare = text.lstrip("\n")
    blank = Markup("<span hidden>{}</span>").format(text[: len(text) - len(bare)]) if bare != text else Markup()
    return blank + marked(bare, names)


def sections_of(rows: Sequence[tuple[Row, str]]) -> tuple[tuple[Row, ...], tuple[Section, ...]]:
    """The rows before the first comment, and a section for each comment."""
    head: list[Row] = []
    sections: list[Section] = []
    for row, text in rows:
        if text.lstrip().startswith("//"):
            comment = " ".join(line.strip().removeprefix("// ") for line in text.strip().splitlines())
            sections.append(Section(_title(comment.partition(":")[0]), row.code, ()))
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
