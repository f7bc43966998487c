"""deep_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> first: 4 tanh -> second: 4 relu -> third: 3 sigmoid -> output: 2 linear

A deep network: three hidden layers, each with another activation. It learns to add two binary digits, as a half adder
does: the carry is their logical AND, the digit of the sum their exclusive or.

Loss: half_squared_error, (a - y)^2 / 2, the mean over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.2; 1000 epochs in batches of 2.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_first1_x1 is the
weight that leads to first1 from x1.

Written by nngen from the spec deep_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = (
    "w_first1_x1", "w_first1_x2",
    "w_first2_x1", "w_first2_x2",
    "w_first3_x1", "w_first3_x2",
    "w_first4_x1", "w_first4_x2",
    "b_first1", "b_first2", "b_first3", "b_first4",
    "w_second1_first1", "w_second1_first2", "w_second1_first3", "w_second1_first4",
    "w_second2_first1", "w_second2_first2", "w_second2_first3", "w_second2_first4",
    "w_second3_first1", "w_second3_first2", "w_second3_first3", "w_second3_first4",
    "w_second4_first1", "w_second4_first2", "w_second4_first3", "w_second4_first4",
    "b_second1", "b_second2", "b_second3", "b_second4",
    "w_third1_second1", "w_third1_second2", "w_third1_second3", "w_third1_second4",
    "w_third2_second1", "w_third2_second2", "w_third2_second3", "w_third2_second4",
    "w_third3_second1", "w_third3_second2", "w_third3_second3", "w_third3_second4",
    "w_carry_third1", "w_carry_third2", "w_carry_third3",
    "w_digit_third1", "w_digit_third2", "w_digit_third3",
    "b_carry", "b_digit",
)


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1, x2 → carry, digit."""
    (
        w_first1_x1, w_first1_x2,
        w_first2_x1, w_first2_x2,
        w_first3_x1, w_first3_x2,
        w_first4_x1, w_first4_x2,
        b_first1, b_first2, b_first3, b_first4,
        w_second1_first1, w_second1_first2, w_second1_first3, w_second1_first4,
        w_second2_first1, w_second2_first2, w_second2_first3, w_second2_first4,
        w_second3_first1, w_second3_first2, w_second3_first3, w_second3_first4,
        w_second4_first1, w_second4_first2, w_second4_first3, w_second4_first4,
        b_second1, b_second2, b_second3, b_second4,
        w_third1_second1, w_third1_second2, w_third1_second3, w_third1_second4,
        w_third2_second1, w_third2_second2, w_third2_second3, w_third2_second4,
        w_third3_second1, w_third3_second2, w_third3_second3, w_third3_second4,
        w_carry_third1, w_carry_third2, w_carry_third3,
        w_digit_third1, w_digit_third2, w_digit_third3,
        b_carry, b_digit,
    ) = params
    x1, x2 = x

    # first ← x: weighted sums, then tanh
    z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2
    z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2
    z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2
    z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2
    a_first1 = math.tanh(z_first1)
    a_first2 = math.tanh(z_first2)
    a_first3 = math.tanh(z_first3)
    a_first4 = math.tanh(z_first4)

    # second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
    z_second1 = (
        b_second1
        + w_second1_first1 * a_first1
        + w_second1_first2 * a_first2
        + w_second1_first3 * a_first3
        + w_second1_first4 * a_first4
    )
    z_second2 = (
        b_second2
        + w_second2_first1 * a_first1
        + w_second2_first2 * a_first2
        + w_second2_first3 * a_first3
        + w_second2_first4 * a_first4
    )
    z_second3 = (
        b_second3
        + w_second3_first1 * a_first1
        + w_second3_first2 * a_first2
        + w_second3_first3 * a_first3
        + w_second3_first4 * a_first4
    )
    z_second4 = (
        b_second4
        + w_second4_first1 * a_first1
        + w_second4_first2 * a_first2
        + w_second4_first3 * a_first3
        + w_second4_first4 * a_first4
    )
    a_second1 = 0.0 if z_second1 < 0.0 else z_second1
    a_second2 = 0.0 if z_second2 < 0.0 else z_second2
    a_second3 = 0.0 if z_second3 < 0.0 else z_second3
    a_second4 = 0.0 if z_second4 < 0.0 else z_second4

    # third ← second: weighted sums, then sigmoid
    z_third1 = (
        w_third1_second1 * a_second1
        + w_third1_second2 * a_second2
        + w_third1_second3 * a_second3
        + w_third1_second4 * a_second4
    )
    z_third2 = (
        w_third2_second1 * a_second1
        + w_third2_second2 * a_second2
        + w_third2_second3 * a_second3
        + w_third2_second4 * a_second4
    )
    z_third3 = (
        w_third3_second1 * a_second1
        + w_third3_second2 * a_second2
        + w_third3_second3 * a_second3
        + w_third3_second4 * a_second4
    )
    a_third1 = sigmoid(z_third1)
    a_third2 = sigmoid(z_third2)
    a_third3 = sigmoid(z_third3)

    # output ← third: weighted sums
    z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3
    z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3
    a_carry = z_carry
    a_digit = z_digit

    return (a_carry, a_digit)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    (
        w_first1_x1, w_first1_x2,
        w_first2_x1, w_first2_x2,
        w_first3_x1, w_first3_x2,
        w_first4_x1, w_first4_x2,
        b_first1, b_first2, b_first3, b_first4,
        w_second1_first1, w_second1_first2, w_second1_first3, w_second1_first4,
        w_second2_first1, w_second2_first2, w_second2_first3, w_second2_first4,
        w_second3_first1, w_second3_first2, w_second3_first3, w_second3_first4,
        w_second4_first1, w_second4_first2, w_second4_first3, w_second4_first4,
        b_second1, b_second2, b_second3, b_second4,
        w_third1_second1, w_third1_second2, w_third1_second3, w_third1_second4,
        w_third2_second1, w_third2_second2, w_third2_second3, w_third2_second4,
        w_third3_second1, w_third3_second2, w_third3_second3, w_third3_second4,
        w_carry_third1, w_carry_third2, w_carry_third3,
        w_digit_third1, w_digit_third2, w_digit_third3,
        b_carry, b_digit,
    ) = params
    x1, x2 = x
    y_carry, y_digit = y

    # first ← x: weighted sums, then tanh
    z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2
    z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2
    z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2
    z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2
    a_first1 = math.tanh(z_first1)
    a_first2 = math.tanh(z_first2)
    a_first3 = math.tanh(z_first3)
    a_first4 = math.tanh(z_first4)

    # second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
    z_second1 = (
        b_second1
        + w_second1_first1 * a_first1
        + w_second1_first2 * a_first2
        + w_second1_first3 * a_first3
        + w_second1_first4 * a_first4
    )
    z_second2 = (
        b_second2
        + w_second2_first1 * a_first1
        + w_second2_first2 * a_first2
        + w_second2_first3 * a_first3
        + w_second2_first4 * a_first4
    )
    z_second3 = (
        b_second3
        + w_second3_first1 * a_first1
        + w_second3_first2 * a_first2
        + w_second3_first3 * a_first3
        + w_second3_first4 * a_first4
    )
    z_second4 = (
        b_second4
        + w_second4_first1 * a_first1
        + w_second4_first2 * a_first2
        + w_second4_first3 * a_first3
        + w_second4_first4 * a_first4
    )
    a_second1 = 0.0 if z_second1 < 0.0 else z_second1
    a_second2 = 0.0 if z_second2 < 0.0 else z_second2
    a_second3 = 0.0 if z_second3 < 0.0 else z_second3
    a_second4 = 0.0 if z_second4 < 0.0 else z_second4

    # third ← second: weighted sums, then sigmoid
    z_third1 = (
        w_third1_second1 * a_second1
        + w_third1_second2 * a_second2
        + w_third1_second3 * a_second3
        + w_third1_second4 * a_second4
    )
    z_third2 = (
        w_third2_second1 * a_second1
        + w_third2_second2 * a_second2
        + w_third2_second3 * a_second3
        + w_third2_second4 * a_second4
    )
    z_third3 = (
        w_third3_second1 * a_second1
        + w_third3_second2 * a_second2
        + w_third3_second3 * a_second3
        + w_third3_second4 * a_second4
    )
    a_third1 = sigmoid(z_third1)
    a_third2 = sigmoid(z_third2)
    a_third3 = sigmoid(z_third3)

    # output ← third: weighted sums
    z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3
    z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3
    a_carry = z_carry
    a_digit = z_digit

    # the loss: half_squared_error
    loss = (
        0.5 * ((a_carry - y_carry) * (a_carry - y_carry)) / 2.0
        + 0.5 * ((a_digit - y_digit) * (a_digit - y_digit)) / 2.0
    )

    # output: the slope of the loss, then that of linear
    da_carry = (a_carry - y_carry) / 2.0
    da_digit = (a_digit - y_digit) / 2.0
    dz_carry = da_carry
    dz_digit = da_digit
    dw_carry_third1 = dz_carry * a_third1
    dw_carry_third2 = dz_carry * a_third2
    dw_carry_third3 = dz_carry * a_third3
    dw_digit_third1 = dz_digit * a_third1
    dw_digit_third2 = dz_digit * a_third2
    dw_digit_third3 = dz_digit * a_third3
    db_carry = dz_carry
    db_digit = dz_digit

    # third ← output: the error flows back along the same weights
    da_third1 = dz_carry * w_carry_third1 + dz_digit * w_digit_third1
    da_third2 = dz_carry * w_carry_third2 + dz_digit * w_digit_third2
    da_third3 = dz_carry * w_carry_third3 + dz_digit * w_digit_third3
    dz_third1 = da_third1 * a_third1 * (1.0 - a_third1)
    dz_third2 = da_third2 * a_third2 * (1.0 - a_third2)
    dz_third3 = da_third3 * a_third3 * (1.0 - a_third3)
    dw_third1_second1 = dz_third1 * a_second1
    dw_third1_second2 = dz_third1 * a_second2
    dw_third1_second3 = dz_third1 * a_second3
    dw_third1_second4 = dz_third1 * a_second4
    dw_third2_second1 = dz_third2 * a_second1
    dw_third2_second2 = dz_third2 * a_second2
    dw_third2_second3 = dz_third2 * a_second3
    dw_third2_second4 = dz_third2 * a_second4
    dw_third3_second1 = dz_third3 * a_second1
    dw_third3_second2 = dz_third3 * a_second2
    dw_third3_second3 = dz_third3 * a_second3
    dw_third3_second4 = dz_third3 * a_second4

    # second ← third: the error flows back along the same weights
    da_second1 = dz_third1 * w_third1_second1 + dz_third2 * w_third2_second1 + dz_third3 * w_third3_second1
    da_second2 = dz_third1 * w_third1_second2 + dz_third2 * w_third2_second2 + dz_third3 * w_third3_second2
    da_second3 = dz_third1 * w_third1_second3 + dz_third2 * w_third2_second3 + dz_third3 * w_third3_second3
    da_second4 = dz_third1 * w_third1_second4 + dz_third2 * w_third2_second4 + dz_third3 * w_third3_second4
    dz_second1 = da_second1 * (1.0 if z_second1 > 0.0 else 0.0)
    dz_second2 = da_second2 * (1.0 if z_second2 > 0.0 else 0.0)
    dz_second3 = da_second3 * (1.0 if z_second3 > 0.0 else 0.0)
    dz_second4 = da_second4 * (1.0 if z_second4 > 0.0 else 0.0)
    dw_second1_first1 = dz_second1 * a_first1
    dw_second1_first2 = dz_second1 * a_first2
    dw_second1_first3 = dz_second1 * a_first3
    dw_second1_first4 = dz_second1 * a_first4
    dw_second2_first1 = dz_second2 * a_first1
    dw_second2_first2 = dz_second2 * a_first2
    dw_second2_first3 = dz_second2 * a_first3
    dw_second2_first4 = dz_second2 * a_first4
    dw_second3_first1 = dz_second3 * a_first1
    dw_second3_first2 = dz_second3 * a_first2
    dw_second3_first3 = dz_second3 * a_first3
    dw_second3_first4 = dz_second3 * a_first4
    dw_second4_first1 = dz_second4 * a_first1
    dw_second4_first2 = dz_second4 * a_first2
    dw_second4_first3 = dz_second4 * a_first3
    dw_second4_first4 = dz_second4 * a_first4

    # first ← second: the error flows back along the same weights
    da_first1 = (
        dz_second1 * w_second1_first1
        + dz_second2 * w_second2_first1
        + dz_second3 * w_second3_first1
        + dz_second4 * w_second4_first1
    )
    da_first2 = (
        dz_second1 * w_second1_first2
        + dz_second2 * w_second2_first2
        + dz_second3 * w_second3_first2
        + dz_second4 * w_second4_first2
    )
    da_first3 = (
        dz_second1 * w_second1_first3
        + dz_second2 * w_second2_first3
        + dz_second3 * w_second3_first3
        + dz_second4 * w_second4_first3
    )
    da_first4 = (
        dz_second1 * w_second1_first4
        + dz_second2 * w_second2_first4
        + dz_second3 * w_second3_first4
        + dz_second4 * w_second4_first4
    )
    dz_first1 = da_first1 * (1.0 - a_first1 * a_first1)
    dz_first2 = da_first2 * (1.0 - a_first2 * a_first2)
    dz_first3 = da_first3 * (1.0 - a_first3 * a_first3)
    dz_first4 = da_first4 * (1.0 - a_first4 * a_first4)
    dw_first1_x1 = dz_first1 * x1
    dw_first1_x2 = dz_first1 * x2
    dw_first2_x1 = dz_first2 * x1
    dw_first2_x2 = dz_first2 * x2
    dw_first3_x1 = dz_first3 * x1
    dw_first3_x2 = dz_first3 * x2
    dw_first4_x1 = dz_first4 * x1
    dw_first4_x2 = dz_first4 * x2
    db_first1 = dz_first1
    db_first2 = dz_first2
    db_first3 = dz_first3
    db_first4 = dz_first4

    return loss, [
        dw_first1_x1, dw_first1_x2,
        dw_first2_x1, dw_first2_x2,
        dw_first3_x1, dw_first3_x2,
        dw_first4_x1, dw_first4_x2,
        db_first1, db_first2, db_first3, db_first4,
        dw_second1_first1, dw_second1_first2, dw_second1_first3, dw_second1_first4,
        dw_second2_first1, dw_second2_first2, dw_second2_first3, dw_second2_first4,
        dw_second3_first1, dw_second3_first2, dw_second3_first3, dw_second3_first4,
        dw_second4_first1, dw_second4_first2, dw_second4_first3, dw_second4_first4,
        0.0, 0.0, 0.0, 0.0,
        dw_third1_second1, dw_third1_second2, dw_third1_second3, dw_third1_second4,
        dw_third2_second1, dw_third2_second2, dw_third2_second3, dw_third2_second4,
        dw_third3_second1, dw_third3_second2, dw_third3_second3, dw_third3_second4,
        dw_carry_third1, dw_carry_third2, dw_carry_third3,
        dw_digit_third1, dw_digit_third2, dw_digit_third3,
        db_carry, db_digit,
    ]


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)), in a form that cannot overflow."""
    return math.exp(min(z, 0.0)) / (1.0 + math.exp(-abs(z)))


# --- Below: training. ---


def init_state(params: list[float]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.2 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_first = [math.sqrt(6.0 / (2 + 4)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(8)]
    W_second = [math.sqrt(6.0 / (4 + 4)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(12, 28)]
    b_second = [0.25, 0.25, 0.25, 0.25]
    W_third = [math.sqrt(6.0 / (4 + 3)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(32, 44)]
    W_output = [math.sqrt(6.0 / (3 + 2)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(44, 50)]
    return W_first + [0.0] * 4 + W_second + b_second + W_third + W_output + [0.0] * 2


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
    batch_size: int | None = 2,
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
