"""The command ``nngen prove``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import echo, note


@click.command()
@options.spec
@options.params
@click.option("--dtype", type=click.Choice(options.DTYPES), required=True, help="The numbers of the header.")
@click.option(
    "--seconds",
    type=options.Real(1, 1_000_000),
    default=120.0,
    show_default=True,
    help="Time limit. What is open then is called not decided, and the exit code is 3.",
)
@click.option("--property", "asked", type=options.PATH, metavar="FILE", help="Prove the properties in this YAML file.")
@click.option("--header", type=options.PATH, help="Prove this file, a header that you changed.")
@click.option("--table", type=options.Whole(16, 256), metavar="N", help="As for `nngen build`.")
@options.accept_loss
@options.data_root
@explained
def prove(
    spec: Path,
    params: Path,
    dtype: str,
    seconds: float,
    asked: Path | None,
    header: Path | None,
    table: int | None,
    accept_loss: bool,
    data_root: Path | None,
) -> None:
    """Prove what holds for all rows of the C header in integers of SPEC.

    The header is the text that `nngen build --dtype int8` writes. CBMC, a model checker (apt-get install cbmc), proves
    for every row that its types can hold, with an `int` of 32 and of 16 bits, that nothing overflows, no conversion
    changes a value, no index is outside, no shift is out of range, and nothing is divided by zero.

    With --property, it proves what you need: that the answer is monotone in a column, never a class within some rows,
    within a range, equal for all values of a column, or robust. What is decided by construction needs no program,
    up to 10^9 rows are tried in compiled C, and CBMC is asked about more.

    What fails is shown with a row that makes it fail, and the exit code is 1. What is not decided within --seconds is
    called so, and the exit code is 3.
    """
    from nngen.commands.prove import proof
    from nngen.proof.proving import Verdict

    done = proof(
        *(spec, params, seconds),
        root=data_root,
        table=table or 256,
        accept_loss=accept_loss,
        file=header,
        asked=asked,
        says=note,
    )
    echo(str(done))
    if done.verdict is not Verdict.PROVEN:
        raise SystemExit(1 if done.verdict is Verdict.FAILS else 3)
