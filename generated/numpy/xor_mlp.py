"""xor_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> hidden: 2 sigmoid -> output: 1 sigmoid

A multilayer perceptron learns the exclusive or (XOR): 1 if the two inputs differ. The two hidden units draw two
straight lines, and the output unit combines them. Backpropagation finds how to change the hidden weights.

Loss: binary_cross_entropy, -y log(a) - (1 - y) log(1 - a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 5.0; 2000 epochs in batches of all examples.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of x. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec xor_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import math

import numpy as np

PARAMETERS = ("W_hidden", "b_hidden", "W_output", "b_output")
_SHAPES = ((2, 2), (2,), (1, 2), (1,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 2) → (n, 1)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_hidden, b_hidden, W_output, b_output = params

    # hidden ← x: weighted sums, then sigmoid
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = sigmoid(z_hidden)

    # output ← hidden: weighted sums, then sigmoid
    z_output = a_hidden.dot(W_output.T) + b_output
    a_output: np.ndarray = sigmoid(z_output)

    return a_output


def loss(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The loss of a batch, the mean over the examples."""
    return gradient(params, x, y)[0]


def gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The loss of a batch, the mean over the examples, and its derivative with respect to each parameter."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check(params, x, y)
    return _gradient(params, x, y)


def _gradient(
    params: list[np.ndarray], x: np.ndarray, y: np.ndarray, _into: tuple[np.ndarray | None, ...] = (None,) * 4
) -> tuple[float, list[np.ndarray]]:
    """The same for arrays that are checked; the derivatives go into those of _into."""
    y_output = y
    W_hidden, b_hidden, W_output, b_output = params

    # hidden ← x: weighted sums, then sigmoid
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = sigmoid(z_hidden)

    # output ← hidden: weighted sums, then sigmoid
    z_output = a_hidden.dot(W_output.T) + b_output
    a_output: np.ndarray = sigmoid(z_output)

    # the loss: binary_cross_entropy, the mean over the examples
    n = float(len(x))
    losses = np.maximum(z_output, 0.0) - y_output * z_output + np.log1p(np.exp(-np.abs(z_output)))
    loss = float(losses.sum()) / n

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: the slopes of the sigmoid and of the logarithm cancel, only the difference remains
    dz_output = (a_output - y_output) / n
    dW_output = dz_output.T.dot(a_hidden, _into[2])
    db_output = ones.dot(dz_output, _into[3])

    # hidden ← output: the error flows back along the same weights
    da_hidden = dz_output.dot(W_output)
    dz_hidden = da_hidden * a_hidden * (1.0 - a_hidden)
    dW_hidden = dz_hidden.T.dot(x, _into[0])
    db_hidden = ones.dot(dz_hidden, _into[1])

    return loss, [dW_hidden, db_hidden, dW_output, db_output]


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
    return [w - 5.0 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(9)
    W_hidden = _uniform(seed, i[0:4]) - 0.5
    W_output = _uniform(seed, i[6:8]) - 0.5
    return [W_hidden.reshape(2, 2), np.zeros(2), W_output.reshape(1, 2), np.zeros(1)]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 2000,
    batch_size: int | None = None,
    seed: int | None = None,
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
    flat = np.concatenate([p.ravel() for p in params]).astype(np.float64)
    change = np.empty_like(flat)
    into = tuple(_views(change))
    history: list[float] = []
    for epoch in range(epochs):
        flat = flat.copy()  # steps change it in place, but not what a callback got
        params = _views(flat)
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            rows = order[start : start + size]
            first = order.item(start)  # one row is a view of the examples, several are a copy
            batch = rows if size > 1 else slice(first, first + 1)
            batch_loss, _ = _gradient(params, xs[batch], ys[batch], _into=into)
            change *= 5.0
            flat -= change
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


def _views(flat: np.ndarray) -> list[np.ndarray]:
    """The parts of a flat array, as views, in the shapes of the parameters."""
    views, stop = [], 0
    for shape in _SHAPES:
        start, stop = stop, stop + math.prod(shape)
        views.append(flat[start:stop].reshape(shape))
    return views
