"""The exact messages of modules about wrong arguments; one mistake among many right values is enough."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.support.cases import PAGES, examples, made, same, start
from tests.support.modules import built, named
from tests.support.network import layer, network
from tests.support.networks import NETWORKS


def test_an_equation_for_each_weight_says_what_does_not_fit(tmp_path: Path) -> None:
    module = built(named("xor_mlp"), "python")
    params, x, y = module.init(), [0.0, 1.0], [1.0]
    many = "expected some xs, as many ys, and batches of 1 or more; got"
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: module.forward(params, [*x, 1.0]), "expected 2 inputs, got 3"),
        (lambda: module.forward([], x), "expected 9 parameters, got 0"),
        (lambda: module.gradient(params, x, []), "expected 1 target, got 0"),
        (lambda: module.loss(params, x, [2.0]), "expected targets that are numbers from 0 to 1, got [2.0]"),
        (lambda: module.forward(x, params), "expected 9 parameters, got 2"),
        (lambda: module.fit(params, [x], []), f"{many} 1, 0 and 1"),
        (lambda: module.fit(params, [x, x], [y, []]), "expected 1 target, got 0"),
        (lambda: module.fit(params, [], []), f"{many} 0, 0 and 0"),
        (lambda: module.fit(params, None, [y]), "expected a list of examples, got None"),
        (lambda: module.fit(params, [x], [y], batch_size=0), f"{many} 1, 1 and 0"),
        (
            lambda: module.save([float("inf")] * 9, str(tmp_path / "p")),
            "expected finite parameters, got infinity or NaN",
        ),
    ]
    for call, message in wrong:
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call()
    assert not (tmp_path / "p").exists()


def test_an_equation_for_each_weight_names_its_parameters() -> None:
    found = " ".join(built(named("xor_mlp"), "python").PARAMETERS)
    assert found == "w_h1_x1 w_h1_x2 w_h2_x1 w_h2_x2 b_h1 b_h2 w_y_h1 w_y_h2 b_y"


def test_a_batch_measured_together_says_what_does_not_fit() -> None:
    layers = [layer("h", 2, "tanh", normalization="batch_norm"), layer("o", 1, "linear")]
    module = made(network(layers, "squared_error"), "python", "layers")
    for xs, ys, got in (([[0.0] * 3], [], "1 and 0"), ([], [], "0 and 0"), ([[0.0] * 3], [[1.0]] * 2, "1 and 2")):
        with pytest.raises(ValueError, match=f"^expected as many xs as ys, at least 1; got {got}$"):
            module.batch_gradient(module.init(), xs, ys)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("wrong", range(3))
def test_one_wrong_target_is_enough(wrong: int, target: str, unroll: str) -> None:
    module = made(network([layer("o", 3, "sigmoid")], "binary_cross_entropy"), target, unroll)
    x, y = [0.1, 0.2, 0.3], [0.5, 0.0, 1.0]
    one = ([x], [y]) if target == "numpy" else (x, y)
    assert module.gradient(module.init(), *one)[0] > 0.0
    y[wrong] = 1.5
    with pytest.raises(ValueError, match="expected targets that are numbers from 0 to 1"):
        module.gradient(module.init(), *one)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("name", ["sigmoids", "tanh, sums"])
def test_pairs_are_batches_too(name: str, target: str, unroll: str) -> None:
    net = NETWORKS[name]
    module, (x, y) = made(net, target, unroll), examples(net, 7)
    data = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    found, history = module.fit(module.unpack(start(net)), *data, 2, 2, 3)
    training = net.spec.training.model_copy(update={"shuffle": True})
    shuffled = type(net)(net.spec.model_copy(update={"training": training}))
    expected, met = shuffled.fit(net.unpack(start(net)), x, y, 2, 2, 3)
    same(history, met)
    same(module.pack(found), net.pack(expected))


def test_what_is_scaled_is_floats() -> None:
    for name, size in (("iris", 4), ("digits", 64)):
        module = built(named(name), "python")
        for given in ([0.5] * size, np.full(size, 0.5), np.full(size, 0.5, np.float32)):
            found = module.scale(given)
            assert {type(value) for value in found} == {float}
            assert found == module.scale((0.5,) * size)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_targets_of_a_distribution_sum_to_one(target: str, unroll: str) -> None:
    module = made(NETWORKS["cross-entropy, mean"], target, unroll)

    def loss(*y: float) -> float:
        x, one = [1.0, 2.0, 3.0], list(y)
        return float(module.gradient(module.init(), *(([x], [one]) if target == "numpy" else (x, one)))[0])

    for wrong in ([0.5, 0.25, 0.0], [0.5, 0.5, 2e-5], [0.5, 0.5 - 2e-5, 0.0]):
        with pytest.raises(ValueError, match=r"^expected targets that sum to 1(, got \[0\.5| for each example$)"):
            loss(*wrong)
    assert loss(0.5, 0.5, 9e-6) > 0.0
