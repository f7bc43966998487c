"""How long does reading a table take? Seconds by the clock and of processors, beside pyarrow's own reader of CSV.

The table has 100,000 rows and 21 columns; each way reads it several times in turn, and the quickest time counts.

    python -m benchmarks.reading

The result goes to ``benchmarks/reading.json``.
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from pyarrow import csv, feather, parquet

from nngen.description.data import Expected, read_frame

RESULT = Path(__file__).with_suffix(".json")
ROWS = 100_000
ROUNDS = 9
NUMBERS = [f"x{i}" for i in range(1, 21)]
KINDS = ["rent", "own", "free of charge", "with the parents"]
EXPECTED = [*(Expected(name, "number", gaps=True) for name in NUMBERS), Expected("kind", "category", known=KINDS)]


def table() -> pa.Table:
    """Random numbers with six digits, a hundredth of them missing, and a column of texts."""
    random = np.random.default_rng(0)
    columns = {name: np.round(random.normal(size=ROWS), 6) for name in NUMBERS}
    made = pa.table({name: pa.array(values, mask=random.random(ROWS) < 0.01) for name, values in columns.items()})
    return made.append_column("kind", pa.array(random.choice(KINDS, ROWS)))


def written(folder: Path) -> Mapping[str, Path]:
    """The table in files of several kinds."""
    made, paths = table(), {kind: folder / f"table.{kind}" for kind in ("csv", "csv.gz", "parquet", "feather", "npz")}
    csv.write_csv(made, paths["csv"], csv.WriteOptions(quoting_style="needed"))
    with pa.CompressedOutputStream(str(paths["csv.gz"]), "gzip") as file:
        csv.write_csv(made, file)
    parquet.write_table(made, paths["parquet"])
    feather.write_feather(made, str(paths["feather"]))
    np.savez(
        paths["npz"], **{name: made[name].to_numpy() for name in NUMBERS}, kind=made["kind"].to_numpy().astype(str)
    )
    return paths


def by_lines(path: Path) -> None:
    """Read a file as without pyarrow."""
    with patch.dict(sys.modules, {"pyarrow": None}):
        read_frame(path, EXPECTED)


def seconds(ways: Mapping[str, Callable[[], object]]) -> tuple[dict[str, float], dict[str, float]]:
    """The quickest times of each way, by the clock and of processors; they take turns on a busy machine."""
    clock, processors = dict.fromkeys(ways, float("inf")), dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start, used = perf_counter(), process_time()
            way()
            clock[name] = min(clock[name], perf_counter() - start)
            processors[name] = min(processors[name], process_time() - used)
    return clock, processors


def main() -> None:
    """Measure, print and keep the result."""
    with TemporaryDirectory() as folder:
        paths = written(Path(folder))
        size = paths["csv"].stat().st_size
        ways: dict[str, Callable[[], object]] = {"pyarrow.csv": lambda: csv.read_csv(paths["csv"])}
        for kind, path in paths.items():
            ways[f"nngen, {kind}"] = lambda path=path: read_frame(path, EXPECTED)  # type: ignore[misc]
        ways["nngen, csv, without pyarrow"] = lambda: by_lines(paths["csv"])
        clock, processors = seconds(ways)
    for name, time in clock.items():
        used, alone = processors[name], "pyarrow.csv"
        print(
            f"{name:<28}{time:7.3f} s by the clock{time / clock[alone]:7.2f} times {alone}"
            f"{used:9.3f} s of processors{used / processors[alone]:7.2f} times"
        )
    found = {
        "rows": ROWS,
        "columns": len(EXPECTED),
        "bytes of the CSV file": size,
        "python": platform.python_version(),
        "pyarrow": version("pyarrow"),
        "load": round(os.getloadavg()[0], 1),
        "seconds": {name: round(time, 4) for name, time in clock.items()},
        "processors": {name: round(time, 4) for name, time in processors.items()},
    }
    RESULT.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
