"""The lessons: their networks, and the exact answers to their questions.

The reference engine computes answers about a network. A few answers follow from mathematics alone and are written here,
such as the slope of a step. The texts of a lesson are in ``templates/course/NAME.html.jinja``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nngen.common.messages import message
from nngen.proof.reference import Network

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Outline:
    """A lesson before it is rendered."""

    name: str
    """The name of its spec and of its template."""
    title: str
    """Its title in English, a message of the catalogues."""
    numbers: Callable[[Network], Numbers]
    first: str = ""
    """The title of its own network beside those of its variants."""
    variants: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Other networks for the same text: a name, a title, and values that replace those of the spec."""


def _sigmoid(z: float) -> float:
    return float(1.0 / (1.0 + np.exp(-z)))


def _threshold_neuron(network: Network) -> Numbers:
    (weights, bias) = network.init()
    return {
        "z": float(weights[0, 0] + bias[0]),
        "no_bias": float(weights[0, 0]),
        "both": float(weights[0, 0] + weights[0, 1] + bias[0]),
        "answer": float(network.forward([weights, bias], [[1.0, 0.0]])[0, 0]),
    }


def _perceptron_rule(network: Network) -> Numbers:
    params = network.init()
    _, gradient = network.gradient(params, [[1.0, 0.0]], [[0.0]])
    (weights, bias), _ = network.step(params, gradient, network.init_state(params))
    return {
        "w1": float(weights[0, 0]),
        "w1_up": float(2 * params[0][0, 0] - weights[0, 0]),
        "w1_same": float(params[0][0, 0]),
        "w2": float(weights[0, 1]),
        "w2_down": float(weights[0, 1] - 1.0),
        "b": float(bias[0]),
    }


def _slope(network: Network) -> Numbers:
    return {"step": 0.0, "step_one": 1.0, "sigmoid": 0.25, "sigmoid_value": 0.5, "sigmoid_one": 1.0}


def _one_layer(network: Network) -> Numbers:
    return {"right": 3.0, "all": 4.0, "half": 2.0}


def _hidden_layer(network: Network) -> Numbers:
    (weights, biases, _, _) = network.init()
    z = weights @ [1.0, 1.0] + biases
    return {"a_h2": _sigmoid(z[1]), "z_h2": float(z[1]), "a_h1": _sigmoid(z[0])}


def _backpropagation(network: Network) -> Numbers:
    params = network.init()
    hidden, hidden_biases, output, _ = params
    x, y = np.array([1.0, 0.0]), 1.0
    z = hidden @ x + hidden_biases
    a = 1.0 / (1.0 + np.exp(-z))
    answer = float(network.forward(params, [x])[0, 0])
    delta = answer - y
    received = float(output[0, 0] * delta)
    _, gradient = network.gradient(params, [x], [[y]])
    return {
        "delta_y": delta,
        "delta_y_sign": -delta,
        "delta_y_slope": delta * answer * (1.0 - answer),
        "delta_h1": float(gradient[1][0]),
        "received": received,
        "delta_h1_no_weight": delta * float(a[0] * (1.0 - a[0])),
        "dw": float(gradient[0][0, 0]),
    }


def _several_layers(network: Network) -> Numbers:
    return {"share": 0.25**3, "one_slope": 0.25, "sum": 0.75, "count": 2.0, "count_one": 1.0}


def _learning_rate(network: Network) -> Numbers:
    params = network.init()
    _, gradient = network.gradient(params, [[1.0]], [[2.0]])
    (weights,), _ = network.step(params, gradient, network.init_state(params))
    return {"w": float(weights[0, 0]), "slope": float(gradient[0][0, 0]), "wrong_way": float(-weights[0, 0])}


def _saturation(network: Network) -> Numbers:
    (weights, bias) = network.init()
    a = _sigmoid(float(weights[0, 0] + bias[0]))
    return {"slope": a * (1.0 - a), "value": a, "quarter": 0.25}


def _dead_units(network: Network) -> Numbers:
    params = network.init()
    _, gradient = network.gradient(params, [[1.0, 1.0]], [[0.0]])
    return {"dw": float(gradient[0][0, 0]), "leak": float(gradient[3][0])}


def _symmetry(network: Network) -> Numbers:
    params = network.init()
    _, gradient = network.gradient(params, [[1.0, 0.0]], [[1.0]])
    return {"dw2": float(gradient[0][1, 0]), "zero": 0.0}


def _ratings(network: Network) -> Numbers:
    params = network.init()
    (ada, *_), (comet, *_), (mean,) = params
    _, gradient = network.gradient(params, [[0.0, 0.0]], [[5.0]])
    products, rating = ada * comet, float(network.forward(params, [[0.0, 0.0]])[0, 0])
    return {
        "rating": rating,
        "no_mean": float(products.sum()),
        "no_sign": float(mean + abs(products).sum()),
        "one_factor": float(mean + products[0]),
        "dp": float(gradient[0][0, 0]),
        "delta": rating - 5.0,
        "dp2": float(gradient[0][0, 1]),
        "touched": float(sum(np.count_nonzero(slopes) for slopes in gradient)),
        "all": float(sum(slopes.size for slopes in gradient[:2])),
        "one_row": float(ada.size),
    }


LESSONS = (
    Outline("threshold_neuron", message("A neuron that says yes or no"), _threshold_neuron),
    Outline("perceptron_rule", message("The perceptron learns from mistakes"), _perceptron_rule),
    Outline("slope", message("Why learning needs a slope"), _slope),
    Outline("one_layer", message("One layer cannot learn XOR"), _one_layer),
    Outline("hidden_layer", message("A hidden layer can"), _hidden_layer),
    Outline("backpropagation", message("Backpropagation through one hidden layer"), _backpropagation),
    Outline("several_layers", message("Backpropagation through several layers"), _several_layers),
    Outline(
        "learning_rate",
        message("The learning rate"),
        _learning_rate,
        message("rate 0.25"),
        (
            ("learning_rate_1", message("rate 1.0"), ("training.optimizer.rate=1.0",)),
            ("learning_rate_1_1", message("rate 1.1"), ("training.optimizer.rate=1.1",)),
        ),
    ),
    Outline(
        "saturation",
        message("Saturation: sure, and wrong"),
        _saturation,
        message("squared error"),
        (("saturation_log", message("log loss"), ("loss.name=binary_cross_entropy",)),),
    ),
    Outline(
        "dead_units",
        message("Dead units"),
        _dead_units,
        message("relu"),
        (("dead_units_leaky", message("leaky relu"), ("layers.0.activation=leaky_relu",)),),
    ),
    Outline(
        "symmetry",
        message("Units that stay the same"),
        _symmetry,
        message("equal weights"),
        (("symmetry_broken", message("different weights"), ("layers.0.weights.initial=[[0.5, -0.5], [-0.4, 0.6]]",)),),
    ),
    Outline("ratings", message("Ratings as dot products"), _ratings),
)
"""The lessons in their order."""
