"""Where do branches make an equation for each weight slow? The target python at its two levels, with relu and tanh.

PyPy compiles each path through the branches of a function, and the units of relu take another path for each example. So
steps go over many random examples. What counts is the ratio in each Python.

    python -m benchmarks.branches          (every Python)
    python -m benchmarks.branches pypy     (those whose name has this)
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.runtimes import pythons
from benchmarks.unroll import spec
from nngen.plan.planner import plan
from nngen.targets.render import render

INPUTS, OUTPUTS, HIDDEN = 6, 2, (4, 6, 8, 10, 16, 24)

WORKER = """
import sys, time, random
sys.path.insert(0, sys.argv[1])
random.seed(1)
examples = [([random.uniform(-1.0, 1.0) for _ in range(6)], [random.random() for _ in range(2)]) for _ in range(256)]

def seconds(page, rounds):
    params, found = page.init(1), []
    for _ in range(rounds):
        begun = time.process_time()
        for x, y in examples:
            params, _ = page.step(params, page.gradient(params, x, y)[1], ())
        found.append((time.process_time() - begun) / len(examples))
    return sorted(found[rounds // 2 :])[rounds // 4]

rounds = 400 if sys.implementation.name == "pypy" else 20
print(*(1e6 * seconds(__import__(name), rounds) for name in sys.argv[2:]))
"""


def main() -> None:
    """Print a row for each Python, activation and number of hidden units."""
    chosen = {name: command for name, command in pythons().items() if all(word in name for word in sys.argv[1:])}
    chosen.pop(next((name for name in chosen if name.startswith("micropython")), ""), None)  # it has no process_time
    with TemporaryDirectory() as folder:
        Path(folder, "worker.py").write_text(WORKER, "utf-8")
        for activation in ("relu", "tanh"):
            for units in HIDDEN:
                pages = [f"{activation}_{units}_{unroll}" for unroll in ("weights", "layers")]
                for page, unroll in zip(pages, ("weights", "layers"), strict=True):
                    made = spec(INPUTS, units, OUTPUTS, "python", unroll, activation)
                    Path(folder, f"{page}.py").write_text(render(plan(made), made, "python"), "utf-8")
                for name, command in chosen.items():
                    run = [*command, str(Path(folder, "worker.py")), folder, *pages]
                    done = subprocess.run(run, capture_output=True, text=True, check=True)
                    weights, layers = map(float, done.stdout.split())
                    times = f"weights {weights:6.1f} us, layers {layers:6.1f} us, {layers / weights:5.2f} times"
                    print(f"{name:<16}  {activation}  {units:>2} units  {times}", flush=True)


if __name__ == "__main__":
    main()
