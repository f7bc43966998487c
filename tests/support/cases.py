"""The networks of the tests in every form of page, with examples and parameters for them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.pages.modules import as_module
from nngen.pages.render import render
from nngen.plan.planner import plan
from nngen.reference import Network
from nngen.spec.spec import Spec
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


def _cases() -> Iterator[Any]:
    for path in SPECS:
        for target in TARGETS:
            yield pytest.param(
                Network(spec(path)), lambda p=path, t=target: built(p, t), target, id=f"{path.stem}-{target}"
            )
    for name, network in NETWORKS.items():
        for target, unroll in PAGES:
            chosen = with_targets(network.spec, unroll=unroll)
            yield pytest.param(
                network,
                lambda s=chosen, t=target: as_module("net", render(plan(s), s, t)),
                target,
                id=f"{name}-{target}-{unroll}",
            )


CASES = list(_cases())


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
