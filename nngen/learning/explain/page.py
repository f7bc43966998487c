"""From a spec to the text of its living page."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from nngen.common import files
from nngen.common.messages import message
from nngen.description.data import encoding, read_examples
from nngen.description.model import JavaScriptTarget, Rows, Spec, Table
from nngen.learning.explain import equations
from nngen.learning.explain.code import ModuleParts, code, marked
from nngen.learning.explain.general import formula, line
from nngen.learning.explain.lesson import Lesson
from nngen.learning.explain.page_data import embedded, facts, network_facts
from nngen.learning.explain.picture import Picture, picture
from nngen.learning.explain.ratings import Ids, factorization, ids_of, planes, rates
from nngen.learning.explain.variants import carried, varies
from nngen.learning.translation import catalogue, messages_of, translated
from nngen.learning.typeset import General, Symbols, general, joined, joined_back
from nngen.mathematics.catalogue import KINDS, LayerKind
from nngen.plan import Plan, plan
from nngen.reading import parameter_files
from nngen.targets import MAX_SCALARS, TEMPLATES, environment, level, texts

MAX_PARAMETERS = 200_000
"""The most parameters that a browser handles without a long pause."""

MARK = '<meta name="generator" content="nngen explain">'
"""A mark in the head of a page: ``nngen explain`` overwrites only files that have it."""

SCRIPTS = (
    *("variants", "engine", "network", "values", "fitting", "linking", "unit", "charts", "maps", "slice"),
    *("training", "flow", "experiments", "compare", "controls"),
)
"""The parts of the function that shows a network, in their order; ``start`` and that of a lesson follow."""

ID_SCRIPTS = ("ids", "rating", "points", "ratings")
"""The parts that a network with ids has in addition."""

_SCRIPT = Markup("""{data}

/** Show the network of an address. After another network, with what a reader has set and opened there. */
async function showNetwork(link, kept = {{}}) {{
{parts}
}}

{begin}""")
"""The script of a page. What is within the function belongs to one network, and goes with it."""

_NOTHING = Markup()


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


@dataclass(frozen=True)
class Living:
    """The object that the template of the page gets."""

    plan: Plan
    picture: Picture
    general: General
    head: tuple[Row, ...]
    """The start of the gradient before its first equation: it unpacks and checks its arguments."""
    sections: tuple[Section, ...]
    before: Markup
    between: Markup
    step: Markup
    after: Markup
    level: str
    ids: tuple[Ids, ...]
    rates: bool
    """Whether a table shows a rating for each pair of ids."""
    factorization: bool
    """True if the dock shows a rating as a sum."""
    planes: bool
    """Whether a plane shows the factors of the ids."""
    varies: bool
    """Whether a reader can choose another hidden layer and another learning rate."""
    language: str
    facts: Markup = _NOTHING
    style: Markup = _NOTHING
    script: Markup = _NOTHING
    lesson: Lesson | None = None
    """The frame of a course around the page."""
    variants: Markup = _NOTHING
    """Other networks that the page can show; empty if it offers none."""

    @property
    def facts_of_network(self) -> dict[str, Any]:
        """What the script needs to know of the network."""
        return network_facts(self.plan, self.picture, self.level, self.ids, self.language)

    @property
    def needs(self) -> str:
        """The browsers that the page needs: the first Chromium with MathML, and those of its time."""
        return message("It needs Chromium 109, Firefox 115 or Safari 16.4, or a newer one.")

    @property
    def large(self) -> bool:
        """Whether the page is too long to read with an equation for each weight."""
        return self.plan.size > MAX_SCALARS

    @property
    def kinds(self) -> list[LayerKind]:
        """The kinds of its layers, in the order of the catalogue."""
        used = {layer.kind for layer in self.plan.layers}
        return [kind for kind in KINDS.values() if kind.name in used]

    @property
    def style_hash(self) -> str:
        """The hash of the style for the content security policy."""
        return _hash(self.style)

    @property
    def script_hash(self) -> str:
        """The hash of the script for the content security policy."""
        return _hash(self.script)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(name for block in self.plan.blocks for row in block.rows for name in row)


def living_page(
    spec: Spec, folder: Path, params: Path | None = None, *, lesson: Lesson | None = None, language: str = "en"
) -> str:
    """Render the page of a spec as HTML.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; the path of its data file is relative to it.
        params: a file of trained parameters, from which the page starts.
        lesson: what a page of a course has in addition.
        language: a language of ``translation.LANGUAGES``.

    Raises:
        SpecError: a file cannot be read or does not fit the spec, or the network is too large.
    """
    living = _network(spec, folder, language)
    planned = living.plan
    trained = None if params is None else parameter_files.read(params, planned)
    data = read_examples(spec, folder) if isinstance(spec.data, Rows | Table) else None
    ids = living.ids
    scripts = (*SCRIPTS, *(ID_SCRIPTS if ids else ()), "start", *(("lesson",) if lesson else ()))
    styles = ("style", *(("ids",) if ids else ()), *(("points",) if living.planes else ()))
    parts = Markup("\n").join(_file(f"{name}.js") for name in scripts)
    script = _SCRIPT.format(data=_file("data.js"), parts=parts, begin=_file("begin.js"))
    messages = messages_of(script, catalogue(language).gettext)
    page = replace(
        living,
        facts=Markup(embedded(facts(living.facts_of_network, data, trained, messages))),  # noqa: S704 (JSON without any < or &)
        style=Markup("").join(_file(f"{name}.css") for name in styles),
        script=script,
        lesson=lesson,
    )
    if lesson is None and living.varies:

        def shown(variant: Spec) -> tuple[str, dict[str, Any]]:
            other = _network(variant, folder, language)
            return _rendered("main", other), other.facts_of_network

        page = replace(page, variants=Markup(carried(spec, shown)))  # noqa: S704 (JSON that ends no script)
    return _rendered("page", page)


def _network(spec: Spec, folder: Path, language: str) -> Living:
    """The picture, equations and code of a network; the rest of its page is empty.

    Raises:
        SpecError: a data file cannot be read, or the network is too large.
    """
    planned = plan(spec, encoding(spec, folder))
    if planned.size > MAX_PARAMETERS:
        message = f"{spec.name} has {planned.size:,} parameters; a living page takes at most {MAX_PARAMETERS:,}"
        raise files.refused(folder / spec.name, message)
    if planned.size > MAX_SCALARS and not planned.indices:  # an equation for each weight would be too much to read
        spec = spec.model_copy(update={"targets": (JavaScriptTarget(name="javascript", unroll="layers"),)})
    by = level(planned, spec, "javascript")
    symbols = Symbols(planned)
    known = (equations.of_layers if by == "layers" else equations.of_weights)(planned, symbols)
    parts = code(texts(spec, folder, ["javascript"])["javascript"])
    names = _names(planned, parts)
    head, sections = _sections(list(_rows(parts, known, equations.kinds(planned), names)))
    return Living(
        plan=planned,
        picture=picture(planned),
        general=general(planned, spec),
        head=head,
        sections=sections,
        before=marked(parts.before, frozenset()),
        between=marked(parts.between, frozenset()),
        step=marked(parts.step, frozenset()),
        after=marked(parts.after, frozenset()),
        level=by,
        ids=ids_of(planned, spec),
        rates=rates(planned),
        factorization=factorization(planned) is not None,
        planes=bool(planes(planned)),
        varies=varies(spec),
        language=language,
    )


def _rendered(template: str, page: Living) -> str:
    return _environment(page.language).get_template(f"explain/{template}.html.jinja").render(page=page)


def _names(planned: Plan, parts: ModuleParts) -> frozenset[str]:
    """The names that an equation may contain."""
    names = {statement.name for statement in parts.statements} - {""}
    names |= {*planned.inputs, *planned.output.names("y"), "x", "loss"}
    for block in planned.blocks:
        names |= {block.name, *(name for row in block.rows for name in row)}
    return frozenset(names)


def _rows(
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


def _sections(rows: Sequence[tuple[Row, str]]) -> tuple[tuple[Row, ...], tuple[Section, ...]]:
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
    known = (message("the loss"), message("the derivative by a weight"))
    return next((title for title in known if title == text), text)


@cache
def _environment(language: str) -> Environment:
    """The Jinja environment of modules, with HTML escaping and the messages of a language."""
    jinja = environment("javascript").overlay(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    jinja.globals = {
        **jinja.globals,
        "formula": partial(formula, language=language),
        "line": partial(line, language=language),
        "joined": joined,
        "joined_back": joined_back,
        "say": partial(translated, language=language),
    }  # an overlay shares them with the environment of modules
    jinja.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return jinja


def _file(name: str) -> Markup:
    """A file of the page, unchanged: it is our own, so nothing is escaped."""
    jinja = _environment("en")
    assert jinja.loader is not None  # noqa: S101 (it has one)
    return Markup(jinja.loader.get_source(jinja, f"explain/{name}")[0])  # noqa: S704


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
