"""From a spec to the text of its living page."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args

from jinja2 import Environment
from markupsafe import Markup

from nngen.common import files
from nngen.common.choices import Scene
from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.description.data import encoding, read_examples
from nngen.description.model import JavaScriptTarget, Rows, Spec, Table
from nngen.learning.explain import equations
from nngen.learning.explain.equations import formula, line
from nngen.learning.explain.form import Form, form_of
from nngen.learning.explain.lesson import Page
from nngen.learning.explain.page_data import embedded, facts, network_facts
from nngen.learning.explain.picture import NO_PICTURE, Picture, picture
from nngen.learning.explain.ratings import Ids, factorization, ids_of, planes, rates
from nngen.learning.explain.statements import Row, Section, code, marked, names_in, rows_of, sections_of
from nngen.learning.explain.variants import carried, varies
from nngen.learning.translation import catalogue, messages_of, translated
from nngen.learning.typeset import General, Symbols, general, joined, joined_back, kinds_of
from nngen.plan import Plan, plan
from nngen.reading import parameter_files
from nngen.targets import MAX_SCALARS, html_environment, level, text_of

MAX_PARAMETERS = 200_000
"""The most parameters that a browser handles without a long pause."""

MARK = '<meta name="generator" content="nngen explain">'
"""A mark in the head of a page: ``nngen explain`` overwrites only files that have it."""

PARTS: Sequence[Scene] = get_args(Scene)
"""The parts of a page, in their order."""

LESSON_SCRIPTS = tuple(f"course/{name}" for name in "shelf layout stage graphs asks nudge story beside scenes".split())
"""The scripts that a page of a course has in addition; another page has ``parts`` in their place."""

_SCRIPT = Markup("""{data}

/** Show the network of an address. After another network, with what a reader has set and opened there. */
async function showNetwork(link, kept = {{}}) {{
{parts}
}}

{begin}""")
"""The script of a page. What is within the function belongs to one network, and goes with it."""

_NEEDS = message("It needs Chromium 109, Firefox 115 or Safari 16.4, or a newer one.")
"""The first Chromium with MathML, and the browsers of its time."""


@dataclass(frozen=True)
class Living:
    """The object that the template of the page gets."""

    plan: Plan
    picture: Picture
    general: General
    head: tuple[Row, ...]
    """The start of the gradient before its first equation: it unpacks and checks its arguments."""
    sections: tuple[Section, ...]
    module: Mapping[str, Markup]
    """The code of the module around its gradient: ``before`` and ``after`` it, ``between`` it and the ``step``."""
    level: str
    ids: tuple[Ids, ...]
    varies: bool
    """Whether a reader can choose another hidden layer and another learning rate."""
    parts: Sequence[Scene]
    """The parts that the page has."""
    comparable: bool
    """Whether the network is small enough for such a choice, be it on the page or not."""
    language: str
    form: Form | None = None
    """The form of a trained network that takes rows of a table; None for other pages."""

    @property
    def facts_of_network(self) -> dict[str, Any]:
        """What the script needs to know of the network."""
        return network_facts(self.plan, self.picture, self.level, self.ids, self.language)

    @property
    def scripts(self) -> Iterator[str]:
        """The parts of the function that shows a network, in their order; that of a lesson or of the parts follows."""
        charts = "charts" in self.parts
        for names, needed in (
            ("shapes", self.varies),
            ("variants engine network values fitting linking unit learners", True),
            ("charts rows history maps slice", charts),
            ("training flow experiments", True),
            ("compare", self.varies),
            ("controls", True),
            ("ids rating", self.ids),
            ("points ratings", self.ids and charts),
            ("form", self.form),
            ("start wall", True),
        ):
            yield from names.split() if needed else ()

    @property
    def styles(self) -> list[str]:
        """The styles that the page needs."""
        looks = {"style": True, "wall": True, "ids": self.ids, "points": planes(self.plan), "form": self.form}
        return [name for name, needed in looks.items() if needed]

    @property
    def own(self) -> Markup:
        """The attribute of what belongs to the picture; empty if the page has none."""
        return Markup(' data-scene="picture"') if "picture" in self.parts else Markup()

    @property
    def large(self) -> bool:
        """Whether the page is too long to read with an equation for each weight."""
        return (
            self.plan.size > MAX_SCALARS and not self.varies
        )  # a network with stand-in sizes is larger than it will be

    @property
    def forward(self) -> int:
        """How many sections are of the forward pass: those up to the loss and its penalties."""
        return max(i for i, one in enumerate(self.sections, 1) if one.title.startswith(("the loss", "the penalty")))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(name for block in self.plan.blocks for row in block.rows for name in row)


def living_page(
    spec: Spec,
    folder: Path,
    params: Path | Sequence[float] | None = None,
    *,
    lesson: Page | None = None,
    language: str = "en",
    variants: bool = True,
    parts: Sequence[Scene] = (),
) -> str:
    """Render the page of a spec as HTML.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; the path of its data file is relative to it.
        params: trained parameters from which the page starts: their file, or a flat list.
        lesson: what a page of a course has in addition.
        language: a language of ``translation.LANGUAGES``.
        variants: whether the page has the networks of other sizes and activations, which take most of its time.
        parts: the only parts that the page has; without any, all of them.

    Raises:
        SpecError: a file cannot be read or does not fit the spec, or the network is too large.
    """
    if isinstance(params, Path):
        params = parameter_files.stored(params, plan(spec)).of(spec, encoding(spec, folder))
    wanted = parts or PARTS
    answers = params is not None and lesson is None and "form" in wanted
    living = _network(spec, folder, language, wanted, answers=answers)
    if "form" in parts and not living.form:
        raise files.refused(folder / spec.name, "the page has no form", "use `--params` of a table")
    data = read_examples(spec, folder) if isinstance(spec.data, Rows | Table) else None
    living = replace(living, varies=variants and not lesson and living.varies and "charts" in living.parts)
    scripts = (*(f"explain/{name}" for name in living.scripts), *(LESSON_SCRIPTS if lesson else ("explain/parts",)))
    styles = (*(f"explain/{name}" for name in living.styles), *(("course/lesson",) if lesson else ()))
    body = Markup("\n").join(_file(f"{name}.js") for name in scripts)
    script = _SCRIPT.format(data=_file("explain/data.js"), parts=body, begin=_file("explain/begin.js"))
    messages = messages_of(script, catalogue(language).gettext)
    network = {**living.facts_of_network, **({"code": lesson.code} if lesson else {})}
    known = facts(network, spec, data, params, messages)
    if living.form:
        known["form"] = living.form.facts
    if not lesson:
        known["parts"] = living.parts

    def shown(variant: Spec, sketch: bool = False) -> tuple[str, dict[str, Any]]:
        other = _network(variant, folder, language, living.parts, sketch=sketch)
        other = replace(other, varies=True, comparable=True)
        return _rendered("main", other), other.facts_of_network

    def drawn(variant: Spec) -> tuple[str, dict[str, Any]]:
        other = plan(variant, encoding(variant, folder))
        columns = picture(other, {})
        template = _environment(language).get_template("explain/picture.svg.jinja")
        known = network_facts(other, columns, level(other, variant, "javascript"), ids_of(other, variant), language)
        return template.render(plan=other, picture=columns, own=living.own).removesuffix("\n"), known

    return _rendered(
        "page",
        living,
        lesson=lesson,
        examples=sum(len(known["data"][part]["x"]) for part in ("train", "test")) if known["data"] else 0,
        facts=Markup(embedded(known)),  # noqa: S704 (JSON without any < or &)
        style=Markup("").join(_file(f"{name}.css") for name in styles),
        script=script,
        variants=Markup(carried(spec, shown, drawn) if living.varies else ""),  # noqa: S704 (JSON that ends no script)
    )


def framed(template: str, language: str, scripts: Sequence[str] = ("shelf", "overview"), **values: object) -> str:
    """Render a page of a course without a network: its overview, its notes for teachers, or what is around it."""
    style = Markup("").join((_file("explain/style.css"), _file("course/lesson.css")))
    script = Markup("\n").join(_file(f"course/{name}.js") for name in scripts)
    given = {"style": style, "script": script, "language": language, **values}
    return _environment(language).get_template(f"course/{template}.html.jinja").render(given)


def _network(
    spec: Spec, folder: Path, language: str, parts: Sequence[Scene], *, answers: bool = False, sketch: bool = False
) -> Living:
    """The picture, equations and code of a network; the rest of its page is empty.

    With ``answers`` the page has a form, if the network takes rows of a table. A sketch has no picture.

    Raises:
        SpecError: a data file cannot be read, or the network is too large.
    """
    planned = plan(spec, encoding(spec, folder))
    if planned.size > MAX_PARAMETERS:
        message = f"{spec.name} has {planned.size:,} parameters; a living page takes at most {MAX_PARAMETERS:,}"
        raise files.refused(folder / spec.name, message)
    if planned.size > MAX_SCALARS and not planned.indices:  # an equation for each weight would be too much to read
        spec = spec.model_copy(update={"targets": (JavaScriptTarget(name="javascript", unroll="layers"),)})
    form = form_of(planned, spec, folder) if answers else None
    by = level(planned, spec, "javascript")
    symbols = Symbols(planned)
    known = (equations.of_layers if by == "layers" else equations.of_weights)(planned, symbols, language)
    module = code(text_of(planned, spec, folder, "javascript"))
    names = names_in(planned, module)
    head, sections = sections_of(rows_of(module, known, equations.kinds(planned), names))
    return Living(
        plan=planned,
        picture=NO_PICTURE if sketch else picture(planned, form.words if form else {}),
        general=general(planned, spec),
        head=head,
        sections=sections,
        module={name: marked(getattr(module, name), frozenset()) for name in ("before", "between", "step", "after")},
        level=by,
        ids=ids_of(planned, spec),
        varies=varies(spec) and not form,
        parts=[part for part in PARTS if part in parts and (part != "form" or form)],
        comparable=varies(spec),
        language=language,
        form=form,
    )


def _rendered(template: str, page: Living, *, lesson: Page | None = None, **more: object) -> str:
    """A page; or its ``main`` part, which is all that another network changes. A ``lesson`` is around the first."""
    jinja = _environment(page.language)
    return jinja.get_template(f"explain/{template}.html.jinja").render(page=page, lesson=lesson, **more)


@cache
def _environment(language: str) -> Environment:
    """The Jinja environment of modules, with HTML escaping and the messages of a language."""
    jinja = html_environment(extensions=["jinja2.ext.i18n"])
    jinja.globals = {
        **jinja.globals,
        "formula": partial(formula, language=language),
        "line": partial(line, language=language),
        "hash": _hash,
        "needs": _NEEDS,
        "kinds_of": kinds_of,
        "factorization": factorization,
        "planes": planes,
        "rates": rates,
        "joined": joined,
        "joined_back": joined_back,
        "say": partial(translated, language=language),
    }  # an overlay shares them with the environment of modules
    jinja.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return jinja


def _file(name: str) -> Markup:
    """A file of a page, unchanged: it is our own, so nothing is escaped."""
    jinja = _environment("en")
    assert jinja.loader is not None  # noqa: S101 (it has one)
    return Markup(jinja.loader.get_source(jinja, name)[0])  # noqa: S704


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
