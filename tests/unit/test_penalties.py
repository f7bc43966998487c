"""Penalties: every form of page against the reference, the loss by hand, and the gradient by differences."""

import numpy as np
import pytest

from nngen.mathematics.catalogue.penalties import PENALTIES
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import PAGES
from tests.support.catalogues import value
from tests.support.modules import TARGETS
from tests.support.penalties import PENALTY, of


def test_every_entry_is_tried() -> None:
    assert set(PENALTY) == set(PENALTIES)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("name", PENALTY)
def test_loss_gradient_and_training_are_those_of_the_reference(
    name: str, biases: bool, batch: str, target: str, unroll: str
) -> None:
    spec = of({"name": name, "biases": biases, **PENALTY[name]}, batch, unroll)
    network, module = Network(spec), as_module("net", render(plan(spec), spec, target))
    random = np.random.default_rng(1)
    x, y = random.normal(size=(7, 3)), random.uniform(size=(7, 2))
    part, one = ((x, y), (x, y)) if target == "numpy" else ((x[:1], y[:1]), (x[0].tolist(), y[0].tolist()))
    loss, gradient = module.gradient(module.init(), *one)
    expected_loss, expected = network.gradient(network.init(), *part)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-13)
    assert module.loss(module.init(), *one) == loss
    np.testing.assert_allclose(module.pack(gradient), network.pack(expected), rtol=1e-12, atol=1e-14)
    data = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    params, history = module.fit(module.init(), *data, 3)
    expected_params, expected_history = network.fit(network.init(), x, y, 3)
    np.testing.assert_allclose(module.pack(params), network.pack(expected_params), rtol=1e-11)
    np.testing.assert_allclose(history, expected_history, rtol=1e-11)


@pytest.mark.parametrize("name", PENALTY)
def test_the_loss_is_what_the_formula_says(name: str) -> None:
    plain, costly = (
        of({"name": name, **PENALTY[name]}, "mean", "weights"),
        of({"name": "l2", "strength": 1e-300}, "mean", "weights"),
    )
    x, y = np.array([[0.5, -1.0, 2.0]]), np.array([[0.25, 0.75]])
    network = Network(plain)
    params = network.init()
    w = np.concatenate([params[i].ravel() for i in (0, 2, 3)])
    added = {
        "l2": 0.15 * np.sum(w**2),
        "l1": 0.2 * np.sum(np.abs(w)),
        "elastic_net": 0.1 * np.sum(np.abs(w)) + 0.2 * np.sum(w**2),
    }
    difference = network.loss(params, x, y) - Network(costly).loss(params, x, y)
    np.testing.assert_allclose(difference, added[name], rtol=1e-12)


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("name", PENALTY)
def test_the_gradient_is_the_slope_of_the_loss(name: str, batch: str) -> None:
    network = Network(of({"name": name, "biases": True, **PENALTY[name]}, batch, "weights"))
    random = np.random.default_rng(2)
    x, y = random.normal(size=(4, 3)), random.uniform(size=(4, 2))
    params = network.init()
    direction = [random.normal(size=w.shape) * (i != 1) for i, w in enumerate(params)]  # the second is frozen
    _, gradient = network.gradient(params, x, y)

    def at(t: float) -> float:
        return network.loss([w + t * d for w, d in zip(params, direction, strict=True)], x, y)

    slope = sum(float(np.sum(g * d)) for g, d in zip(gradient, direction, strict=True))
    assert slope == pytest.approx((at(1e-5) - at(-1e-5)) / 2e-5, rel=1e-7)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_a_module_checks_its_own_gradient_with_the_penalty(target: str, unroll: str) -> None:
    for name in PENALTY:
        spec = of({"name": name, **PENALTY[name]}, "sum", unroll)
        assert as_module("net", render(plan(spec), spec, target))._check_gradient() < 1e-6


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", PENALTY)
def test_a_weight_of_0_is_left_alone(name: str, target: str) -> None:
    assert value(PENALTIES[name].slope, {"w": 0.0, **PENALTY[name]}, target) == 0.0
