"""The generated Python module under other interpreters, each in its own process, which receives commands."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.cells import Array, Cell
from benchmarks.peers import Judged, Peer, shaped

WORKER = """
import json, sys
from time import perf_counter
sys.path.insert(0, sys.argv[1])
import net

told = json.load(open(sys.argv[1] + "/told.json"))
params, xs, ys, batch = net.unpack(told["params"]), told["xs"], told["ys"], told["batch"]
state = net.init_state(params)
few_xs, few_ys = xs[:batch], ys[:batch]

def predict():
    for x in few_xs:
        net.forward(params, x)

def step():
    global params
    params, _ = net.fit(params, few_xs, few_ys, 1, batch, None)

def epoch():
    global params
    params, _ = net.fit(params, xs, ys, 1, batch, None)

def steps(params, state, calls):  # a loop over single examples
    gradient, step, (x,), (y,) = net.gradient, net.step, few_xs, few_ys
    begun = perf_counter()
    for _ in range(calls):
        _, slopes = gradient(params, x, y)
        params, state = step(params, slopes, state)
    return perf_counter() - begun

loss, slopes = net._batch(params, list(zip(few_xs, few_ys)))
print(json.dumps([loss, net.pack(slopes), [list(net.forward(params, x)) for x in few_xs]]), flush=True)

def seconds(kind, calls):
    if kind == "step" and batch == 1:
        return steps(params, state, calls)
    call = {"predict": predict, "step": step, "epoch": epoch}[kind]
    begun = perf_counter()
    for _ in range(calls):
        call()
    return perf_counter() - begun

warm = set()
for line in sys.stdin:
    kind, calls = line.split()
    if kind not in warm:  # warm up the just-in-time compiler
        warm.add(kind)
        until = perf_counter() + 0.7
        while perf_counter() < until:
            seconds(kind, 1)
    print(seconds(kind, int(calls)), flush=True)
"""


class Elsewhere(Peer):
    """The file of the target python, run by another program."""

    program = ""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        program = shutil.which(self.program)
        if program is None:
            raise FileNotFoundError(f"{self.program} is missing: apt-get install {self.program}")
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        (folder / "net.py").write_text(cell.page("python"), "utf-8")
        (folder / "worker.py").write_text(WORKER, "utf-8")
        flat = [float(v) for p in cell.params for v in p.ravel()]
        told = {"params": flat, "xs": cell.x.tolist(), "ys": cell.y.tolist(), "batch": cell.batch}
        (folder / "told.json").write_text(json.dumps(told), "utf-8")
        command = [program, str(folder / "worker.py"), str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.loss, self.slopes, self.first = json.loads(self.line())

    def line(self) -> str:
        """The next answer of the other process."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def judged(self) -> Judged:
        return self.loss, shaped(self.cell, self.slopes)

    def outputs(self) -> Array:
        return np.array(self.first)

    def seconds(self, kind: str, calls: int) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind} {calls}\n")
        self.process.stdin.flush()
        return float(self.line())

    def close(self) -> None:
        """End the other process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


class PyPy(Elsewhere):
    """Under PyPy."""

    name, program = "nngen python, PyPy", "pypy3"
