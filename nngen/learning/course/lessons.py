"""The lessons of a folder: one file each, and the same in other languages beside it, such as ``01_start.ko.md``."""

from collections.abc import Iterator
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.learning.course.blocks import Figure, Lesson, Prose, Question
from nngen.learning.course.front import head, page_name
from nngen.learning.course.markdown import scenes
from nngen.learning.course.text import Attribute, Cut, Said, read
from nngen.learning.translation import LANGUAGES

LESSONS = Path(__file__).parent / "lessons"
"""The lessons of the course, with their specs."""

MAX_LESSONS = 100

RESERVED = ("index", "teachers")
"""Names of other pages of a course."""


def languages(folder: Path) -> tuple[str, ...]:
    """The languages in which a folder has all its lessons.

    Raises:
        SpecError: there are no lessons, or not all of them in any language.
    """
    found = {language: {page_name(path) for path in _files(folder, language)} for language in LANGUAGES}
    every = set().union(*found.values())
    if not every:
        raise files.refused(folder, "this folder has no lessons", "a lesson is a file such as 01_start.md")
    complete = tuple(language for language in LANGUAGES if found[language] == every)
    if not complete:
        language = max(LANGUAGES, key=lambda one: len(found[one]))
        missing = sorted(every - found[language])[0]
        raise files.refused(folder, f"no language has all lessons: {missing} is missing for {language}")
    return complete


def _files(folder: Path, language: str) -> list[Path]:
    """The files of a language, in the order of the course."""
    ends = {f".{other}": other for other in LANGUAGES}
    return [path for path in sorted(folder.glob("*.md")) if ends.get(path.with_suffix("").suffix, "en") == language]


def lessons(folder: Path, language: str) -> tuple[Lesson, ...]:
    """The lessons of a folder in a language, in the order of their files. Their mistakes are in their sources.

    Raises:
        SpecError: files that cannot be read, or have no head.
    """
    return _course(language) if folder == LESSONS else _read(folder, language)


def _read(folder: Path, language: str) -> tuple[Lesson, ...]:
    found = _files(folder, language)
    if not found:
        raise files.refused(folder, f"this folder has no lessons in {language}", f"a lesson is 01_start.{language}.md")
    if len(found) > MAX_LESSONS:
        raise files.refused(folder, f"this folder has more than {MAX_LESSONS} lessons")
    originals = {page_name(path): path for path in _files(folder, "en")} if language != "en" else {}
    made, names = [], {*RESERVED}
    mistakes: list[Diagnostic] = []
    for path in found:
        try:
            lesson = _lesson(path, originals.get(page_name(path)))
        except SpecError as error:
            mistakes += error.diagnostics
            continue
        own = {page.name for page in lesson.pages}
        for name in own & names:
            lesson.source.wrong(lesson.source.line(0), f"another page has the name {name!r}", width=3)
        names |= own
        made.append(lesson)
    if mistakes:
        raise SpecError(mistakes)
    return tuple(made)


_course = cache(partial(_read, LESSONS))
"""The lessons of the course in a language, which are read once."""


def _lesson(path: Path, original: Path | None) -> Lesson:
    """The lesson of a file, compared with that of which it is a translation.

    Raises:
        SpecError: it cannot be read at all. Other mistakes are in its source.
    """
    source = read(path)
    other = _lesson(original, None) if original else None
    found = head(source, other.outline if other else None)
    made = Lesson(source, found, page_name(path), scenes(source, found.length))
    made.minutes = other.minutes if other else made.measured()
    if not made.name.isidentifier():
        source.wrong(source.line(0), f"{made.name!r} is no name of a page: letters, digits and _", width=3)
    if other and not source.mistakes and not other.source.mistakes:
        _compare(made, other)
    return made


Step = tuple[str, Cut]
"""A part of a lesson that does not depend on its language, and where it is."""


def _compare(made: Lesson, original: Lesson) -> None:
    """Note the first difference between a translation and its lesson."""
    for one, other in zip_longest(_skeleton(made), _skeleton(original)):
        if one is None or other is None or one[0] != other[0]:
            place = one[1] if one else made.source.line(len(made.source.lines) - 1)
            has = other[0] if other else "nothing more"
            made.source.wrong(place, f"{original.source.path.name} has here: {has}", width=len(place.text) or 1)
            return


def _skeleton(lesson: Lesson) -> Iterator[Step]:
    """All that a translation keeps."""
    for number, scene in enumerate(lesson.scenes, 1):
        yield _words(f"scene {number}", *scene.attributes), scene.heading.text
        for block in scene.blocks:
            condition = f"if {block.condition.text}" if block.condition else ""
            match block:
                case Prose():
                    texts = [*block.texts.values()]
                    kind = block.tokens[0].type.removesuffix("_open")
                    yield _words(kind, condition, *_values(*texts)), (texts or [scene.heading])[0].text
                case Question():
                    yield _words(block.kind, block.name, "again" * block.again, condition), block.place
                    given = {"answer": block.answer, "tolerance": block.tolerance}
                    yield from ((f"{name}: {cut.text}", cut) for name, cut in given.items() if cut)
                    for item in block.items:
                        mark = item.head.text.text if block.kind == "ask" else "[x]" if item.right else "an item"
                        decided = {"if": item.head.condition, "right": item.head.right}
                        when = (f"{word} {cut.text}" for word, cut in decided.items() if cut)
                        yield _words(mark, *when, *_values(item.head, item.says)), item.head.text
                case Figure():
                    curves = (one.text for one in block.words)
                    yield _words(block.kind, block.name, *curves, *block.attributes, condition), block.place


def _words(*words: str | Attribute) -> str:
    return " ".join(filter(None, map(str, words)))


def _values(*texts: Said) -> list[str]:
    """The values in texts, in an order that is no language's."""
    return sorted(f"{{{{ {cut.text} }}}}" for one in texts for _, _, cut in one.values)
