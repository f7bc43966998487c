"""The C header beside FANN and emlearn, in 32 bits: predictions of single examples, and epochs of single steps.

    python -m benchmarks.c_peers

Needs libfann-dev and the Python package emlearn. Prints a table for docs/speed.md: the CPU time of the header, and that
of each peer as a multiple of it, the median of the ratios within a round. All peers have the same parameters; their
outputs are compared first.
"""

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from statistics import median
from typing import Any

import emlearn
import numpy as np
from sklearn.neural_network import MLPRegressor

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.render import render

SOURCE = Path(__file__).with_suffix(".c")
NETWORKS = ((2, 2, 1), (4, 8, 3), (9, 16, 2), (64, 32, 10), (784, 30, 10))
EXAMPLES = 256
ROUNDS = 9
PEERS = {"nngen": (), "FANN": ("-DFANN", "-lfloatfann"), "emlearn": ("-DEMLEARN", f"-I{emlearn.includedir}")}
FLAGS = ("-std=gnu99", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-w")


def numbers(name: str, rows: Any) -> str:
    """A static array of C."""
    sizes = "".join(f"[{size}]" for size in rows.shape)
    return f"static const float {name}{sizes} = {{{', '.join(f'{v!r}f' for v in rows.ravel().tolist())}}};\n"


def prepare(sizes: tuple[int, ...], folder: Path) -> None:
    """Write the header, the model of emlearn, and the data of a network."""
    inputs, hidden, outputs = sizes
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-1, 1, (EXAMPLES, inputs)), rng.uniform(0, 1, (EXAMPLES, outputs))
    model = MLPRegressor(hidden_layer_sizes=(hidden,), activation="logistic", max_iter=1, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y if outputs > 1 else y.ravel())
    emlearn.convert(model, method="inline", dtype="float").save(file=str(folder / "emlearn_net.h"), name="emlearn_net")
    start = np.concatenate(
        [part.ravel() for w, b in zip(model.coefs_, model.intercepts_, strict=True) for part in (w.T, b)]
    )
    spec = Spec.model_validate(
        {
            "name": "net",
            "inputs": {"name": "x", "size": inputs},
            "layers": [
                {"name": "h", "units": hidden, "activation": "sigmoid"},
                {"name": "o", "units": outputs, "activation": "linear"},
            ],
            "loss": {"name": "half_squared_error", "outputs": "sum"},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.01}},
            "targets": [{"name": "c", "dtype": "float32"}],
        }
    )
    (folder / "net.h").write_text(render(plan(spec), spec, "c"), "utf-8")
    calls = max(1, 400_000 // (inputs * hidden * 8))
    defines = {"INPUTS": inputs, "OUTPUTS": outputs, "EXAMPLES": EXAMPLES, "CALLS": calls, "RATE": "0.01f"}
    lines = [f"#define {name} {value}\n" for name, value in defines.items()]
    lines.append(f"#define SIZES {{{', '.join(map(str, sizes))}}}\n")
    data = [numbers("x", x), numbers("y", y), numbers("start", start)]
    (folder / "data.h").write_text("".join(lines + data), "utf-8")


def compare(sizes: tuple[int, ...]) -> tuple[str, ...]:
    """The row of a network: its predictions, then its epochs."""
    times: dict[str, list[tuple[float, float]]] = {peer: [] for peer in PEERS}
    outputs: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(sizes, folder)
        for peer, options in PEERS.items():
            run = ["gcc", *FLAGS, f"-I{folder}", str(SOURCE), *options, "-lm", "-o", str(folder / peer)]
            subprocess.run(run, check=True)
        for _ in range(ROUNDS):
            for peer in PEERS:
                told = subprocess.run([str(folder / peer)], check=True, capture_output=True, text=True).stdout.split()
                forward, *outputs[peer], epoch = map(float, told)
                times[peer].append((forward, epoch))
    for peer in PEERS:
        np.testing.assert_allclose(outputs[peer], outputs["nngen"], rtol=0, atol=1e-4, err_msg=peer)
    cells = ["-".join(map(str, sizes))]
    for kind, peers in enumerate((("FANN", "emlearn"), ("FANN",))):
        cells.append(f"{min(one[kind] for one in times['nngen']) * 1e9 / EXAMPLES:,.0f} ns")
        for peer in peers:
            rounds = zip(times[peer], times["nngen"], strict=True)
            cells.append(f"{median(one[kind] / own[kind] for one, own in rounds):.1f}")
    return tuple(cells)


if __name__ == "__main__":
    head = ("network", "prediction: nngen", "FANN", "emlearn", "step: nngen", "FANN")
    for cells in (head, ("---",) * len(head), *map(compare, NETWORKS)):
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
