"""A single neuron: its line, its steps, its slope."""

import numpy as np

from nngen.learning.course.claims.examples import loss_falls_below
from nngen.learning.course.claims.tables import CORNERS, LINES, TABLES
from nngen.learning.course.given import Given


def line_gets_at_most(given: Given, count: int) -> bool:
    """No straight line gets more of the examples right, and one gets so many."""
    x, y = given.examples
    return max(int(((x @ w + b > 0) == (y[:, 0] > 0.5)).sum()) for *w, b in LINES) == count


def lines_make(_: Given, count: int, *tables: str) -> bool:
    """How many of the 16 tables of two inputs a line makes; these are among them."""
    made = {tuple((CORNERS @ w + b > 0).tolist()) for *w, b in LINES}
    return len(made) == count and all(TABLES[table] in made for table in tables) and TABLES["XOR"] not in made


def a_step_makes_a_right_answer_wrong(given: Given) -> bool:
    """Somewhere in an epoch."""
    params, x, y = given.start, *given.examples
    for row, target in zip(x, y, strict=True):
        before = given.network.forward(params, x) == y
        _, gradient = given.network.gradient(params, [row], [target])
        params, _ = given.network.step(params, gradient, given.network.init_state(params))
        if (before & (given.network.forward(params, x) != y)).any():
            return True
    return False


def training_ends_at_one_half(given: Given) -> bool:
    """Its weights come to 0 and all answers to one half, where the gradient of the mean loss is 0."""
    params = given.trained(lambda params, _: bool(np.abs(given.says(params) - 0.5).max() < 1e-3))
    return params is not None and max(float(np.abs(one).max()) for one in params) < 0.01


def bias_is_needed_below(given: Given, limit: float) -> bool:
    """No weight alone has a mean loss below the limit, and with a bias training has."""
    weights = np.linspace(-4.0, 10.0, 281)
    least = min(given.network.loss([np.array([[w]]), np.zeros(1)], *given.examples) for w in weights)
    return least > limit and loss_falls_below(given, limit)


def slope_of_relu_at_0_is_0(given: Given) -> bool:
    """What programs take at its corner."""
    corner = given.other("layers.0.activation=relu", "loss.name=half_squared_error")
    return not any(one.any() for one in corner.after([0.0], 1.0)[1])
