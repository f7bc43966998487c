"""xor_slp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 sigmoid

A single layer cannot learn the exclusive or (XOR), which is 1 if the two inputs differ: no straight line separates the
ones from the zeros (Minsky and Papert, 1969). The best it can do is to answer 0.5 everywhere. Compare xor_mlp.

Loss: binary_cross_entropy, -y log(a) - (1 - y) log(1 - a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 1.0; 500 epochs in batches of all examples.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_y_x1 is the
weight that leads to y from x1.

Written by nngen from the spec xor_slp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = ("w_y_x1", "w_y_x2", "b_y")


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1, x2 → y."""
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x

    # output ← x: weighted sums, then sigmoid
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = sigmoid(z_y)

    return (a_y,)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x
    (y_y,) = y

    # output ← x: weighted sums, then sigmoid
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = sigmoid(z_y)

    # the loss: binary_cross_entropy
    loss = max(z_y, 0.0) - y_y * z_y + log1p(math.exp(-abs(z_y)))

    # output: the slopes of the sigmoid and of the logarithm cancel, only the difference remains
    dz_y = a_y - y_y
    dw_y_x1 = dz_y * x1
    dw_y_x2 = dz_y * x2
    db_y = dz_y

    return loss, [dw_y_x1, dw_y_x2, db_y]


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)), in a form that cannot overflow."""
    return math.exp(min(z, 0.0)) / (1.0 + math.exp(-abs(z)))


# --- Below: training. ---


def init_state(params: list[float]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by gradient_descent."""
    w_y_x1, w_y_x2, b_y = params
    dw_y_x1, dw_y_x2, db_y = gradient
    return [w_y_x1 - dw_y_x1, w_y_x2 - dw_y_x2, b_y - db_y], state


def init(seed: int = 1) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_output = [2.0 * _uniform(seed, i) - 1.0 for i in range(2)]
    return W_output + [0.0]


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
    epochs: int = 500,
    batch_size: int | None = None,
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


def log1p(x: float) -> float:
    """log(1 + x), exact for small x too (MicroPython's math has no log1p)."""
    return 2.0 * math.atanh(x / (2.0 + x))


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h


def _uniform(seed: int, index: int) -> float:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32
