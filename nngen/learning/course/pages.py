"""From the lessons to the pages of a course."""

from collections.abc import Iterator
from pathlib import Path

from nngen.learning.course.lessons import LESSONS, Outline
from nngen.learning.explain import Lesson, Link, living_page
from nngen.learning.translation import catalogue
from nngen.proof.reference import Network
from nngen.reading import load

_SPECS = Path(__file__).parent / "specs"


def course(language: str = "en") -> Iterator[tuple[str, str]]:
    """The pages of the course, each with the name of its file.

    Args:
        language: a language of ``translation.LANGUAGES``.
    """
    translate = catalogue(language).gettext
    pages = tuple(Link(outline.name, translate(outline.title)) for outline in LESSONS)
    for outline in LESSONS:
        numbers = outline.numbers(Network(load(_SPECS / f"{outline.name}.yaml")))
        variants = _variants(outline)
        for name, overrides in variants.items():
            lesson = Lesson(
                name=outline.name,
                title=translate(outline.title),
                template=f"course/{outline.name}.html.jinja",
                numbers=numbers,
                pages=pages,
                variants=tuple(Link(other, translate(title)) for other, title in _titles(outline).items()),
                page=name,
            )
            spec = load(_SPECS / f"{outline.name}.yaml", overrides=overrides)
            yield f"{name}.html", living_page(spec, _SPECS, lesson=lesson, language=language)


def _variants(outline: Outline) -> dict[str, tuple[str, ...]]:
    """The values of the spec that each page of a lesson replaces."""
    return {outline.name: (), **{name: overrides for name, _, overrides in outline.variants}}


def _titles(outline: Outline) -> dict[str, str]:
    """The pages of a lesson with variants, each with its title; none if there is one page."""
    if not outline.variants:
        return {}
    return {outline.name: outline.first, **{name: title for name, title, _ in outline.variants}}
