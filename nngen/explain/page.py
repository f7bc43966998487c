"""A spec → the text of its living page."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from nngen.data import encoding, read_examples
from nngen.diagnostics import Diagnostic, SpecError
from nngen.explain import equations
from nngen.explain.code import Code, code, marked
from nngen.explain.page_data import facts
from nngen.explain.picture import Picture, picture
from nngen.explain.textbook import General, general
from nngen.pages import MAX_SCALARS, environment, level, texts
from nngen.plan import Plan, plan
from nngen.spec import JavaScriptTarget, Spec, custom_formulas
from nngen.typeset import Symbols

MAX_PARAMETERS = 200_000
"""The most that a browser follows without a long pause."""

MARK = '<meta name="generator" content="nngen explain">'
"""What a page has in its head, so that one may be written over another, and over nothing else."""

SCRIPTS = ("engine", "network", "values", "linking", "unit", "charts", "training", "controls")
"""The parts of the page's script, in their order."""


@dataclass(frozen=True)
class Row:
    """A statement of the module, and beside it the equation that it computes."""

    number: int | None
    """Its place among the statements that have an equation; None where it has none."""
    name: str
    kind: str
    """The general equation that it is a case of; empty where it is of none."""
    equation: Markup
    code: Markup


@dataclass(frozen=True)
class Section:
    """The statements under one comment of the module."""

    title: str
    remark: Markup
    """The comment, as code."""
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Living:
    """What the template of the page sees."""

    plan: Plan
    picture: Picture
    general: General
    head: tuple[Row, ...]
    """What the gradient does before its first equation: it takes its arguments apart, and checks them."""
    sections: tuple[Section, ...]
    before: Markup
    between: Markup
    step: Markup
    after: Markup
    facts: Markup
    level: str
    style: Markup
    script: Markup

    @property
    def style_hash(self) -> str:
        """What a policy calls the style by."""
        return _hash(self.style)

    @property
    def script_hash(self) -> str:
        """What a policy calls the script by."""
        return _hash(self.script)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters, one by one."""
        return tuple(name for block in self.plan.blocks for row in block.rows for name in row)


def living_page(spec: Spec, folder: Path) -> str:
    """The page of a spec, as HTML.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder that the spec's data file is named from.

    Raises:
        SpecError: the data file cannot be read, or the network is too large.
    """
    planned = plan(spec, encoding(spec, folder))
    if planned.size > MAX_PARAMETERS:
        message = f"{spec.name} has {planned.size:,} parameters; a living page takes at most {MAX_PARAMETERS:,}"
        raise SpecError([Diagnostic(str(folder / spec.name), None, None, message)])
    if planned.size > MAX_SCALARS:  # beyond, an equation for each weight would be too much to read
        spec = spec.model_copy(update={"targets": (JavaScriptTarget(name="javascript", unroll="layers"),)})
    by = level(planned, spec, "javascript")
    made = texts(spec, folder, ["javascript"])["javascript"]
    symbols = Symbols(planned)
    known = (equations.of_layers if by == "layers" else equations.of_weights)(planned, symbols)
    parts = code(made)
    names = _names(planned, parts)
    rows = list(_rows(parts, known, equations.kinds(planned), names))
    head, sections = _sections(rows)
    drawn = picture(planned)
    data = read_examples(spec, folder) if spec.data else None
    living = Living(
        plan=planned,
        picture=drawn,
        general=general(planned, custom_formulas.activations(spec.activations)),
        head=head,
        sections=sections,
        before=marked(parts.before, frozenset()),
        between=marked(parts.between, frozenset()),
        step=marked(parts.step, frozenset()),
        after=marked(parts.after, frozenset()),
        facts=Markup(facts(planned, drawn, by, data)),  # noqa: S704 (JSON without any < or &)
        level=by,
        style=_file("style.css"),
        script=Markup("\n").join(_file(f"{name}.js") for name in SCRIPTS),
    )
    return _environment().get_template("explain/page.html.jinja").render(page=living)


def _names(planned: Plan, parts: Code) -> frozenset[str]:
    """The names that an equation may mention."""
    names = {statement.name for statement in parts.statements} - {""}
    names |= {*planned.inputs, *planned.output.names("y"), "x", "loss"}
    for block in planned.blocks:
        names |= {block.name, *(name for row in block.rows for name in row)}
    return frozenset(names)


def _rows(
    parts: Code, known: Mapping[str, Sequence[str]], kinds: Mapping[str, str], names: frozenset[str]
) -> Iterator[tuple[Row, str]]:
    """The statements as rows, each with its text."""
    met: Counter[str] = Counter()
    number = 0
    for statement in parts.statements:
        name = statement.name
        of_name = known.get(name, ())
        equation = of_name[met[name]] if met[name] < len(of_name) else ""
        met[name] += 1
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
    """A statement, with the empty line before it, which the page has no use for, out of sight."""
    bare = text.lstrip("\n")
    blank = Markup("<span hidden>{}</span>").format(text[: len(text) - len(bare)]) if bare != text else Markup()
    return blank + marked(bare, names)


def _sections(rows: Sequence[tuple[Row, str]]) -> tuple[tuple[Row, ...], tuple[Section, ...]]:
    """What comes before the first comment, and the sections that comments begin."""
    head: list[Row] = []
    sections: list[Section] = []
    for row, text in rows:
        if text.lstrip().startswith("//"):
            said = " ".join(line.strip().removeprefix("// ") for line in text.strip().splitlines())
            sections.append(Section(said.partition(":")[0], row.code, ()))
        elif sections:
            sections[-1] = replace(sections[-1], rows=(*sections[-1].rows, row))
        else:
            head.append(row)
    return tuple(head), tuple(sections)


@cache
def _environment() -> Environment:
    """That of the modules, but that text becomes markup only where it is said to be."""
    return environment("javascript").overlay(autoescape=True)


def _file(name: str) -> Markup:
    """A file of the page as it is: it is our own, and neither a template nor text to be escaped."""
    made = _environment()
    assert made.loader is not None  # noqa: S101 (it has one)
    return Markup(made.loader.get_source(made, f"explain/{name}")[0])  # noqa: S704


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
