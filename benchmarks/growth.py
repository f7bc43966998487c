"""How time grows with the number of weights, and with the number of rows.

    python -m benchmarks.growth     # some minutes; writes docs/speed_growth.json

Weights: a training step on one example, for k inputs, k units of relu and one output, which have (k + 1) squared
weights. Rows: an epoch of 4-8-3 in batches of 32, checks of the rows included. Times are processor time, the least of
the rounds. The slope is that of a line through the logarithms: 1 if time doubles with the size, less where overhead
dominates.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

import numpy as np

from benchmarks.binding import GeneratedC
from benchmarks.cells import Cell
from benchmarks.peers import GeneratedNumPy, GeneratedPython, Peer
from benchmarks.runtimes import node

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "speed_growth.json"
WEIGHTS = tuple(10**p for p in range(2, 8))
ROWS = tuple(10**p for p in range(2, 7))
TARGETS: dict[str, tuple[type[Peer], int]] = {
    "nngen python": (GeneratedPython, 10**6),
    "nngen numpy": (GeneratedNumPy, 10**7),
    "nngen c": (GeneratedC, 10**7),
}
"""The targets in Python, and the most weights: 10 million lists of floats would take gigabytes."""

MOST_IN_NODE = 10**6
ROUNDS = 3
SECONDS = 0.05
"""The least time of a measurement."""

SCRIPT = """
import { readFileSync } from "node:fs";
const { module, x, y, batch, rows } = JSON.parse(readFileSync(0, "utf8"));
const net = await import(module);
let params = net.init(1);
const some = (values, count) => Array.from({ length: count }, (_, k) => values[k % values.length]);
const [xs, ys] = [some(x, rows), some(y, rows)];
const alone = () => {
  params = net.step(params, net.gradient(params, x[0], y[0])[1], net.init_state(params))[0];
};
const run = batch === 1 ? alone : () => net.fit(params, xs, ys, { epochs: 1, batch_size: batch, seed: null });
const timed = (count) => {
  const begun = process.cpuUsage();
  for (let i = 0; i < count; i++) run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
};
let count = 1;
while (timed(count) < SECONDS) count *= 2;
let best = Infinity;
for (let round = 0; round < ROUNDS; round++) best = Math.min(best, timed(count) / count);
console.log(best);
"""


def by_weights() -> Iterator[tuple[str, int, float]]:
    """The target, the number of weights, and the seconds of a step."""
    for weights in WEIGHTS:
        units = round(weights**0.5) - 1
        cell = Cell((units, units, 1), 1)
        for name, (peer_of, most) in TARGETS.items():
            if weights <= most:
                peer = peer_of(cell)
                yield name, weights, least(peer.step)
                peer.close()
        if node() and weights <= MOST_IN_NODE:
            yield "nngen javascript", weights, in_node(cell, 1)


def by_rows() -> Iterator[tuple[str, int, float]]:
    """The target, the number of rows, and the seconds of an epoch."""
    cell = Cell((4, 8, 3), 32)
    for rows in ROWS:
        x, y = np.resize(cell.x, (rows, 4)), np.resize(cell.y, (rows, 3))
        for name, (peer_of, _) in TARGETS.items():
            peer: Any = peer_of(cell)
            xs, ys = (x.tolist(), y.tolist()) if name == "nngen python" else (x, y)
            fit, params = peer.module.fit, peer.params
            yield name, rows, least(lambda: fit(params, xs, ys, 1, 32, None))  # noqa: B023 (called at once)
            peer.close()
        if node():
            yield "nngen javascript", rows, in_node(cell, rows)


def least(call: Callable[[], object]) -> float:
    """The least processor time of a call; one that takes more than a second runs once."""
    count, seconds = 1, _timed(call, 1)
    if seconds > 1.0:
        return seconds
    seconds = _timed(call, 1)
    while seconds < SECONDS:
        count *= 2
        seconds = _timed(call, count)
    return min(seconds, *(_timed(call, count) for _ in range(ROUNDS - 1))) / count


def _timed(call: Callable[[], object], count: int) -> float:
    begun = process_time()
    for _ in range(count):
        call()
    return process_time() - begun


def in_node(cell: Cell, rows: int) -> float:
    """The same for JavaScript: a step on one example, or an epoch of some rows in batches."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "net.mjs"
        page.write_text(cell.page("javascript"), encoding="utf-8")
        given = {"module": page.as_uri(), "x": cell.x.tolist(), "y": cell.y.tolist(), "batch": cell.batch, "rows": rows}
        script = SCRIPT.replace("SECONDS", str(SECONDS)).replace("ROUNDS", str(ROUNDS))
        command = ["node", "--max-old-space-size=4096", "--input-type=module", "-e", script]
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
        return float(done.stdout)


def slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of time by size, both as logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def main() -> None:
    """Measure both."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for what, measured in (("weights", by_weights()), ("rows", by_rows())):
        table = found.setdefault(what, {})
        for name, size, seconds in measured:
            one = table.setdefault(name, {"sizes": [], "seconds": []})
            one["sizes"].append(size)
            one["seconds"].append(float(f"{seconds:.4g}"))
            print(f"{what} {size:>10,}  {name:18} {seconds * 1e6:14,.1f} us", flush=True)
        for name, one in table.items():
            one["slope"] = round(slope(one["sizes"], one["seconds"]), 2)
            print(f"{what}: {name}, slope {one['slope']}")
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
