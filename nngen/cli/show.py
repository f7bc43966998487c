"""The command ``nngen show``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import echo


@click.command()
@options.spec
@options.data_root
@explained
def show(spec: Path, data_root: Path | None) -> None:
    """Print the layers of SPEC, their shapes and sizes, and the sizes of its modules."""
    from nngen.commands import show
    from nngen.description.data import encoding
    from nngen.plan import plan
    from nngen.reading import load
    from nngen.targets import texts

    loaded = load(spec, data_root)
    planned = plan(loaded, encoding(loaded, spec.parent))
    echo(show.show(planned, texts(loaded, spec.parent, options.TARGETS)))
