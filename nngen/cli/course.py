"""The command ``nngen course``."""

from functools import partial
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
    from nngen.commands.output import check, make_folder, save
    from nngen.commands.workbooks import is_workbook
    from nngen.learning.course import LESSONS, WORKBOOKS, languages, package
    from nngen.learning.course import course as of_lessons
    from nngen.learning.explain import MARK

    if not (out or students or scorm):
        raise click.UsageError("Say what to write: -o DIR, --students DIR or --scorm FILE.zip.")
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
    if not WORKBOOKS:
        note("without workbooks: XlsxWriter, which writes them, is not installed: `pip install xlsxwriter`")
    note(f"wrote {len(written)} files; the first is {next(iter(written))}")
