"""From the lessons to the pages of a course."""

from collections.abc import Iterator, Mapping
from functools import cache, partial

from nngen.learning.course.claims import holds
from nngen.learning.course.code_lines import code_lines
from nngen.learning.course.given import SPECS, Given
from nngen.learning.course.lessons import LESSONS, Outline
from nngen.learning.course.numbers import numbers_of
from nngen.learning.course.teachers import asked
from nngen.learning.explain import MARK, Lesson, Link, framed, living_page
from nngen.learning.trace import Request, trace, written
from nngen.learning.translation import catalogue
from nngen.learning.typeset import Digits


def course(language: str = "en", others: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """The pages of the course, each with the name of its file: the overview, lessons, worksheets, notes for teachers.

    Args:
        language: a language of ``translation.LANGUAGES``.
        others: the overviews in other languages, as addresses from this one.
    """
    lessons = dict(_lessons(language))
    notes = [(outline, asked(lessons[f"{outline.name}.html"])) for outline in LESSONS]
    minutes = sum(outline.minutes for outline in LESSONS)
    yield "index.html", framed("index", language, lessons=LESSONS, minutes=minutes, others=others or {})
    yield from lessons.items()
    for outline in LESSONS:
        if outline.worksheet:
            yield from _worksheets(outline, language)
    yield "teachers.html", framed("teachers", language, notes=notes)


_given = cache(Given)
"""The network of a page: it is the same in each language."""


def _lessons(language: str) -> Iterator[tuple[str, str]]:
    """The pages of lessons and of their variants."""
    translate = catalogue(language).gettext
    pages = tuple(Link(outline.name, translate(outline.title)) for outline in LESSONS)
    for outline in LESSONS:
        replaced = {name: overrides for name, _, overrides in outline.variants}  # values of the spec
        for name, overrides in {outline.name: (), **replaced}.items():
            given = _given(outline.name, overrides)
            if outline.proves and not overrides:
                holds(given, *outline.proves)
            lesson = Lesson(
                name=outline.name,
                title=translate(outline.title),
                template=f"course/{outline.name}.html.jinja",
                numbers=numbers_of(outline.name, given),
                holds=partial(holds, given),
                pages=pages,
                variants=tuple(Link(other, translate(title)) for other, title in _titles(outline).items()),
                page=name,
                code=code_lines(given.spec, SPECS) if outline.code else {},
            )
            yield f"{name}.html", living_page(given.spec, SPECS, lesson=lesson, language=language)


def _worksheets(outline: Outline, language: str) -> Iterator[tuple[str, str]]:
    """The step of a lesson as a worksheet: with room for the numbers, and with the numbers."""
    sheet = trace(SPECS / f"{outline.name}.yaml", Request())
    digits = Digits(4, language)
    for name, one in ((outline.name, sheet.blanked()), (f"{outline.name}_answers", sheet)):
        yield f"worksheet_{name}.html", written(one, "html", digits).replace("<head>", f"<head>\n{MARK}", 1)


def _titles(outline: Outline) -> dict[str, str]:
    """The pages of a lesson with variants, each with its title; none if there is one page."""
    if not outline.variants:
        return {}
    return {outline.name: outline.first, **{name: title for name, title, _ in outline.variants}}
