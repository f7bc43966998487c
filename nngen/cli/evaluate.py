"""The command ``nngen evaluate``."""

from collections import Counter
from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import echo, say_dropped, say_unknown


@click.command()
@options.spec
@options.data
@options.params
@options.encoding
@options.data_root
@explained
def evaluate(spec: Path, data: Path | None, params: Path, encoding: str | None, data_root: Path | None) -> None:
    """Print how good the answers of the trained network of SPEC are.

    DATA is a table with the columns of the inputs and the target, or - for standard input. It is read in batches; of
    each row, only the targets and the outputs are kept. Without it, this judges the held-out rows of SPEC's own data,
    or all rows if none are held out.
    """
    from nngen.commands.evaluate import evaluation
    from nngen.reading import load

    unknown: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    loaded = load(spec, data_root, () if data else options.stated(encoding))
    echo(evaluation(loaded, spec, params, data, unknown, dropped, encoding))
    say_unknown(unknown)
    say_dropped(dropped)
