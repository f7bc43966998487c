"""The command ``nngen course``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import note


@click.command()
@click.option("-o", "--out", "--teachers", type=options.PATH, help="The folder for all pages; it is created.")
@click.option("--students", type=options.PATH, help="A folder for pages without notes and answers for teachers.")
@click.option("--scorm", type=options.FILE, help="A .zip file of these pages for a learning platform (SCORM 1.2).")
@click.option(
    "--language",
    type=click.Choice(options.LANGUAGES),
    help="Only in this language; default: all in which the lessons are written, in a package the first.",
)
@click.option("--lessons", type=options.PATH, help="A folder with lessons of your own; default: those of nngen.")
@click.option("--title", default="", help="What the course is called; default: the name of the folder of lessons.")
@click.option("--force", is_flag=True, help="Overwrite files even if they are not living pages.")
@explained
def course(
    out: Path | None,
    students: Path | None,
    scorm: Path | None,
    language: str | None,
    lessons: Path | None,
    title: str,
    force: bool,
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
