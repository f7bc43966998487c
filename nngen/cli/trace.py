"""The command ``nngen trace``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import write_file
from nngen.cli.values import FILE, Whole
from nngen.common.choices import Form
from nngen.common.ranges import Count, Seed


@command
def trace(
    *,
    spec: options.Spec,
    x: Annotated[str | None, "Values of the example, as in the data: 0.9,0.1 or age=31,home=rent."],
    y: Annotated[str | None, "Its targets, 1,0,0, or its class name; with --params, they may be omitted."],
    weight: Annotated[str | None, "Its weight, if the loss has weights of examples."],
    row: Annotated[Count | None, "A row of the data instead of --x and --y.  [default: 1]"],
    csv: Annotated[Path | None, "Take the rows of this file."],
    params: Annotated[Path | None, "A parameter file of `nngen train --save`."],
    seed: Annotated[Seed | None, "Seed of the initial parameters; default: the spec's."],
    dropout_seed: Annotated[Seed | None, "Seed of dropout; without it, dropout drops nothing."],
    steps: Annotated[int, Whole(1, 1000), "Number of steps; each uses the next row."] = 1,
    batch: Annotated[Count | None, "Use this many rows together in each step, with the sums over them."],
    units: Annotated[tuple[str, ...], "--unit", "Show this unit or input of a large network; may be repeated."],
    layers: Annotated[tuple[str, ...], "--layer", "Show all units of this layer; may be repeated."],
    whole: Annotated[bool, "Show every equation of a large network."],
    matrices: Annotated[bool, "Write the equations of whole layers, with matrices of numbers."],
    digits: Annotated[int, Whole(1, 17), "Significant digits shown."] = 6,
    full: Annotated[bool, "Show numbers with all digits."],
    form: Annotated[Form, "--format", "Output format."] = "text",
    blank: Annotated[bool, "Leave out the numbers to compute: an exercise."],
    key: Annotated[Path | None, FILE, "With --blank: write the worksheet with its numbers to this file."],
    out: Annotated[Path | None, "--out, -o", FILE, "Output file."],
    force: Annotated[bool, "Overwrite the file of --out."],
    language: options.Language = "en",
    data_root: options.DataRoot,
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
    asked = worksheets.Request(
        *(x, y, weight),
        row=row,
        csv=csv,
        params=params,
        seed=seed,
        dropout_seed=dropout_seed,
        steps=steps,
        batch=batch,
        units=units,
        layers=layers,
        whole=whole,
        matrices=matrices,
        data_root=data_root,
    )
    sheet = worksheets.trace(spec, asked)
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
