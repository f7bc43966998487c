"""The decisions of the plan: names, order, and the way of the error."""

from typing import Any

import pytest

from nngen.description.data.scaling import Scaling
from nngen.mathematics.catalogue.page_functions import PageFunction, in_order
from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.marks import flat
from nngen.plan.equations import functions
from nngen.plan.planner import plan
from nngen.targets.c import MAX_SCALARS_OF_C
from nngen.targets.c_workspace import training_size
from nngen.targets.python import MAX_BRANCHES
from nngen.targets.render import render
from nngen.targets.rows import written
from nngen.targets.target import MAX_SCALARS
from nngen.targets.targets import TARGETS, level, words
from nngen.targets.update_lines import lines_with_powers, powers
from tests.support.modules import SPECS, spec
from tests.support.plans import of, planned

FROZEN = {"trainable": False}


def test_parameters_stand_layer_by_layer_weights_before_biases_row_by_row() -> None:
    made = planned(
        {"name": "h", "units": ["h1", "h2"]},
        {"name": "o", "units": ["y"], "from": ["x", "h"], "bias": False},
    )
    assert [name for row in made.parameter_rows() for name in row] == (
        "w_h1_x1 w_h1_x2 w_h2_x1 w_h2_x2 b_h1 b_h2 w_y_x1 w_y_x2 w_y_h1 w_y_h2".split()
    )
    assert made.layout == ("net", "W_h[h1 h2][x1 x2]", "b_h[h1 h2]", "W_o_x[y][x1 x2]", "W_o_h[y][h1 h2]")
    assert [(block.start, block.stop) for block in made.blocks] == [(0, 4), (4, 6), (6, 8), (8, 10)]


def layouts(units: object, inputs: object) -> tuple[str, ...]:
    return planned({"name": "layer2", "units": units}, inputs=inputs).layout


def test_the_layout_loses_no_name() -> None:
    pixels = {"name": "pixel", "size": 64}
    assert layouts(20, pixels)[1:] == (
        "W_layer2[layer21..layer220, 20][pixel1..pixel64, 64]",
        "b_layer2[layer21..layer220, 20]",
    )
    assert layouts(20, pixels) == layouts([f"layer2{i}" for i in range(1, 21)], [f"pixel{i}" for i in range(1, 65)])
    middle = ["first_of_all", "one_between", "another_one", "last_of_all"]
    assert layouts(1, middle)[1] == "W_layer2[layer21][first_of_all one_between another_one last_of_all]"
    swapped = [middle[0], middle[2], middle[1], middle[3]]
    gap = [f"pixel{i}" for i in (*range(1, 32), 99, *range(33, 65))]
    zeros = [f"pixel{i:02}" for i in range(1, 65)]
    names = [middle, swapped, gap, zeros, [f"pixel{i}" for i in range(64)], pixels]
    assert len({layouts(1, inputs) for inputs in names}) == len(names)


def test_long_lists_of_numbered_names_are_told_by_their_ends() -> None:
    assert layouts(1, ["x" * 20, "y" * 19])[1].endswith(f"[{'x' * 20} {'y' * 19}]")
    assert layouts(1, {"name": "p", "size": 12})[1].endswith("[p1 p2 p3 p4 p5 p6 p7 p8 p9 p10 p11 p12]")
    assert layouts(1, {"name": "pp", "size": 10})[1].endswith("[pp1 pp2 pp3 pp4 pp5 pp6 pp7 pp8 pp9 pp10]")  # 40
    assert layouts(1, {"name": "four", "size": 7})[1].endswith("[four1..four7, 7]")  # 41
    assert layouts(1, {"name": "p", "size": 13})[1].endswith("[p1..p13, 13]")  # 42


def test_what_training_takes_beside_the_parameters() -> None:
    def sizes(**training: Any) -> tuple[int, int]:
        made = planned({"name": "o", "units": 1}, training={"optimizer": training.pop("optimizer"), **training})
        assert made.size == 3
        return made.state_size, training_size(made)

    plain, adam = {"name": "gradient_descent", "rate": 0.1}, {"name": "adam", "rate": 0.1}
    assert sizes(optimizer=plain) == (0, 3)
    assert sizes(optimizer=plain, stop={"name": "patience", "epochs": 3}) == (0, 9)  # parameters, and 3 numbers
    assert sizes(optimizer=adam) == (7, 10)  # two means, and the number of steps
    assert sizes(optimizer=adam, stop={"name": "patience", "epochs": 3}) == (7, 16)


def test_functions_stand_behind_those_that_they_call() -> None:
    def helper(name: str, text: str) -> PageFunction:
        return PageFunction(name, ("z",), "", (), Formula(text, frozenset("abc")))

    known = [helper("a", "b(z) + c(z)"), helper("b", "c(z)"), helper("c", "exp(z)")]
    assert [one.name for one in in_order(known)] == ["c", "b", "a"]


def test_a_term_stands_in_brackets_where_there_are_others() -> None:
    def terms(units: int) -> list[str]:
        net = of({"name": "o", "units": units}, loss={"name": "huber", "outputs": "sum", "delta": 2.0})
        made = plan(net)
        return list(map(flat, written(made.output, made.loss.value, words(net, "python"))))

    assert [term[0] + term[-1] for term in (*terms(1), *terms(2))] == ["0)", "()", "()"]


def test_the_error_does_not_go_where_nothing_learns() -> None:
    made = planned(
        {"name": "a", "units": 1, "weights": FROZEN, "bias": FROZEN},
        {"name": "b", "units": 1, "weights": FROZEN, "bias": FROZEN},
        {"name": "c", "units": 1},
        {"name": "d", "units": 1, "weights": FROZEN, "bias": FROZEN},
    )
    assert [layer.name for layer in made.layers if layer.learns] == ["c", "d"]
    assert [block.name for block in made.frozen] == ["W_a", "b_a", "W_b", "b_b", "W_d", "b_d"]


def test_no_fan_in_is_forgotten() -> None:
    made = planned(
        {"name": "h", "units": 3},
        {"name": "o", "units": 4, "from": ["x", "h"]},
        initial={"weights": "glorot_uniform", "biases": "he_normal"},
    )
    texts = [block.initial.text if block.initial else "" for block in made.blocks]
    assert texts[2] == texts[3] == "sqrt(6.0 / (5 + 4)) * (2.0 * u - 1.0)"
    assert texts[4] == "sqrt(2.0 / 5) * n"


def test_where_normal_numbers_are_cut_is_told_and_that_others_are_not() -> None:
    cut = {"name": "truncated_normal", "cut": 1.5}
    made = planned({"name": "o", "units": 1}, initial={"weights": cut, "biases": "normal"})
    assert [block.cut for block in made.blocks] == ["1.5", ""]
    made = planned({"name": "o", "units": 1, "normalization": "layer_norm"})
    assert {block.cut for block in made.blocks} == {""}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_names_are_unique(path: Any) -> None:
    made = plan(spec(path))
    names = [name for row in made.parameter_rows() for name in row]
    names += [name for layer in made.layers for letter in "za" for name in layer.names(letter)]
    assert len(set(names) | set(made.inputs)) == len(names) + len(made.inputs)


def test_long_formulas_become_functions_of_the_options_too() -> None:
    made = planned(
        {"name": "h", "units": 1, "activation": "mish"},
        {"name": "i", "units": 1, "activation": {"name": "elu", "alpha": 0.5}},
        {"name": "j", "units": 1, "activation": "elu", "weights": FROZEN},
        {"name": "o", "units": 1, "activation": {"name": "leaky_relu", "slope": 0.2}},
    )
    defined = [(helper.name, helper.arguments) for helper in made.page_functions]
    assert defined == [  # in the order of the catalogue, with what they call themselves
        ("sigmoid", ("z",)),
        ("elu", ("z", "alpha")),
        ("elu_slope", ("z", "alpha")),
        ("mish", ("z",)),
        ("mish_slope", ("z",)),
        ("softplus", ("z",)),
    ]
    forward = [layer.forward[-1].formula.text for layer in made.layers]
    assert forward == ["mish(z)", "elu(z, 0.5)", "elu(z, 1.0)", "where(z > 0.0, z, 0.2 * z)"]
    assert made.layers[1].backward[0].formula.text == "da * elu_slope(z, 0.5)"


def test_frozen_layers_define_what_their_derivatives_by_the_inputs_need() -> None:
    made = planned(
        {"name": "h", "units": 1, "activation": "elu", "weights": FROZEN, "bias": FROZEN}, {"name": "o", "units": 1}
    )
    assert [helper.name for helper in made.page_functions] == [
        "elu",
        "elu_slope",
    ]  # the slope with respect to the inputs


def test_small_networks_are_written_weight_by_weight_unless_the_spec_says_otherwise() -> None:
    def chosen(units: int, name: str = "python", activation: str = "linear", **target: str) -> str:
        made = of({"name": "h", "units": units, "activation": activation}, targets=[{"name": name, **target}])
        return level(plan(made), made, name)

    assert chosen(MAX_SCALARS // 3) == "weights"
    assert chosen(MAX_SCALARS // 3 + 1) == "layers"
    assert chosen(1, unroll="layers") == "layers"
    assert chosen(MAX_SCALARS, unroll="weights") == "weights"
    assert chosen(MAX_BRANCHES, activation="relu") == "weights"
    assert chosen(MAX_BRANCHES + 1, activation="relu") == "layers"
    assert chosen(MAX_BRANCHES + 1, activation="elu") == "layers"  # in a function of the page
    assert chosen(MAX_BRANCHES + 1, activation="tanh") == "weights"
    assert chosen(MAX_BRANCHES + 1, "javascript", activation="relu") == "weights"
    assert chosen(MAX_SCALARS_OF_C // 3, "c") == "weights"
    assert chosen(MAX_SCALARS_OF_C // 3 + 1, "c") == "layers"


def test_trained_parameters_of_hidden_layers_are_matrices_in_javascript_alone() -> None:
    def chosen(name: str, *layers: str, **target: str) -> str:
        made = of(*({"name": one, "units": 2} for one in layers), targets=[{"name": name, **target}])
        return level(plan(made), made, name, trained=True)

    found = {name: chosen(name, "h", "o") for name in TARGETS}
    by_layer = ["numpy", "javascript"]
    assert found == {name: "layers" if name in by_layer else "weights" for name in TARGETS}
    assert chosen("javascript", "o") == "weights"
    assert chosen("javascript", "h", "o", unroll="weights") == "weights"


def test_powers_that_the_number_of_the_step_decides_have_a_name_for_all_parameters() -> None:
    training = {"optimizer": {"name": "nadam", "rate": 0.1}}
    optimizer = planned({"name": "h", "units": 1}, training=training).optimizer
    assert {line.name: line.formula.text for line in powers(optimizer)} == {
        "power1": "0.96 ** (t * 0.004)",
        "power2": "0.96 ** ((t + 1) * 0.004)",
        "power3": "0.999**t",
    }
    lines = lines_with_powers(optimizer)
    assert [line.name for line in lines] == [line.name for line in optimizer.lines]
    assert lines[-1].formula.text == "w - 0.1 * h / (sqrt(v / (1.0 - power3)) + 1e-08)"


def test_functions_that_a_page_calls_are_those_of_its_equations_and_of_how_it_starts_and_learns() -> None:
    def called(weights: object, **training: Any) -> frozenset[str]:
        initial = {"weights": weights, "biases": {"name": "constant", "value": 0.0}}
        training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}} | training
        made = planned({"name": "o", "units": 1, "activation": "linear"}, initial=initial, training=training)
        return functions(made)

    same = {"name": "constant", "value": 0.5}
    assert called(same) == frozenset()
    assert called(same, clip={"name": "norm", "most": 1.0}) == {"minimum", "sqrt"}
    assert called(same, clip={"name": "value", "most": 1.0}) == {"maximum", "minimum"}
    assert called(same, schedule={"name": "cosine", "steps": 9}) == {"cos", "minimum"}
    assert called(same, penalty={"name": "l1", "strength": 0.1}) == {"abs", "sign"}
    assert called({"name": "orthogonal", "gain": 1.0}) == {"sqrt"}


def test_one_number_that_divides_all_inputs_is_told() -> None:
    for subtract, divide, one in [
        ((0.0,), (16.0,), 16.0),
        ((0.0, 0.0), (16.0, 16.0), 16.0),
        ((0.0, 0.0), (16.0, 8.0), None),
        ((0.0, 1.0), (16.0, 16.0), None),
    ]:
        assert Scaling(subtract, divide).divisor == one


def test_the_mean_over_a_single_output_divides_by_nothing() -> None:
    made = [planned({"name": "o", "units": 1}, loss={"name": "huber", "outputs": over}) for over in ("sum", "mean")]
    assert made[0].loss.value == made[1].loss.value
    assert made[0].layers[-1].error == made[1].layers[-1].error


@pytest.mark.parametrize("target", TARGETS)
def test_a_penalty_of_no_parameter_is_none(target: str) -> None:
    """All weights are frozen, and biases pay none: what is left are gains of a normalization."""
    layer = {"name": "output", "units": ["y"], "weights": {"trainable": False}, "normalization": "layer_norm"}
    training = {"optimizer": {"name": "momentum", "rate": 0.1}, "penalty": {"name": "l2", "strength": 0.1}}
    network = of({**layer, "bias": False}, training=training)
    assert plan(network).penalty is None
    assert "slope of the penalty" not in render(plan(network), network, target)
