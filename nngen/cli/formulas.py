"""The command ``nngen formulas``."""

import click


@click.command()
def formulas() -> None:
    """Print all activations, losses, optimizers, initializers and so on, each with its formula and source."""
    from nngen.commands.formulas import formulas as listing

    click.echo(listing())
