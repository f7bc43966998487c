"""Losses, and steps of a learning rate."""

import numpy as np

from nngen.learning.course.given import Given


def delta_is_the_error(given: Given) -> bool:
    """δ of the output is the answer minus the target."""
    (x, *_), (y, *_) = given.examples
    return np.allclose(given.after(x, y[0])[1][-1], given.says()[0] - y)


def delta_is_the_error_in_each_pair(given: Given) -> bool:
    """Linear with half the squared error, sigmoid with the log loss, softmax with the cross-entropy; no fourth pair."""
    linear, sigmoid, mixed = (
        given.other(f"layers.0.activation={activation}", f"loss.name={loss}")
        for activation, loss in (
            ("linear", "half_squared_error"),
            ("sigmoid", "binary_cross_entropy"),
            ("sigmoid", "half_squared_error"),
        )
    )
    classes = given.other(
        *("layers.0.units=[y, n]", "layers.0.activation=softmax", "layers.0.weights.initial=[[0.4], [-0.2]]"),
        *("layers.0.bias.initial=[0.0, 0.1]", "loss.name=cross_entropy"),
        *("data.rows.0.y=[1, 0]", "data.rows.1.y=[0, 1]"),
    )
    (x, *_), (y, *_) = classes.examples
    _, (_, delta) = classes.network.gradient(classes.start, [x], [y])
    pairs = delta_is_the_error(linear) and delta_is_the_error(sigmoid) and np.allclose(delta, classes.says()[0] - y)
    return pairs and not delta_is_the_error(mixed) and delta_is_error_times_slope(mixed, 1)


def delta_is_error_times_slope(given: Given, factor: float) -> bool:
    """δ of a sigmoid with a squared error."""
    (x, *_), (y, *_) = given.examples
    a = given.says()[0]
    return np.allclose(given.after(x, y[0])[1][-1], factor * (a - y) * a * (1.0 - a))


def loss_is_the_squared_distance_to(given: Given, best: float) -> bool:
    """The loss of a single weight w is (w − best)², and its derivative 2 (w − best)."""
    for w in np.linspace(-3.0, 5.0, 9):
        loss, gradient = given.network.gradient([np.array([[w]])], *given.examples)
        if not np.allclose((loss, gradient[0].item()), ((w - best) ** 2, 2 * (w - best))):
            return False
    return True


def step_multiplies_the_distance_by(given: Given, factor: float, rate: float | None = None) -> bool:
    """Each of the first steps of a single weight, with a rate or with that of the page."""
    page = given if rate is None else given.other(f"training.optimizer.rate={rate}")
    weights = [page.start[0].item(), *(params[0].item() for epoch, _, params in page.training(1) if epoch <= 5)]
    return np.allclose(np.diff([w - 2.0 for w in weights]), [(factor - 1.0) * (w - 2.0) for w in weights[:-1]])


def loss_falls_to(given: Given, low: float, high: float, epochs: int) -> bool:
    """The share of the loss that is left after some epochs lies between two numbers."""
    params, _ = given.network.fit(given.start, *given.examples, epochs=epochs)
    return low < given.network.loss(params, *given.examples) / given.network.loss(given.start, *given.examples) < high


def an_example_loses_while_the_mean_gains(given: Given) -> bool:
    """In a step of training."""
    x, y = given.examples
    before = np.array([given.network.loss(given.start, x[[k]], y[[k]]) for k in range(len(x))])
    for _, _, params in given.training(1):
        after = np.array([given.network.loss(params, x[[k]], y[[k]]) for k in range(len(x))])
        if after.mean() < before.mean() and (after > before).any():
            return True
        before = after
    return False
