"""The command line: a module for each command, with its options, its help and what it prints.

``main`` is the command ``nngen``. A command imports what it needs when it runs, so that ``--help`` answers at once.
"""

import click

from nngen.cli.build import build
from nngen.cli.course import course
from nngen.cli.errors import Commands
from nngen.cli.evaluate import evaluate
from nngen.cli.examples import EXAMPLES, WAYS
from nngen.cli.explain import explain
from nngen.cli.export import export
from nngen.cli.import_ import import_
from nngen.cli.init import init
from nngen.cli.predict import predict
from nngen.cli.prove import prove
from nngen.cli.show import formulas, schema, show
from nngen.cli.skill import skill
from nngen.cli.trace import trace
from nngen.cli.train import train
from nngen.cli.verify import verify

__all__ = ["main"]

COMMANDS = (
    *(init, build, show, train, predict, evaluate, trace),
    *(import_, verify, prove, export, explain, course, formulas, schema, skill),
)


@click.group("nngen", cls=Commands, epilog=WAYS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nngen-backprop", message="nngen %(version)s")
def main() -> None:
    """Turn the description of a neural network into a module with all its equations, forward and backward.

    Exit codes: 0 done, 1 a check failed, 2 the input is wrong, 3 not decided (prove), 130 ended by Ctrl-C.
    """


for command in COMMANDS:
    command.epilog = f"Example: {EXAMPLES[command.name or '']}"
    main.add_command(command)
