"""MLPerf Tiny's anomaly detector in integers: flash, RAM, instructions for each multiplication, AUC on vibrations.

    python -m benchmarks.machines.anomaly [PARAMS]

It makes the vibrations of examples/anomaly, trains for some minutes unless parameters are given, and writes
benchmarks/anomaly.json. An AVR has no room for it.
"""

import json
import runpy
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.machines.measure import ROOT, trained
from nngen.commands.integers import compared
from nngen.commands.machines import MACHINES, measured
from nngen.commands.predict import Asked
from nngen.commands.small import in_integers, planned
from nngen.integers import quantized
from nngen.plan import plan
from nngen.reading import load, parameter_files

EXAMPLE = ROOT / "examples" / "anomaly"


def main(params: Path | None) -> None:
    """Measure it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runpy.run_path(str(EXAMPLE / "vibrations.py"))["write"](folder)
        path = Path(shutil.copy(EXAMPLE / "machine.yaml", folder))
        spec = load(path)
        flat = [*parameter_files.stored(params, plan(spec)).values] if params else trained(spec, path)
        network = quantized(spec, planned(spec, path)[0], path, flat)
        products = sum(layer.units * len(rows[0]) for layer in network.layers for rows in layer.weights)
        program = in_integers(spec, path, flat)
        machines = [{"machine": one.title, **vars(measured(one, program))} for one in MACHINES.values() if not one.avr]
        other = compared(Asked(spec, path, flat, folder / "machine.csv"))
        sys.stdout.write(f"{other}\n")
        assert other.areas  # the table has labels
        areas = [round(one, 3) for one in other.areas]
        found = {"multiplications": products, "areas": areas, "machines": machines}
        sys.stdout.write(f"{found}\n")
        (ROOT / "benchmarks" / "anomaly.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
