"""Generated JavaScript beside TensorFlow.js, brain.js and synaptic, in Node.

    python -m benchmarks.javascript     # some minutes; writes docs/speed_javascript.json

The networks, parameters and examples are those of ``benchmarks.speed``. brain.js and synaptic take one example at a
time and have relu in another form (brain.js with a slope of 0.01 below 0, also at the output), so their results are
not compared. All peers of a cell run in one process, in turns.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.cells import BATCHES, NETWORKS, RATE, Cell
from benchmarks.runtimes import node
from benchmarks.speed import processor

HERE = Path(__file__).parent / "javascript"
RESULTS = Path(__file__).resolve().parent.parent / "docs" / "speed_javascript.json"
ROUNDS = 9
MILLISECONDS = 40
"""The approximate time of a peer in a round."""
WARMING = 1000
"""How many milliseconds a peer runs before: an engine compiles a long function in the background, after some calls."""


def of_cell(cell: Cell, folder: Path) -> list[dict[str, Any]]:
    """The microseconds of each peer in each round, for a step, an epoch and a prediction."""
    page = folder / f"net_{cell.name.replace('-', '_')}.mjs"
    page.write_text(cell.page("javascript"), encoding="utf-8")
    given = {
        "module": page.as_uri(),
        "sizes": cell.sizes,
        "batch": cell.batch,
        "rate": RATE,
        "flat": [float(value) for p in cell.params for value in p.ravel()],
        "x": cell.x.tolist(),
        "y": cell.y.tolist(),
        "rounds": ROUNDS,
        "milliseconds": MILLISECONDS,
        "warming": WARMING,
    }
    command = ["node", str(HERE / "cell.mjs")]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    return [
        {"network": cell.name, "batch": cell.batch, "work": kind, "times": _rounded(times)}
        for kind, times in json.loads(done.stdout).items()
    ]


def _rounded(times: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [float(f"{value:.4g}") for value in rounds] for name, rounds in times.items()}


def main() -> None:
    """Measure all cells."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for sizes in NETWORKS[:4]:
            for batch in BATCHES:
                for result in of_cell(Cell(sizes, batch), Path(folder)):
                    results.append(result)
                    print(f"\n{result['network']}, batch {batch}, {result['work']}", flush=True)
                    for name, times in result["times"].items():
                        low, middle, high = quantiles(times, n=4)
                        print(f"  {name:22} {middle:12.2f} us  ({low:.2f} to {high:.2f})")
    packages = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    about = {"processor": processor(), "node": next(iter(node())), **packages}
    lines = ",\n".join(json.dumps(result) for result in results)
    RESULTS.write_text(f'{{"about": {json.dumps(about, indent=1)},\n"results": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
