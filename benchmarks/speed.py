"""How fast are generated modules, compared with other ways to run and train small networks?

    python -m benchmarks.speed              # everything: some minutes; writes docs/speed.json
    python -m benchmarks.speed 2-2-1 step   # a part, printed only

All peers have the same network, parameters, examples and precision, one core and one thread. First, loss, gradient and
outputs of each are compared with the reference. Then the peers take turns: in each round all run for about the same
time, and the order is reversed from round to round. Results are ratios within a round, so that a machine that is slow
for a while slows all peers of the round.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["DEV"] = "CPU"  # of tinygrad

import numpy as np
from threadpoolctl import threadpool_info

from benchmarks.binding import GeneratedC
from benchmarks.cells import BATCHES, NETWORKS, Cell
from benchmarks.elsewhere import PyPy
from benchmarks.floors import BareProducts, HandWrittenC, HandWrittenPython
from benchmarks.frameworks import Jax, OnnxRuntime, PyTorch, Tinygrad
from benchmarks.kernels import GeneratedKernel, UsualKernel
from benchmarks.peers import (
    Autograd,
    GeneratedNumPy,
    GeneratedPython,
    Micrograd,
    Peer,
    ScikitLearn,
    UsualNumPy,
    UsualPython,
    quietly,
)

PEERS: tuple[type[Peer], ...] = (
    GeneratedPython,
    UsualPython,
    PyPy,
    GeneratedNumPy,
    UsualNumPy,
    GeneratedC,
    GeneratedKernel,
    UsualKernel,
    Micrograd,
    Autograd,
    ScikitLearn,
    PyTorch,
    Jax,
    OnnxRuntime,
    Tinygrad,
    HandWrittenPython,
    HandWrittenC,
    BareProducts,
)
WORK = ("predict", "step", "epoch")
ROUNDS = 9
FEWEST = 3
SECONDS = 0.01
"""The approximate time of a peer in a round; a call that takes longer is a round."""

BUDGET = 0.3
"""The seconds of all rounds of a peer. One whose calls are slow has fewer rounds for it, but at least the fewest."""

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "speed.json"
PACKAGES = ("numpy", "micrograd", "autograd", "scikit-learn", "torch", "jax", "onnxruntime", "tinygrad")


def multiplications(cell: Cell, kind: str) -> int:
    """The approximate number of multiplications in a call."""
    weights = sum(p.size for p in cell.params)
    return weights * {"predict": cell.batch, "step": 3 * cell.batch, "epoch": 3 * len(cell.x)}[kind]


def agree(peer: Peer, kinds: Sequence[str] = WORK) -> None:
    """Stop if a peer does not agree with the reference; one that only predicts is compared by its outputs."""
    cell = peer.cell
    tolerance = {"float64": 1e-9, "float32": 1e-4}[cell.dtype]
    judged = peer.judged() if {*kinds} - {"predict"} else None
    loss, slopes = cell.expected
    if judged is not None:
        np.testing.assert_allclose(judged[0], loss, rtol=tolerance, err_msg=f"{peer.name}, {cell.name}: loss")
        for found, slope in zip(judged[1], slopes, strict=True):
            scale = np.abs(slope).max()
            np.testing.assert_allclose(
                found, slope, rtol=0, atol=tolerance * scale, err_msg=f"{peer.name}, {cell.name}"
            )
    outputs = peer.outputs()
    if outputs is not None:
        expected = cell.outputs
        scale = np.abs(expected).max()
        np.testing.assert_allclose(
            outputs, expected, rtol=0, atol=tolerance * scale, err_msg=f"{peer.name}, {cell.name}"
        )


def measure(peers: Sequence[Peer], kind: str) -> dict[str, list[float]]:
    """The seconds of a call, for each peer in each round; slow peers have fewer rounds."""
    calls, rounds = {}, {}
    found: dict[str, list[float]] = {}
    for peer in peers:
        peer.seconds(kind, 1)  # the first call may compile
        once, count = peer.seconds(kind, 1), 1
        found[peer.name] = [once] if once > SECONDS else []
        while once < SECONDS / 4 and count < 10**7:
            count = max(2 * count, int(count * SECONDS / 2 / max(once, 1e-9)))
            once = peer.seconds(kind, count)
        calls[peer.name] = max(1, round(count * SECONDS / once))
        rounds[peer.name] = min(ROUNDS, max(FEWEST, int(BUDGET / max(SECONDS, once / count))))
    for turn in range(ROUNDS):
        for peer in peers if turn % 2 == 0 else reversed(peers):
            if len(found[peer.name]) < rounds[peer.name]:
                found[peer.name].append(peer.seconds(kind, calls[peer.name]) / calls[peer.name])
    return found


def row(cell: Cell, kind: str, found: dict[str, list[float]]) -> dict[str, Any]:
    """A cell of the result: the microseconds of a call for each peer in each round."""
    times = {name: [float(f"{seconds * 1e6:.4g}") for seconds in rounds] for name, rounds in found.items()}
    return {"network": cell.name, "batch": cell.batch, "work": kind, "dtype": cell.dtype, "times": times}


def show(result: dict[str, Any]) -> None:
    """Print a cell: the median, and the middle half of the rounds."""
    print(f"\n{result['network']}, batch {result['batch']}, {result['work']}, {result['dtype']}", flush=True)
    for name, times in sorted(result["times"].items(), key=lambda item: median(item[1])):
        low, middle, high = quantiles(times, n=4)
        print(f"  {name:30} {middle:12.2f} us  ({low:.2f} to {high:.2f})")


def about() -> dict[str, Any]:
    """The machine and the versions of all libraries."""
    blas = [
        f"{pool['internal_api']} {pool['version']}, {pool['architecture']}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]
    programs = [subprocess.run([name, "--version"], capture_output=True, text=True).stdout for name in ("gcc", "pypy3")]
    return {
        "processor": processor(),
        "system": " ".join(platform.freedesktop_os_release().get(key, "") for key in ("NAME", "VERSION_ID")),
        "python": platform.python_version(),
        "BLAS of NumPy": blas[0] if blas else "unknown",
        "gcc": programs[0].split("\n")[0].split()[-1],
        "PyPy": programs[1].split("[PyPy ")[-1].split()[0],
        **{name: version(name) for name in PACKAGES},
    }


def processor() -> str:
    """The name of the processor."""
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def main(asked: Sequence[str]) -> None:
    """Measure the given cells, or all."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sys.setrecursionlimit(10**6)  # micrograd is recursive
    results = []
    begun = perf_counter()
    for sizes in NETWORKS:
        for batch in BATCHES:
            cell = Cell(sizes, batch)
            kinds = [kind for kind in WORK if kind in asked or not set(asked) & set(WORK)]
            named = [name for name in asked if name not in WORK]
            if named and cell.name not in named and str(batch) not in named:
                continue
            results += of_cell(cell, kinds)
    print(f"\n{(perf_counter() - begun) / 60:.0f} minutes")
    if not asked:
        lines = ",\n".join(json.dumps(result) for result in results)
        RESULTS.write_text(f'{{"about": {json.dumps(about(), indent=1)},\n"results": [\n{lines}\n]}}\n', "utf-8")


def of_cell(cell: Cell, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """The results of a network and a batch size."""
    most = {kind: multiplications(cell, kind) for kind in kinds}
    peers = [quietly(partial(peer, cell)) for peer in PEERS if min(most.values()) <= peer.most]
    for peer in peers:
        agree(peer, [kind for kind in kinds if most[kind] <= peer.most])
    results = []
    for kind in kinds:
        results.append(row(cell, kind, measure([p for p in peers if p.able(kind) and most[kind] <= p.most], kind)))
        show(results[-1])
    for peer in peers:
        peer.close()
    return results


if __name__ == "__main__":
    main(sys.argv[1:])
