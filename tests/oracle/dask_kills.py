"""A campaign of kills: workers and clients are killed at every place of a training, and the final bits compared.

    python -m tests.oracle.dask_kills [EVERY]

The rows are objects in a storage. Prints after each run how many there were of its kind, and how many ended with the
bits of a run without a fault and without a cluster, from files.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import CLIENT_THAT_IS_KILLED, bits, cluster, faulty, module
from tests.oracle.storages import s3
from tests.support.modules import ROOT

KILL = "_os.kill(_os.getpid(), _signal.SIGKILL)"
EPOCHS, BATCH, CLASS = 4, 30, "species"
SIZES = 70, 33, 47  # each batch has rows of each file
IRIS = ROOT / "specs" / "iris.yaml"


def trained(client: Any, text: str, address: str, **options: Any) -> tuple[bytes, ...]:
    """The bits of a training of a module."""
    from nngen.dask import Columns, fit, shards_of

    given: dict[str, Any] = {"columns": Columns(CLASS), "epochs": EPOCHS, "batch_size": BATCH, **options}
    return bits(fit(client, text, module(text).init(), shards_of(address), **given))


def written(folder: Path) -> None:
    """The flowers in three files of Parquet."""
    from pyarrow import csv, parquet

    table, first = csv.read_csv(IRIS.parent / "data" / "iris.csv"), 0
    for size in SIZES:
        parquet.write_table(table.slice(first, size), folder / f"{first:03}.parquet")
        first += size


def counted(counts: dict[str, list[bool]], name: str, same: bool) -> None:
    """Print how many runs of a kind there were until now."""
    found = counts.setdefault(name, [])
    found.append(same)
    print(f"{name}: {len(found)} runs, {sum(found)} with the same bits", flush=True)


def campaign(bucket: str, every: int) -> bool:
    """Kill at each place, or at every so many of them, and return whether all runs ended with the same bits."""
    import fsspec

    counts, text = dict[str, list[bool]](), texts(load(IRIS), IRIS.parent, ["numpy"])["numpy"]
    address = f"{bucket}/kills/*.parquet"
    with TemporaryDirectory() as rows:
        written(Path(rows))
        fsspec.filesystem("s3").put(f"{rows}/", f"{bucket}/kills/", recursive=True)
        expected = trained(None, text, rows)
    gradients = range(len(SIZES) * (sum(SIZES) // BATCH) * EPOCHS)
    for function, calls in ("_checked_targets", range(len(SIZES))), ("gradient", gradients):
        for call in calls[::every]:
            # a nanny does not start a worker again that is killed while the nanny itself is starting it
            with cluster() as client, TemporaryDirectory() as folder:
                killing = faulty(text, Path(folder), call, KILL, function)
                same = trained(client, killing, address) == expected and len(os.listdir(folder)) > call
            counted(counts, f"SIGKILL of a worker within {function}", same)
    with cluster() as client, TemporaryDirectory() as folder:
        Path(folder, "net.py").write_text(text, "utf-8")
        for write in range(1, 13)[::every]:
            path = Path(folder) / f"{write}.checkpoint"
            given = [str(path), str(write), f"{folder}/net.py", address, CLASS, str(BATCH)]
            run = subprocess.run([sys.executable, "-c", CLIENT_THAT_IS_KILLED, *given], cwd=ROOT, check=False)
            same = trained(client, text, address, checkpoint=path, resume=True) == expected
            counted(counts, "SIGKILL of the client after a checkpoint", run.returncode == -9 and same)
    return all(map(all, counts.values()))


if __name__ == "__main__":
    with s3() as started:
        sys.exit(not campaign(started, *map(int, sys.argv[1:]) if sys.argv[1:] else (1,)))
