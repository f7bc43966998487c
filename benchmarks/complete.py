"""Complete trainings, as commands: from the start of the process to the trained network.

    python -m benchmarks.complete       # some minutes; writes docs/speed_complete.json

Two tasks: scikit-learn's digits (1,797 images of 8 by 8 pixels), and 8,000 generated images of 784 pixels. Every
program starts from the same parameters, takes the same batches in the same order by the same gradient descent, and
stops after the first epoch whose mean loss is at most the stated one. Times are processor time of the process, with its
imports, on one core and with one thread. C is compiled before, as its module does once.
"""

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import quantiles
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.binding import imported
from benchmarks.processes import ENVIRONMENT, Used, run
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.render import binding, binding_source, render

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "speed_complete.json"
ROUNDS = 3


@dataclass(frozen=True)
class Task:
    """A training: the data, the size of the hidden layer, and the loss at which it ends."""

    name: str
    hidden: int
    rate: float
    batch: int
    loss: float
    programs: tuple[str, ...]

    @cached_property
    def data(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The images, and a column for each class."""
        if self.name == "digits":
            from sklearn.datasets import load_digits

            images, classes = load_digits(return_X_y=True)
            return (images / 16.0).astype(np.float32), np.eye(10, dtype=np.float32)[classes]
        draw = np.random.default_rng(1)
        prototypes, classes = draw.random((10, 784)) < 0.3, draw.integers(0, 10, 8000)
        noisy = 0.3 * prototypes[classes] + draw.normal(scale=1.0, size=(8000, 784))
        return np.clip(noisy, 0.0, 1.0).astype(np.float32), np.eye(10, dtype=np.float32)[classes]

    @cached_property
    def spec(self) -> Spec:
        """The network as a spec."""
        return Spec.model_validate(
            {
                "name": "net",
                "inputs": {"name": "x", "size": self.data[0].shape[1]},
                "layers": [
                    {"name": "hidden", "units": self.hidden, "activation": "relu"},
                    {"name": "output", "units": 10, "activation": "softmax"},
                ],
                "loss": {"name": "cross_entropy", "outputs": "sum"},
                "training": {"optimizer": {"name": "gradient_descent", "rate": self.rate}},
                "targets": ["python", *({"name": n, "dtype": "float32"} for n in ("numpy", "c")), "javascript"],
            }
        )

    def write(self, folder: Path) -> None:
        """Write the data, the parameters and the modules of all targets."""
        planned, (x, y) = plan(self.spec), self.data
        params = [np.asarray(p, np.float32) for p in Network(self.spec).init(1)]
        for target, name in (("python", "net_python.py"), ("numpy", "net_numpy.py"), ("c", "net.h")):
            (folder / name).write_text(render(planned, self.spec, target), "utf-8")
        (folder / "binding.c").write_text(binding_source(), "utf-8")
        (folder / "net_c.py").write_text(binding(planned, self.spec), "utf-8")
        imported(folder / "net_c.py")
        arrays: dict[str, Any] = {"x": x, "y": y, **{f"p{i}": p for i, p in enumerate(params)}}
        np.savez(folder / "data.npz", **arrays)
        told = {"rate": self.rate, "batch": self.batch, "loss": self.loss, "hidden": self.hidden}
        (folder / "told.json").write_text(json.dumps(told), "utf-8")


OTHERS = ("scikit-learn", "PyTorch", "Keras, JAX")
TASKS = (
    Task("digits", 32, 0.5, 32, 0.02, ("nngen python", "nngen numpy", "nngen c", *OTHERS)),
    Task("images", 30, 0.1, 32, 0.005, ("nngen numpy", "nngen c", *OTHERS)),
)


def main() -> None:
    """Measure all programs of all tasks."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    results: list[dict[str, Any]] = []
    for task in TASKS:
        with tempfile.TemporaryDirectory() as name:
            task.write(Path(name))
            times: dict[str, list[float]] = {program: [] for program in task.programs}
            ends: dict[str, Any] = {}
            for turn in range(ROUNDS):
                for program in task.programs if turn % 2 == 0 else reversed(task.programs):
                    used = trained(program, Path(name))
                    times[program].append(round(used.seconds, 3))
                    ends[program] = json.loads(used.output)
            for program, rounds in times.items():
                low, middle, high = quantiles(rounds, n=4)
                print(
                    f"{task.name}, {program:14} {middle:8.2f} s ({low:.2f} to {high:.2f}); {ends[program]}", flush=True
                )
            results.append({"task": task.name, "loss": task.loss, "times": times, "ends": ends})
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def trained(program: str, folder: Path) -> Used:
    """Run a training in a process of its own."""
    trainer = Path(__file__).with_name("trainer.py")
    return run([sys.executable, "-P", str(trainer), program, str(folder)], ENVIRONMENT)


if __name__ == "__main__":
    main()
