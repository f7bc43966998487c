"""Up to which size is an equation for each weight faster? Compares the two levels of the target python.

For networks of growing size, a training step (gradient and update, one example) is timed at both levels in turn, in one
process of each Python of the machine (benchmarks/runtimes.py). The ratio is the result; times depend on the machine.

    python -m benchmarks.unroll            (every Python)
    python -m benchmarks.unroll 3.13       (those whose version has this)
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.runtimes import pythons
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.render import render

SIZES = ((2, 2, 1), (4, 8, 3), (6, 10, 4), (8, 14, 4), (8, 18, 6), (12, 20, 6), (16, 24, 6), (16, 32, 8), (32, 32, 8))

WORKER = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
clock = getattr(time, "perf_counter", time.time)

def seconds(page, inputs, outputs, steps):
    x, y, params, state = [0.5] * inputs, [1.0] * outputs, page.init(1), page.init_state(None)
    gradient, step = page.gradient, page.step
    begun = clock()
    for _ in range(steps):
        params, state = step(params, gradient(params, x, y)[1], state)
    return (clock() - begun) / steps

def median(values):
    return sorted(values)[len(values) // 2]

scalar, rows = __import__(sys.argv[2]), __import__(sys.argv[3])
inputs, outputs, rounds, share = int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6]), float(sys.argv[7])
for page in (scalar, rows):
    seconds(page, inputs, outputs, 3000 if sys.implementation.name == "pypy" else 20)
steps = max(1, int(share / max(1e-7, seconds(rows, inputs, outputs, 200))))
pairs = [(seconds(scalar, inputs, outputs, steps), seconds(rows, inputs, outputs, steps)) for _ in range(rounds)]
print(json.dumps([median([a for a, b in pairs]), median([b for a, b in pairs]), median([b / a for a, b in pairs])]))
"""
ROUNDS = 41
SECONDS = 0.01
"""The approximate time of a round at one level."""


def spec(inputs: int, hidden: int, outputs: int, target: str, unroll: str, activation: str = "tanh") -> Spec:
    """A spec of two layers, for one target at one level."""
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": {"name": "i", "size": inputs},
            "layers": [
                {"name": "h", "units": hidden, "activation": activation},
                {"name": "o", "units": outputs, "activation": "sigmoid"},
            ],
            "loss": {"name": "half_squared_error", "outputs": "sum"},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
            "targets": [{"name": target, "unroll": unroll}],
        }
    )


def page(inputs: int, hidden: int, outputs: int, unroll: str) -> tuple[str, int]:
    """A network's page, and its number of parameters."""
    made = spec(inputs, hidden, outputs, "python", unroll)
    planned = plan(made)
    return render(planned, made, "python"), planned.size


def main() -> None:
    """Print a table for each Python, a row for each size."""
    chosen = {name: command for name, command in pythons().items() if all(word in name for word in sys.argv[1:])}
    with TemporaryDirectory() as folder:
        Path(folder, "worker.py").write_text(WORKER, "utf-8")
        for name, command in chosen.items():
            print(f"{name}\nnetwork     parameters  lines  weights (us)  layers (us)  layers / weights")
            for inputs, hidden, outputs in SIZES:
                called = f"{inputs}-{hidden}-{outputs}"
                modules = []
                for unroll in ("weights", "layers"):
                    text, size = page(inputs, hidden, outputs, unroll)
                    modules.append(f"{unroll}_{called.replace('-', '_')}")
                    Path(folder, modules[-1]).with_suffix(".py").write_text(text, "utf-8")
                lines = Path(folder, f"{modules[0]}.py").read_text("utf-8").count("\n")
                told = [folder, *modules, str(inputs), str(outputs), str(ROUNDS), str(SECONDS)]
                done = subprocess.run(
                    [*command, str(Path(folder, "worker.py")), *told], capture_output=True, text=True, check=True
                )
                weights, layers, ratio = json.loads(done.stdout)
                times = f"{1e6 * weights:>12.1f}  {1e6 * layers:>11.1f}  {ratio:>16.2f}"
                print(f"{called:<10}  {size:>10}  {lines:>5}  {times}", flush=True)


if __name__ == "__main__":
    main()
