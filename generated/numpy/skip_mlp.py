"""skip_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2; x -> hidden: 1 tanh; x + hidden -> output: 1 sigmoid

The exclusive or (XOR) with a single hidden unit. The output unit sees the inputs twice: directly, by connections that
skip the hidden layer, and through the hidden unit, which adds what no straight line can do (Rumelhart, Hinton and
Williams, Parallel Distributed Processing, 1986, chapter 8).

Loss: binary_cross_entropy, -y log(a) - (1 - y) log(1 - a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 1.0; 500 epochs in batches of all examples.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of x. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec skip_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_hidden", "b_hidden", "W_output_x", "W_output_hidden", "b_output")
_SHAPES = ((1, 2), (1,), (1, 2), (1, 1), (1,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 2) → (n, 1)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_hidden, b_hidden, W_output_x, W_output_hidden, b_output = params

    # hidden ← x: weighted sums, then tanh
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = np.tanh(z_hidden)

    # output ← x, hidden: weighted sums, then sigmoid
    z_output = x.dot(W_output_x.T) + a_hidden.dot(W_output_hidden.T) + b_output
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


def _gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The same for arrays that are checked."""
    y_output = y
    W_hidden, b_hidden, W_output_x, W_output_hidden, b_output = params

    # hidden ← x: weighted sums, then tanh
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = np.tanh(z_hidden)

    # output ← x, hidden: weighted sums, then sigmoid
    z_output = x.dot(W_output_x.T) + a_hidden.dot(W_output_hidden.T) + b_output
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
    dW_output_x = dz_output.T.dot(x)
    dW_output_hidden = dz_output.T.dot(a_hidden)
    db_output = ones.dot(dz_output)

    # hidden ← output: the error flows back along the same weights
    da_hidden = dz_output.dot(W_output_hidden)
    dz_hidden = da_hidden * (1.0 - a_hidden**2)
    dW_hidden = dz_hidden.T.dot(x)
    db_hidden = ones.dot(dz_hidden)

    return loss, [dW_hidden, db_hidden, dW_output_x, dW_output_hidden, db_output]


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
    return [w - g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(7)
    W_hidden = np.sqrt(6.0 / (2 + 1)) * (2.0 * _uniform(seed, i[0:2]) - 1.0)
    W_output_x = np.sqrt(6.0 / (3 + 1)) * (2.0 * _uniform(seed, i[3:5]) - 1.0)
    W_output_hidden = np.sqrt(6.0 / (3 + 1)) * (2.0 * _uniform(seed, i[5:6]) - 1.0)
    return [W_hidden.reshape(1, 2), np.zeros(1), W_output_x.reshape(1, 2), W_output_hidden.reshape(1, 1), np.zeros(1)]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 500,
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
