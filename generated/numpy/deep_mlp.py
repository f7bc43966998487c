"""deep_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> first: 4 tanh -> second: 4 relu -> third: 3 sigmoid -> output: 2 linear

A deep network: three hidden layers, each with another activation. It learns to add two binary digits, as a half adder
does: the carry is their logical AND, the digit of the sum their exclusive or.

Loss: half_squared_error, (a - y)^2 / 2, the mean over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.2; 1000 epochs in batches of 2.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_first[i][j] is the weight that leads to unit i of first from unit j of x. x.dot(W) is the
matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec deep_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_first", "b_first", "W_second", "b_second", "W_third", "W_output", "b_output")
_SHAPES = ((4, 2), (4,), (4, 4), (4,), (3, 4), (2, 3), (2,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 2) → (n, 2)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_first, b_first, W_second, b_second, W_third, W_output, b_output = params

    # first ← x: weighted sums, then tanh
    z_first = x.dot(W_first.T) + b_first
    a_first = np.tanh(z_first)

    # second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
    z_second = a_first.dot(W_second.T) + b_second
    a_second = np.maximum(z_second, 0.0)

    # third ← second: weighted sums, then sigmoid
    z_third = a_second.dot(W_third.T)
    a_third = sigmoid(z_third)

    # output ← third: weighted sums
    z_output = a_third.dot(W_output.T) + b_output
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
    W_first, b_first, W_second, b_second, W_third, W_output, b_output = params

    # first ← x: weighted sums, then tanh
    z_first = x.dot(W_first.T) + b_first
    a_first = np.tanh(z_first)

    # second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
    z_second = a_first.dot(W_second.T) + b_second
    a_second = np.maximum(z_second, 0.0)

    # third ← second: weighted sums, then sigmoid
    z_third = a_second.dot(W_third.T)
    a_third = sigmoid(z_third)

    # output ← third: weighted sums
    z_output = a_third.dot(W_output.T) + b_output
    a_output: np.ndarray = z_output

    # the loss: half_squared_error, the mean over the examples
    n = float(len(x))
    losses = 0.5 * (a_output - y_output) ** 2 / 2.0
    loss = float(losses.sum()) / n

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: the slope of the loss, then that of linear
    da_output = (a_output - y_output) / 2.0 / n
    dz_output = da_output
    dW_output = dz_output.T.dot(a_third)
    db_output = ones.dot(dz_output)

    # third ← output: the error flows back along the same weights
    da_third = dz_output.dot(W_output)
    dz_third = da_third * a_third * (1.0 - a_third)
    dW_third = dz_third.T.dot(a_second)

    # second ← third: the error flows back along the same weights
    da_second = dz_third.dot(W_third)
    dz_second = da_second * (z_second > 0.0).astype(float)
    dW_second = dz_second.T.dot(a_first)

    # first ← second: the error flows back along the same weights
    da_first = dz_second.dot(W_second)
    dz_first = da_first * (1.0 - a_first**2)
    dW_first = dz_first.T.dot(x)
    db_first = ones.dot(dz_first)

    # frozen: training leaves these as they are
    db_second = np.zeros_like(b_second)

    return loss, [dW_first, db_first, dW_second, db_second, dW_third, dW_output, db_output]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), in a form that cannot overflow."""
    a: np.ndarray = np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))
    return a


# --- Below: training. ---


def init_state(params: list[np.ndarray]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.2 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(52)
    W_first = np.sqrt(6.0 / (2 + 4)) * (2.0 * _uniform(seed, i[0:8]) - 1.0)
    W_second = np.sqrt(6.0 / (4 + 4)) * (2.0 * _uniform(seed, i[12:28]) - 1.0)
    b_second = np.array([0.25, 0.25, 0.25, 0.25])
    W_third = np.sqrt(6.0 / (4 + 3)) * (2.0 * _uniform(seed, i[32:44]) - 1.0)
    W_output = np.sqrt(6.0 / (3 + 2)) * (2.0 * _uniform(seed, i[44:50]) - 1.0)
    return [
        W_first.reshape(4, 2), np.zeros(4), W_second.reshape(4, 4), b_second,
        W_third.reshape(3, 4), W_output.reshape(2, 3), np.zeros(2),
    ]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 1000,
    batch_size: int | None = 2,
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
    if shapes != _SHAPES or x.shape[1:] != (2,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, 2), got the shapes {shapes} and {x.shape}")
    if y is not None and (len(x) == 0 or y.shape != (len(x), 2)):
        raise ValueError(f"expected y of shape (n, 2) with n = {len(x)}, at least 1; got {y.shape}")


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
