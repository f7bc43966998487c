"""What lessons say about their networks, as functions of the reference engine: a false sentence stops the build.

A sentence of a lesson names its claim, so that the mark moves with the text: ``{fact=h1_never_moves()}`` or
``{fact="first_example_is((1, 0), 0)"}``. A sentence that is true without the page has ``{general}``. Numbers are values
of the network where they can, ``{{ a_h1 }}``.
"""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import islice, product
from typing import Any

import numpy as np

from nngen.learning.course.given import Array, Given
from nngen.learning.course.values import cosine

Table = tuple[float, ...]
"""The targets of the inputs (0, 0), (0, 1), (1, 0) and (1, 1)."""

CORNERS = np.array([*product((0.0, 1.0), repeat=2)])
TABLES: dict[str, Table] = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
LINES = (*product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5)),)
"""Two weights and a bias: one for each table that a line can make."""


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
    return not any(one.any() for one in corner.network.gradient(corner.start, [[0.0]], [[1.0]])[1])


def first_example_is(given: Given, x: Table, y: float) -> bool:
    """The example that a lesson begins with."""
    return (*given.examples[0][0],) == x and given.examples[1][0, 0] == y


def examples_are(given: Given, *rows: Table) -> bool:
    """All examples, each with its inputs and its target."""
    return np.array_equal(np.hstack(given.examples), rows)


def rows_ask_for(given: Given, table: str) -> bool:
    """Its rows have the targets of a table; a row may come twice."""
    wanted = dict(zip(map(tuple, CORNERS.tolist()), TABLES[table], strict=True))
    x, y = given.examples
    return all(wanted[tuple(row)] == target for row, target in zip(x.tolist(), y[:, 0], strict=True))


def sizes_are(given: Given, *sizes: int) -> bool:
    """The inputs, then the units of each layer, of which each sees the layer before."""
    weights = given.start[::2]
    return (weights[0].shape[1], *(len(one) for one in weights)) == sizes


def training_gets_right(given: Given, count: int) -> bool:
    """Training comes to so many right answers."""
    return given.trained(lambda params, _: given.right(params) >= count, every=20) is not None


def loss_falls_below(given: Given, limit: float) -> bool:
    """Training brings the mean loss below a limit."""
    return given.trained(lambda _, loss: loss < limit) is not None


def unit_computes(given: Given, unit: int, table: str) -> bool:
    """A hidden unit says nearly 0 or nearly 1, as a table does."""
    weights, biases, *_ = given.start
    z = CORNERS @ weights[unit] + biases[unit]
    return np.allclose(1.0 / (1.0 + np.exp(-z)), TABLES[table], atol=0.01)


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
    x, y, loss, gradient = given.first

    def miss(block: int, place: int, by: float) -> float:
        params = [one.copy() for one in given.start]
        params[block].flat[place] += by
        change = given.network.loss(params, [x], [y]) - loss
        return abs(float(change) / by / float(gradient[block].flat[place]) - 1.0)

    places = [(block, place) for block, one in enumerate(gradient) for place in range(one.size) if one.flat[place]]
    return all(miss(*one, 0.01) < miss(*one, 0.1) < 0.2 for one in places)


def zeros_stay_alike(given: Given) -> bool:
    """From zeros, the first step moves the output alone, and later ones move hidden units alike."""
    x, y, *_ = given.first
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
    below = all((weights[0] @ row + biases[0]) < 0.0 for row in given.examples[0])
    *_, gradient = given.first
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


def delta_is_the_error(given: Given) -> bool:
    """δ of the output is the answer minus the target."""
    _, y, _, gradient = given.first
    return np.allclose(gradient[-1], given.says()[0] - y)


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
    _, y, _, (_, delta) = classes.first
    pairs = delta_is_the_error(linear) and delta_is_the_error(sigmoid) and np.allclose(delta, classes.says()[0] - y)
    return pairs and not delta_is_the_error(mixed) and delta_is_error_times_slope(mixed, 1)


def delta_is_error_times_slope(given: Given, factor: float) -> bool:
    """δ of a sigmoid with a squared error."""
    _, y, _, gradient = given.first
    a = given.says()[0]
    return np.allclose(gradient[-1], factor * (a - y) * a * (1.0 - a))


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


def biases_order_films_alike(given: Given) -> bool:
    """Two viewers have the same difference of two films, also after training."""
    params, _ = given.network.fit(given.start, *given.examples)
    says = [given.network.forward(params, [[viewer, film] for film in range(5)])[:, 0] for viewer in range(4)]
    return all(np.allclose(one - one[0], says[0] - says[0][0]) for one in says)


def loss_stays_above(given: Given, limit: float) -> bool:
    """However long training goes on."""
    return all(loss > limit for _, loss, _ in given.training(10))


def factor_tells_apart(given: Given, more: tuple[str, ...], less: tuple[str, ...]) -> bool:
    """After training, the first factor of some films is above 0 and that of others is below."""
    (_, films, _), _ = given.network.fit(given.start, *given.examples)
    first = dict(zip(_films(given), films[:, 0], strict=True))
    return all(first[one] > 0.0 for one in more) and all(first[one] < 0.0 for one in less)


def bias_is_the_mean_of_the_ratings(given: Given) -> bool:
    """What the prediction begins with."""
    return bool(np.isclose(given.start[2][0], given.examples[1].mean()))


def nearest_to_ada(given: Given, film: str) -> bool:
    """The film with the smallest angle to her, of less than 10 degrees."""
    cosines = [cosine(given.start[0][0], row) for row in given.start[1]]
    return _films(given)[int(np.argmax(cosines))] == film and max(cosines) > np.cos(np.radians(10.0))


def viewers_who_agree_lie_together(given: Given) -> bool:
    """After training: Ada and Ben, and Cleo and Dan, whose ratings of the same films differ by at most a star."""
    (viewers, _, _), _ = given.network.fit(given.start, *given.examples, epochs=50)
    ada, ben, cleo, dan = viewers
    agree = min(cosine(ada, ben), cosine(cleo, dan))
    return agree > 0.9 and all(cosine(one, other) < 0.0 for one in (ada, ben) for other in (cleo, dan))


def other_rows_stay(given: Given) -> bool:
    """A rating moves the row of its viewer and that of its film, and no other."""
    x, _, _, gradient = given.first
    rows = zip(x, gradient, strict=False)
    return all(np.flatnonzero(slopes.any(axis=1)).tolist() == [int(row)] for row, slopes in rows)


def _films(given: Given) -> list[str]:
    listed = given.spec.indices[1].ids
    return [] if isinstance(listed, int) else [str(one) for one in listed]


CLAIMS: Mapping[str, Callable[..., bool]] = {
    name: claim
    for name, claim in list(vars().items())
    if getattr(claim, "__module__", "") == __name__ and not name.startswith("_")
}
"""All claims by their names."""


@cache
def holds(given: Given, name: str, *values: Any, **named: Any) -> bool:
    """Whether the claim of this name is true of the network."""
    return CLAIMS[name](given, *values, **named)
