"""Writes the course: its pages in each language, and its package for learning platforms."""

import os
from functools import partial
from pathlib import Path

from nngen.commands.output import check, make_folder, save
from nngen.commands.workbooks import is_workbook
from nngen.common.choices import Tongue
from nngen.common.files import refused
from nngen.interface.calls import called


def write_course(
    out: Path | None,
    students: Path | None,
    scorm: Path | None,
    language: str | None = None,
    lessons: Path | None = None,
    title: str = "",
    *,
    force: bool,
) -> list[Path]:
    """Write pages for teachers, pages for students, and a package; the options are those of ``nngen course``.

    Raises:
        SpecError: with the mistakes of the lessons; or a file exists and is no such page, or cannot be written.
    """
    from nngen.learning.course import LESSONS, languages, package
    from nngen.learning.course import course as of_lessons
    from nngen.learning.explain import MARK

    folder = lessons or LESSONS
    tongues = [language] if language else languages(folder)
    made = partial(of_lessons, folder=folder, title=title or (folder.resolve().name if lessons else ""))
    written: dict[Path, str | bytes] = {}
    for into, of_students in ((out, False), (students, True)):
        if into:
            for tongue in tongues:  # the first language stands in the folder, each other one in a folder of its own
                main = tongue == tongues[0]
                others = {one: f"{one}/index.html" for one in tongues[1:]} if main else {tongues[0]: "../index.html"}
                found = made(tongue, others, students=of_students)
                place = into / ("" if main else tongue)
                written |= {place / name: text for name, text in found.pages.items()}
                written |= {place / name: data for name, data in found.workbooks.items()}
    if scorm:
        written[scorm] = package(made(tongues[0], students=True), scorm)
    for path in {path.parent: None for path in written if path != scorm}:
        make_folder(path)
    own = {path: force or is_workbook(path) for path in written}
    for path in written:  # before the first is written
        check(path, force=own[path], mark=MARK)
    for path, text in written.items():
        save(path, text, force=own[path], mark=MARK)
    return [*written]


@called
def course(
    folder: str | os.PathLike[str] | None = None,
    *,
    students: str | os.PathLike[str] | None = None,
    scorm: str | os.PathLike[str] | None = None,
    language: Tongue | None = None,
    lessons: str | os.PathLike[str] | None = None,
    title: str = "",
    overwrite: bool = False,
) -> list[Path]:
    """Write the course, as ``nngen course`` does.

    Args:
        folder: the folder of all pages.
        students: a folder of pages without notes and answers for teachers.
        scorm: a .zip file of these for a learning platform.
        language: ``en`` or ``ko``; None for both.
        lessons: a folder with lessons of your own; None for those of nngen.
        title: what the course is called.
        overwrite: whether other files of these names are overwritten.

    Returns:
        The files; begin with the first one.

    Raises:
        SpecError: there is nothing to write, a lesson is wrong, or a file cannot be written.
    """
    out, pupils, package, own = (None if one is None else Path(one) for one in (folder, students, scorm, lessons))
    if not (out or pupils or package):
        raise refused("nngen.course", "there is nothing to write", "give `folder`, `students` or `scorm`")
    return write_course(out, pupils, package, language, own, title, force=overwrite)
