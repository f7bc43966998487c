"""The command ``nngen verify``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import echo


@click.command()
@click.argument("module", type=options.PATH)
@click.option("--spec", type=options.PATH, help="The spec of the module; default: one with its name, near the module.")
@click.option(
    "--target", metavar="TARGET", help="The language of the module, if it is one of your own: its name, or its file."
)
@click.option("--json", "machine", is_flag=True, help="Print JSON.")
@click.option(
    "--timeout",
    type=options.Real(0.1, 86_400),
    default=20.0,
    show_default=True,
    help="Time limit in seconds for a call of the module.",
)
@options.data_root
@explained
def verify(
    module: Path, spec: Path | None, target: str | None, machine: bool, timeout: float, data_root: Path | None
) -> None:
    """Compare MODULE, a generated file, with nngen's reference, and say which equation is wrong.

    The module may have been moved, renamed or edited, and have only some parts: what it has is judged. It runs in its
    own process, with your rights.
    """
    from nngen.proof.verify import report
    from nngen.proof.verify import verify as run
    from nngen.targets import named

    (language,) = named([target]) if target else [None]
    done = run(module, spec, timeout, data_root, language)
    echo(report.machine(done) if machine else report.printed(done))
    if not done.right:
        raise SystemExit(1)
