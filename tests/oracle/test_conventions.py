"""Computes the cells of docs/conventions.md for PyTorch and Keras: losses, activations, initial values and layers."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.proof.reference import Network
from tests.oracle.conventions import LIBRARIES, TOLERANCE, rows, written
from tests.support.activations import ROWS
from tests.support.catalogues import defaults, others
from tests.support.modules import targets
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle


def compare(net: Network, library: str, judge: Callable[[Any, Any, Any], Any]) -> None:
    """The loss and its gradient, where a judge has them from the weighted sum ``z``, targets and weights."""
    import torch

    rtol, atol = TOLERANCE[library]
    random = np.random.default_rng(6)
    x, y, own = random.normal(size=(7, 3)), targets(net.spec, 7, random), None
    if net.spec.loss.class_weights:  # of examples that are of one class
        y = y.round() if y.shape[1] == 1 else np.eye(3)[y.argmax(axis=1)]
    if net.spec.loss.example_weights:
        own = random.uniform(0.0, 3.0, size=7)
    (weights, biases) = params = net.init()
    leaves = [torch.tensor(values, requires_grad=True) for values in (weights, biases)]
    loss = judge(torch.tensor(x) @ leaves[0].T + leaves[1], torch.tensor(y), own)
    loss.backward()
    measured, gradient = net.gradient(params, x, y, own)
    assert measured == pytest.approx(loss.item(), rel=rtol)
    for found, leaf in zip(gradient, leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad, rtol, atol)


@pytest.mark.parametrize(("loss", "output", "library", "call"), rows("Losses"))
def test_losses(loss: str, output: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras, torch

    chosen = written(loss)
    units = 1 if len(chosen.get("class_weights", ())) == 2 else 2 if LOSSES[chosen["name"]].ends else 3
    net = network([layer("o", units, output)], chosen, chosen["outputs"], chosen.get("batch", "mean"))

    def judge(z: Any, y: Any, own: Any) -> Any:
        a = eval(
            ROWS[output].torch, {"torch": torch, "F": torch.nn.functional, "z": z, **defaults(ACTIVATIONS[output])}
        )
        if library == "PyTorch":
            letters = {"torch": torch, "F": torch.nn.functional, "z": z, "a": a, "y": y}
            if own is not None:
                letters["w"] = torch.tensor(own if chosen["outputs"] == "sum" else own[:, np.newaxis])
            return eval(call, letters)
        if "class_weights" in chosen:  # as the class_weight of fit becomes a weight of each example
            counts = torch.tensor(chosen["class_weights"], dtype=torch.float64)
            own = torch.cat([1.0 - y, y], dim=1)[:, -len(counts) :] @ counts
        given = y, z if "from_logits=True" in call else a
        return eval(call, vars(keras.losses))(*given, own)

    compare(net, library, judge)


def called(library: str, call: str, letters: dict[str, Any]) -> Any:
    """The value of a library's call of an activation."""
    from tests.oracle.judges import keras, torch

    known = {"torch": torch, "F": torch.nn.functional} if library == "PyTorch" else vars(keras.activations)
    return eval(call, {**known, **letters})


CALLS = [
    pytest.param(name, library, call, id=f"{name}-{library}")
    for name, row in ROWS.items()
    for library, call in zip(LIBRARIES, (row.torch, row.keras), strict=True)
    if call and ACTIVATIONS[name].learns
]


@pytest.mark.parametrize(("name", "library", "call"), CALLS)
def test_activations(name: str, library: str, call: str) -> None:
    from tests.oracle.judges import torch

    entry = ACTIVATIONS[name]
    named = entry.options and all(option.name in call for option in entry.options)
    for options in (defaults(entry), others(entry)) if named else (defaults(entry),):
        net = network([layer("o", 3, {"name": name, **options})], "squared_error", "mean")

        def judge(z: Any, y: Any, own: Any, options: dict[str, float] = options) -> Any:
            return torch.nn.functional.mse_loss(called(library, call, {"z": z, **options}), y)

        compare(net, library, judge)


def test_defaults_are_those_of_the_libraries_but_for_one() -> None:
    from tests.oracle.judges import torch

    z = torch.linspace(-3.0, 3.0, 25)
    differ = set()
    for name, row in ROWS.items():
        options = defaults(ACTIVATIONS[name])
        for library, call in zip(LIBRARIES, (row.torch, row.keras), strict=True):
            bare = re.sub(r"\(z, (slope|alpha|theta)\)", "(z)", call)
            if bare != call and not torch.equal(
                called(library, bare, {"z": z}), called(library, call, {"z": z, **options})
            ):
                differ.add((name, library))
    assert differ == {("leaky_relu", "Keras 3")}


def test_keras_has_two_slopes_of_a_leaky_relu() -> None:
    from tests.oracle.judges import keras, torch

    z = torch.tensor([-1.0])
    assert float(keras.activations.leaky_relu(z)) == pytest.approx(-0.2)
    assert float(keras.layers.LeakyReLU()(z)) == pytest.approx(-0.3)


@pytest.mark.parametrize(("initial", "library", "call"), rows("Initial values"))
def test_the_scales_of_initial_values(initial: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras, torch

    inputs, units = 200, 300
    (weights,) = network(
        [layer("o", units, "linear", bias=False, weights={"initial": written(initial)})],
        "squared_error",
        inputs={"name": "x", "size": inputs},
    ).init()
    torch.manual_seed(1)
    w = torch.empty(units, inputs)
    keras.utils.set_random_seed(1)
    if library == "PyTorch":
        eval(call, {**vars(torch.nn.init), "w": w})
    else:
        w = eval(call, vars(keras.initializers))((inputs, units))
    assert weights.std() == pytest.approx(float(w.std()), rel=0.015)  # of 60,000 numbers, five times what chance does
    if "uniform" in initial or "truncated" in initial:
        assert abs(weights).max() == pytest.approx(float(abs(w).max()), rel=0.001)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own variables
@pytest.mark.parametrize(("normalization", "library", "call"), rows("Layers"))
def test_normalizations(normalization: str, library: str, call: str) -> None:
    """Outputs, slopes, and running statistics, over batches of training."""
    from tests.oracle.judges import keras, torch

    rtol, atol = TOLERANCE[library]
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 8}
    net = network(
        [layer("o", 3, "linear", bias=False, normalization=written(normalization))], "squared_error", training=training
    )
    random = np.random.default_rng(7)
    weights, *own = net.init()
    own[:2] = [values + random.normal(scale=0.3, size=3) for values in own[:2]]
    gain, shift, mean, variance = [torch.tensor(values) for values in own] + [torch.zeros(3)] * (4 - len(own))
    made = eval(call, vars(keras.layers)) if library == "Keras 3" else None
    if made is not None:
        made.build((8, 3))
        made.set_weights(own)
    for _ in range(3):
        x, y = random.normal(size=(8, 3)), random.normal(size=(8, 3))
        z = torch.tensor(x @ weights.T, requires_grad=True)
        if made is not None:
            outputs = made(z, training=True)
        else:
            letters = {"z": z, "gain": gain, "shift": shift, "mean": mean, "variance": variance}
            outputs = eval(call, {"F": torch.nn.functional, **letters})
        loss = ((outputs - torch.tensor(y)) ** 2).sum() / 8
        loss.backward()
        measured, gradient, (_, *own) = net.batch_gradient([weights, *own], x, y)
        assert measured == pytest.approx(loss.item(), rel=rtol)
        np.testing.assert_allclose(gradient[0], z.grad.numpy().T @ x, rtol * 10, atol * 10)
    judged = made.get_weights() if made is not None else [gain, shift, mean, variance][: len(own)]
    for found, expected in zip(own, judged, strict=True):
        np.testing.assert_allclose(found, expected, rtol, atol)
