"""The command ``nngen init``."""

import csv
from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.predict import predict
from nngen.cli.printing import note, write_file
from nngen.cli.train import train
from nngen.cli.values import FILE
from nngen.common.choices import Task

SCHEMA = "spec.schema.json"
"""The file of ``nngen schema`` that editors take for the specs beside it."""


def _two_columns(context: click.Context, option: click.Parameter, text: str | None) -> tuple[str, str] | None:
    """The two columns of a text such as ``user,item``; one with a comma is in double quotes, as in CSV.

    Raises:
        BadParameter: there are not two.
    """
    if text is None:
        return None
    try:
        columns = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
    except csv.Error:  # a line break outside quotes
        columns = []
    if len(columns) != 2 or not all(columns):
        raise click.BadParameter(f"expected two columns, as in user,item; got {text!r}", context, option)
    return columns[0], columns[1]


@command
def init(
    *,
    file: Annotated[Path, options.ARGUMENT, FILE],
    target: Annotated[
        str | None, "--target COLUMN", "The column to predict; without it, which pairs occur, as in clicks."
    ],
    task: Annotated[Task | None, "What the target holds; default: judged by its values."],
    ratings: Annotated[
        tuple[str, str] | None,
        "--ratings USER,ITEM",
        _two_columns,
        "The columns of users and items, to factorize their ratings or pairs; default: judged by their values.",
    ],
    split_by: Annotated[str | None, "--split-by COLUMN", "Hold out whole groups of rows, such as all of a patient."],
    split_time: Annotated[
        str | None, "--split-time COLUMN", "Hold out the last fifth of the rows by a date or a number."
    ],
    out: Annotated[Path | None, "-o, --out", FILE, "Output file; default: NAME.yaml, by the name of FILE."],
    best: Annotated[
        bool,
        "Propose what answers best, an ensemble of five networks, and say what it costs; with --train NAME_best.yaml.",
    ],
    trains: Annotated[bool, "--train", "Train the network, too, and save its parameters: NAME.json."],
    rows: Annotated[Path | None, "--predict", "Train, and answer the rows of this table: NAME.answers.csv."],
    encoding: options.Encoding,
    decimal: options.Decimal,
    force: Annotated[bool, "Overwrite files, whatever they contain."],
) -> None:
    """Write a spec that trains a network on the table FILE: CSV, a workbook, SQLite, JSON, Parquet, Feather or .npz.

    FILE#NAME is a sheet of a workbook, or a table of a database.

    Each line of the spec has a comment that gives its reason, and every line may be changed.
    """
    from nngen.commands.held_out_rows import split_of
    from nngen.commands.init import spec_for
    from nngen.commands.predict import STANDARD_INPUT
    from nngen.commands.proposal import described
    from nngen.common import files

    if rows and rows != STANDARD_INPUT:
        files.start(rows, 1)  # a training is no time to learn that there is no such file
    split = split_of(split_by, split_time)
    text, proposal = spec_for(
        file, target, task, out or Path("spec.yaml"), encoding, ratings, decimal, split, best=best
    )
    path = out or Path(f"{proposal.name}.yaml")
    known = f"# yaml-language-server: $schema={SCHEMA}\n" if (path.parent / SCHEMA).is_file() else ""
    write_file(path, known + text, force=force)
    if proposal.encoding:
        note(f"read as {proposal.encoding}")
    for line in (*proposal.said, *described(proposal), *proposal.unclear):
        note(line)
    root = file.parent if proposal.file.startswith("../") else None
    outside = f" --data-root {root}" if root else ""
    saved = path.with_name(f"{path.stem}_best.json") if best else path.with_suffix(".json")
    trained, answers = saved.with_suffix(".yaml") if best else path, path.with_suffix(".answers.csv")
    count = None
    if best:
        from nngen.commands.ensemble import MEMBERS, costs
        from nngen.reading import load

        count = MEMBERS
        note(costs(load(path, root), path))
    if not trains and not rows:
        note(f"next: nngen train {path}{outside}{f' --ensemble {count} --save {saved}' if count else ''}")
        return
    invoke = click.get_current_context().find_root().invoke
    invoke(train, spec=path, ensemble=count, save=saved, force=force, data_root=root)
    if rows:
        invoke(predict, spec=trained, data=rows, params=saved, out=answers, force=force, data_root=root)
    note(f"next: nngen build {trained} --params {saved}{outside}")
