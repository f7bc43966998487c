"""Up to which size is an equation for each weight faster in C? Compares the levels of the target c under two compilers.

For networks of growing size, the work of benchmarks/kernel.c is timed at both levels in turn: the outputs and a
training step on one example, and an epoch in one batch. The ratio is the result; times depend on the machine. The
seconds are compile times.

    python -m benchmarks.unroll_c [tanh]
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.cells import EXAMPLES
from benchmarks.kernels import library, pointers
from benchmarks.unroll import ROUNDS, SIZES, spec
from nngen.plan.planner import plan
from nngen.targets.render import render

WORK = {"predict": (0, 1), "step": (1, 1), "epoch": (2, EXAMPLES)}
"""The name of the work in kernel.c, and the batch size."""

SECONDS = 0.003
"""The approximate time of a round at one level."""


def compiled(sizes: tuple[int, int, int], unroll: str, activation: str, compiler: str) -> tuple[Any, float]:
    """A network as a library, and the CPU seconds of the compiler."""
    made = spec(*sizes, "c", unroll, activation)
    with tempfile.TemporaryDirectory() as folder:
        before = os.times()
        found = library(render(plan(made), made, "c"), "double", Path(folder), compiler)
        after = os.times()
    return found, after.children_user + after.children_system - before.children_user - before.children_system


def main(activation: str) -> None:
    """Print a row for each compiler and size."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"layers / weights, {activation}")
    print("         network     parameters  predict  step  epoch  compiling weights  layers (s)")
    for compiler in ("gcc", "clang"):
        for sizes in SIZES:
            (scalar, slow), (rows, fast) = (compiled(sizes, way, activation, compiler) for way in ("weights", "layers"))
            size = plan(spec(*sizes, "c", "weights", activation)).size
            drawn = np.random.default_rng(1)
            x, y = drawn.normal(size=(EXAMPLES, sizes[0])), drawn.normal(size=(EXAMPLES, sizes[2]))
            arrays = drawn.normal(size=size) * 0.3, x, y, np.empty(size), np.empty_like(y)
            given = pointers(*arrays)  # which do not keep them
            print(f"{compiler:<7}  {'-'.join(map(str, sizes)):<10}  {size:>10}", end="")
            for kind, batch in WORK.values():
                calls = 1
                while rows.seconds(kind, calls, batch, *given) < SECONDS / 2:
                    calls *= 2
                ratios = [
                    rows.seconds(kind, calls, batch, *given) / scalar.seconds(kind, calls, batch, *given)
                    for _ in range(ROUNDS)
                ]
                print(f"  {median(ratios):5.2f}", end="")
            print(f"  {slow:17.2f}  {fast:10.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "relu")
