"""An anomaly detector and its tables: readings that follow one number, and others that do not."""

import json
import random
from pathlib import Path
from typing import Any

from nngen.description.data import read_examples
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import as_module, texts

SPEC = """
name: pump
inputs:
  - {name: flow, missing: median}
  - {name: pressure}
  - {name: heat}
  - {name: mode, categories: [low, high], unknown: zeros}
layers:
  - {name: inner, units: 4, activation: tanh}
  - {name: output, units: 5, activation: linear}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.02}, batch_size: 16, epochs: 30}
data:
  file: normal.csv
  target: inputs
  anomaly_percentile: 95
  label: {column: state, normal: fine}
  scale: standardize
"""


def write(folder: Path) -> Path:
    """Write the spec, normal.csv to train on, and both.csv with a label; the spec's path."""
    drawn = random.Random(4)

    def row(*, broken: bool) -> list[Any]:
        load = drawn.uniform(0.0, 1.0)
        other = drawn.uniform(0.0, 1.0) if broken else load
        values = [20.0 + 80.0 * load, 3.0 - 2.0 * other, 15.0 + 40.0 * load**2]
        return [*(round(value + drawn.gauss(0.0, 0.02), 2) for value in values), "high" if load > 0.5 else "low"]

    head = ["flow", "pressure", "heat", "mode"]
    normal = [row(broken=False) for _ in range(200)]
    both = [[*row(broken=i % 2 == 1), "worn" if i % 2 else "fine"] for i in range(100)]
    for name, rows in ("normal", [head, *normal]), ("both", [[*head, "state"], *both]):
        (folder / f"{name}.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    path = folder / "pump.yaml"
    path.write_text(SPEC)
    return path


def trained(path: Path) -> Path:
    """The file of its parameters after training, beside the spec."""
    spec = load(path)
    module = as_module("pump", texts(spec, path.parent, ["numpy"])["numpy"])
    x = read_examples(spec, path.parent).train_x
    params = module.pack(module.fit(module.init(), x, x)[0])
    file = path.with_suffix(".json")
    file.write_text(json.dumps({"layout": " ".join(plan(spec).layout), "parameters": params}))
    return file
