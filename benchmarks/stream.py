"""How much memory do ``nngen predict`` and ``nngen evaluate`` need? The largest resident size of the process.

The tables have 10,000, 100,000 and 1,000,000 rows with 20 columns of numbers, one of texts, and the class.

    python -m benchmarks.stream [ROWS ...]
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from pyarrow import csv, feather, parquet

from nngen.reading import load
from nngen.targets import as_module, texts

SIZES = tuple(map(int, sys.argv[1:])) or (10_000, 100_000, 1_000_000)
NUMBERS = [f"x{i}" for i in range(1, 21)]
KINDS = ["rent", "own", "free of charge"]
SPEC = f"""
name: loans
inputs: [{", ".join(NUMBERS)}, {{name: kind, categories: [{", ".join(KINDS)}]}}]
layers:
  - {{name: hidden, units: 16, activation: tanh}}
  - {{name: output, units: 1, activation: sigmoid}}
loss: binary_cross_entropy
training: {{optimizer: {{name: adam, rate: 0.01}}, epochs: 1, batch_size: 100}}
data: {{file: small.csv, target: paid, classes: [no, yes], scale: standardize}}
"""


def table(rows: int) -> pa.Table:
    """Random numbers, texts and classes."""
    random = np.random.default_rng(rows)
    columns = {name: pa.array(np.round(random.normal(size=rows), 6)) for name in NUMBERS}
    texts = {"kind": pa.array(random.choice(KINDS, rows)), "paid": pa.array(random.choice(["no", "yes"], rows))}
    return pa.table({**columns, **texts})


def written(folder: Path, rows: int) -> Mapping[str, Path]:
    """A table in files of several kinds."""
    made, kinds = table(rows), ("csv", "csv.gz", "parquet", "feather", "npz")
    paths = {kind: folder / f"table{rows}.{kind}" for kind in kinds}
    csv.write_csv(made, paths["csv"])
    with pa.CompressedOutputStream(str(paths["csv.gz"]), "gzip") as file:
        csv.write_csv(made, file)
    parquet.write_table(made, paths["parquet"])
    feather.write_feather(made, str(paths["feather"]))
    arrays = {name: made[name].to_numpy() for name in NUMBERS}
    np.savez(paths["npz"], **arrays, **{name: made[name].to_numpy().astype(str) for name in ("kind", "paid")})
    return paths


def megabytes(arguments: list[str], given: Path | None = None) -> float:
    """The largest resident size of ``python -m nngen`` with these arguments.

    Raises:
        RuntimeError: the command fails.
    """
    actions = [(os.POSIX_SPAWN_OPEN, 0, str(given or os.devnull), os.O_RDONLY, 0)]
    actions.append((os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0))
    command = [sys.executable, "-m", "nngen", *arguments]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(" ".join(command))
    return usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        spec, params = folder / "loans.yaml", folder / "loans.json"
        spec.write_text(SPEC, encoding="utf-8")
        csv.write_csv(table(1_000), folder / "small.csv")
        module = as_module("loans", texts(load(spec), folder, ["numpy"])["numpy"])
        module.save(module.init(), str(params))
        print("MB, largest resident size     ", *(f"{rows:>12,}" for rows in SIZES))
        found: dict[str, list[float]] = {}
        for rows in SIZES:
            with Pool(1) as pool:  # Linux counts the memory of the parent for a child: this process stays small
                paths = pool.apply(written, (folder, rows))
            for kind, path in paths.items():
                out = ["-o", str(folder / "out.csv"), "--force"]
                found.setdefault(f"predict {kind}", []).append(
                    megabytes(["predict", str(spec), str(path), "--params", str(params), *out])
                )
            more = {
                "predict csv, standard input": (["predict", str(spec), "-"], paths["csv"]),
                "evaluate csv": (["evaluate", str(spec), str(paths["csv"])], None),
                "evaluate parquet": (["evaluate", str(spec), str(paths["parquet"])], None),
            }
            for what, (arguments, given) in more.items():
                found.setdefault(what, []).append(megabytes([*arguments, "--params", str(params)], given))
            for path in paths.values():
                path.unlink()
        for what, sizes in found.items():
            print(f"{what:<30}", *(f"{size:>12.0f}" for size in sizes))


if __name__ == "__main__":
    main()
