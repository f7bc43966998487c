"""or_perceptron, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 step

A perceptron learns the logical OR: 1 where at least one input is 1. It starts with weights of 0, and Rosenblatt's rule
corrects them after each wrong answer. That ends with every answer right, because a straight line separates the ones
from the zeros.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 10 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_y_x1 is the
weight that leads to y from x1.

Written by nngen from the spec or_perceptron: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

PARAMETERS = ("w_y_x1", "w_y_x2", "b_y")


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1, x2 → y."""
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = 1.0 if z_y > 0.0 else 0.0

    return (a_y,)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x
    (y_y,) = y

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = 1.0 if z_y > 0.0 else 0.0

    # the loss: perceptron
    loss = (a_y - y_y) * z_y

    # output: 0 for a right answer, otherwise the sign of the error; step has no useful slope
    dz_y = a_y - y_y
    dw_y_x1 = dz_y * x1
    dw_y_x2 = dz_y * x2
    db_y = dz_y

    return loss, [dw_y_x1, dw_y_x2, db_y]


# --- Below: training. ---


def init_state(params: list[float]) -> tuple[()]:
    """The initial state of perceptron: empty."""
    return ()


def step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by perceptron."""
    w_y_x1, w_y_x2, b_y = params
    dw_y_x1, dw_y_x2, db_y = gradient
    return [w_y_x1 - dw_y_x1, w_y_x2 - dw_y_x2, b_y - db_y], state


def init(seed: int = 0) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    return [0.0] * 2 + [0.0]


def _batch(params: list[float], examples: list[tuple[list[float], list[float]]]) -> tuple[float, list[float]]:
    """The loss of several examples and its gradient, the mean over the examples."""
    x, y = examples[0]
    total, slopes = gradient(params, x, y)
    for x, y in examples[1:]:
        more, others = gradient(params, x, y)
        total += more
        slopes = [slope + other for slope, other in zip(slopes, others)]
    return total / len(examples), slopes if len(examples) == 1 else [slope / len(examples) for slope in slopes]


def fit(
    params: list[float],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 10,
    batch_size: int | None = 1,
    seed: int | None = None,
    callback: object = None,
) -> tuple[list[float], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends it.
    """
    size = len(xs) if batch_size is None else batch_size
    if not 0 < len(xs) == len(ys) or size < 1:
        raise ValueError(f"expected some xs, as many ys, and batches of 1 or more; got {len(xs)}, {len(ys)} and {size}")
    examples = list(zip(xs, ys))
    state = init_state(params)
    history: list[float] = []
    n = len(examples)
    for epoch in range(epochs):
        order = range(n) if seed is None else sorted(range(n), key=lambda i: _bits(seed, epoch * n + i))
        drawn = [examples[i] for i in order]
        total = 0.0
        for start in range(0, n, size):
            batch = drawn[start : start + size]
            batch_loss, slopes = _batch(params, batch)
            params, state = step(params, slopes, state)
            total += batch_loss * len(batch)
        history.append(total / n)
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h
