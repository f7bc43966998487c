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
    """Print the layers of SPEC, their shapes and sizes, and the sizes of its modules.

    If arm-none-eabi-gcc and its newlib are installed (in Debian gcc-arm-none-eabi and libnewlib-arm-none-eabi), this
    also measures the C header on a Cortex-M4: -Os, 32 bits, with the library of mathematics. It does not measure
    headers of more than 300,000 characters, which have about 1,000 equations.
    """
    from nngen.commands import cortex_m4, show
    from nngen.data import encoding
    from nngen.pages import texts
    from nngen.plan import plan
    from nngen.reading import load

    loaded = load(spec, data_root)
    planned = plan(loaded, encoding(loaded, spec.parent))
    echo(show.show(planned, texts(loaded, spec.parent, options.TARGETS), cortex_m4.table(planned, loaded)))
