"""The generated Python module under PyPy, in a process of its own that is told when to run."""

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
    global params, state
    if batch == 1:
        _, slopes = net.gradient(params, few_xs[0], few_ys[0])
        params, state = net.step(params, slopes, state)
    else:
        params, _ = net.fit(params, few_xs, few_ys, 1, batch, None)

def epoch():
    global params
    params, _ = net.fit(params, xs, ys, 1, batch, None)

loss, slopes = net._batch(params, few_xs, few_ys)
print(json.dumps([loss, net.pack(slopes), [list(net.forward(params, x)) for x in few_xs]]), flush=True)
for line in sys.stdin:
    kind, calls = line.split()
    call = {"predict": predict, "step": step, "epoch": epoch}[kind]
    begun = perf_counter()
    for _ in range(int(calls)):
        call()
    print(perf_counter() - begun, flush=True)
"""


class GeneratedPyPy(Peer):
    """The same file as the target python has, run by PyPy."""

    name = "nngen python, PyPy"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        program = shutil.which("pypy3")
        if program is None:
            raise FileNotFoundError("pypy3 is missing: apt-get install pypy3")
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
        """What the other process says next."""
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
