"""Worksheets, and how to read their numbers back."""

import re
from functools import cache
from pathlib import Path

import numpy as np

from nngen.learning.trace import Request, Worksheet
from nngen.learning.trace.tracing import of_spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.render import render_by_weights
from tests.support.modules import targets
from tests.support.networks import NEEDS_BATCH, NETWORKS, ONCE

ALONE = [name for name in ONCE if name not in NEEDS_BATCH]
"""Networks that take single examples."""

ALIKE = [name for name in ALONE if name.endswith(" twice") or " over " in name]
RARE = "absolute_error over linear, sum", "log_cosh over linear, mean", "own lopsided over bent, mean", "sine twice"
SHEETS = [name for name in ALONE if name not in ALIKE or name in ALIKE[::3] or name in RARE]
"""Of networks that differ only in a formula of the catalogue, which `test_typeset` writes, every third, and those whose
equations call functions that no others call."""

SEED = 3


def example(network: Network) -> tuple[list[float], list[float]]:
    random = np.random.default_rng(5)
    x = random.uniform(-1.0, 1.0, size=len(network.spec.input_names))
    return x.tolist(), targets(network.spec, 1, random)[0].tolist()


@cache
def page(network: Network) -> str:
    """The module that has an equation for each weight."""
    return render_by_weights(plan(network.spec), network.spec)


@cache
def worksheet(name: str) -> Worksheet:
    network = NETWORKS[name]
    x, y = ((",".join(map(repr, numbers))) for numbers in example(network))
    seed = SEED if plan(network.spec).has_dropout else None
    request = Request(x=x, y=y, whole=True, dropout_seed=seed)
    return of_spec(network.spec, Path("net.yaml"), request)


def read_back(sheet: str) -> list[tuple[str, list[str]]]:
    """The equations of a worksheet in text: the name of each, and its forms; the last form is the value."""
    found: list[tuple[str, list[str]]] = []
    for line in sheet.splitlines():
        if start := re.match(r"  (\S+) +[=←] (.*)", line):
            found.append((start[1], [start[2]]))
        elif more := re.match(r"  +[=] (.*)", line):
            found[-1][1].append(more[1])
        elif on := re.match(r"   +(\S.*)", line):
            found[-1][1][-1] += " " + on[1]
    return found


def number(shown: str) -> float:
    return float(shown.replace("−", "-").replace("∞", "inf"))


NAMES = """
name: names
inputs: [빛, λ_1, x2]
layers:
  - {name: 층, units: [닫힘, my_unit], activation: tanh}
  - {name: output, units: [é], activation: sigmoid}
loss: {name: binary_cross_entropy, outputs: sum}
training: {optimizer: {name: adam, rate: 0.1}, clip: {name: norm, most: 0.01}}
"""
"""Names in several scripts, some with an underscore."""
