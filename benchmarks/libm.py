"""How much do libraries differ in exp, tanh and similar functions, and what does that change in a network?

Each library of this machine computes in its own process: the C libraries glibc and musl, NumPy's vector loops, V8,
MicroPython. They are compared with 40 digits of mpmath. Then pages of the target python learn for 100 steps, with
correctly rounded functions and with those of each library.

    python benchmarks/libm.py      (needs node, micropython, and musl-gcc of the package musl-tools)

It writes ``benchmarks/libm.json``; the documentation shows it.
"""

import json
import math
import os
import platform
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.reading.source import load
from nngen.targets.modules import as_module
from nngen.targets.render import render

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "libm.json"
FOLDER = ROOT / "benchmarks" / "libm"
POINTS = 10_000
STEPS = 100
NARROW = "NumPy, 32 bits"

RANGES: Mapping[str, tuple[float, float]] = {
    "exp": (-40.0, 40.0),
    "expm1": (-40.0, 1.0),
    "log": (1e-7, 1e3),
    "log1p": (1e-12, 1.0),
    "tanh": (-20.0, 20.0),
    "atanh": (1e-12, 1.0 / 3.0),
    "sin": (-30.0, 30.0),
    "cos": (-30.0, 30.0),
    "erfc": (-6.0, 26.0),
    "sqrt": (1e-12, 1e6),
    "power": (1.0, 1e4),
}
"""The ranges in which pages call them, and a little more. ``atanh`` is that of the pages' own ``log1p``, x / (2 + x) up
to 1/3; ``power`` is 0.999^t, as in adam. If both ends are above 0, points are uniform in the logarithm."""

EXACT: Mapping[str, Callable[[Any], Any]] = {
    **{name: getattr(mpmath, name) for name in ("exp expm1 log log1p tanh atanh sin cos erfc sqrt").split()},
    "power": lambda t: mpmath.mpf(0.999) ** t,
}
EXACT_NARROW = lambda t: mpmath.mpf(float(np.float32(0.999))) ** t  # noqa: E731

NETWORKS = ["and_perceptron", "deep_mlp", "iris", "skip_mlp", "snake", "xor_mlp"]
"""The specs whose steps take a single example."""
OTHERS = {
    "of gelu, sine and elu": {
        "name": "others",
        "inputs": ["x1", "x2"],
        "layers": [
            {"name": "h1", "units": 4, "activation": "gelu"},
            {"name": "h2", "units": 4, "activation": "sine", "normalization": "layer_norm"},
            {"name": "h3", "units": 4, "activation": "elu"},
            {"name": "out", "units": 2, "activation": "softmax"},
        ],
        "loss": {"name": "cross_entropy", "outputs": "sum"},
        "training": {"optimizer": {"name": "adam", "rate": 0.01}},
    }
}


class Library:
    """A library's functions, computed by a separate process."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )

    def __call__(self, name: str, xs: Sequence[float]) -> list[float]:
        """The values; none if it has no such function."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name} {' '.join(struct.pack('>d', x).hex() for x in xs)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self._process.args!r} has ended")
        return [struct.unpack(">d", bytes.fromhex(word))[0] for word in line.split()]


def tool(name: str, package: str) -> str:
    """The path of a program; if it is missing, exit."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is missing: apt-get install {package}")
    return found


def said(*command: str) -> str:
    """The output of a program."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def libraries(folder: Path) -> Iterator[tuple[str, Library]]:
    """The libraries, by name and version."""
    node, micropython, gcc = tool("node", "nodejs"), tool("micropython", "micropython"), tool("musl-gcc", "musl-tools")
    answer = str(FOLDER / "answer.py")
    yield f"{' '.join(platform.libc_ver())}, Python {platform.python_version()}", Library([sys.executable, answer])
    version = said(micropython, "-c", "import sys; print(*sys.implementation[1][:3], sep='.')")
    yield f"MicroPython {version}", Library([micropython, "-X", "heapsize=64m", answer])
    program = str(folder / "answer")
    subprocess.run([gcc, "-static", "-O1", str(FOLDER / "answer.c"), "-o", program, "-lm"], check=True)
    version = said(tool("dpkg-query", "dpkg"), "-W", "-f", "${Version}", "musl").partition("-")[0]
    yield f"musl {version}", Library([program])
    yield f"V8 {said(node, '-p', 'process.versions.v8').partition('-')[0]}", Library([node, str(FOLDER / "answer.js")])
    yield f"NumPy {np.__version__}", Library([sys.executable, answer, "float64"])
    without = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
    yield f"NumPy {np.__version__}, no AVX-512", Library([sys.executable, "-W", "ignore", answer, "float64"], **without)
    yield NARROW, Library([sys.executable, answer, "float32"])


def points(name: str, narrow: bool) -> list[float]:
    """The points for a function: half of them over its range, half with sizes down to nearly 0."""
    low, high = RANGES[name]
    random = np.random.default_rng(1)
    if low > 0.0:
        found = np.exp(random.uniform(math.log(low), math.log(high), size=POINTS))
    else:
        small = np.exp(random.uniform(math.log(1e-8), math.log(high), size=POINTS // 2))
        found = np.concatenate([random.uniform(low, high, size=POINTS // 2), small])
    found *= random.uniform(0.9, 1.0, size=POINTS)  # else each logarithm would lie near a float
    return [float(x) for x in (found.astype(np.float32) if narrow else found)]


def errors(name: str, library: Library, narrow: bool) -> list[float]:
    """The errors of a library, in units in the last place of the exact value; none if it has no such function."""
    xs = points(name, narrow)
    exact = EXACT_NARROW if narrow and name == "power" else EXACT[name]
    found = []
    for x, y in zip(xs, library(name, xs), strict=False):
        meant = exact(mpmath.mpf(x))
        unit = float(np.spacing(np.float32(abs(meant)))) if narrow else math.ulp(float(meant))
        found.append(float(abs(mpmath.mpf(y) - meant) / unit))
    return found


def rounded(name: str) -> Callable[[float], float]:
    """A correctly rounded function."""
    return lambda x: float(EXACT[name](mpmath.mpf(x)))


def answered(name: str, library: Library) -> Callable[[float], float]:
    """A library's function; if it has none, the correctly rounded one."""
    return (lambda x: library(name, [x])[0]) if library(name, [0.25]) else rounded(name)


def learned(page: Any, spec: Spec, function: Callable[[str], Callable[[float], float]]) -> dict[str, list[float]]:
    """Parameters, outputs, loss and gradient of a page after 100 steps with these functions."""
    page.math = SimpleNamespace(**{**vars(math), **{name: function(name) for name in RANGES if name != "power"}})
    inputs, outputs = len(spec.input_names), len(spec.layers[-1].unit_names)
    params = page.init()
    state = page.init_state(params)
    for k in range(STEPS + 1):
        x = [(5 * k + 3 * i) % 17 / 8 - 1.0 for i in range(inputs)]
        y = [float(k % max(2, outputs) == j) for j in range(outputs)]
        loss, gradient = page.gradient(params, x, y)
        if k < STEPS:
            params, state = page.step(params, gradient, state)
    return {
        "parameters": page.pack(params),
        "outputs": list(page.forward(params, x)),
        "loss": [loss],
        "gradient": page.pack(gradient),
    }


def apart(found: Sequence[float], meant: Sequence[float]) -> float:
    """The largest difference of two lists, in units in the last place of the largest number."""
    size = max(map(abs, meant))
    return max(abs(a - b) for a, b in zip(found, meant, strict=True)) / math.ulp(size) if size else 0.0


def main() -> None:
    """Measure, print and write the results."""
    mpmath.mp.dps = 40
    specs = {name: load(ROOT / "specs" / f"{name}.yaml") for name in NETWORKS}
    specs |= {name: Spec.model_validate(text) for name, text in OTHERS.items()}
    functions: dict[str, dict[str, list[float]]] = {}
    networks: dict[str, dict[str, dict[str, float]]] = {}
    with TemporaryDirectory() as folder:
        for title, library in libraries(Path(folder)):
            functions[title] = {}
            for name in RANGES:
                off = errors(name, library, title == NARROW)
                if off:
                    functions[title][name] = [max(off), fmean(off)]
                    print(f"{title:32} {name:8} worst {max(off):6.3f} ULP, typical {fmean(off):.3f}", flush=True)
            if title == NARROW:
                continue
            networks[title] = {}
            for name, spec in specs.items():
                page = as_module("page", render(plan(spec), spec, "python"))
                meant = learned(page, spec, rounded)
                found = learned(page, spec, lambda called, library=library: answered(called, library))
                networks[title][name] = {what: apart(found[what], meant[what]) for what in meant}
                print(f"{title:32} {name:24} {networks[title][name]}", flush=True)
    RESULT.write_text(json.dumps({"functions": functions, "networks": networks}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
