"""The floors: Python and C by hand, and the matrix products alone. Other programs can hardly be faster."""

import ctypes
import math
import subprocess
import tempfile
from operator import mul
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cells import EXAMPLES, RATE, Array, Cell
from benchmarks.kernels import aligned
from benchmarks.peers import Judged, Peer, batches, shaped

SOURCE = Path(__file__).with_name("floor.c")


class HandWrittenC(Peer):
    """C written by hand for one network, with constant sizes, under -O3 -march=native.

    ``step`` and ``predict`` are called by ctypes; ``seconds`` repeats them in C, which times the kernel without the
    call.
    """

    name = "C by hand"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        sizes = ",".join(map(str, cell.sizes))
        total = sum(p.size for p in cell.params)
        real = "float" if cell.dtype == "float32" else "double"
        self.folder = tempfile.TemporaryDirectory()
        library = Path(self.folder.name) / "floor.so"
        defines = [f"-DSIZES={sizes}", f"-DLAYERS={cell.layers}", f"-DPARAMETERS={total}", f"-DREAL={real}"]
        defines += [f"-DUNITS={sum(cell.sizes)}", f"-DRATE={RATE}", f"-DINPUTS={cell.sizes[0]}"]
        defines.append(f"-DOUTPUTS={cell.sizes[-1]}")
        command = ["gcc", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", *defines, str(SOURCE)]
        subprocess.run([*command, "-lm", "-o", str(library)], check=True)
        self.library: Any = ctypes.CDLL(str(library))
        self.library.seconds.restype = ctypes.c_double
        self.library.gradient_of.restype = ctypes.c_double
        self.params = aligned(np.concatenate([p.ravel() for p in cell.params]).astype(cell.dtype))
        self.xs, self.ys = aligned(cell.x), aligned(cell.y)
        self.slopes = np.empty_like(self.params)
        self.out = np.empty_like(self.y)

    def pointers(self, *arrays: Array) -> list[Any]:
        """Arrays in the form that C takes."""
        return [ctypes.c_void_p(a.ctypes.data) for a in arrays]

    def judged(self) -> Judged:
        arrays = self.pointers(self.params, self.xs, self.ys)
        loss = self.library.gradient_of(*arrays, self.cell.batch, *self.pointers(self.slopes))
        return loss, shaped(self.cell, self.slopes.tolist())

    def outputs(self) -> Array:
        self.library.predict(*self.pointers(self.params, self.xs), self.cell.batch, *self.pointers(self.out))
        return self.out

    def seconds(self, kind: str, calls: int) -> float:
        code = {"predict": 0, "step": 1, "epoch": 2}[kind]
        arrays = self.pointers(self.params, self.xs, self.ys, self.slopes, self.out)
        return float(self.library.seconds(code, calls, self.cell.batch, EXAMPLES, *arrays))


class HandWrittenPython(Peer):
    """Plain Python written for speed: it checks nothing and stores no gradient.

    A step updates each weight as soon as its derivative is known: one pass over the weights instead of two.
    """

    name = "Python by hand"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self.sumprod: Any = getattr(math, "sumprod", lambda p, q: sum(map(mul, p, q)))
        self.Ws = [W.tolist() for W in cell.params[::2]]
        self.bs = [b.tolist() for b in cell.params[1::2]]
        self.xs, self.ys = cell.x.tolist(), cell.y.tolist()

    def able(self, kind: str) -> bool:
        return self.cell.batch == 1

    def run(self, x: list[float]) -> list[list[float]]:
        """The values of all layers, inputs first."""
        sumprod, a, values = self.sumprod, x, [x]
        for W, b in zip(self.Ws, self.bs, strict=True):
            z = [bias + sumprod(w, a) for bias, w in zip(b, W, strict=True)]
            a = z if W is self.Ws[-1] else [0.0 if v < 0.0 else v for v in z]
            values.append(a)
        return values

    def train(self, x: list[float], y: list[float]) -> None:
        """A step on an example."""
        sumprod, values = self.sumprod, self.run(x)
        dz = [a - v for a, v in zip(values[-1], y, strict=True)]
        for layer in reversed(range(len(self.Ws))):
            W, a = self.Ws[layer], values[layer]
            da = [sumprod(column, dz) for column in zip(*W, strict=True)] if layer else []
            rates = [RATE * d for d in dz]
            self.Ws[layer] = [[w - r * v for w, v in zip(row, a)] for row, r in zip(W, rates)]  # noqa: B905
            self.bs[layer] = [b - r for b, r in zip(self.bs[layer], rates, strict=True)]
            dz = [d if v > 0.0 else 0.0 for d, v in zip(da, a, strict=True)] if layer else []

    def judged(self) -> Judged:
        return None

    def outputs(self) -> Array | None:
        return np.array([self.run(x)[-1] for x in self.xs[: self.cell.batch]])

    def predict(self) -> object:
        return self.run(self.xs[0])[-1]

    def step(self) -> object:
        self.train(self.xs[0], self.ys[0])
        return None

    def epoch(self) -> object:
        for x, y in zip(self.xs, self.ys, strict=True):
            self.train(x, y)
        return None


class BareProducts(Peer):
    """The matrix products of a step, by NumPy into existing arrays."""

    name = "matrix products alone"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        n = cell.batch
        Ws = cell.params[::2]
        a = [np.ones((n, units), cell.dtype) for units in cell.sizes]
        dz = [np.ones((n, units), cell.dtype) for units in cell.sizes]
        slopes = [np.empty_like(W) for W in Ws]
        self.forward = [(a[i], W.T, a[i + 1]) for i, W in enumerate(Ws)]
        self.backward = [(dz[i + 1].T, a[i], slopes[i]) for i in range(len(Ws))]
        self.backward += [(dz[i + 1], Ws[i], dz[i]) for i in range(1, len(Ws))]

    def judged(self) -> Judged:
        return None

    def outputs(self) -> None:
        return None

    def predict(self) -> object:
        for left, right, out in self.forward:
            np.matmul(left, right, out=out)
        return None

    def step(self) -> object:
        for left, right, out in self.forward:
            np.matmul(left, right, out=out)
        for left, right, out in self.backward:
            np.matmul(left, right, out=out)
        return None

    def epoch(self) -> object:
        for _ in batches(self.cell):
            self.step()
        return None
