"""The equations of a network as data: by layer, and expanded by unit."""

from collections.abc import Iterable

import pytest

from nngen.mathematics.formulas.vocabulary import PLAIN
from nngen.plan.assignment import Assignment
from nngen.plan.by_unit import by_unit
from nngen.plan.equation import Equation
from nngen.plan.equations import Scope, equations
from nngen.plan.planner import plan
from nngen.plan.sections import Section
from nngen.targets.loop_names import weight_loops
from tests.support.network import FROZEN, layer, network

TWO = [layer("h", 2, "tanh"), layer("o", 1, "linear")]
LARGE = {"name": "l2", "strength": 0.1}


def listed(sections: Iterable[Section[Equation]]) -> list[str]:
    """Each equation as its name and its form."""
    return [f"{one.name}: {one.form}" for section in sections for one in section.equations]


def expanded(sections: Iterable[Section[Assignment]]) -> list[str]:
    """Each equation of a unit as text."""
    return [f"{one.name} = {one.form}({', '.join(one.terms)})" for section in sections for one in section.equations]


def test_a_layer_is_a_weighted_sum_and_its_activation() -> None:
    found = equations(plan(network(TWO, "squared_error").spec), Scope.EXAMPLE)
    assert listed(found.forward) == ["z_h: weighted_sum", "a_h: unit", "z_o: weighted_sum", "a_o: unit"]
    assert [section.comment for section in found.forward] == [
        "h ← x: weighted sums, then tanh",
        "o ← h: weighted sums",
    ]


def test_derivatives_come_from_the_output_down() -> None:
    found = equations(plan(network(TWO, "squared_error").spec), Scope.EXAMPLE)
    names = ["da_o: unit", "dz_o: unit", "dW_o: outer", "db_o: bias_gradient"]
    names += ["da_h: returned", "dz_h: unit", "dW_h: outer", "db_h: bias_gradient"]
    assert listed(found.backward) == names


def test_the_error_comes_back_from_every_layer_that_a_layer_feeds() -> None:
    layers = [
        layer("a", 1, "tanh"),
        layer("b", 1, "tanh"),
        layer("c", 1, "tanh", sources=["a", "b"]),
        layer("d", 2, "tanh", sources=["c", "a"]),
    ]
    found = equations(plan(network(layers, "squared_error").spec), Scope.EXAMPLE)
    returned = found.backward[-1].equations[0]
    assert [(one.weights.name, one.vector.name) for one in returned.products] == [
        ("W_d_a", "dz_d"),
        ("W_c_a", "dz_c"),
        ("W_b", "dz_b"),
    ]
    units = by_unit(found, PLAIN)
    terms = "dz_d1 * w_d1_a1, dz_d2 * w_d2_a1, dz_c1 * w_c1_a1, dz_b1 * w_b1_a1"
    assert expanded(units.backward[-1:])[0] == f"da_a1 = sum({terms})"


def test_weights_of_long_names_have_numbers_in_loops() -> None:
    def letters(*names: str) -> list[str]:
        layers = [*(layer(name, 1, "tanh", sources=["x"]) for name in names), layer("o", 1, "tanh", sources=names)]
        sums = equations(plan(network(layers, "squared_error").spec), Scope.EXAMPLE).forward[-1].equations[0]
        return [letter for letter, _ in weight_loops(sums.products)]

    assert letters("k" * 40) == ["w"]
    assert letters("k" * 20, "y" * 20) == [f"w_{'k' * 20}", f"w_{'y' * 20}"]
    assert letters("k" * 20, "y" * 21) == ["w_1", "w_2"]


def test_by_unit_each_weight_has_an_equation() -> None:
    spec = network(TWO, "squared_error", inputs=["x1", "x2"]).spec
    found = by_unit(equations(plan(spec), Scope.EXAMPLE), PLAIN)
    assert expanded(found.forward) == [
        "z_h1 = sum(b_h1, w_h1_x1 * x1, w_h1_x2 * x2)",
        "z_h2 = sum(b_h2, w_h2_x1 * x1, w_h2_x2 * x2)",
        "a_h1 = value(tanh(z_h1))",
        "a_h2 = value(tanh(z_h2))",
        "z_o1 = sum(b_o1, w_o1_h1 * a_h1, w_o1_h2 * a_h2)",
        "a_o1 = value(z_o1)",
    ]
    assert expanded(found.backward)[-8:-6] == [
        "dz_h1 = value(da_h1 * (1.0 - a_h1**2))",
        "dz_h2 = value(da_h2 * (1.0 - a_h2**2))",
    ]
    assert expanded(found.backward)[-6:-4] == ["dw_h1_x1 = value(dz_h1 * x1)", "dw_h1_x2 = value(dz_h1 * x2)"]


def test_softmax_shares_a_maximum_and_a_sum() -> None:
    found = equations(plan(network([layer("o", 3, "softmax")], "squared_error").spec), Scope.EXAMPLE)
    assert listed(found.forward)[1:] == ["top_o: max", "e_o: unit", "total_o: sum", "a_o: unit"]


@pytest.mark.parametrize(
    ("scope", "slope"),
    [
        (Scope.EXAMPLE, "2.0 * (a - y)"),
        (Scope.WEIGHTED_EXAMPLE, "weight * 2.0 * (a - y)"),
        (Scope.BATCH, "weight * 2.0 * (a - y)"),
    ],
)
def test_an_example_alone_does_not_know_its_share_of_a_batch(scope: Scope, slope: str) -> None:
    loss = {"name": "squared_error", "example_weights": True}
    found = equations(plan(network([layer("o", 1, "linear")], loss, batch="weighted_mean").spec), scope)
    assert found.backward[0].equations[0].formula.text == slope


def test_a_mean_over_a_batch_divides_the_loss_and_its_slope() -> None:
    found = equations(plan(network([layer("o", 1, "linear")], "squared_error").spec), Scope.BATCH)
    assert found.loss[0].equations[-1].mean
    assert found.backward[0].equations[0].formula.text == "2.0 * (a - y) / n"


@pytest.mark.parametrize(
    ("value", "aliases"),
    [
        ("a * y", (True, False)),
        ("(a - y)**2", (False, False)),
    ],
)
def test_another_name_for_the_targets_is_constant_as_they_are(value: str, aliases: tuple[bool, bool]) -> None:
    layers = [layer("o", 1, "linear", normalization="batch_norm")]
    spec = network(layers, "mine", batch="sum", losses={"mine": {"value": value}}).spec
    slope = equations(plan(spec), Scope.BATCH).backward[0].equations[0]
    assert (slope.renames, slope.aliases) == aliases


def test_frozen_parameters_have_a_derivative_of_zero() -> None:
    layers = [layer("h", 2, "tanh", weights=FROZEN), layer("o", 1, "linear")]
    found = equations(plan(network(layers, "squared_error").spec), Scope.EXAMPLE)
    assert listed(found.frozen) == ["dW_h: zero"]
    assert "dW_h: outer" not in listed(found.backward)
    assert by_unit(found, PLAIN).frozen == ()


def test_a_penalty_changes_the_loss_and_each_derivative() -> None:
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "penalty": LARGE}
    spec = network([layer("o", 1, "linear")], "squared_error", inputs=["x1", "x2"], training=training).spec
    found = equations(plan(spec), Scope.EXAMPLE)
    assert listed(found.penalty) == ["loss: penalty"]
    assert listed(found.penalty_slopes) == ["dW_o: penalty_slope"]
    assert {one.name for section in found.gradient for one in section.equations if one.changed} == {"loss", "dW_o"}
    units = by_unit(found, PLAIN)
    changed = {one.name for section in units.gradient for one in section.equations if one.changed}
    assert changed == {"loss", "dw_o1_x1", "dw_o1_x2"}
    added = [one for section in units.penalty + units.penalty_slopes for one in section.equations]
    assert [one.name for one in added if one.again] == ["loss", "dw_o1_x1", "dw_o1_x2"]


def test_a_class_weight_is_a_sum_with_a_number_for_each_class() -> None:
    loss = {"name": "cross_entropy", "class_weights": [1.5, 2.5]}
    spec = network([layer("o", 2, "softmax")], loss).spec
    found = by_unit(equations(plan(spec), Scope.EXAMPLE), PLAIN)
    assert expanded(found.weight) == ["weight = sum(1.5 * y_o1, 2.5 * y_o2)"]


@pytest.mark.parametrize("more", [{}, {"example_weights": True}])
def test_where_all_classes_weigh_alike_there_are_no_terms_for_them(more: dict[str, bool]) -> None:
    found = equations(plan(network([layer("o", 1, "linear")], {"name": "squared_error", **more}).spec), Scope.EXAMPLE)
    assert found.weight == ()


def test_dropout_numbers_its_units_across_layers() -> None:
    layers = [layer("h", 2, "tanh", dropout=0.25), layer("k", 1, "tanh", dropout=0.5), layer("o", 1, "linear")]
    found = by_unit(equations(plan(network(layers, "squared_error").spec), Scope.EXAMPLE), PLAIN)
    kept = [line for line in expanded(found.training) if line.startswith("keep")]
    assert kept == ["keep_h1 = dropout(0, 0.25)", "keep_h2 = dropout(1, 0.25)", "keep_k1 = dropout(2, 0.5)"]
    assert not [line for line in expanded(found.forward) if line.startswith("keep")]


def test_batch_normalization_measures_the_examples_together() -> None:
    layers = [layer("h", 2, "tanh", normalization="batch_norm"), layer("o", 1, "linear")]
    found = equations(plan(network(layers, "squared_error").spec), Scope.BATCH)
    assert {"mean_h: running_mean", "variance_h: running_mean"} <= set(listed(found.training))
    assert "mean_h: running_mean" not in listed(found.forward)
