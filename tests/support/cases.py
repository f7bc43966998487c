"""The networks of the tests in every form of page, with examples and parameters for them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.modules import SPECS, TARGETS, built, spec, targets
from tests.support.networks import NETWORKS

Array = NDArray[np.float64]

PAGES = [("python", "weights"), ("python", "layers"), ("numpy", "auto")]
"""The forms of page: a target, and how far it is written out."""


def with_targets(base: Spec, **python: str) -> Spec:
    """The same spec, with options for the python target."""
    changed = base.model_dump(by_alias=True) | {"targets": [{"name": "python", **python}, "numpy"]}
    return Spec.model_validate(changed)


def made(network: Network, target: str, unroll: str) -> Any:
    """The module of a network in one form of page."""
    spec = with_targets(network.spec, unroll=unroll)
    return as_module("net", render(plan(spec), spec, target))


class Case(NamedTuple):
    """A network, its module, and the module's target."""

    network: Network
    module: Any
    target: str


def _of_spec(path: Path, target: str) -> Case:
    return Case(Network(spec(path)), built(path, target), target)


def _of_network(name: str, target: str, unroll: str) -> Case:
    return Case(NETWORKS[name], made(NETWORKS[name], target, unroll), target)


OF_SPECS: Mapping[str, Callable[[], Case]] = {
    f"{path.stem}-{target}": partial(_of_spec, path, target) for path in SPECS for target in TARGETS
}
CASES: Mapping[str, Callable[[], Case]] = {
    **OF_SPECS,
    **{
        f"{name}-{target}-{unroll}": partial(_of_network, name, target, unroll)
        for name in NETWORKS
        for target, unroll in PAGES
    },
}
"""Each spec and each network in each form of page, by name: a test builds the case that it needs."""


def examples(network: Network, count: int, seed: int = 1) -> tuple[Array, Array]:
    """Random inputs, and targets that every loss of the network takes."""
    random = np.random.default_rng(seed)
    x = random.uniform(-1.0, 1.0, size=(count, len(network.spec.input_names)))
    y = targets(network.spec, count, random)
    y[np.all(y == -1.0, axis=1) & (y.shape[1] > 1), 0] = 1.0  # one of no class would have no weight where classes have
    return x, y


def start(network: Network, seed: int = 2) -> list[float]:
    """Parameters near the initial ones, and not at them: zeros would hide mistakes."""
    flat = np.array(network.pack(network.init()))
    return [float(value) for value in flat + np.random.default_rng(seed).normal(scale=0.2, size=len(flat))]


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=1e-12, atol=1e-14)
