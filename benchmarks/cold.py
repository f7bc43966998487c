"""One prediction in a cold process: import, load, and the outputs for one flower.

    python -m benchmarks.cold       # a minute; writes docs/speed_cold.json

Each program runs in a process of its own. Time is processor time of the whole process; memory is the most that it had;
bytes are those of the model's files and of all installed packages that it imported, without the interpreter. Networks
of other libraries have the same shape and their own parameters.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.processes import ENVIRONMENT, MEMORY, run

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "specs" / "iris.yaml"
RESULTS = ROOT / "docs" / "speed_cold.json"
ROUNDS = 7
FLOWER = "[5.1, 3.5, 1.4, 0.2]"

SESSION = "session = onnxruntime.InferenceSession('iris.onnx', providers=['CPUExecutionProvider']); "

MEMORY_IN_NODE = (
    ".then(() => console.log(/VmHWM:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1]))"
)
"""Print the most kilobytes of the process; those that its parent counts include the parent's own."""

IMPORTED = """
import pathlib, sys
for module in list(sys.modules.values()):
    parts = pathlib.Path(getattr(module, "__file__", None) or "/").parts
    if "site-packages" in parts:
        print(pathlib.Path(*parts[: parts.index("site-packages") + 2]))
"""
"""Prints the installed packages that a program has imported."""


@dataclass(frozen=True)
class Program:
    """A program and the files of its model, in a folder."""

    command: tuple[str, ...]
    folder: str = ""
    files: tuple[str, ...] = ()


def python(code: str, folder: str, *files: str) -> Program:
    """A program in Python."""
    return Program((sys.executable, "-c", code), folder, files)


PROGRAMS: Mapping[str, Program] = {
    "nngen python": python(f"import iris; iris.forward(iris.TRAINED, {FLOWER})", "python", "iris.py"),
    "nngen numpy": python(
        f"import iris, numpy; iris.forward(iris.TRAINED, numpy.array([{FLOWER}]))", "numpy", "iris.py"
    ),
    "nngen c": python(
        f"import iris_c; iris_c.forward(iris_c.TRAINED, {FLOWER})", "c", "iris_c.py", "iris.h", "binding.c"
    ),
    "nngen c, program": Program(("./iris",), "c", ("iris",)),
    "nngen javascript": Program(
        ("node", "-e", f"import('./iris.mjs').then((net) => net.forward(net.TRAINED, {FLOWER}))"),
        "javascript",
        ("iris.mjs",),
    ),
    "ONNX Runtime": python(
        f"import numpy, onnxruntime; {SESSION}"
        f"session.run(None, {{session.get_inputs()[0].name: numpy.array([{FLOWER}], numpy.float32)}})",
        "others",
        "iris.onnx",
    ),
    "joblib + scikit-learn": python(
        f"import joblib; joblib.load('iris.joblib').predict_proba([{FLOWER}])", "others", "iris.joblib"
    ),
    "PyTorch": python(f"import torch; torch.jit.load('iris.pt')(torch.tensor([{FLOWER}]))", "others", "iris.pt"),
    "Python alone": python("pass", "others"),
    "Node alone": Program(("node", "-e", "Promise.resolve()"), "others"),
}

MAIN = f"""
#include <stdio.h>
#include "iris.h"
int main(void) {{
    const double x[] = {{{FLOWER[1:-1]}}};
    double a[IRIS_OUTPUTS];
    iris_forward(iris_trained, x, a);
    return printf("%g\\n", a[0]) < 0;
}}
"""


def write(folder: Path) -> None:
    """Train the network, and write it for all programs."""
    nngen = [sys.executable, "-m", "nngen"]
    others = folder / "others"
    others.mkdir()
    for command in (
        ["train", str(SPEC), "--save", "iris.json"],
        ["build", str(SPEC), "--params", "iris.json", "--out", "."],
        ["export", str(SPEC), "--params", "iris.json", "--onnx", "others/iris.onnx"],
    ):
        subprocess.run([*nngen, *command], cwd=folder, check=True, capture_output=True)
    subprocess.run(
        ["gcc", "-O2", "-x", "c", "-", "-lm", "-o", "iris"], input=MAIN, cwd=folder / "c", text=True, check=True
    )
    import joblib
    import torch
    from sklearn.datasets import load_iris
    from sklearn.neural_network import MLPClassifier

    x, y = load_iris(return_X_y=True)
    joblib.dump(MLPClassifier((8,), "tanh", max_iter=500, tol=1e-2).fit(x, y), others / "iris.joblib")
    layers = torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3), torch.nn.Softmax(1)
    torch.jit.script(torch.nn.Sequential(*layers)).save(str(others / "iris.pt"))


def kilobytes(program: Program, folder: Path) -> int | None:
    """The most memory of a program; None for one in C, which does not tell."""
    *start, code = program.command
    asked = {sys.executable: MEMORY, "node": MEMORY_IN_NODE}.get(program.command[0])
    return int(run([*start, code + asked], ENVIRONMENT, folder / program.folder).output) if asked else None


def size(program: Program, folder: Path) -> int:
    """The bytes on disk of the model and of the installed packages that the program imports."""
    model = sum((folder / program.folder / name).stat().st_size for name in program.files)
    if program.command[0] != sys.executable:
        return model
    *start, code = program.command
    printed = run([*start, code + IMPORTED], ENVIRONMENT, folder / program.folder).output
    packages = {Path(line) for line in printed.splitlines()}
    files = (one for package in packages for one in (package.rglob("*") if package.is_dir() else [package]))
    return model + sum(one.stat().st_size for one in files if one.is_file() and one.suffix != ".pyc")


def main() -> None:
    """Measure all programs."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        able = {key: one for key, one in PROGRAMS.items() if one.command[0] == "./iris" or shutil.which(one.command[0])}
        for key, program in able.items():
            run(program.command, ENVIRONMENT, folder / program.folder)  # compiles what is compiled once
            found[key] = {"seconds": [], "kilobytes": kilobytes(program, folder), "bytes": size(program, folder)}
        for turn in range(ROUNDS):
            for key, program in able.items() if turn % 2 == 0 else reversed(able.items()):
                used = run(program.command, ENVIRONMENT, folder / program.folder)
                found[key]["seconds"].append(round(used.seconds, 4))
    for key, one in found.items():
        middle = 1000 * median(one["seconds"])
        print(f"{key:22} {middle:8.1f} ms  {one['kilobytes'] or 0:8,} kB  {one['bytes'] / 1e6:10.3f} MB on disk")
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
