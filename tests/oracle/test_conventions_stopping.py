"""Computes the cells of docs/conventions.md for Keras and scikit-learn: rules that stop training."""

import warnings
from functools import partial
from typing import Any

import numpy as np
import pytest

from nngen.proof.reference import Network
from tests.oracle.conventions import TOLERANCE, rows, written
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle


def noise() -> tuple[Any, Any, Any]:
    """Places for validation, inputs and targets; what is learned of this noise does not hold for other examples."""
    random = np.random.default_rng(26)
    return [0, 3, 14], random.normal(size=(24, 2)), random.normal(size=(24, 1))


def stopped(stop: str, loss: str, rate: float) -> tuple[Network, Any]:
    """A network that a rule stops, and its first parameters."""
    training = {
        "optimizer": {"name": "gradient_descent", "rate": rate},
        "stop": written(stop),
        "batch_size": 4,
        "epochs": 200,
        "shuffle": False,
    }
    layers = [layer("h", 6, "tanh"), layer("o", 1, "linear")]
    net = network(layers, loss, training=training, inputs={"name": "x", "size": 2}, initial={"seed": 4})
    return net, net.init()


STOPPING = rows("Early stopping", ("Keras 3", "scikit-learn"))


@pytest.mark.parametrize(("stop", "library", "call"), [row for row in STOPPING if "Keras 3" in row.values])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own variables
@pytest.mark.filterwarnings("ignore:Early stopping conditioned on metric:UserWarning")  # in epochs without measurement
def test_keras_stops_at_the_same_epoch(stop: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras

    places, x, y = noise()
    net, (w, b, v, c) = stopped(stop, "squared_error", 0.25)
    model = keras.Sequential([keras.layers.Dense(6, "tanh", dtype="float64"), keras.layers.Dense(1, dtype="float64")])
    model.build((None, 2))
    model.set_weights([w.T, b, v.T, c])
    model.compile(keras.optimizers.SGD(0.25), "mse")
    rest = np.delete(np.arange(24), places if "validation" in call else [])
    letters = {"x": x[rest], "y": y[rest], "x0": x[places], "y0": y[places]}
    fit = partial(model.fit, epochs=200, batch_size=4, shuffle=False, verbose=0)
    judged = eval(call, {"fit": fit, "EarlyStopping": keras.callbacks.EarlyStopping, **letters})
    params, history = net.fit([w, b, v, c], x, y)
    assert 5 < len(history) == len(judged.history["loss"]) < 200
    np.testing.assert_allclose(history, judged.history["loss"], *TOLERANCE[library])
    w, b, v, c = params
    for found, expected in zip([w.T, b, v.T, c], model.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, *TOLERANCE[library])


@pytest.mark.parametrize(("stop", "library", "call"), [row for row in STOPPING if "scikit-learn" in row.values])
def test_scikit_learn_stops_at_the_same_epoch(
    stop: str, library: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sklearn.neural_network import MLPRegressor, _multilayer_perceptron

    places, x, y = noise()
    rest = np.delete(np.arange(24), places)
    monkeypatch.setattr(
        _multilayer_perceptron,
        "train_test_split",
        lambda x, y, **_: (x[rest], x[places], y[rest], y[places]),
    )
    net, _ = stopped(stop, "half_squared_error", 0.5)
    settings: dict[str, Any] = {"hidden_layer_sizes": 6, "activation": "tanh", "solver": "sgd", "momentum": 0.0}
    settings |= {"alpha": 0.0, "batch_size": 4, "shuffle": False, "random_state": 1}

    def judged(rate: float, epochs: int) -> Any:
        made = partial(MLPRegressor, **settings, learning_rate_init=rate, max_iter=epochs)
        return eval(call, {"MLPRegressor": made}).fit(x, y.ravel())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # after one epoch it has not converged
        start = judged(1e-300, 1)
    found = judged(0.5, 200)

    def flat(mlp: Any) -> list[Any]:
        return [part for w, b in zip(mlp.coefs_, mlp.intercepts_, strict=True) for part in (w.T, b)]

    params, history = net.fit(flat(start), x, y)
    assert 4 < len(history) == len(found.loss_curve_) < 200
    np.testing.assert_allclose(history, found.loss_curve_, rtol=1e-10)
    if "early_stopping" in call:
        for mine, expected in zip(params, flat(found), strict=True):
            np.testing.assert_allclose(mine, expected, rtol=1e-9)
