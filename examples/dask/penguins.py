"""Train a module of nngen on files that the workers of Dask read and encode.

    pip install cloudpickle dask distributed fsspec threadpoolctl
    python penguins.py [tcp://SCHEDULER:PORT]

Without an address, it starts two workers on this machine.
"""

import sys
from pathlib import Path

from distributed import Client, LocalCluster

from nngen.dask import Columns, fit, predict
from nngen.reading import load
from nngen.targets import as_module, texts

SPECS = Path(__file__).resolve().parents[2] / "specs"
TABLE = SPECS / "data" / "penguins.csv"


def main(address: str | LocalCluster) -> None:
    """Train on three shards, here of the same file, and count the rows."""
    module = texts(load(SPECS / "penguins.yaml"), SPECS, ["numpy"])["numpy"]  # with all parts
    net = as_module("penguins", module)
    files = [TABLE, TABLE, TABLE]
    with Client(address) as client:
        params, history = fit(client, module, net.init(), files, columns=Columns("species"), batch_size=256, epochs=10)
        rows = sum(len(outputs) for outputs in predict(client, module, params, files))
    print(f"{rows} rows, loss {history[0]:.3f} in the first epoch, {history[-1]:.3f} in the last")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
            main(cluster)
