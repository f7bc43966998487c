"""The command ``nngen trace``."""

from pathlib import Path
from typing import Any, get_args

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import write_file
from nngen.common.choices import Form


@click.command()
@options.spec
@click.option("--x", help="Values of the example, as in the data: 0.9,0.1 or age=31,home=rent.")
@click.option("--y", help="Its targets, 1,0,0, or its class name; with --params, they may be omitted.")
@click.option("--weight", help="Its weight, if the loss has weights of examples.")
@click.option("--row", type=options.Whole(1), help="A row of the data instead of --x and --y.  [default: 1]")
@click.option(
    "--csv",
    type=options.PATH,
    help="Take the rows of this file.",
)
@click.option("--params", type=options.PATH, help="A parameter file of `nngen train --save`.")
@click.option("--seed", type=options.Whole(0, 2**32 - 1), help="Seed of the initial parameters; default: the spec's.")
@click.option(
    "--dropout-seed", type=options.Whole(0, 2**32 - 1), help="Seed of dropout; without it, dropout drops nothing."
)
@click.option(
    "--steps",
    type=options.Whole(1, 1000),
    default=1,
    show_default=True,
    help="Number of steps; each uses the next row.",
)
@click.option(
    "--batch", type=options.Whole(1), help="Use this many rows together in each step, with the sums over them."
)
@click.option("--unit", "units", multiple=True, help="Show this unit or input of a large network; may be repeated.")
@click.option("--layer", "layers", multiple=True, help="Show all units of this layer; may be repeated.")
@click.option("--whole", is_flag=True, help="Show every equation of a large network.")
@click.option("--matrices", is_flag=True, help="Write the equations of whole layers, with matrices of numbers.")
@click.option("--digits", type=options.Whole(1, 17), default=6, show_default=True, help="Significant digits shown.")
@click.option("--full", is_flag=True, help="Show numbers with all digits.")
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Form)),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--blank", is_flag=True, help="Leave out the numbers to compute: an exercise.")
@click.option("--key", type=options.FILE, help="With --blank: write the worksheet with its numbers to this file.")
@click.option("--out", "-o", type=options.FILE, help="Output file.")
@click.option("--force", is_flag=True, help="Overwrite the file of --out.")
@options.language
@options.data_root
@explained
def trace(
    spec: Path,
    form: str,
    blank: bool,
    key: Path | None,
    out: Path | None,
    force: bool,
    full: bool,
    digits: int,
    language: str,
    **asked: Any,
) -> None:
    """Write a training step of SPEC as a worksheet: every equation of its module, with numbers.

    The example is the first row of the spec's data (of a perceptron, the first one with an error), or that of --x and
    --y. With --params and without --y, the worksheet has the forward pass alone. If columns of the data are encoded,
    --x takes their values as they are, in their order or as NAME=VALUE, and the worksheet shows their encoding. With
    --batch, a step uses several rows, as batch normalization needs them. For a network with more than 40 parameters,
    the worksheet shows one unit of each layer, and in long sums the sum of the other terms. With --matrices, it has
    the equations of whole layers, z = W a + b, and of a large matrix some rows and columns.
    """
    from nngen.commands.output import check
    from nngen.learning import trace as worksheets
    from nngen.learning.typeset import Digits

    if key and not blank:
        raise click.UsageError("--key belongs to --blank: the worksheet itself has the numbers")
    if key and key == out:
        raise click.UsageError("--key and --out need two files")
    sheet = worksheets.trace(spec, worksheets.Request(**asked))
    for path in filter(None, (key, out)):  # before the first is written, and after all inputs are known
        check(path, force=force)
    shown = Digits(None if full else digits, language)
    if key:
        write_file(key, worksheets.written(sheet, form, shown), force=force)
    text = worksheets.written(sheet.blanked() if blank else sheet, form, shown, colour=out is None)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_file(out, text, force=force)
