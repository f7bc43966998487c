"""The command ``nngen predict``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import write_file


@click.command()
@options.spec
@options.data
@options.params
@click.option("--out", "-o", type=options.FILE, help="Write the answers to this file.")
@click.option("--force", is_flag=True, help="Overwrite the file of --out.")
@options.data_root
@explained
def predict(spec: Path, data: Path | None, params: Path, out: Path | None, force: bool, data_root: Path | None) -> None:
    """Answer each row of DATA with the trained network of SPEC, as CSV: the class and its probabilities, or numbers.

    DATA is a table with the columns of the inputs, or - for standard input; without it, the data of SPEC. It is read
    and answered in batches, so that memory does not grow with its rows. If a row is wrong, the file of --out is not
    written; on standard output, the answers for the batches before it stand.
    """
    from nngen.commands.predict import answers
    from nngen.reading import load

    parts = answers(load(spec, data_root), spec, params, data)
    write_file(out or Path("/dev/stdout"), parts, force=force)
