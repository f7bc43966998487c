"""The C header, called from Python: as a peer, and the cost of a call by the limited API and by ctypes.

    python -m benchmarks.binding

prints the CPU time of a training step (gradient and step, arguments unchanged) by the module that nngen writes, and by
ctypes from lists and from existing ctypes arrays; and the time of ``train_step``, in place. Then it compares calls with
the same work inside C; the goal is 1.3 times that time and half a microsecond more.
"""

import ctypes
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.cells import BATCHES, NETWORKS, Array, Cell
from benchmarks.kernels import GeneratedKernel
from benchmarks.peers import Judged, Peer, shaped
from nngen.description.model.spec import Spec
from nngen.description.model.targets import CTarget
from nngen.plan.planner import plan
from nngen.targets.render import binding, binding_source, render


def narrowed(cell: Cell) -> Spec:
    """The spec of a cell, with its precision for the target c."""
    target = CTarget.model_validate({"name": "c", "dtype": cell.dtype, "binding": True})
    return cell.spec.model_copy(update={"targets": (target,)})


def written(cell: Cell, folder: Path) -> Path:
    """Write the header, the module and binding.c of a cell into a folder, and return the path of the module."""
    spec = narrowed(cell)
    (folder / "net.h").write_text(render(plan(spec), spec, "c"), "utf-8")
    (folder / "binding.c").write_text(binding_source(), "utf-8")
    (folder / "net_c.py").write_text(binding(plan(spec), spec), "utf-8")
    return folder / "net_c.py"


def imported(path: Path) -> Any:
    """Import the module of a file. No Python page is there to replace C."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


class GeneratedC(Peer):
    """The generated C header, called from Python by the module beside it, with NumPy arrays."""

    name = "nngen c"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self.folder = tempfile.TemporaryDirectory()
        self.module = imported(written(cell, Path(self.folder.name)))
        self.params = self.module.unpack([float(v) for p in cell.params for v in p.ravel()])
        self.state = self.module.init_state(self.params)
        self.one = cell.x[0].tolist(), cell.y[0].tolist()
        self.xs, self.ys = cell.x, cell.y

    def judged(self) -> Judged:
        loss, slopes = self.module.gradient(self.params, self.x, self.y)
        return loss, shaped(self.cell, slopes.tolist())

    def outputs(self) -> Array:
        return np.asarray(self.module.forward(self.params, self.x))

    def predict(self) -> object:
        return self.module.forward(self.params, self.x)

    def step(self) -> object:
        _, self.params, self.state = self.module.train_step(self.params, self.x, self.y, self.state)
        return None

    def two(self) -> object:
        """A step by two calls that do not change their arguments."""
        _, slopes = self.module.gradient(self.params, *self.one)
        return self.module.step(self.params, slopes, self.state)

    def epoch(self) -> object:
        self.params, _ = self.module.fit(self.params, self.xs, self.ys, 1, self.cell.batch, None)
        return None

    def close(self) -> None:
        self.folder.cleanup()


WRAPPED = """
#include "net.h"
#ifdef NET_WORK /* a large network takes memory from the caller */
static {real} memory[NET_WORK];
#define MEMORY , memory
#else
#define MEMORY
#endif
{real} gradient(const {real} *params, const {real} *x, const {real} *y, {real} *slopes) {{
    return net_gradient(params, x, y, slopes MEMORY);
}}
void step({real} *params, const {real} *slopes) {{
    net_step(params, slopes);
}}
"""


def by_ctypes(cell: Cell, folder: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """A training step by ctypes, from lists and from existing arrays."""
    number: Any = ctypes.c_float if cell.dtype == "float32" else ctypes.c_double
    written(cell, folder)
    flags = [
        "-std=c11",
        "-O3",
        "-march=native",
        "-fno-math-errno",
        "-ffp-contract=off",
        "-shared",
        "-fPIC",
        "-x",
        "c",
        "-",
    ]
    source = WRAPPED.format(real="float" if cell.dtype == "float32" else "double")
    command = ["gcc", *flags, "-lm", "-o", str(folder / "net.so")]
    subprocess.run(command, cwd=folder, input=source.encode(), check=True)
    library: Any = ctypes.CDLL(str(folder / "net.so"))
    library.gradient.restype = number
    library.gradient.argtypes, library.step.argtypes = [ctypes.c_void_p] * 4, [ctypes.c_void_p] * 2
    x, y = cell.x[0].tolist(), cell.y[0].tolist()
    flat = [float(v) for p in cell.params for v in p.ravel()]
    params, examples, targets = number * len(flat), number * len(x), number * len(y)
    start, x_there, y_there = params(*flat), examples(*x), targets(*y)

    def step(x: Any, y: Any) -> object:
        slopes, after = params(), params.from_buffer_copy(start)
        library.gradient(start, x, y, slopes)
        library.step(after, slopes)
        return after

    return lambda: step(examples(*x), targets(*y)), lambda: step(x_there, y_there)


def seconds(call: Callable[[], object]) -> float:
    """The smallest CPU time of a call in seven rounds."""
    count, found = 1, [0.0]
    while found[0] < 0.05:
        count *= 2
        found = [_timed(call, count)]
    return min(_timed(call, count) for _ in range(7)) / count


def _timed(call: Callable[[], object], count: int) -> float:
    begun = process_time()
    for _ in range(count):
        call()
    return process_time() - begun


def least(peer: Peer, kind: str) -> float:
    """The smallest CPU time of a call in seven rounds, in microseconds."""
    count, begun = 1, process_time()
    while (process_time() - begun) < 0.05:
        count *= 2
        begun = process_time()
        peer.seconds(kind, count)
    found = []
    for _ in range(7):
        begun = process_time()
        peer.seconds(kind, count)
        found.append((process_time() - begun) / count * 1e6)
    return min(found)


def beside_the_kernel() -> None:
    """Print the time of calls from Python beside that of the same work inside C."""
    for sizes in NETWORKS:
        for batch in BATCHES:
            cell = Cell(sizes, batch)
            inside, called = GeneratedKernel(cell), GeneratedC(cell)
            for kind in ("predict", "step", "epoch"):
                kernel, binding = least(inside, kind), least(called, kind)
                met = "met" if binding <= 1.3 * kernel + 0.5 else "missed"
                sys.stdout.write(
                    f"{cell.name}, batch {batch}, {kind}: C {kernel:.2f} us, Python {binding:.2f} us, {met}\n"
                )
            called.close()


if __name__ == "__main__":
    for sizes in NETWORKS:
        cell = Cell(sizes, 1)
        peer = GeneratedC(cell)
        with tempfile.TemporaryDirectory() as name:
            lists, there = by_ctypes(cell, Path(name))
            times = [seconds(call) * 1e6 for call in (peer.two, lists, there, peer.step)]
        peer.close()
        line = "{}: limited API {:.2f} us; ctypes {:.2f} us, from its own arrays {:.2f} us; train_step {:.2f} us\n"
        sys.stdout.write(line.format(cell.name, *times))
    beside_the_kernel()
