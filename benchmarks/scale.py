"""What does a cluster gain, from which size on, and what would a training on 10⁹ rows take?

A step of training with all rows, 64-32-10 units, float64, in this process and on one and two workers of this machine,
then the parts of a step alone: the gradient of a row, the costs of a task, reading a file, the order of an epoch. The
projection adds these parts up. All numbers of a run belong together: wall time suffers where others use the machine,
so processor time stands beside it.

    python -m benchmarks.scale [ROWS ...]

Without ROWS it also writes docs/scale.json, from which docs/paste.py takes the tables of docs/scale.md.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as Dask sets them for workers
    os.environ[name] = "1"

import json
import statistics
import sys
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from distributed import Client, LocalCluster
from pyarrow import parquet

from nngen.dask import Columns, fit
from nngen.dask.modules import with_kernel
from nngen.reading import parse
from nngen.targets import as_module, texts

DEFAULT = (1_000, 10_000, 100_000)
SIZES = tuple(map(int, sys.argv[1:])) or DEFAULT
FOUND: dict[str, Any] = {}
"""The tables by name."""

INPUTS, HIDDEN, OUTPUTS = 64, 32, 10
SHARDS, STEPS = 8, 4
MINI = 4_096
MANY = 1_000_000_000
SPEC = f"""
name: wide
inputs: {{name: x, size: {INPUTS}}}
layers:
  - {{name: hidden, units: {HIDDEN}, activation: relu}}
  - {{name: output, units: {OUTPUTS}, activation: softmax}}
loss: cross_entropy
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}, epochs: {STEPS}, batch_size: full}}
data: {{classes: [{", ".join(f"c{k}" for k in range(OUTPUTS))}]}}
targets: [numpy, {{name: c, binding: true}}]
"""
PAGES = texts(parse(SPEC, "wide"), Path())
TEXT = PAGES["numpy"]
NET = as_module("wide", TEXT)


class Clock:
    """Wall and processor seconds of each epoch; the first one also loads, and is left out."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._marks = [self._now()]

    def _now(self) -> tuple[float, float, float]:
        """Wall time before and after asking for processor time, and the latter."""
        ended = time.perf_counter()
        workers = sum(self._client.run(time.process_time).values()) if self._client else 0.0
        used = time.process_time() + workers
        return ended, used, time.perf_counter()

    def __call__(self, *_: object) -> None:
        """The callback of ``fit``."""
        self._marks.append(self._now())

    @property
    def seconds(self) -> tuple[float, float]:
        """Wall and processor seconds of an epoch, each the median."""
        pairs = zip(self._marks[1:-1], self._marks[2:], strict=True)
        wall, used = zip(*((b[0] - a[2], b[1] - a[1]) for a, b in pairs), strict=True)
        return statistics.median(wall), statistics.median(used)


def data(rows: int) -> tuple[Any, Any]:
    """Random inputs, and classes in turn."""
    return np.random.default_rng(1).normal(size=(rows, INPUTS)), np.eye(OUTPUTS)[np.arange(rows) % OUTPUTS]


def timed(
    client: Any, rows: int, batch_size: int | None, shards: int = SHARDS, module: Any = TEXT
) -> tuple[float, float]:
    """The seconds of an epoch in shards; with the client "alone", by the module itself."""
    x, y = data(rows)
    clock = Clock(None if client == "alone" else client)
    if client == "alone":
        NET.fit(NET.init(), x, y, batch_size=batch_size, callback=clock)
    else:
        parts = [*zip(np.array_split(x, shards), np.array_split(y, shards), strict=True)]
        fit(client, module, NET.init(), parts, batch_size=batch_size, callback=clock)
    return clock.seconds


def measured(rows: int, batch_size: int | None, ways: Mapping[str, Any]) -> list[str]:
    """A row of the first table."""
    found = [timed(client, rows, batch_size) for client in ways.values()]
    cells = [f"{1e3 * wall:,.0f} ({1e3 * used:,.0f})" for wall, used in found]
    return [f"{rows:,}", f"{batch_size:,}" if batch_size else "all rows", *cells]


def loading(client: Any, folder: Path, rows: int = 200_000) -> float:
    """Processor seconds of the workers to read and encode a million rows of Parquet."""
    x, y = data(rows)
    columns: dict[str, Any] = {f"x{k + 1}": x[:, k] for k in range(INPUTS)}
    classes = pa.array([f"c{k}" for k in y.argmax(axis=1)])
    parquet.write_table(pa.table({**columns, "class": classes}), folder / "rows.parquet")
    given: dict[str, Any] = {"columns": Columns("class"), "epochs": 0}
    fit(client, TEXT, NET.init(), [folder / "rows.parquet"], **given)  # the first one also imports pyarrow
    before = client.run(time.process_time)
    fit(client, TEXT, NET.init(), [folder / "rows.parquet"], **given)
    after = client.run(time.process_time)
    return float(sum(after[worker] - before[worker] for worker in before)) / rows * 1e6


def ordering(rows: int = 10_000_000) -> float:
    """Processor seconds of the client for the order of an epoch of a million rows."""
    start = time.process_time()
    NET._order(rows, 1, 0)
    return (time.process_time() - start) / rows * 1e6


def printed(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown, and keep it."""
    FOUND[name] = head, (kept := [])
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(row)} |", flush=True)
        kept.append(row)
    del kept[:2]
    print()


def main() -> None:
    """Measure, and print the tables."""
    warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with (
        LocalCluster(n_workers=1, **options) as one,
        LocalCluster(n_workers=2, **options) as two,
        Client(one) as first,
        Client(two) as second,
        TemporaryDirectory() as folder,
    ):
        busy = f"load {os.getloadavg()[0]:.1f} before it began"
        FOUND["about"] = f"{os.cpu_count()} processors, {busy}, NumPy {np.__version__}"
        print(f"{FOUND['about']}\n")
        ways = {"module": "alone", f"{SHARDS} shards here": None, "1 worker": first, "2 workers": second}
        printed(
            "epochs",
            ["rows", "batch", *ways],
            (measured(rows, size, ways) for rows in SIZES for size in (None, MINI) if rows > (size or 0)),
        )

        row = timed(None, 100_000, None)[1] / 100_000
        row_in_c = timed(None, 100_000, None, module=with_kernel(PAGES, "wide", "c"))[1] / 100_000
        few, many = (timed(second, 1_000, None, shards) for shards in (2, 42))
        task, step = (many[1] - few[1]) / 40, few[1] - 2 * (many[1] - few[1]) / 40
        load, order = loading(second, Path(folder)), ordering()
        parts = [
            ["the gradient of a row", f"{1e6 * row:.2f} µs"],
            ["the same by the header of C", f"{1e6 * row_in_c:.2f} µs"],
            ["a task, client, scheduler and worker together", f"{1e3 * task:.2f} ms"],
            ["a step, beside its tasks", f"{1e3 * max(step, 0.0):.1f} ms"],
            ["reading and encoding a million rows of Parquet", f"{load:.1f} s"],
            ["the order of an epoch of a million rows, on the client", f"{order:.2f} s"],
        ]
        printed("parts", ["part", "processor time"], parts)

        even = [
            [str(workers), f"{(max(step, 0.0) + SHARDS * task) / (row * (1 - 1 / workers)):,.0f}"]
            for workers in (2, 4, 8)
        ]
        printed("even", ["workers", f"rows of a batch at which {SHARDS} shards cost as much as they save"], even)

        shards = MANY // 1_000_000
        projected = []
        for workers in (8, 32, 128, 512):
            compute, tasks = MANY * row / workers, max(step, 0.0) + shards * task
            memory = MANY * 8 * (INPUTS + OUTPUTS) / workers / 1e9
            cells = [f"{MANY / 1e6 * load / workers / 60:,.1f} min", f"{compute:,.1f} s", f"{tasks:,.1f} s"]
            projected.append([str(workers), f"{memory:,.1f} GB", *cells, f"{compute / (compute + tasks):.0%}"])
        head = ["workers", "memory of each", "loading", "a step: gradients", "a step: tasks", "use of the workers"]
        printed("projection", head, projected)
    if SIZES == DEFAULT:
        path = Path(__file__).parents[1] / "docs" / "scale.json"
        path.write_text(json.dumps(FOUND, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
