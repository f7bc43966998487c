"""Kinds of layers: the reference against differences, and the equations that pages have."""

from typing import get_args

import numpy as np
import pytest

from nngen.description.model import Layer
from nngen.mathematics.catalogue import KINDS, PAIRS
from nngen.plan import Scope, by_unit, equations, plan
from nngen.proof.reference import Network
from nngen.targets import TARGETS
from tests.support.catalogues import value
from tests.support.kinds import EVERY_KIND, FACTORIZATION, NETWORKS, TRAININGS, examples, network


@pytest.mark.parametrize("name", NETWORKS)
def test_the_gradient_of_the_reference_is_that_of_differences(name: str) -> None:
    reference, (x, y) = Network(NETWORKS[name]), examples(NETWORKS[name])
    random = np.random.default_rng(2)
    flat = np.array(reference.pack(reference.init())) + random.normal(size=sum(p.size for p in reference.init()))
    _, gradient = reference.gradient(reference.unpack(flat.tolist()), x, y)
    direction = random.normal(size=len(flat))
    frozen = [np.full(p.shape, p.shape == (3, 2) and name == "frozen items") for p in reference.init()]
    direction[np.concatenate([part.ravel() for part in frozen])] = 0.0
    ahead, behind = (reference.loss(reference.unpack((flat + h * direction).tolist()), x, y) for h in (1e-6, -1e-6))
    assert direction @ reference.pack(gradient) == pytest.approx((ahead - behind) / 2e-6, rel=1e-6, abs=1e-7)


def test_rows_that_no_example_selects_stay_unless_all_rows_step() -> None:
    for name in ("adam, l2", "momentum, all rows"):
        spec = network(FACTORIZATION, training=TRAININGS[name])
        reference, x, y = Network(spec), np.array([[0.0, 1.0], [3.0, 2.0]]), np.array([[1.0], [2.0]])
        params = reference.init()
        state = reference.init_state(params)
        first, state = reference.step(params, reference.gradient(params, x[:1], y[:1])[1], state, x[:1])
        second, _ = reference.step(first, reference.gradient(first, x[1:], y[1:])[1], state, x[1:])
        assert np.array_equal(first[0][1:], params[0][1:])
        moves = not np.array_equal(second[0][0], first[0][0])  # the user of the first step, by momentum
        assert moves == (name == "momentum, all rows")


def test_the_penalty_is_that_of_the_rows_that_an_example_selects() -> None:
    spec = network(FACTORIZATION, training=TRAININGS["adam, l2"])
    reference, x, y = Network(spec), np.array([[0.0, 1.0]]), np.array([[1.0]])
    params = reference.init()
    [output] = reference.forward(params, x)[0]
    rows = [params[0][0], params[1][1], params[2][0]]
    expected = (output - 1.0) ** 2 + 0.05 * sum(float(row @ row) for row in rows)
    assert reference.loss(params, x, y) == pytest.approx(expected, rel=1e-14)


def test_products_have_equations_for_units() -> None:
    """Ids select a row when a page runs, but the other kinds have an equation for each unit."""
    layers = [
        {"name": "u", "units": 2, "activation": "tanh"},
        {"name": "v", "from": "x", "units": 2, "activation": "tanh"},
        {"name": "m", "kind": "product", "from": ["u", "v"], "units": 2},
        {"name": "r", "kind": "ratio", "from": ["u", "v"], "units": 2},
        {"name": "g1", "kind": "maximum", "from": ["u", "v"], "units": ["high", "low"]},
        {"name": "d", "kind": "dot", "from": ["m", "r"], "bias": True},
        {"name": "a", "kind": "average", "from": ["u", "v", "g1"], "units": 2},
        {"name": "out", "from": ["d", "g1", "a"], "units": 1, "activation": "linear"},
    ]
    spec = network(FACTORIZATION, inputs=2, layers=layers)
    made = by_unit(equations(plan(spec), Scope.EXAMPLE), TARGETS["python"].words)
    lines = {e.name: " + ".join(e.terms) for part in (made.forward, made.backward) for s in part for e in s.equations}
    assert lines["z_m1"] == "a_u1 * a_v1"
    assert lines["z_r2"] == "a_u2 / a_v2"
    assert lines["z_d1"] == "b_d1 + a_m1 * a_r1 + a_m2 * a_r2"
    assert lines["da_m2"] == "dz_d1 * a_r2"
    assert lines["z_low"] == "max(a_u2, a_v2)"
    assert lines["z_a2"] == "a_u2 / 3.0 + a_v2 / 3.0 + a_low / 3.0"
    assert (
        lines["da_v1"]
        == "dz_a1 / 3.0 + (0.0 if a_u1 >= a_v1 else dz_high) + -dz_r1 * a_u1 / (a_v1 * a_v1) + dz_m1 * a_u1"
    )


def test_the_layout_counts_the_rows_of_embeddings() -> None:
    assert plan(network(EVERY_KIND)).layout[1] == "W_p[user 0..4][p1 p2 p3]"


def test_the_spec_and_the_catalogue_have_the_same_kinds() -> None:
    assert get_args(Layer.model_fields["kind"].annotation) == tuple(KINDS)
    assert {kind.value for kind in KINDS.values() if kind.over_units} == {
        "u * v"
    }  # the form of equations is a dot product


@pytest.mark.parametrize("name", PAIRS)
def test_the_slopes_of_a_pair_are_those_of_its_value(name: str) -> None:
    u, v, h = np.array([0.7, -1.3, 2.0]), np.array([-0.4, 0.9, 1.5]), 1e-6

    def computed(formula: str, u: object = u, v: object = v) -> np.ndarray:
        return np.asarray(value(formula, {"u": u, "v": v, "dz": 2.0}))

    kind = KINDS[name]
    by_u = (computed(kind.value, u=u + h) - computed(kind.value, u=u - h)) / h
    by_v = (computed(kind.value, v=v + h) - computed(kind.value, v=v - h)) / h
    assert computed(kind.slopes[0]) == pytest.approx(by_u, rel=1e-8)
    assert computed(kind.slopes[1]) == pytest.approx(by_v, rel=1e-8)
