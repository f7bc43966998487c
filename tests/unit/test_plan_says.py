"""The words of the plan, for the docstrings and comments of pages."""

import pytest

from nngen.plan.equations import Scope, equations
from nngen.targets.loop_names import state_in_words
from nngen.targets.page import Page
from nngen.targets.targets import TARGETS
from tests.support.plans import planned


def test_how_the_error_comes_back_is_told() -> None:
    made = planned({"name": "a", "units": 1}, {"name": "b", "units": 1}, {"name": "c", "units": 1, "from": ["a", "b"]})
    comments = [section.comment for section in equations(made, Scope.EXAMPLE).backward]
    assert comments[0] == "c: the slope of the loss, then that of tanh"
    assert comments[-1].startswith("a ← c, b: the error flows back")


def test_the_summary_of_training_names_all_that_a_step_is_made_of() -> None:
    made = planned(
        {"name": "o", "units": 1, "activation": {"name": "elu", "alpha": 0.5}},
        loss={"name": "huber", "outputs": "sum", "delta": 2.0},
        training={
            "optimizer": {"name": "momentum", "rate": 0.1, "momentum": 0.5},
            "penalty": {"name": "l2", "strength": 0.01},
            "schedule": {"name": "steps", "factor": 0.5, "every": 100},
            "clip": {"name": "norm", "most": 3.0},
        },
    )
    assert made.optimizer.settings == (
        ", rate = 0.1, momentum = 0.5, penalty l2: strength = 0.01, schedule steps: factor = 0.5, every = 100.0"
        ", clip norm: most = 3.0"
    )
    assert made.loss.settings == ", delta = 2.0"
    smoothed = {"name": "smoothed_cross_entropy", "outputs": "sum"}
    made = planned({"name": "o", "units": 2, "activation": "sigmoid"}, loss=smoothed)
    assert made.loss.settings == ", smoothing = 0.1, clip = 1e-07"


def test_the_summary_of_a_layer_names_its_steps_in_their_order() -> None:
    def summary(**more: object) -> str:
        return planned({"name": "h", "units": 2, **more}).layers[0].summary

    assert summary() == "h: 2 tanh"
    assert summary(normalization="layer_norm") == "h: 2 layer_norm, tanh"
    after = {"name": "layer_norm", "of": "activations"}
    assert summary(normalization=after) == "h: 2 tanh, layer_norm"


def test_what_dropout_leaves_of_normalized_activations_has_a_name_of_its_own() -> None:
    after = {"name": "rms_norm", "of": "activations"}
    made = planned({"name": "h", "units": 2, "normalization": after, "dropout": 0.5}, {"name": "o", "units": 1})
    assert [line.name for line in made.layers[0].training_lines][-3:] == ["s", "keep", "a"]


def test_how_much_an_example_counts_is_told() -> None:
    def comment(**weights: object) -> str:
        loss = {"name": "binary_cross_entropy", "outputs": "sum", **weights}
        weight = planned({"name": "o", "units": 1, "activation": "sigmoid"}, loss=loss).loss.weight
        assert weight
        return weight.comment.partition(": ")[2]

    assert comment(example_weights=True) == "the example's own weight"
    assert comment(class_weights=[1.0, 2.0]) == "the weight of the example's class"
    both = comment(class_weights=[1.0, 2.0], example_weights=True)
    assert both == "the example's own weight, times that of its class"


@pytest.mark.parametrize(
    ("more", "end"),
    [({}, "with the lowest loss."), ({"validation": 0.2}, "loss over the examples that are kept for validation.")],
)
def test_when_training_ends_is_told(more: dict[str, object], end: str) -> None:
    training = {
        "optimizer": {"name": "gradient_descent", "rate": 0.1},
        "stop": {"name": "patience", "epochs": 3, **more},
    }
    stop = planned({"name": "o", "units": 1}, training=training).stop
    assert stop
    assert stop.comment.endswith(end)


@pytest.mark.parametrize(
    ("optimizer", "remembered"),
    [
        ("gradient_descent", "empty"),
        ("momentum", "v"),
        ("rprop", "last and d"),
        ("adam", "the number of steps, m and v"),
        ("nadam", "the number of steps, m, v and p"),
    ],
)
def test_what_an_optimizer_remembers_is_told(optimizer: str, remembered: str) -> None:
    made = planned({"name": "o", "units": 1}, training={"optimizer": {"name": optimizer, "rate": 0.1}})
    assert state_in_words(made.optimizer) == remembered
    assert made.optimizer.plain == (optimizer == "gradient_descent")


def test_the_way_back_through_normalization_gives_its_reason() -> None:
    plain, normal = (
        equations(planned({"name": "o", "units": 2, "activation": "linear", **more}), Scope.EXAMPLE).backward[0].comment
        for more in ({}, {"normalization": "layer_norm"})
    )
    assert normal.startswith(f"{plain}; layer_norm: ")
    assert len(normal) > len(f"{plain}; layer_norm: ")


def test_a_network_is_told_from_its_inputs_to_its_outputs() -> None:
    made = planned(
        {"name": "a", "units": 2, "dropout": 0.5},
        {"name": "b", "units": 1, "activation": "linear", "from": ["a", "x"]},
    )
    assert made.summary == "x: 2; x -> a: 2 tanh, dropout; a + x -> b: 1 linear"
    title = Page(made, TARGETS["python"].words, "float64", "weights", None).title
    assert " ".join(title).endswith(f" parameters: {made.summary}")
    assert title[1:] == ("x: 2;", "x ->", "a: 2 tanh, dropout;", "a + x ->", "b: 1 linear")


def test_it_is_told_over_what_the_loss_is_taken() -> None:
    def over(**loss: object) -> str:
        how = {"name": "squared_error", "outputs": "sum"}
        return planned({"name": "o", "units": 1}, loss=how | loss).loss.over_batch

    assert over() == "the mean over the examples"
    assert over(batch="sum", example_weights=True) == "the sum over the examples, each times its weight"
    assert over(batch="mean", example_weights=True) == "the mean over the examples, each times its weight"
