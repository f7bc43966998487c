"""The card of a trained network in Markdown: its data, how good it is, and its limits (Mitchell et al., FAT* 2019)."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from nngen.commands.columns_report import HEAD, short
from nngen.commands.findings import Findings
from nngen.commands.groups import FEW
from nngen.commands.inner import without_ids
from nngen.common import files
from nngen.common.cautions import rows_left_out
from nngen.common.text import counted, joined
from nngen.description.data import CategoryColumn, DateColumn, IndexColumn, NumberColumn, apart
from nngen.description.model import Split, Table
from nngen.plan import plan
from nngen.targets import markdown_environment

MARK = "<!-- a model card by nngen train -->"
"""The first line of every card; only such files are overwritten."""

MOST = 20
"""Names of a list."""

MAX_FILE = 4_000_000_000
"""Bytes of the file of the data."""


def card(findings: Findings, text: str) -> str:
    """The card of a training, with its spec as the file has it."""
    return (
        markdown_environment()
        .get_template("card.md.jinja")
        .render(
            mark=MARK,
            spec=findings.trainer.spec,
            findings=findings,
            part=findings.rows.part,
            labels=findings.trained.examples.labels,
            data=[*_data(findings)],
            head=HEAD,
            training=[*_training(findings)],
            models=[*findings.judged[-1].metrics],
            few=FEW,
            important=findings.importances[1][:MOST],
            dependence=_dependence(findings),
            limits=[*_limits(findings)],
            fence=_fence(f"{text}\n{findings.command}"),
            text=text if text.endswith("\n") else f"{text}\n",
        )
    )


def _data(findings: Findings) -> Iterator[str]:
    """The data of the training."""
    examples, data = findings.trainer.examples, findings.trainer.spec.data
    if isinstance(data, Table):
        path, _ = apart(findings.trainer.path.parent / data.file)
        yield f"File: {data.file}, SHA-256 {hashlib.sha256(files.read(path, MAX_FILE)).hexdigest()}"
        yield f"Target: {'the inputs' if data.of_inputs else joined(dict.fromkeys(data.targets), 'and')}"
    if examples.labels:
        yield f"Classes: {joined(examples.labels, 'and')}"
    counts = {name: len(part.x) for name, part in findings.trainer.parts.items()}
    if len(examples.calibration_x):
        counts["calibration"] = len(examples.calibration_x)
    yield f"Rows: {joined((f'{count:,} {name}' for name, count in counts.items()), 'and')}"
    yield from rows_left_out(examples.dropped)
    if data is not None and data.split is not None:
        yield f"Split: {_split(data.split)}"


def _split(split: Split) -> str:
    """Which rows are held out."""
    share = f"{split.test:g} of the rows"
    if split.time:
        return f"the last {share} by {split.time}"
    how = f"whole groups of {split.groups}, about {share}" if split.groups else share
    return f"{how}{', of each class' if split.stratify else ''}, drawn with the seed {split.seed}"


def _training(findings: Findings) -> Iterator[str]:
    """The network and its training."""
    trainer = findings.trainer
    training, layers = trainer.spec.training, trainer.spec.layers
    shapes = joined((f"{layer.name} ({counted(len(layer.unit_names), 'unit')})" for layer in layers), "and")
    yield f"Layers: {shapes}; {counted(plan(without_ids(trainer.spec)).size, 'parameter')}"
    batches = "all examples" if training.batch_size is None else counted(training.batch_size, "example")
    yield f"Loss {trainer.spec.loss.name}, optimizer {training.optimizer.name}, each step on {batches}"
    yield findings.ended
    if trainer.temperature != 1.0:
        yield f"The last layer is divided by the temperature {trainer.temperature:.4g}."


def _dependence(findings: Findings) -> dict[str, str]:
    """For each column with a curve the lowest and the highest mean answer, see ``Dependence``."""
    found = dict.fromkeys((one.column for one in findings.importances[1]), "")
    for one in findings.dependences:
        found[one.column] = one.says
    return found


def _limits(findings: Findings) -> Iterator[str]:
    """The limits: cautions, and values that no row has judged."""
    yield from (f"{caution[0].upper()}{caution[1:]}." for caution in findings.cautions)
    encoding, part = findings.trained.examples.encoding, findings.rows.part
    count = len(findings.last.x)
    if part == "held-out":
        yield f"The metrics are those of {counted(count, 'held-out row')}, of whose kind new rows have to be."
    else:
        yield f"No rows were held out: the metrics of {counted(count, f'{part} row')} may be too good."
    ranges = [column.column for column in encoding.columns if isinstance(column, NumberColumn | DateColumn)]
    if ranges:
        yield f"No answer was judged for values outside the ranges above: {_listed(ranges)}."
    texts = [column for column in encoding.columns if isinstance(column, CategoryColumn | IndexColumn)]
    for unknown, what in (True, "answered as none of the known ones"), (False, "refused"):
        if names := [column.column for column in texts if column.unknown == unknown]:
            yield f"Unknown values are {what}: {_listed(names)}."
    if small := [group.name for group in findings.groups if group.few]:
        yield f"Groups of {findings.rows.by} with fewer than {FEW} examples: {_listed(small)}."


def _listed(names: Sequence[str]) -> str:
    """Some names, or the first of many."""
    shown = [short(name) for name in names[:MOST]]
    return joined([*shown, *([f"{len(names) - MOST} more"] if len(names) > MOST else [])], "and")


def _fence(text: str) -> str:
    """A fence of code that no line of the text closes."""
    return "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
