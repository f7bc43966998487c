"""The command ``nngen course``."""

from functools import partial
from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import note


@click.command()
@click.option("-o", "--out", type=options.PATH, required=True, help="The folder for the pages; it is created.")
@click.option(
    "--language",
    type=click.Choice(options.LANGUAGES),
    help="Only in this language; default: all in which the lessons are written.",
)
@click.option("--lessons", type=options.PATH, help="A folder with lessons of your own; default: those of nngen.")
@click.option("--title", default="", help="What the course is called; default: the name of the folder of lessons.")
@click.option("--force", is_flag=True, help="Overwrite files even if they are not living pages.")
@explained
def course(out: Path, language: str | None, lessons: Path | None, title: str, force: bool) -> None:
    """Write the course: lessons from a threshold neuron to backpropagation, worksheets and notes for teachers.

    Each lesson asks a question, lets you predict the answer, and has a network to try it on. Begin with index.html. The
    pages open from disk and load nothing. What you have done is remembered in your browser only.
    """
    from nngen.commands.output import check, make_folder, save
    from nngen.learning.course import LESSONS, languages
    from nngen.learning.course import course as of_lessons
    from nngen.learning.explain import MARK

    folder = lessons or LESSONS
    first, *more = [language] if language else languages(folder)
    pages = partial(of_lessons, folder=folder, title=title or (folder.resolve().name if lessons else ""))
    written = {out / name: text for name, text in pages(first, {one: f"{one}/index.html" for one in more})}
    for other in more:
        written |= {out / other / name: text for name, text in pages(other, {first: "../index.html"})}
    for made in (out, *(out / other for other in more)):
        make_folder(made)
    for path in written:  # before the first is written
        check(path, force=force, mark=MARK)
    for path, text in written.items():
        save(path, text, force=force, mark=MARK)
    note(f"wrote {len(written)} pages to {out}; the first is {next(iter(written))}")
