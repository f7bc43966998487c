"""The command ``nngen course``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli.options import command
from nngen.cli.printing import note
from nngen.cli.values import FILE
from nngen.common.choices import Tongue


@command
def course(
    *,
    out: Annotated[Path | None, "-o, --out, --teachers", "The folder for all pages; it is created."],
    students: Annotated[Path | None, "A folder for pages without notes and answers for teachers."],
    scorm: Annotated[Path | None, FILE, "A .zip file of these pages for a learning platform (SCORM 1.2)."],
    language: Annotated[
        Tongue | None, "Only in this language; default: all in which the lessons are written, in a package the first."
    ],
    lessons: Annotated[Path | None, "A folder with lessons of your own; default: those of nngen."],
    title: Annotated[str, "What the course is called; default: the name of the folder of lessons."] = "",
    force: Annotated[bool, "Overwrite files even if they are not living pages."],
) -> None:
    """Write the course: lessons from a threshold neuron to backpropagation, worksheets and notes for teachers.

    Each lesson asks a question, lets you predict the answer, and has a network to try it on. Begin with index.html. The
    pages open from disk and load nothing. What you have done is remembered in your browser only, or by the learning
    platform.
    """
    from nngen.interface.course_files import write_course
    from nngen.learning.course import WORKBOOKS

    if not (out or students or scorm):
        raise click.UsageError("Say what to write: -o DIR, --students DIR or --scorm FILE.zip.")
    written = write_course(out, students, scorm, language, lessons, title, force=force)
    if not WORKBOOKS:
        note("without workbooks: XlsxWriter, which writes them, is not installed: `pip install xlsxwriter`")
    note(f"wrote {len(written)} files; the first is {written[0]}")
