"""What does a cluster gain, from which size on, and what would a training on 10⁹ rows take?

The parts of a step and of loading alone. Then steps of training of the network of specs/digits.yaml (64-32-10 units),
in float64, by the module itself, by eight shards in this process, and by one and two workers of this machine: medians
of five runs, in which the ways take turns. The projection adds the parts up. All numbers of a run belong together: wall
time suffers where others use the machine, so processor time stands beside it.

    python -m benchmarks.scale [ROWS ...]

Without ROWS it also writes docs/scale.json, from which docs/paste.py takes the tables of docs/scale.md.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as Dask sets them for workers
    os.environ[name] = "1"

import json
import pickle
import resource
import statistics
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dask
import numpy as np
import psutil
import pyarrow as pa
from distributed import Client, LocalCluster
from pyarrow import parquet

from nngen.dask import Columns, fit, shards_of
from nngen.dask.modules import with_kernel
from nngen.reading import load
from nngen.targets import as_module, texts

DEFAULT = (1_000, 3_000, 10_000, 30_000, 100_000)
SIZES = tuple(map(int, sys.argv[1:])) or DEFAULT
FOUND: dict[str, Any] = {}
"""The tables by name."""

INPUTS, OUTPUTS = 64, 10
SHARDS, STEPS, RUNS = 8, 4, 5
MINI = 4_096
SPECS = Path(__file__).parents[1] / "specs"
PAGES = texts(load(SPECS / "digits.yaml", None, ["targets=[numpy, {name: c, binding: true}]"]), SPECS)
TEXT = PAGES["numpy"]
NET = as_module("digits", TEXT)

MANY, MANY_STEPS = 1_000_000_000, 300
STORAGE, NETWORK = 100e6, 1.25e9
"""Assumed bytes a second: what a worker gets from the storage, and the network of the scheduler (10 Gbit/s)."""


class Clock:
    """Wall and processor seconds of each epoch; the first one also loads, and is left out."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._marks = [self._now()]

    def _now(self) -> tuple[float, float, float, float]:
        """Wall time before and after asking for processor time, that of all processes, and that of this one."""
        ended, here = time.perf_counter(), time.process_time()
        workers = sum(self._client.run(time.process_time).values()) if self._client else 0.0
        return ended, time.perf_counter(), time.process_time() + workers, here

    def __call__(self, *_: object) -> None:
        """The callback of ``fit``."""
        self._marks.append(self._now())

    @property
    def seconds(self) -> tuple[float, float, float]:
        """Wall and processor seconds of an epoch, and the latter of this process alone, each the median."""
        pairs = [*zip(self._marks[1:-1], self._marks[2:], strict=True)]
        wall = statistics.median(b[0] - a[1] for a, b in pairs)
        used = statistics.median(b[2] - a[2] for a, b in pairs)
        return wall, used, statistics.median(b[3] - a[3] for a, b in pairs)


def part(rows: int, seed: int) -> tuple[Any, Any]:
    """Random inputs, and classes in turn."""
    return np.random.default_rng(seed).random((rows, INPUTS)), np.eye(OUTPUTS)[np.arange(rows) % OUTPUTS]


def timed(
    client: Any, rows: int, batch_size: int | None, shards: int = SHARDS, module: Any = TEXT
) -> tuple[float, float, float]:
    """The seconds of an epoch in shards; with the client "alone", by the module itself."""
    sizes = [len(one) for one in np.array_split(np.empty(rows), shards)]
    clock = Clock(None if client == "alone" else client)
    options: dict[str, Any] = {"batch_size": batch_size, "epochs": STEPS + 1}
    if client == "alone":
        x, y = map(np.concatenate, zip(*map(part, sizes, range(shards)), strict=True))
        NET.fit(NET.init(), x, y, callback=clock, **options)
    else:
        lazy = [dask.delayed(part)(size, seed) for seed, size in enumerate(sizes)]
        fit(client, module, NET.init(), lazy, callback=clock, **options)
    return clock.seconds


def measured(rows: int, batch_size: int | None, ways: Mapping[str, Any]) -> list[str]:
    """A row of the first table: medians of the runs."""
    runs = [[timed(client, rows, batch_size) for client in ways.values()] for _ in range(RUNS)]
    found = [[statistics.median(values) for values in zip(*way, strict=True)] for way in zip(*runs, strict=True)]
    cells = [f"{1e3 * wall:,.1f} ({1e3 * used:,.1f})" for wall, used, _ in found]
    return [f"{rows:,}", f"{batch_size:,}" if batch_size else "all rows", *cells]


def written(folder: Path, rows: int) -> Path:
    """Random rows in a file of Parquet."""
    x, y = part(rows, 1)
    columns: dict[str, Any] = {name: x[:, k] for k, name in enumerate(NET.COLUMNS)}
    path = folder / f"{rows}.parquet"
    parquet.write_table(pa.table({**columns, "digit": pa.array(map(str, y.argmax(axis=1)))}), path)
    return path


def used(_: Any = None) -> tuple[float, int, int]:
    """Processor seconds, the bytes of this process, and the most that it has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return time.process_time(), psutil.Process().memory_info().rss, most


def loading(client: Any, folder: Path, rows: int = 100_000) -> tuple[float, float, float]:
    """Of a row of Parquet: processor seconds of a new worker to read and encode it, bytes at most, and in the file."""
    small, large = written(folder, 1_000), written(folder, rows)
    given: dict[str, Any] = {"columns": Columns("digit"), "epochs": 0}
    fit(client, TEXT, NET.init(), [small], **given)  # imports pyarrow
    ((began, had, _),) = client.run(used).values()
    fit(client, TEXT, NET.init(), shards_of(large), **given)
    ((ended, _, most),) = client.run(used).values()
    return (ended - began) / rows, (most - had) / rows, large.stat().st_size / rows


def waits(rows: int = 20_000, steps: int = 300) -> Any:
    """Wall seconds of steps of this process, each of which computes the same: they differ as those of workers do."""
    (x, y), params, found = part(1_024, 1), NET.init(), []
    for _ in range(steps):
        start = time.perf_counter()
        for _ in range(rows // len(x)):
            NET.gradient(params, x, y, checked=True)
        found.append(time.perf_counter() - start)
    return np.array(found)


def slowest(found: Any, workers: int) -> float:
    """How much longer the slowest of so many workers takes than a median one."""
    draws = np.random.default_rng(1).choice(found, size=(1_000, workers))
    return float(draws.max(axis=1).mean() / np.median(found))


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


def parts(first: Any, second: Any, folder: Path) -> dict[str, float]:
    """Measure the parts of a step and of loading, print them, and return them in seconds and bytes."""
    read, peak, size = loading(first, folder)
    row, in_c = (
        timed(None, 100_000, None, module=module)[1] / 1e5 for module in (TEXT, with_kernel(PAGES, "digits", "c"))
    )
    one, two = (timed(client, 1_000, None)[2] for client in (first, second))
    few, many = (timed(second, 2_000, None, shards) for shards in (2, 402))
    start = time.process_time()
    timed(second, 1_000, None, 202)
    middle = time.process_time()
    timed(second, 1_000, None, 2)
    listed = (2 * middle - start - time.process_time()) / 200
    shard = max(many[2] - few[2], 0.0) / 400
    found = {"row": row, "read": read, "peak": peak, "size": size, "message": max(two - one, 1e-4), "load": listed}
    found |= {"shard": shard, "step": max(one - (two - one) - SHARDS * shard, 0.0)}
    texts = [
        ["the gradient of a row", f"{1e6 * row:.2f} µs"],
        ["the same by the header of C", f"{1e6 * in_c:.2f} µs"],
        ["a step, client and scheduler", f"{1e3 * found['step']:.2f} ms"],
        ["and for each worker that it asks", f"{1e3 * found['message']:.2f} ms"],
        ["and for each shard", f"{1e6 * shard:.0f} µs"],
        ["loading a shard, client and scheduler", f"{1e3 * listed:.1f} ms"],
        ["reading and encoding a million rows of Parquet, worker", f"{1e6 * read:.1f} s"],
        [
            "memory of a row on its worker, and at most while its shard is read",
            f"{8 * (INPUTS + OUTPUTS)} and {peak:,.0f} bytes",
        ],
        ["the order of an epoch of a million rows, client", f"{ordering():.2f} s"],
    ]
    printed("parts", ["part", "processor time or memory"], texts)
    return found


def projection(known: Mapping[str, float], shard_rows: int = 100_000) -> Iterable[list[str]]:
    """What 10⁹ rows would take: the larger of reading and decoding, and steps of all rows."""
    sent, shards, found = len(pickle.dumps(NET.init(), 5)), MANY // shard_rows, waits()
    for workers in (8, 32, 128, 512):
        decode, read = MANY * known["read"] / workers, MANY * known["size"] / workers / STORAGE
        load = max(decode, read) + shards * known["load"]
        most = slowest(found, workers)
        compute = MANY * known["row"] / workers
        nodes = 1 if shards % workers == 0 else 2
        serial = known["step"] + workers * known["message"] + shards * known["shard"]
        serial += workers * sent * (1 + nodes) / NETWORK
        step = compute * most + serial
        memory = 8 * (INPUTS + OUTPUTS) * MANY / workers + known["peak"] * shard_rows
        yield [
            str(workers),
            f"{memory / 1e9:,.1f} GB",
            f"{load / 60:,.1f} min ({'storage' if read > decode else 'decoding'})",
            f"{compute:,.2f} s",
            f"{most:.2f}",
            f"{serial:,.2f} s",
            f"{(load + MANY_STEPS * step) / 60:,.0f} min",
            f"{compute / step:.0%}",
        ]


def main() -> None:
    """Measure, and print the tables."""
    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with (
        LocalCluster(n_workers=1, **options) as one,
        LocalCluster(n_workers=2, **options) as two,
        Client(one) as first,
        Client(two) as second,
        TemporaryDirectory() as folder,
    ):
        busy = f"load {os.getloadavg()[0]:.1f} before it began"
        FOUND["about"] = f"{os.cpu_count()} processors, {busy}, NumPy {np.__version__}, Dask {dask.__version__}"
        print(f"{FOUND['about']}\n")
        known = parts(first, second, Path(folder))
        ways = {"module": "alone", f"{SHARDS} shards here": None, "1 worker": first, "2 workers": second}
        sizes = [*((rows, None) for rows in SIZES), (SIZES[-1], MINI)]
        printed("epochs", ["rows", "batch", *ways], (measured(*pair, ways) for pair in sizes))
        head = [
            "workers",
            "memory of each",
            "loading",
            "a step: gradients",
            "times, by the slowest",
            "a step: client and scheduler",
        ]
        printed("projection", [*head, f"{MANY_STEPS} steps", "use of the workers"], projection(known))
    if SIZES == DEFAULT:
        path = Path(__file__).parents[1] / "docs" / "scale.json"
        path.write_text(json.dumps(FOUND, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
