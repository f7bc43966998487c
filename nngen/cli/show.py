"""The commands that print texts: ``nngen show``, ``nngen formulas`` and ``nngen schema``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import echo
from nngen.common.choices import Machine


@command
def show(
    *,
    spec: options.Spec,
    machine: Annotated[
        Machine | None, "Compile the predictors of C for this machine, and print what they take there; needs --params."
    ],
    params: Annotated[Path | None, "With --machine: a parameter file of `nngen train --save`."],
    data_root: options.DataRoot,
) -> None:
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


@command
def formulas() -> None:
    """Print all activations, losses, optimizers, initializers and so on, each with its formula and source."""
    from nngen.commands.formulas import formulas as listing

    click.echo(listing())


@command
def schema() -> None:
    """Print the JSON Schema of a spec, for editors."""
    import json

    from nngen.description.model import editor_schema

    click.echo(json.dumps(editor_schema(), indent=2))
