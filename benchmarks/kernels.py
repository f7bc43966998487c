"""The kernel of the target c: the generated header, repeated in C like the hand-written floor."""

import ctypes
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cells import EXAMPLES, Array, Cell
from benchmarks.peers import Judged, Peer, shaped

SOURCE = Path(__file__).with_name("kernel.c")

FLAGS = ("-std=gnu99", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffp-contract=off")
"""The compiler options of the header. On x86, gcc and clang use only half of AVX-512 unless they are told to use all.

The hand-written C may reorder sums, and join products with sums. The header may not, so that a page gives the same bits
on every machine, apart from ``exp`` and similar functions.
"""


def library(
    header: str, real: str, folder: Path, compiler: str = "gcc", source: Path = SOURCE, options: Sequence[str] = ()
) -> Any:
    """Compile benchmarks/kernel.c, or a source that includes it, with the header of the network ``net`` in a folder."""
    (folder / "net.h").write_text(header, encoding="utf-8")
    defines = [f"-DREAL={real}", f"-DEXAMPLES={EXAMPLES}", f"-I{folder}"]
    made = folder / "kernel.so"
    subprocess.run(
        [compiler, *FLAGS, *options, "-shared", "-fPIC", *defines, str(source), "-lm", "-o", str(made)], check=True
    )
    loaded: Any = ctypes.CDLL(str(made))
    loaded.seconds.restype = ctypes.c_double
    loaded.gradient_of.restype = ctypes.c_double
    return loaded


def pointers(*arrays: Array) -> list[Any]:
    """Arrays in the form that C takes."""
    return [ctypes.c_void_p(a.ctypes.data) for a in arrays]


def aligned(values: Array) -> Array:
    """A copy that begins at a multiple of 64 bytes, as docs/c.md advises."""
    room = np.empty(values.nbytes + 64, np.uint8)
    start = -room.ctypes.data % 64
    copy = room[start : start + values.nbytes].view(values.dtype).reshape(values.shape)
    copy[...] = values
    return copy


class GeneratedKernel(Peer):
    """The header of the target c, timed inside C."""

    name = "nngen c, kernel"
    whole = True
    """Whether the header has all parts."""

    def __init__(self, cell: Cell, options: Sequence[str] = ()) -> None:
        super().__init__(cell)
        self.folder = tempfile.TemporaryDirectory()
        real = "float" if cell.dtype == "float32" else "double"
        self.library = library(cell.page("c", whole=self.whole), real, Path(self.folder.name), options=options)
        self.params = aligned(np.concatenate([p.ravel() for p in cell.params]).astype(cell.dtype))
        self.xs, self.ys = aligned(cell.x), aligned(cell.y)
        self.slopes = np.empty_like(self.params)
        self.out = np.empty_like(self.y)

    def judged(self) -> Judged:
        arrays = pointers(self.params, self.xs, self.ys)
        loss = self.library.gradient_of(*arrays, self.cell.batch, *pointers(self.slopes))
        return loss, shaped(self.cell, self.slopes.tolist())

    def outputs(self) -> Array:
        self.library.predict(*pointers(self.params, self.xs), self.cell.batch, *pointers(self.out))
        return self.out

    def seconds(self, kind: str, calls: int) -> float:
        code = {"predict": 0, "step": 1, "epoch": 2}[kind]
        arrays = pointers(self.params, self.xs, self.ys, self.out)
        return float(self.library.seconds(code, calls, self.cell.batch, *arrays))


class UsualKernel(GeneratedKernel):
    """The same with the parts that a header usually has."""

    name = "nngen c, kernel, usual parts"
    whole = False
