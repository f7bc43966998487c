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

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of x. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec snake: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_hidden", "b_hidden", "W_output", "b_output")
_SHAPES = ((8, 1), (8,), (1, 8), (1,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 1) → (n, 1)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_hidden, b_hidden, W_output, b_output = params

    # hidden ← x: weighted sums, then snake
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = z_hidden + np.sin(z_hidden) ** 2

    # output ← hidden: weighted sums
    z_output = a_hidden.dot(W_output.T) + b_output
    a_output: np.ndarray = z_output

    return a_output


def loss(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The loss of a batch, the mean over the examples."""
    return gradient(params, x, y)[0]


def gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The loss of a batch, the mean over the examples, and its derivative with respect to each parameter."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check(params, x, y)
    return _gradient(params, x, y)


def _gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The same for arrays that are checked."""
    y_output = y
    W_hidden, b_hidden, W_output, b_output = params

    # hidden ← x: weighted sums, then snake
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = z_hidden + np.sin(z_hidden) ** 2

    # output ← hidden: weighted sums
    z_output = a_hidden.dot(W_output.T) + b_output
    a_output: np.ndarray = z_output

    # the loss: squared_error, the mean over the examples
    n = float(len(x))
    errors = a_output - y_output
    loss = float(np.vdot(errors, errors)) / n

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: the slope of the loss, then that of linear
    da_output = 2.0 * (a_output - y_output) / n
    dz_output = da_output
    dW_output = dz_output.T.dot(a_hidden)
    db_output = ones.dot(dz_output)

    # hidden ← output: the error flows back along the same weights
    da_hidden = dz_output.dot(W_output)
    dz_hidden = da_hidden * snake_slope(z_hidden)
    dW_hidden = dz_hidden.T.dot(x)
    db_hidden = ones.dot(dz_hidden)

    return loss, [dW_hidden, db_hidden, dW_output, db_output]


def snake_slope(z: np.ndarray) -> np.ndarray:
    """The derivative of snake with respect to z."""
    a: np.ndarray = 1.0 + 2.0 * np.sin(z) * np.cos(z)
    return a


# --- Below: training. ---


def init_state(params: list[np.ndarray]) -> tuple[int, list[np.ndarray], list[np.ndarray]]:
    """The initial state of adam: the number of steps, m and v."""
    return (0, [np.full_like(p, 0.0) for p in params], [np.full_like(p, 0.0) for p in params])


def step(
    params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[int, list[np.ndarray], list[np.ndarray]]
) -> tuple[list[np.ndarray], tuple[int, list[np.ndarray], list[np.ndarray]]]:
    """One step of training by adam."""
    old_t, old_m, old_v = state
    t = old_t + 1
    new_w: list[np.ndarray] = []
    new_m: list[np.ndarray] = []
    new_v: list[np.ndarray] = []
    for w, g, m, v in zip(params, gradient, old_m, old_v):
        m = 0.9 * m + (1.0 - 0.9) * g
        v = 0.999 * v + (1.0 - 0.999) * g**2
        w = w - 0.01 * (m / (1.0 - 0.9**t)) / (np.sqrt(v / (1.0 - 0.999**t)) + 1e-08)
        new_w.append(w)
        new_m.append(m)
        new_v.append(v)
    return new_w, (t, new_m, new_v)


def init(seed: int = 0) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(25)
    W_hidden = np.sqrt(6.0 / (1 + 8)) * (2.0 * _uniform(seed, i[0:8]) - 1.0)
    W_output = np.sqrt(6.0 / (8 + 1)) * (2.0 * _uniform(seed, i[16:24]) - 1.0)
    return [W_hidden.reshape(8, 1), np.zeros(8), W_output.reshape(1, 8), np.zeros(1)]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 1000,
    batch_size: int | None = 8,
    seed: int | None = 0,
    callback: object = None,
) -> tuple[list[np.ndarray], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends it.
    """
    xs, ys = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    _check(params, xs, ys)
    size = len(xs) if batch_size is None else batch_size
    if size < 1:
        raise ValueError(f"expected batches of at least 1, got {size}")
    state = init_state(params)
    history: list[float] = []
    for epoch in range(epochs):
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            rows = order[start : start + size]
            first = order.item(start)  # one row is a view of the examples, several are a copy
            batch = rows if size > 1 else slice(first, first + 1)
            batch_loss, slopes = _gradient(params, xs[batch], ys[batch])
            params, state = step(params, slopes, state)
            total += batch_loss * len(rows)
        history.append(total / len(xs))
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def _check(params: list[np.ndarray], x: np.ndarray, y: np.ndarray | None = None) -> None:
    """Refuse arrays of other shapes, which broadcasting could stretch."""
    shapes = tuple([p.shape for p in params])
    if shapes != _SHAPES or x.shape[1:] != (1,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, 1), got the shapes {shapes} and {x.shape}")
    if y is not None and (len(x) == 0 or y.shape != (len(x), 1)):
        raise ValueError(f"expected y of shape (n, 1) with n = {len(x)}, at least 1; got {y.shape}")


def _order(count: int, seed: int | None, epoch: int) -> np.ndarray:
    """The order of the examples in an epoch: each has a random number, and the smallest comes first."""
    order = np.arange(count)
    return order if seed is None else np.argsort(_bits(seed, epoch * count + order), kind="stable")


def _bits(seed: int | np.ndarray, index: np.ndarray) -> np.ndarray:
    """The random 32-bit integers of this seed at these indices: a hash that uses only 32-bit arithmetic."""
    h: np.ndarray = np.zeros(index.shape, dtype=np.uint32)
    for word in (index.astype(np.uint32), np.asarray(seed & 0xFFFFFFFF, dtype=np.uint32)):
        h = h + word + np.uint32(0x9E3779B9)
        h = (h ^ (h >> 16)) * np.uint32(0x21F0AAAD)
        h = (h ^ (h >> 15)) * np.uint32(0x735A2D97)
        h = h ^ (h >> 15)
    return h


def _uniform(seed: int | np.ndarray, index: np.ndarray) -> np.ndarray:
    """The random numbers of this seed at these indices, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32
