"""From the lessons to the pages of a course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from markupsafe import Markup

from nngen.common.diagnostics import SpecError
from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.description.data import encoding
from nngen.learning.course.blocks import Lesson
from nngen.learning.course.code_lines import code_lines
from nngen.learning.course.given import Given, given_of
from nngen.learning.course.lessons import LESSONS, lessons
from nngen.learning.course.shown import Shower, Shown
from nngen.learning.course.text import refuse
from nngen.learning.explain import MARK, Link, Page, embedded, framed, living_page
from nngen.learning.trace import Request, trace, written
from nngen.learning.translation import translated
from nngen.learning.typeset import Digits
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import MAX_SCALARS, as_workbook, unfit_for_workbook

WORKBOOKS = find_spec("xlsxwriter") is not None
"""Whether XlsxWriter is installed, which writes the workbooks of a course."""

SHELF = ("shelf", "score")
"""The scripts that know what a learner has done."""


@dataclass(frozen=True)
class Course:
    """A course in a language."""

    title: str
    questions: Mapping[str, Mapping[str, Any]]
    """The title, questions and activities of each page, for the scripts that count what has been done."""
    pages: Mapping[str, str]
    """The overview, lessons, worksheets and notes for teachers, by the names of their files."""
    launch: str
    """The page that a learning platform opens, beside the others."""
    workbooks: Mapping[str, bytes] = field(default_factory=dict)
    """The steps of worksheets with their numbers as spreadsheets, by the names of their files."""


def course(
    language: str = "en",
    others: Mapping[str, str] | None = None,
    folder: Path = LESSONS,
    title: str = "",
    *,
    students: bool = False,
) -> Course:
    """Make the course of a folder of lessons, which may have a title.

    With ``others``, the overview leads to other languages, by their addresses. A course for ``students`` has no notes
    for teachers, no numbers of worksheets, and shows no network as a whole. The scripts of a page can still
    compute each answer, as they check it.

    Raises:
        SpecError: with the mistakes of the lessons.
    """
    listed = lessons(folder, language)
    shown = [(lesson, [*_shown(lesson)]) for lesson in listed]
    refuse(lesson.source for lesson in listed)
    links = tuple(Link(lesson.name, lesson.outline.title) for lesson in listed)
    questions = _asks(shown)
    asks = Markup(embedded(questions))  # noqa: S704 (JSON without any < or &)
    of_course = {"title": title or translated(message("From one neuron to backpropagation"), language), "asked": asks}
    sheets = [] if students else [one for one in listed if one.outline.worksheet]
    books = {one.name: book for one in sheets if (book := _workbook(one.spec))}
    of_index = {"books": books, "lessons": listed, "others": others or {}, "students": students}
    pages = {"index.html": framed("index", language, (*SHELF, "overview"), **of_course, **of_index)}
    for lesson, parts in shown:
        pages |= _pages(lesson, parts, links, language, students=students)
        if lesson.outline.worksheet:
            pages |= _worksheets(lesson, language, students=students)
    if not students:
        notes = [(lesson, parts[0][2].questions) for lesson, parts in shown]
        pages["teachers.html"] = framed("teachers", language, (*SHELF, "overview"), notes=notes, books=books)
    launch = framed("scorm", language, (*SHELF, "scorm"), **of_course)
    workbooks = {f"worksheet_{name}.xlsx": book for name, book in books.items()}
    return Course(of_course["title"], questions, pages, launch, workbooks)


def _asks(shown: Sequence[tuple[Lesson, Sequence[tuple[str, Given, Shown]]]]) -> dict[str, dict[str, Any]]:
    """The questions and activities of each page, for the scripts that count what has been done."""
    return {
        name: {
            "title": lesson.outline.title,
            "counts": name == lesson.name,
            "asks": [part.name for part in page.questions],
            "again": [part.name for part in page.questions if part.again],
            "activities": [part.name for part in page.parts if part.kind == "activity"],
        }
        for lesson, parts in shown
        for name, _, page in parts
    }


def _shown(lesson: Lesson) -> Iterator[tuple[str, Given, Shown]]:
    """The pages of a lesson: its own, and those of its variants. Its mistakes are noted."""
    source, place = lesson.source, lesson.head.spec
    if not lesson.outline.spec:
        return
    if not lesson.spec.resolve().is_relative_to(source.path.parent.resolve()) or not lesson.spec.is_file():
        source.wrong(place, "there is no such file in the folder of the lessons")
        return
    for page in lesson.pages:
        given = given_of(lesson.spec, page.overrides)
        try:
            size = len(given.network.pack(given.start))
            found = Shower(lesson, given, main=page.name == lesson.name).show() if size <= MAX_SCALARS else None
        except SpecError as error:
            for mistake in error.diagnostics:
                source.note(mistake)
            continue
        if found:
            yield page.name, given, found
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
    for name, given, found in parts:
        linked = any(scene.look.get("code") or scene.look.get("story") for scene in found.scenes)
        page = Page(
            name=lesson.name,
            title=outline.title,
            question=found.question,
            scenes=found.scenes,
            pages=pages,
            variants=tuple(Link(one.name, one.title) for one in lesson.pages) if outline.variants else (),
            page=name,
            code=code_lines(given) if linked else {},
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
