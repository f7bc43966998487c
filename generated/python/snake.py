"""snake, a neural network: its equations forward and backward, and how it learns.

    x: 1 -> hidden: 8 snake -> output: 1 linear

Learns a sine from -6 to 6 and continues it beyond. The activation is a custom formula, from which nngen derives the
slope. It grows with its argument and swings around it, so that the network learns what repeats; a network of tanh
continues flat (Ziyin, Hartwig and Ueda, Neural networks fail to learn periodic functions and how to fix it, NeurIPS
2020).

Activation: snake, z + sin(z) ** 2.
Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 1000 epochs in batches of 8.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_hidden1_x1 is
the weight that leads to hidden1 from x1.

Written by nngen from the spec snake: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = (
    "w_hidden1_x1",
    "w_hidden2_x1",
    "w_hidden3_x1",
    "w_hidden4_x1",
    "w_hidden5_x1",
    "w_hidden6_x1",
    "w_hidden7_x1",
    "w_hidden8_x1",
    "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6", "b_hidden7", "b_hidden8",
    "w_y1_hidden1", "w_y1_hidden2", "w_y1_hidden3", "w_y1_hidden4",
    "w_y1_hidden5", "w_y1_hidden6", "w_y1_hidden7", "w_y1_hidden8",
    "b_y1",
)


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1 → y1."""
    (
        w_hidden1_x1,
        w_hidden2_x1,
        w_hidden3_x1,
        w_hidden4_x1,
        w_hidden5_x1,
        w_hidden6_x1,
        w_hidden7_x1,
        w_hidden8_x1,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_y1_hidden1, w_y1_hidden2, w_y1_hidden3, w_y1_hidden4, w_y1_hidden5, w_y1_hidden6, w_y1_hidden7, w_y1_hidden8,
        b_y1,
    ) = params
    (x1,) = x

    # hidden ← x: weighted sums, then snake
    z_hidden1 = b_hidden1 + w_hidden1_x1 * x1
    z_hidden2 = b_hidden2 + w_hidden2_x1 * x1
    z_hidden3 = b_hidden3 + w_hidden3_x1 * x1
    z_hidden4 = b_hidden4 + w_hidden4_x1 * x1
    z_hidden5 = b_hidden5 + w_hidden5_x1 * x1
    z_hidden6 = b_hidden6 + w_hidden6_x1 * x1
    z_hidden7 = b_hidden7 + w_hidden7_x1 * x1
    z_hidden8 = b_hidden8 + w_hidden8_x1 * x1
    a_hidden1 = z_hidden1 + math.sin(z_hidden1) ** 2
    a_hidden2 = z_hidden2 + math.sin(z_hidden2) ** 2
    a_hidden3 = z_hidden3 + math.sin(z_hidden3) ** 2
    a_hidden4 = z_hidden4 + math.sin(z_hidden4) ** 2
    a_hidden5 = z_hidden5 + math.sin(z_hidden5) ** 2
    a_hidden6 = z_hidden6 + math.sin(z_hidden6) ** 2
    a_hidden7 = z_hidden7 + math.sin(z_hidden7) ** 2
    a_hidden8 = z_hidden8 + math.sin(z_hidden8) ** 2

    # output ← hidden: weighted sums
    z_y1 = (
        b_y1
        + w_y1_hidden1 * a_hidden1
        + w_y1_hidden2 * a_hidden2
        + w_y1_hidden3 * a_hidden3
        + w_y1_hidden4 * a_hidden4
        + w_y1_hidden5 * a_hidden5
        + w_y1_hidden6 * a_hidden6
        + w_y1_hidden7 * a_hidden7
        + w_y1_hidden8 * a_hidden8
    )
    a_y1 = z_y1

    return (a_y1,)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    (
        w_hidden1_x1,
        w_hidden2_x1,
        w_hidden3_x1,
        w_hidden4_x1,
        w_hidden5_x1,
        w_hidden6_x1,
        w_hidden7_x1,
        w_hidden8_x1,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_y1_hidden1, w_y1_hidden2, w_y1_hidden3, w_y1_hidden4, w_y1_hidden5, w_y1_hidden6, w_y1_hidden7, w_y1_hidden8,
        b_y1,
    ) = params
    (x1,) = x
    (y_y1,) = y

    # hidden ← x: weighted sums, then snake
    z_hidden1 = b_hidden1 + w_hidden1_x1 * x1
    z_hidden2 = b_hidden2 + w_hidden2_x1 * x1
    z_hidden3 = b_hidden3 + w_hidden3_x1 * x1
    z_hidden4 = b_hidden4 + w_hidden4_x1 * x1
    z_hidden5 = b_hidden5 + w_hidden5_x1 * x1
    z_hidden6 = b_hidden6 + w_hidden6_x1 * x1
    z_hidden7 = b_hidden7 + w_hidden7_x1 * x1
    z_hidden8 = b_hidden8 + w_hidden8_x1 * x1
    a_hidden1 = z_hidden1 + math.sin(z_hidden1) ** 2
    a_hidden2 = z_hidden2 + math.sin(z_hidden2) ** 2
    a_hidden3 = z_hidden3 + math.sin(z_hidden3) ** 2
    a_hidden4 = z_hidden4 + math.sin(z_hidden4) ** 2
    a_hidden5 = z_hidden5 + math.sin(z_hidden5) ** 2
    a_hidden6 = z_hidden6 + math.sin(z_hidden6) ** 2
    a_hidden7 = z_hidden7 + math.sin(z_hidden7) ** 2
    a_hidden8 = z_hidden8 + math.sin(z_hidden8) ** 2

    # output ← hidden: weighted sums
    z_y1 = (
        b_y1
        + w_y1_hidden1 * a_hidden1
        + w_y1_hidden2 * a_hidden2
        + w_y1_hidden3 * a_hidden3
        + w_y1_hidden4 * a_hidden4
        + w_y1_hidden5 * a_hidden5
        + w_y1_hidden6 * a_hidden6
        + w_y1_hidden7 * a_hidden7
        + w_y1_hidden8 * a_hidden8
    )
    a_y1 = z_y1

    # the loss: squared_error
    loss = (a_y1 - y_y1) * (a_y1 - y_y1)

    # output: the slope of the loss, then that of linear
    da_y1 = 2.0 * (a_y1 - y_y1)
    dz_y1 = da_y1
    dw_y1_hidden1 = dz_y1 * a_hidden1
    dw_y1_hidden2 = dz_y1 * a_hidden2
    dw_y1_hidden3 = dz_y1 * a_hidden3
    dw_y1_hidden4 = dz_y1 * a_hidden4
    dw_y1_hidden5 = dz_y1 * a_hidden5
    dw_y1_hidden6 = dz_y1 * a_hidden6
    dw_y1_hidden7 = dz_y1 * a_hidden7
    dw_y1_hidden8 = dz_y1 * a_hidden8
    db_y1 = dz_y1

    # hidden ← output: the error flows back along the same weights
    da_hidden1 = dz_y1 * w_y1_hidden1
    da_hidden2 = dz_y1 * w_y1_hidden2
    da_hidden3 = dz_y1 * w_y1_hidden3
    da_hidden4 = dz_y1 * w_y1_hidden4
    da_hidden5 = dz_y1 * w_y1_hidden5
    da_hidden6 = dz_y1 * w_y1_hidden6
    da_hidden7 = dz_y1 * w_y1_hidden7
    da_hidden8 = dz_y1 * w_y1_hidden8
    dz_hidden1 = da_hidden1 * snake_slope(z_hidden1)
    dz_hidden2 = da_hidden2 * snake_slope(z_hidden2)
    dz_hidden3 = da_hidden3 * snake_slope(z_hidden3)
    dz_hidden4 = da_hidden4 * snake_slope(z_hidden4)
    dz_hidden5 = da_hidden5 * snake_slope(z_hidden5)
    dz_hidden6 = da_hidden6 * snake_slope(z_hidden6)
    dz_hidden7 = da_hidden7 * snake_slope(z_hidden7)
    dz_hidden8 = da_hidden8 * snake_slope(z_hidden8)
    dw_hidden1_x1 = dz_hidden1 * x1
    dw_hidden2_x1 = dz_hidden2 * x1
    dw_hidden3_x1 = dz_hidden3 * x1
    dw_hidden4_x1 = dz_hidden4 * x1
    dw_hidden5_x1 = dz_hidden5 * x1
    dw_hidden6_x1 = dz_hidden6 * x1
    dw_hidden7_x1 = dz_hidden7 * x1
    dw_hidden8_x1 = dz_hidden8 * x1
    db_hidden1 = dz_hidden1
    db_hidden2 = dz_hidden2
    db_hidden3 = dz_hidden3
    db_hidden4 = dz_hidden4
    db_hidden5 = dz_hidden5
    db_hidden6 = dz_hidden6
    db_hidden7 = dz_hidden7
    db_hidden8 = dz_hidden8

    return loss, [
        dw_hidden1_x1,
        dw_hidden2_x1,
        dw_hidden3_x1,
        dw_hidden4_x1,
        dw_hidden5_x1,
        dw_hidden6_x1,
        dw_hidden7_x1,
        dw_hidden8_x1,
        db_hidden1, db_hidden2, db_hidden3, db_hidden4, db_hidden5, db_hidden6, db_hidden7, db_hidden8,
        dw_y1_hidden1, dw_y1_hidden2, dw_y1_hidden3, dw_y1_hidden4,
        dw_y1_hidden5, dw_y1_hidden6, dw_y1_hidden7, dw_y1_hidden8,
        db_y1,
    ]


def snake_slope(z: float) -> float:
    """The derivative of snake with respect to z."""
    return 1.0 + 2.0 * math.sin(z) * math.cos(z)


# --- Below: training. ---


def init_state(params: list[float]) -> tuple[int, list[float], list[float]]:
    """The initial state of adam: the number of steps, m and v."""
    return (0, [0.0] * 25, [0.0] * 25)


def step(
    params: list[float], gradient: list[float], state: tuple[int, list[float], list[float]]
) -> tuple[list[float], tuple[int, list[float], list[float]]]:
    """One step of training by adam."""
    old_t, old_m, old_v = state
    t = old_t + 1
    new_w: list[float] = []
    new_m: list[float] = []
    new_v: list[float] = []
    for w, g, m, v in zip(params, gradient, old_m, old_v):
        m = 0.9 * m + (1.0 - 0.9) * g
        v = 0.999 * v + (1.0 - 0.999) * (g * g)
        w = w - 0.01 * (m / (1.0 - 0.9**t)) / (math.sqrt(v / (1.0 - 0.999**t)) + 1e-08)
        new_w.append(w)
        new_m.append(m)
        new_v.append(v)
    return new_w, (t, new_m, new_v)


def init(seed: int = 0) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_hidden = [math.sqrt(6.0 / (1 + 8)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(8)]
    W_output = [math.sqrt(6.0 / (8 + 1)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(16, 24)]
    return W_hidden + [0.0] * 8 + W_output + [0.0]


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
    epochs: int = 1000,
    batch_size: int | None = 8,
    seed: int | None = 0,
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


def _uniform(seed: int, index: int) -> float:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32
