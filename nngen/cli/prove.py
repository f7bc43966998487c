"""The command ``nngen prove``."""

from pathlib import Path
from typing import Annotated, Any

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import echo, note, write_file
from nngen.cli.values import FILE, Real
from nngen.common.choices import Integers
from nngen.common.ranges import Entries


@command
def prove(
    *,
    spec: Annotated[Path | None, options.ARGUMENT],
    params: Annotated[Path | None, "A parameter file of `nngen train --save`."],
    dtype: Annotated[Integers | None, "The numbers of the header."],
    seconds: Annotated[
        float, Real(1, 1_000_000), "Time limit. What is open then is called not decided, and the exit code is 3."
    ] = 120.0,
    asked: Annotated[Path | None, "--property FILE", "Prove only the properties in this YAML file."],
    header: Annotated[Path | None, "Prove this file, a header that you changed."],
    table: Annotated[Entries | None, "--table N", "As for `nngen build`."],
    accept_loss: options.AcceptLoss,
    certificate: Annotated[Path | None, "--certificate FILE", FILE, "Write what is proven, by what, as JSON."],
    check: Annotated[Path | None, "--check FILE", "Prove again what this certificate says, and compare."],
    data_root: options.DataRoot,
) -> None:
    """Prove what holds for all rows of the C header in integers of SPEC.

    The header is the text that `nngen build --dtype int8` writes. CBMC, a model checker (apt-get install cbmc), proves
    for every row that its types can hold, with an `int` of 32 and of 16 bits, that nothing overflows, no conversion
    changes a value, no index is outside, no shift is out of range, and nothing is divided by zero.

    Under `properties:`, a spec says what you need: that the answer is monotone in a column, never a class within some
    rows, within a range, equal for all values of a column, or robust. Signs of weights and bounds of sums decide first;
    else up to 10^9 rows are tried in compiled C, and CBMC is asked about more. With --property, only the properties in
    a file are proven; it may be SPEC.

    What fails is shown with a row that makes it fail, and the exit code is 1. What is not decided within --seconds is
    called so, and the exit code is 3. With --check, a proof that differs from the certificate fails, too.
    """
    from nngen.commands.prove import checked, proof_by
    from nngen.proof.proving import Verdict
    from nngen.proof.proving import certificate as certified

    if check is not None:
        if spec or params or dtype or asked or header or certificate:
            raise click.UsageError("--check FILE has the options of the proof in its file")
        done, differ = checked(check, seconds, data_root, note)
        echo("\n".join([str(done), *differ]))
        if differ:
            raise SystemExit(1)
    else:
        if spec is None or params is None or dtype is None:
            raise click.UsageError("give SPEC --params P --dtype int8, or --check FILE")
        given: dict[str, Any] = {"spec": str(spec), "params": str(params), "dtype": dtype}
        given |= {"property": str(asked)} if asked else {}
        given |= {"header": str(header)} if header else {}
        given |= {"table": table} if table else {}
        given |= {"accept_loss": True} if accept_loss else {}
        done = proof_by(given, seconds, data_root, note)
        echo(str(done))
        if certificate is not None:
            write_file(certificate, certified(done, given), force=False, mark='"certificate": "nngen prove')
    if done.verdict is not Verdict.PROVEN:
        raise SystemExit(1 if done.verdict is Verdict.FAILS else 3)
