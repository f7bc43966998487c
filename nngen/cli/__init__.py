"""The command line: a module for each command, with its options, its help and what it prints.

``main`` is the command ``nngen``. A command loads when it is called, and imports what it needs when it runs, so that
``--help`` answers at once.
"""

from functools import partial
from importlib import import_module

import click

from nngen.cli.errors import Commands
from nngen.cli.examples import EXAMPLES, WAYS
from nngen.common.on_demand import OnDemand

__all__ = ["main"]


def _command(name: str) -> click.Command:
    """A command, from its file."""
    function = "import_" if name == "import" else name  # a reserved word of Python
    file = {"formulas": "show", "schema": "show"}.get(name, function)
    command: click.Command = getattr(import_module(f"nngen.cli.{file}"), function)
    command.epilog = f"Example: {EXAMPLES[name]}"
    return command


@click.group(
    "nngen",
    cls=Commands,
    commands=OnDemand({name: partial(_command, name) for name in EXAMPLES}),
    epilog=WAYS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="nngen-backprop", message="nngen %(version)s")
def main() -> None:
    """Turn the description of a neural network into a module with all its equations, forward and backward.

    Exit codes: 0 done, 1 a check failed, 2 the input is wrong, 3 not decided (prove), 130 ended by Ctrl-C.
    """
