"""The command ``nngen init``."""

from pathlib import Path
from typing import Any

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import note, write_file


@click.command()
@click.argument("file", type=options.FILE)
@click.option("--target", required=True, metavar="COLUMN", help="The column to predict.")
@click.option(
    "--task", type=click.Choice(["classes", "numbers"]), help="What the target holds; default: judged by its values."
)
@click.option("-o", "--out", type=options.FILE, help="Output file; default: NAME.yaml, by the name of FILE.")
@options.encoding
@click.option("--force", is_flag=True, help="Overwrite the file, whatever it contains.")
@explained
def init(file: Path, target: str, task: Any, out: Path | None, encoding: str | None, force: bool) -> None:
    """Write a spec that trains a network on the table FILE: CSV, Parquet, Feather or .npz.

    Each line of the spec has a comment that gives its reason, and every line may be changed.
    """
    from nngen.commands.init import described, spec_for

    text, proposal = spec_for(file, target, task, out or Path("spec.yaml"), encoding)
    path = out or Path(f"{proposal.name}.yaml")
    write_file(path, text, force=force)
    if proposal.encoding:
        note(f"read as {proposal.encoding}")
    for line in (*proposal.said, *described(proposal), *proposal.unclear):
        note(line)
    outside = f" --data-root {file.parent}" if proposal.file.startswith("../") else ""
    note(f"next: nngen train {path}{outside}")
