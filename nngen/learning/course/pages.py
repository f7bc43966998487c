"""From the lessons to the pages of a course."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from markupsafe import Markup

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.learning.course.code_lines import code_lines
from nngen.learning.course.given import Given
from nngen.learning.course.lessons import LESSONS, Lesson, lessons
from nngen.learning.course.shown import Shower, Shown
from nngen.learning.course.teachers import asked
from nngen.learning.course.text import refuse
from nngen.learning.explain import MARK, Link, Page, embedded, framed, living_page
from nngen.learning.trace import Request, trace, written
from nngen.learning.typeset import Digits
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import MAX_SCALARS, as_workbook, unfit_for_workbook

SHELF = ("shelf", "score")
"""The scripts that know what a learner has done."""

WORKBOOKS = find_spec("xlsxwriter") is not None
"""Whether a course can have workbooks: XlsxWriter is optional."""

LAUNCH = "scorm.html"
"""The page that a learning platform opens."""


def course(
    language: str = "en",
    others: Mapping[str, str] | None = None,
    folder: Path = LESSONS,
    title: str = "",
    *,
    students: bool = False,
) -> Iterator[tuple[str, str | bytes]]:
    """The files of the course, each with its name: the overview, lessons, worksheets, workbooks, notes for teachers.

    Args:
        language: a language of ``translation.LANGUAGES``.
        others: the overviews in other languages, as addresses from this one.
        folder: the folder of the lessons.
        title: what the overview is called; empty for that of the course.
        students: whether it has no notes for teachers, no worksheets and workbooks with their numbers, and shows no
            network as a whole. The scripts of a page can still compute each answer, as they check it.

    Raises:
        SpecError: with the mistakes of the lessons.
    """
    listed = lessons(folder, language)
    shown = [(lesson, [*_shown(lesson)]) for lesson in listed]
    refuse(lesson.written.source for lesson in listed)
    links = tuple(Link(lesson.name, lesson.outline.title) for lesson in listed)
    asks = Markup(embedded(_asks(shown)))  # noqa: S704 (JSON without any < or &)
    of_course = {"own": title, "asked": asks}
    minutes = sum(lesson.outline.minutes for lesson in listed)
    books = {lesson.name: _workbook(lesson.spec) for lesson in listed if lesson.outline.worksheet and not students}
    books = {name: book for name, book in books.items() if book}
    of_index = {"books": books, "lessons": listed, "minutes": minutes, "others": others or {}, "students": students}
    yield "index.html", framed("index", language, (*SHELF, "overview"), **of_course, **of_index)
    for lesson, parts in shown:
        yield from _pages(lesson, parts, links, language, students=students)
    for lesson in listed:
        if lesson.outline.worksheet:
            yield from _worksheets(lesson, language, students=students)
    for name, book in books.items():
        yield f"worksheet_{name}.xlsx", book
    if students:
        yield LAUNCH, framed("scorm", language, (*SHELF, "scorm"), **of_course)
        return
    notes = [(lesson, [*asked(parts[0][2].scenes)]) for lesson, parts in shown]
    yield "teachers.html", framed("teachers", language, (*SHELF, "overview"), notes=notes, books=books)


def _asks(shown: Sequence[tuple[Lesson, Sequence[tuple[str, Given, Shown]]]]) -> dict[str, dict[str, Any]]:
    """The questions and activities of each page, for the scripts that count what has been done."""
    found = {}
    for lesson, parts in shown:
        for name, _, page in parts:
            listed = [part for scene in page.scenes for part in scene.parts]
            questions = [part for part in listed if part.kind in ("ask", "choose", "order")]
            found[name] = {
                "title": lesson.outline.title,
                "counts": name == lesson.name,
                "asks": [part.name for part in questions],
                "again": [part.name for part in questions if part.again],
                "activities": [part.name for part in listed if part.kind == "activity"],
            }
    return found


_given = cache(Given)
"""The network of a page: it is the same in each language."""


def _shown(lesson: Lesson) -> Iterator[tuple[str, Given, Shown]]:
    """The pages of a lesson: its own, and those of its variants. Its mistakes are noted."""
    source, place = lesson.written.source, lesson.written.head.spec
    if not lesson.outline.spec:
        return
    if not lesson.spec.resolve().is_relative_to(lesson.folder.resolve()) or not lesson.spec.is_file():
        source.wrong(place, "there is no such file in the folder of the lessons")
        return
    for name, overrides in ((lesson.name, ()), *((one.name, one.overrides) for one in lesson.outline.variants)):
        given = _given(lesson.spec, overrides)
        try:
            size = len(given.network.pack(given.start))
            found = Shower(lesson.written, given, main=name == lesson.name).show() if size <= MAX_SCALARS else None
        except SpecError as error:
            for mistake in error.diagnostics:
                source.note(mistake)
            continue
        if found:
            yield name, given, found
        else:
            source.wrong(place, f"a lesson shows each weight: its network has {size}, at most {MAX_SCALARS} are shown")


def _pages(
    lesson: Lesson,
    parts: Sequence[tuple[str, Given, Shown]],
    pages: tuple[Link, ...],
    language: str,
    *,
    students: bool,
) -> Iterator[tuple[str, str]]:
    """The pages of a lesson and of its variants, each with the name of its file."""
    outline = lesson.outline
    titles = {lesson.name: outline.variant, **{one.name: one.title for one in outline.variants}}
    for name, given, found in parts:
        page = Page(
            name=lesson.name,
            title=outline.title,
            question=found.question,
            scenes=found.scenes,
            pages=pages,
            variants=tuple(Link(*one) for one in titles.items()) if outline.variants else (),
            page=name,
            code=code_lines(given.spec, given.path.parent) if outline.code else {},
            students=students,
        )
        yield f"{name}.html", living_page(given.spec, given.path.parent, lesson=page, language=language)


@cache
def _workbook(path: Path) -> bytes:
    """The step of a worksheet as a workbook; empty for a network that a workbook cannot have, or without XlsxWriter."""
    spec = load(path)
    planned = plan(spec, encoding(spec, path.parent))
    return as_workbook(spec, path.parent) if WORKBOOKS and not unfit_for_workbook(planned) else b""


def _worksheets(lesson: Lesson, language: str, *, students: bool) -> Iterator[tuple[str, str]]:
    """The step of a lesson as a worksheet: with room for the numbers, and with the numbers."""
    sheet = trace(lesson.spec, Request())
    digits = Digits(4, language)
    for name, one in ((lesson.name, sheet.blanked()), (f"{lesson.name}_answers", sheet)):
        if one is not sheet or not students:
            yield f"worksheet_{name}.html", written(one, "html", digits).replace("<head>", f"<head>\n{MARK}", 1)
