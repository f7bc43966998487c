"""The matrix products of the target c at 784-300-100-10 in batches of 256, and their share of a training step.

    python -m benchmarks.products      # half a minute

Prints a table for docs/speed.md, then the step beside JAX, then the step with two threads. Times are the smallest of
nine rounds: of the processor, on one core; those of threads on the clock. Each product runs alone, over tiles like
those of a step.
"""

import ctypes
import os
import sys
import tempfile
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np

from benchmarks.binding import least
from benchmarks.cells import EXAMPLES, Cell
from benchmarks.frameworks import Jax
from benchmarks.kernels import GeneratedKernel, library, pointers

SIZES = (784, 300, 100, 10)
SOURCE = Path(__file__).with_suffix(".c")
ROUNDS, CALLS = 9, 20
PARTS = (
    ("weighted sums, 784 to 300", 0, 300, 784),
    ("derivatives with respect to these weights", 1, 300, 784),
    ("weighted sums, 300 to 100", 0, 100, 300),
    ("derivatives with respect to these weights", 1, 100, 300),
    ("errors from 100 to 300", 2, 100, 300),
)
"""What is computed, its kind in products.c, and the units and inputs of the layer."""


def main() -> None:
    """Print the table."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    cell = Cell(SIZES, EXAMPLES)
    kernel = GeneratedKernel(cell)
    step = least(kernel, "step")
    rng = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        timed = library(cell.page("c"), "float", Path(folder), source=SOURCE)
        timed.product.restype = timed.in_registers.restype = ctypes.c_double
        most = max(timed.in_registers(5_000_000) for _ in range(ROUNDS))
        sys.stdout.write("| part | products in a nanosecond | share of the step |\n| --- | ---: | ---: |\n")
        for says, kind, units, inputs in PARTS:
            shapes = (units, inputs), (EXAMPLES, units), (EXAMPLES, inputs)
            arrays = [rng.normal(size=shape).astype("float32") for shape in shapes]
            given = kind, CALLS, units, inputs, *pointers(*arrays)
            once = min(timed.product(*given) for _ in range(ROUNDS)) / CALLS
            speed, share = EXAMPLES * units * inputs / once * 1e-9, once / step * 1e6
            sys.stdout.write(f"| {says} | {speed:.0f} | {share:.0%} |\n")
        sys.stdout.write(f"\nin registers alone: {most:.0f} products in a nanosecond\n")
    for sizes in ((784, 30, 10), SIZES):
        cell = Cell(sizes, EXAMPLES)
        ours, theirs = least(GeneratedKernel(cell), "step"), least(Jax(cell), "step")
        sys.stdout.write(f"{cell.name}, step: C {ours:,.0f} us, JAX {theirs:,.0f} us\n")
    if len(cores) < 2:
        sys.exit("two threads need two processors")
    os.sched_setaffinity(0, cores)
    openmp = ctypes.CDLL("libgomp.so.1")
    for options in ((), ("-DNET_TILE=128",)):
        threaded = GeneratedKernel(Cell(SIZES, EXAMPLES), ["-fopenmp", *options])
        times = []
        for threads in (1, 2):
            openmp.omp_set_num_threads(threads)
            times.append(min(threaded.seconds("step", CALLS) for _ in range(ROUNDS)))
        says = " ".join(["-fopenmp", *options])
        sys.stdout.write(
            f"{threaded.cell.name}, step, {says}: two threads take {times[1] / times[0]:.2f} of the time of one\n"
        )


if __name__ == "__main__":
    main()
