"""The figures of the documentation, and where they come from."""

import ast
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import jacobians
from nngen.bridges.importing.compare import INPUTS
from nngen.bridges.importing.limits import SMALL
from nngen.commands import (
    curves,
    dependence,
    groups,
    held_out_rows,
    importing,
    integers,
    intervals,
    leaks,
    machines,
    temperature,
)
from nngen.description.data import FAR, number_guess, sources, tables
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, OPTIMIZERS
from nngen.proof.verify import ulps
from tests.support.modules import ROOT

UNITS = "ms s seconds minutes hours milliseconds MB GB kB KB bytes lines times characters rows ULP words MHz".split()
FIGURE = re.compile(rf"(?<![\w.`])\d[\d,.]*(?: (?:{'|'.join(UNITS)})\b| ?%)")
"""A number with a unit."""

NOT_PROSE = re.compile(
    r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->|^( *)```.*?^\1```|<!--.*?-->|^\|.*?$|`[^`\n]*`", re.DOTALL | re.MULTILINE
)


def measured(name: str) -> Any:
    """What a benchmark has measured."""
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text("utf-8"))


def slower(times: str) -> Callable[[], str]:
    """How many times the processor time of pyarrow a reader of CSV needs."""
    found = measured("reading")["processors"]
    return lambda: f"{found[times] / found['pyarrow.csv']:.1f}"


def of(number: float, unit: float = 1.0) -> Callable[[], str]:
    """A constant of the code, in another unit."""
    return lambda: f"{number / unit:,.10g}"


def each_multiplication() -> str:
    """The instructions of the anomaly detector for each multiplication on a Cortex-M4."""
    found = measured("anomaly")
    [time] = [one["time"] for one in found["machines"] if one["machine"] == "Cortex-M4F"]
    return f"{time / found['multiplications']:.2f}"


def in_file(path: str, name: str, unit: float = 1.0) -> Callable[[], str]:
    """A constant of a script, in another unit."""
    [number] = re.findall(rf"const {name} = ([\d_]+);", Path(ROOT, path).read_text("utf-8"))
    return of(int(number.replace("_", "")), unit)


def of_dask(module: str, name: str) -> float:
    """A constant of a module that only the extra dask can import."""
    for node in ast.parse(Path(ROOT, "nngen", "dask", module).read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return float(ast.literal_eval(node.value))
    raise LookupError(name)


WAIT, BLOCK, ROWS_OF_SHARD = of_dask("fit.py", "WAIT"), of_dask("gradients.py", "BLOCK"), of_dask("paths.py", "ROWS")

PLAYGROUND = "docs/playground/app.mjs"


FIGURES: list[tuple[str, str, Callable[[], object]]] = [
    ("README.md", "{} activations, ", of(len(ACTIVATIONS))),
    ("README.md", " activations, {} losses", of(len(LOSSES))),
    ("README.md", " losses and {} optimizers", of(len(OPTIMIZERS))),
    ("CHANGELOG.md", "CSV in {} times the processor time of pyarrow", slower("nngen, csv")),
    ("CHANGELOG.md", "or {} times without it", slower("nngen, csv, without pyarrow")),
    ("docs/predict.md", "the mean answer if up to {} rows had the same value", of(dependence.MOST_ROWS)),
    ("docs/predict.md", "in ten groups of probabilities with {} rows or more", of(curves.FEW)),
    ("docs/predict.md", "Groups of fewer than {} rows are marked", of(groups.FEW)),
    ("docs/predict.md", "in {} times the processor time of pyarrow alone", slower("nngen, csv")),
    ("docs/predict.md", "in {} times that time, on one processor", slower("nngen, csv, without pyarrow")),
    (
        "docs/predict.md",
        "({} rows of 21 columns, `python -m benchmarks.reading`)",
        of(measured("reading")["rows"]),
    ),
    ("docs/predict.md", "fewer than {} rows, draw a caution", of(intervals.FEW)),
    ("docs/predict.md", "With {} validation rows or more", of(temperature.FEWEST)),
    ("CHANGELOG.md", "a classifier with {} validation rows", of(temperature.FEWEST)),
    ("docs/predict.md", "A batch is about {} MB of CSV", of(tables.BLOCK, 1e6)),
    ("docs/predict.md", "{} rows of Parquet or", of(sources.BATCH)),
    ("docs/predict.md", "reads files of more than {} MB", of(tables.LARGE, 1e6)),
    ("docs/predict.md", "A text has at most {} bytes", of(sources.MAX_LINE)),
    ("docs/predict.md", "A line has at most {} bytes", of(sources.MAX_LINE)),
    ("docs/predict.md", "of other scales {} times the interval", of(FAR)),
    ("docs/init.md", "where one has fewer than {} rows", of(held_out_rows.FEW)),
    ("CHANGELOG.md", "where a class has fewer than {} rows", of(held_out_rows.FEW)),
    ("docs/init.md", "though they explain {} % or more of the variance", of(leaks.LEAST, 0.01)),
    ("docs/predict.md", "are read as a whole: at most {} rows", of(sources.MAX_ROWS)),
    ("docs/predict.md", "rows and {} MB.", of(sources.MAX_FILE, 1e6)),
    ("docs/recommend.md", "A table of the spec has at most {} rows", of(sources.MAX_ROWS)),
    ("docs/proof.md", "{} ULP are allowed: 12 digits", of(ulps.ALLOWED)),
    ("docs/proof.md", "moves by more than {} ULP", of(ulps.SENSITIVE)),
    ("docs/proof.md", "only an error {} times as large", of(ulps.MISTAKE_FACTOR)),
    ("docs/init.md", "if {} % of its values are numbers of one style", of(number_guess.SHARE, 0.01)),
    (
        "docs/playground.md",
        "a CSV file of at most {} rows",
        in_file(PLAYGROUND, "MAX_ROWS"),
    ),
    ("docs/playground.md", "Changes include a wait of {} ms", in_file(PLAYGROUND, "WAIT")),
    ("docs/playground.md", "your table (up to {} MB)", in_file("docs/playground/kept.mjs", "MAX_BYTES", 1e6)),
    ("docs/gallery.md", "also for tables of {} rows", in_file("templates/explain/experiments.js", "POOLED")),
    ("docs/gallery.md", "a frame has {} ms for epochs", in_file("templates/explain/training.js", "FRAME")),
    (
        "docs/gallery.md",
        "The table has up to {} rows",
        in_file("templates/explain/ratings.js", "MOST_LISTED"),
    ),
    ("docs/machines.md", "the mean of up to {} rows", of(machines.ROWS)),
    ("docs/int8.md", "the command compares {} rows", of(importing.ROWS)),
    ("docs/int8.md", "by more than 1 point and by at least {} rows", of(integers.FEW)),
    ("docs/int8.md", "or the mean error grows by more than {} %", of(integers.GROWN, 0.01)),
    ("docs/int8.md", "{} % of the mean distance", of(integers.SEEN, 0.01)),
    ("docs/int8.md", "takes](machines.md#an-anomaly-detector) {} instructions", each_multiplication),
    ("docs/machines.md", "its AUC is {}, in float64", of(measured("anomaly")["areas"][1])),
    ("docs/machines.md", "in float64 {}. An AVR", of(measured("anomaly")["areas"][0])),
    (
        "docs/sensitivity.md",
        "a correlation of {} or more",
        of(min(one for one, _ in measured("contributions").values())),
    ),
    *(
        ("docs/sensitivity.md", f"| {'-'.join(map(str, sizes))} | {{}} |", partial(" | ".join, [*map(str, ratios)]))
        for sizes, ratios in zip(jacobians.NETWORKS, measured("jacobians"), strict=True)
    ),
    ("docs/scale.md", "compute {} rows at a time", of(BLOCK)),
    ("docs/scale.md", "A file with more than {} rows is several shards", of(ROWS_OF_SHARD)),
    ("docs/scale.md", "one of CSV is cut after each {} rows", of(ROWS_OF_SHARD)),
    ("docs/scale.md", "has no workers after {} s", of(WAIT)),
    ("docs/import.md", "Before anything is written, {} rows go", of(INPUTS)),
    ("docs/module.md", "by hand [in {} lines]", of((ROOT / "docs" / "xor_by_hand.py").read_text("utf-8").count("\n"))),
    ("docs/import.md", "Files of more than {} MB or", of(SMALL.file, 2**20)),
    ("docs/import.md", "MB or {} constants are refused", of(SMALL.numbers)),
]
"""A page, a sentence with a gap, and what fills it: a constant of the code, or what a benchmark has measured."""

UNCHECKED = {
    "CHANGELOG.md": 1,
    "docs/c.md": 4,
    "docs/clock.md": 2,
    "docs/compiled.md": 1,
    "docs/conventions.md": 2,
    "docs/init.md": 4,
    "docs/int8.md": 1,
    "docs/javascript.md": 1,  # tests/oracle/test_javascript_bundles.py compares it
    "docs/machines.md": 4,
    "docs/module.md": 8,
    "docs/predict.md": 5,
    "docs/proof.md": 8,
    "docs/scale.md": 6,
    "docs/speed.md": 3,
    "docs/tables.md": 1,
    "docs/vendoring.md": 1,  # tests/oracle/test_machines.py compares it
}
"""How many figures with a unit have no entry yet; a new one needs an entry above."""
