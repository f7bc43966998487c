"""The command ``nngen explain``."""

from collections.abc import Sequence
from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import write_file
from nngen.common.choices import Scene


@click.command()
@options.spec
@click.option("-o", "--out", type=options.FILE, help="Output file; default: NAME.html, by the spec's name.")
@click.option("--params", type=options.PATH, help="Start from the parameters of this file of `nngen train --save`.")
@click.option(
    "--parts", type=options.Listed(options.SCENES), help="Write only these parts, between commas, and the controls."
)
@click.option("--force", is_flag=True, help="Overwrite the file even if it is not a living page.")
@options.language
@options.data_root
@explained
def explain(
    spec: Path,
    out: Path | None,
    params: Path | None,
    parts: Sequence[Scene] | None,
    force: bool,
    language: str,
    data_root: Path | None,
) -> None:
    """Write the living page of SPEC: its picture, equations and code, running in the browser.

    The page is one file, opens from disk and loads nothing. You can change and train the network on it. With --params,
    the page of a table has a form that answers rows, and can be sent to others.
    """
    from nngen.learning.explain import MARK, living_page
    from nngen.reading import load

    loaded = load(spec, data_root)
    page = living_page(loaded, spec.parent, params, language=language, parts=parts or ())
    write_file(out or Path(f"{loaded.name}.html"), page, force=force, mark=MARK)
