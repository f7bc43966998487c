"""The same numbers for ever: parameters as bits, in a committed file, and the same from every Python on the machine.

Initial parameters are exact everywhere. So are those after a hundred steps of a network whose equations have nothing
but sums, products, quotients, roots and comparisons, each of which IEEE 754 rounds in one way. ``exp`` and ``tanh``
come from the platform's library, and a hundred steps carry on what these differ by (docs/proof.md has the figures).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.commands import build
from nngen.plan.planner import plan
from nngen.targets.render import render
from tests.support.golden import EXACT, GOLDEN, examples
from tests.support.modules import ROOT, SPECS, built, whole

RENEW = "pytest tests/pages/test_determinism.py --rewrite"
LIBRARY = 64.0
"""ULP at the largest parameter: what other libraries may make of ``exp`` and ``tanh`` in a hundred steps. Those
of glibc, musl, V8 and NumPy are all within 4 of correctly rounded ones in these networks (benchmarks/libm.py); the rest
is for libraries that have not been measured."""

SCRIPT = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
found = {}
for name, examples in json.load(sys.stdin).items():
    page = importlib.import_module(name)
    params = page.init()
    initial = page.pack(params)
    state = page.init_state(params)
    for x, y in examples:
        params, state = page.step(params, page.gradient(params, x, y)[1], state)
    found[name] = {key: [w.hex() for w in flat] for key, flat in (("initial", initial), ("after", page.pack(params)))}
print(json.dumps(found))
"""


@cache
def pages() -> dict[str, str]:
    """The python pages by name: those of specs with an equation for each weight, and the exact one."""
    small = [path for path in SPECS if isinstance(built(path, "python").init()[0], float)]
    texts = {path.stem: whole(path, "python") for path in small}
    return texts | {"exact": render(plan(EXACT), EXACT, "python")}


def run(python: str, folder: Path) -> dict[str, dict[str, list[str]]]:
    """Initial parameters of each page, and those after the steps, by another process."""
    for name, page in pages().items():
        (folder / f"{name}.py").write_text(page, encoding="utf-8")
    given = json.dumps({name: examples(name) for name in pages()})
    command = [python, "-I", "-S", "-B", "-c", SCRIPT, str(folder)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return found


def pythons() -> list[str]:
    """This Python, and others on the machine that can run a module (3.10 or newer): those on the path, and in pyenv."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = [path for minor in range(10, 16) if (path := shutil.which(f"python3.{minor}"))]
    found = {f"{sys.version_info[:2]}": sys.executable}
    for path in [*named, *map(str, sorted(versions.glob("3.*/bin/python3")))]:
        version = "import sys; assert sys.version_info >= (3, 10); print(sys.version_info[:2])"
        done = subprocess.run([path, "-I", "-c", version], capture_output=True, text=True, check=False)
        if done.returncode == 0:  # some names lead to no Python
            found.setdefault(done.stdout.strip(), path)
    other = shutil.which("pypy3")
    return [*found.values(), *([other] if other else [])]


def ulp(found: list[str], recorded: list[str]) -> float:
    left, right = (np.array([float.fromhex(number) for number in numbers]) for numbers in (found, recorded))
    return float(np.max(np.abs(left - right)) / np.spacing(np.max(np.abs(right))))


def test_parameters_are_those_of_the_record(rewrite: bool, tmp_path: Path) -> None:
    if rewrite:
        GOLDEN.write_text(json.dumps(run(sys.executable, tmp_path), indent=1) + "\n", encoding="utf-8")
    recorded = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert pages().keys() == recorded.keys(), RENEW
    for python in pythons():
        found = run(python, tmp_path)
        for name, numbers in recorded.items():
            initial, after = found[name]["initial"], found[name]["after"]
            assert initial == numbers["initial"], (python, name, RENEW)
            assert initial != after, name
            if name == "exact":
                assert after == numbers["after"], (python, RENEW)
            assert ulp(after, numbers["after"]) <= LIBRARY, (python, name, RENEW)


INITIAL = {"digits": "970ca376aacacc94640cfef5d3c155cdd8ca30bf87e0f766d19c5cd0cb642a67"}
"""The SHA-256 of the initial parameters of larger networks, as the hexadecimal texts of their floats in a line."""


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_many_initial_parameters_are_those_of_the_record(target: str) -> None:
    for name, recorded in INITIAL.items():
        module: Any = built(ROOT / "specs" / f"{name}.yaml", target)
        line = " ".join(number.hex() for number in module.pack(module.init()))
        assert hashlib.sha256(line.encode()).hexdigest() == recorded


@pytest.mark.parametrize(
    ("ending", "kinds"),
    [("\r\n", [".yaml", ".csv"]), ("\r", [".yaml"])],  # a table whose lines end in nothing but \r is refused
    ids=["Windows", "the old Macintosh"],
)
def test_the_same_bytes_whatever_ends_a_line(ending: str, kinds: list[str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    for path in (tmp_path / "specs").rglob("*"):
        if path.suffix in kinds:
            path.write_bytes(path.read_text(encoding="utf-8").replace("\n", ending).encode())
    made = build.modules([tmp_path / "specs"], ROOT / "generated")
    assert made
    for module in made:
        assert module.current, module.diff()
