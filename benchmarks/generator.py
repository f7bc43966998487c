"""How quick is the generator itself? Seconds of a processor, not of a clock: other processes do not count.

The command is run as a process, for one spec and for a folder of two hundred; pages of 1,000 to 100,000 equations are
made in processes of their own, which tell their time and their memory, and in how many milliseconds Python compiles
the page of the target python, which is nearly all of a first import.

    python -m benchmarks.generator

The result goes to ``benchmarks/generator.json``, which the documentation shows.
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

from nngen.pages.modules import texts
from nngen.reading.source import parse

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "generator.json"
ROUNDS = 11
SPECS = 200

UNITS = (29, 340, 3_440, 4_990)
"""Of a layer with one input: pages of about 1,000, 10,000 and 100,000 equations in all, and the most that is allowed.

What ends it is the limit of 5,000 weights with equations of their own (``MAX_UNROLLED``)."""

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
    """The processor's time of a command."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def folder_of_specs(folder: Path) -> None:
    """The committed specs, over and over under other names."""
    shutil.copytree(ROOT / "specs" / "data", folder / "data")
    found = sorted((ROOT / "specs").glob("*.yaml"))
    for number in range(SPECS):
        path = found[number % len(found)]
        text = re.sub(r"^name: (\w+)", rf"name: \1_{number}", path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        (folder / f"{path.stem}_{number}.yaml").write_text(text, "utf-8")


def commands() -> dict[str, list[float]]:
    """The least, the median and the most of the seconds that commands take, what Python compiles being kept."""
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
                times.append(seconds([sys.executable, "-m", "nngen.cli", *arguments], environment))
            times = sorted(times[1:])  # the first compiles
            found[name] = [times[0], median(times), times[-1]]
            print(f"{found[name][1]:8.3f} s  {name}", flush=True)
    return found


def grown(units: int) -> dict[str, float]:
    """What the pages of a network take, in this process."""
    texts(parse(NETWORK.format(2), "net.yaml"), ROOT)  # which compiles the templates
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
    """Measure everything, print it, and write it down."""
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
