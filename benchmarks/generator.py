"""How fast is the generator itself? In CPU seconds, so that other processes do not count.

The command runs as a process, for one spec and for a folder of 200. Pages of 1,000 to 100,000 equations are made in
separate processes, which report their time, their memory, and the time in which Python compiles the page of the target
python, which is nearly all of its first import.

    python -m benchmarks.generator

It writes ``benchmarks/generator.json``; the documentation shows it.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from nngen.reading.source import parse
from nngen.targets.modules import texts

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "generator.json"
ROUNDS = 11
SPECS = 200

UNITS = (29, 340, 3_440, 4_990)
"""Units of a layer with one input: about 1,000, 10,000 and 100,000 equations on all pages, and the most allowed.

The last is the limit of 5,000 weights with an equation each (``MAX_UNROLLED``)."""

NETWORK = """
name: net
inputs: [x1]
layers: [{{name: out, units: {}, activation: sigmoid}}]
loss: {{name: binary_cross_entropy, outputs: sum}}
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}}}
targets:
  - {{name: python, unroll: weights}}
  - {{name: numpy}}
  - {{name: javascript, unroll: weights}}
  - {{name: c, unroll: weights}}
"""

EQUATION = re.compile(r"^ +(?:const |let |double )*[\w\[\]]+ [-+]?= ", re.MULTILINE)


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """The CPU time of a command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def folder_of_specs(folder: Path) -> None:
    """The committed specs, repeated under other names."""
    shutil.copytree(ROOT / "specs" / "data", folder / "data")
    found = sorted((ROOT / "specs").glob("*.yaml"))
    for number in range(SPECS):
        path = found[number % len(found)]
        text = re.sub(r"^name: (\w+)", rf"name: \1_{number}", path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        (folder / f"{path.stem}_{number}.yaml").write_text(text, "utf-8")


def commands() -> dict[str, list[float]]:
    """The smallest, median and largest CPU seconds of commands; compiled Python files are kept."""
    found = {}
    with TemporaryDirectory() as folder:
        specs, out, kept = (Path(folder, name) for name in ("specs", "out", "kept"))
        specs.mkdir()
        folder_of_specs(specs)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(kept)}
        templates = Path(f"{kept}{ROOT}", "templates")
        build = ["build", "specs/xor_mlp.yaml", "--out", str(out)]
        for name, arguments, rounds, first in (
            ("`nngen --help`", ["--help"], ROUNDS, False),
            ("`nngen build specs/xor_mlp.yaml`, four modules", build, ROUNDS, False),
            ("the same, its templates not yet compiled", build, ROUNDS, True),
            (
                f"`nngen build` of {SPECS} specs, {4 * SPECS} modules",
                ["build", str(specs), "--out", str(out)],
                3,
                False,
            ),
        ):
            times = []
            for _ in range(rounds + 1):
                if first:
                    shutil.rmtree(templates)
                times.append(seconds([sys.executable, "-m", "nngen", *arguments], environment))
            times = sorted(times[1:])  # the first run compiles
            found[name] = [times[0], median(times), times[-1]]
            print(f"{found[name][1]:8.3f} s  {name}", flush=True)
    return found


def grown(units: int) -> dict[str, float]:
    """The cost of a network's pages, in this process."""
    texts(parse(NETWORK.format(2), "net.yaml"), ROOT)  # compiles the templates
    memory, begun = getrusage(RUSAGE_SELF).ru_maxrss, process_time()
    made = texts(parse(NETWORK.format(units), "net.yaml"), ROOT)
    taken, most = process_time() - begun, getrusage(RUSAGE_SELF).ru_maxrss
    begun = process_time()
    compile(made["python"], "net.py", "exec")
    return {
        "weights": units,
        "equations": sum(len(EQUATION.findall(text)) for text in made.values()),
        "lines": sum(text.count("\n") for text in made.values()),
        "seconds": taken,
        "megabytes": (most - memory) / 1024,
        "equations_python": len(EQUATION.findall(made["python"])),
        "import": process_time() - begun,
    }


def main() -> None:
    """Measure everything, print it, and write the file."""
    if sys.argv[1:]:
        print(json.dumps(grown(int(sys.argv[1]))))
        return
    found = commands()
    growth = []
    for units in UNITS:
        command = [sys.executable, "-m", "benchmarks.generator", str(units)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        growth.append(json.loads(done.stdout))
        print(
            "{weights:6} weights {equations:8} equations {lines:8} lines {seconds:7.2f} s {megabytes:7.1f} MB,"
            " python: {equations_python:6} equations, {import:.3f} s to import".format_map(growth[-1]),
            flush=True,
        )
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    RESULT.write_text(json.dumps({"machine": machine, "commands": found, "growth": growth}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
