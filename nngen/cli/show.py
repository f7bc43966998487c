"""The command ``nngen show``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import echo


@click.command()
@options.spec
@click.option(
    "--machine",
    type=click.Choice(options.MACHINES),
    help="Compile the predictors of C for this machine, and print what they take there; needs --params.",
)
@click.option("--params", type=options.PATH, help="With --machine: a parameter file of `nngen train --save`.")
@options.data_root
@explained
def show(spec: Path, machine: str | None, params: Path | None, data_root: Path | None) -> None:
    """Print the layers of SPEC, their shapes and sizes, and the sizes of the modules that `nngen build` writes.

    With --machine, print the flash, RAM and time of a prediction in integers and in 32-bit floating point, by the
    compilers and simulators of Debian: cycles by simavr, or executed instructions by qemu.
    """
    from nngen.commands import show
    from nngen.reading import load

    if (machine is None) != (params is None):
        raise click.UsageError("--machine and --params belong together")
    loaded = load(spec, data_root)
    if machine is not None and params is not None:
        from nngen.commands.small import shown

        echo(shown(loaded, spec, params, machine))
        return
    echo(show.of_spec(loaded, spec.parent))
