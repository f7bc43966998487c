"""Answer the rows of a Spark table with a module of nngen, which travels to the executors as text.

The executors need NumPy and pyarrow, and nothing of nngen. This needs Java 17 and its own environment:

    nngen build specs/penguins.yaml --contents all --target numpy --out build/examples
    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python score.py

It trains the penguins here, answers their table with Spark, and checks that the answers are those of the module alone.
"""

import csv
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

ROOT = Path(__file__).resolve().parents[2]
MODULE, TABLE = ROOT / "build" / "examples" / "numpy" / "penguins.py", ROOT / "specs" / "data" / "penguins.csv"


def scorer(text: str, flat: list[float]) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for ``mapInArrow``: from batches of rows to their classes and the probabilities of these."""

    def scored(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from types import ModuleType

        net: Any = ModuleType("net")
        exec(text, net.__dict__)  # noqa: S102 (your own module)
        params = net.unpack(flat)
        for batch in batches:
            columns = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in net.COLUMNS}
            shares = net.predict_proba(params, columns)
            yield pa.RecordBatch.from_arrays(
                [pa.array(net.decode(shares)), pa.array(shares.max(axis=1))], ["class", "p"]
            )

    return scored


def main() -> None:
    """Train, answer with Spark, and compare.

    Raises:
        SystemExit: the answers differ.
    """
    text = MODULE.read_text("utf-8")
    net: Any = ModuleType("penguins")
    exec(text, net.__dict__)  # noqa: S102 (a module of this repository)
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    number = {name for name in net.COLUMNS if name not in net.CATEGORIES}
    for row in rows:
        row.update({name: float(row[name]) if row[name] not in ("", "NA") else None for name in number})
        row.update({name: None for name in net.CATEGORIES if row[name] in ("", "NA")})
    targets = [[float(row["species"] == name) for name in net.CLASSES] for row in rows]
    params, _ = net.fit(net.init(), net.encode(rows), targets, epochs=20)

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        table: DataFrame = spark.read.csv(str(TABLE), header=True, inferSchema=True, nullValue="NA").select(
            *net.COLUMNS
        )
        scored = table.repartition(3).mapInArrow(scorer(text, net.pack(params)), "class string, p double")
        found = sorted((row["class"], row["p"]) for row in scored.collect())
    finally:
        spark.stop()
    shares = net.predict_proba(params, rows)
    expected = sorted(zip(net.decode(shares), shares.max(axis=1).tolist(), strict=True))
    same = [a[0] == b[0] and abs(a[1] - b[1]) < 1e-12 for a, b in zip(found, expected, strict=True)]
    print(f"{len(found)} rows, {sum(same)} with the answer of the module alone")
    sys.exit(not all(same))


if __name__ == "__main__":
    main()
