"""A small trained network in integers, 2-3-2, for tests of what is proven of headers."""

import json
from pathlib import Path
from typing import NamedTuple

from nngen.commands.prove import proof
from nngen.plan import plan
from nngen.reading import load

SPEC = """\
name: fruit
inputs:
  - {name: size, resolution: 0.5, range: [2, 12]}
  - {name: color, categories: [green, red]}
layers:
  - {name: hidden, units: 3, activation: tanh}
  - {name: output, units: [apple, cherry], activation: softmax}
loss: cross_entropy
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data: {file: rows.csv, target: kind, classes: [apple, cherry]}
"""

ROWS = "size,color,kind\n2,red,cherry\n3,red,cherry\n8,green,apple\n9,red,apple\n12,green,apple\n2.5,green,cherry\n"

WEIGHTS = [-0.9, 0.4, -0.3, 0.5, -0.2, 0.1, -0.4, 0.3, 0.2, 2.0, -1.0, 1.0, -1.5, 1.5, -1.0, 1.2, -1.2, 0.8, 0.1, -0.1]
"""Larger sizes move the class towards apple."""


class Small(NamedTuple):
    """The files of the network."""

    spec: Path
    params: Path


def small(folder: Path, more: str = "", text: str = SPEC) -> Small:
    """The network in a folder, its spec perhaps with more fields."""
    made = Small(folder / "fruit.yaml", folder / "fruit.json")
    made.spec.write_text(text + more)
    (folder / "rows.csv").write_text(ROWS)
    planned = plan(load(made.spec))
    values = (WEIGHTS * planned.size)[: planned.size]
    made.params.write_text(json.dumps({"layout": " ".join(planned.layout), "parameters": values}))
    return made


def header(made: Small) -> str:
    """The text of its header."""
    return proof(made.spec, made.params, 0.0, widths=(), accept_loss=True).header.text
