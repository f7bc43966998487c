"""The command ``nngen course``."""

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
    help="Only in this language; default: English, and the others in folders of it.",
)
@click.option("--force", is_flag=True, help="Overwrite files even if they are not living pages.")
@explained
def course(out: Path, language: str | None, force: bool) -> None:
    """Write the course: lessons from a threshold neuron to backpropagation, worksheets and notes for teachers.

    Each lesson asks a question, lets you predict the answer, and has a network to try it on. Begin with index.html. The
    pages open from disk and load nothing. What you have done is remembered in your browser only.
    """
    from nngen.commands.output import check, make_folder, save
    from nngen.learning.course import course as pages
    from nngen.learning.explain import MARK

    first, *more = [language] if language else options.LANGUAGES
    written = {out / name: text for name, text in pages(first, {other: f"{other}/index.html" for other in more})}
    for other in more:
        written |= {out / other / name: text for name, text in pages(other, {first: "../index.html"})}
    for folder in (out, *(out / other for other in more)):
        make_folder(folder)
    for path in written:  # before the first is written
        check(path, force=force, mark=MARK)
    for path, text in written.items():
        save(path, text, force=force, mark=MARK)
    note(f"wrote {len(written)} pages to {out}; the first is {next(iter(written))}")
