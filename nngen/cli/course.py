"""The command ``nngen course``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import note


@click.command()
@click.option("-o", "--out", type=options.PATH, required=True, help="The folder for the pages; it is created.")
@options.language
@click.option("--force", is_flag=True, help="Overwrite files even if they are not living pages.")
@explained
def course(out: Path, language: str, force: bool) -> None:
    """Write the course: from a threshold neuron to backpropagation, as linked living pages.

    Each page asks a question, lets you predict the answer, and has a network to try it on. The pages open from disk and
    load nothing. What you have done is remembered in your browser only.
    """
    from nngen.commands.output import check, make_folder, save
    from nngen.learning.course import course as pages
    from nngen.learning.explain import MARK

    written = {out / name: text for name, text in pages(language)}
    make_folder(out)
    for path in written:  # before the first is written
        check(path, force=force, mark=MARK)
    for path, text in written.items():
        save(path, text, force=force, mark=MARK)
    note(f"wrote {len(written)} pages to {out}; the first is {next(iter(written))}")
