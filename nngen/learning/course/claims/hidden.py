"""Hidden units and the errors that they receive."""

from itertools import islice

import numpy as np

from nngen.learning.course.claims.tables import CORNERS, TABLES
from nngen.learning.course.given import Array, Given, sigmoid


def unit_computes(given: Given, unit: int, table: str) -> bool:
    """A hidden unit says nearly 0 or nearly 1, as a table does."""
    weights, biases, *_ = given.start
    answers = [sigmoid(float(z)) for z in CORNERS @ weights[unit] + biases[unit]]
    return np.allclose(answers, TABLES[table], atol=0.01)


def any_unit_may_fail(given: Given) -> bool:
    """Whichever hidden unit loses its weight to the output, all answers stay right."""
    *hidden, output, bias = given.start
    every = len(given.examples[0])
    return all(given.right([*hidden, output * kept, bias]) == every for kept in 1 - np.eye(output.size))


def weight_of_h2_gives(given: Given, weight: float, table: str) -> bool:
    """With another weight from h2 to y, the network computes a table."""
    hidden, biases, output, bias = given.start
    params: list[Array] = [hidden, biases, np.array([[output[0, 0], weight]]), bias]
    return tuple((given.network.forward(params, CORNERS)[:, 0] > 0.5).tolist()) == TABLES[table]


def smaller_nudges_are_foretold_better(given: Given) -> bool:
    """For each weight whose derivative is not 0."""
    (x, *_), (y, *_) = given.examples
    loss, gradient, _ = given.after(x, y[0])

    def miss(block: int, place: int, by: float) -> float:
        params = [one.copy() for one in given.start]
        params[block].flat[place] += by
        change = given.network.loss(params, [x], [y]) - loss
        return abs(float(change) / by / float(gradient[block].flat[place]) - 1.0)

    places = [(block, place) for block, one in enumerate(gradient) for place in range(one.size) if one.flat[place]]
    return all(miss(*one, 0.01) < miss(*one, 0.1) < 0.2 for one in places)


def zeros_stay_alike(given: Given) -> bool:
    """From zeros, the first step moves the output alone, and later ones move hidden units alike."""
    (x, *_), (y, *_) = given.examples
    params, moved = [np.zeros_like(one) for one in given.start], []
    for _ in range(5):
        _, gradient = given.network.gradient(params, [x], [y])
        moved.append((bool(gradient[1].any()), bool(gradient[3].any())))
        params, _ = given.network.step(params, gradient, given.network.init_state(params))
    return moved[0] == (False, True) and moved[-1] == (True, True) and _alike(params)


def _alike(params: list[Array]) -> bool:
    """Whether both hidden units have the same weights and biases."""
    return np.array_equal(params[0][0], params[0][1]) and bool(params[1][0] == params[1][1])


def derivatives_are_tiny_until_the_loss_falls(given: Given) -> bool:
    """All of them are below 0.01 at first; then the loss halves within half as many epochs."""
    found = [*islice(given.training(100), 8)]
    flat = [params for _, loss, params in found if loss > 0.99 * found[0][1]]
    slopes = [given.network.gradient(params, *given.examples)[1] for params in flat]
    tiny = all(np.abs(one).max() < 0.01 for gradient in slopes for one in gradient)
    return tiny and found[len(flat) + len(flat) // 2][1] < 0.5 * found[0][1]


def h1_is_below_0(given: Given, slope: float) -> bool:
    """For all examples, where its slope is this one."""
    weights, biases, output, _ = given.start
    x, y = given.examples
    below = all((weights[0] @ row + biases[0]) < 0.0 for row in x)
    _, gradient, _ = given.after(x[0], y[0, 0])
    return below and bool(np.isclose(gradient[1][0], slope * output[0, 0] * gradient[3][0]))


def h1_never_moves(given: Given) -> bool:
    """However long training goes on: no example has a derivative for it."""
    params, _ = given.network.fit(given.start, *given.examples)
    return np.array_equal(params[0][0], given.start[0][0]) and params[1][0] == given.start[1][0]


def leaky_h1_comes_back(given: Given) -> bool:
    """With leaky relu its sum rises above 0 for an example; with relu it never does."""
    x, y = given.examples

    def ends(activation: str) -> float:
        page = given.other(f"layers.0.activation={activation}")
        params, _ = page.network.fit(page.start, x, y)
        return float((x @ params[0][0] + params[1][0]).max())

    return ends("relu") < 0.0 < ends("leaky_relu")


def hidden_units_end(given: Given, *, alike: bool) -> bool:
    """Whether they are the same after many steps."""
    params, _ = given.network.fit(given.start, *given.examples, epochs=300)
    return _alike(params) is alike
