"""or_perceptron, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 step

A perceptron learns the logical OR: 1 where at least one input is 1. It starts with weights of 0, and Rosenblatt's rule
corrects them after each wrong answer. That ends with every answer right, because a straight line separates the ones
from the zeros.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 10 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target, each with a row for each
example of a batch; W_output[i][j] is the weight that leads to unit i of output from unit j of x.

x.dot(W) is the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec or_perceptron: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but NumPy.
"""

# formatters and linters skip this module
# fmt: off
# flake8: noqa

import math

import numpy as np

PARAMETERS = ("W_output", "b_output")

# the network, and the order of its parameters in a flat list, for pack, unpack, save and load
LAYOUT = "or_perceptron W_output[y][x1 x2] b_output[y]"
_SHAPES = ((1, 2), (1,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 2) → (n, 1)."""
    x = _checked(params, x)
    W_output, b_output = params

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_output = x.dot(W_output.T) + b_output
    a_output: np.ndarray = np.where(z_output > 0.0, 1.0, 0.0)

    return a_output


def loss(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The loss of a batch, the mean over the examples."""
    return gradient(params, x, y, slopes=False)[0]


def gradient(
    params: list[np.ndarray], x: np.ndarray, y: np.ndarray, *, slopes: bool = True, checked: bool = False
) -> tuple[float, list[np.ndarray]]:
    """The loss of a batch, the mean over the examples, and its derivative by each parameter.

    slopes=False computes only the loss. checked=True skips the checks of the arguments.
    """
    if not checked:
        x = _checked(params, x)
        y = _checked_targets(y, len(x))
    y_output = y
    W_output, b_output = params

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_output = x.dot(W_output.T) + b_output
    a_output: np.ndarray = np.where(z_output > 0.0, 1.0, 0.0)

    # the loss: perceptron, the mean over the examples
    n = float(len(x))
    losses = (a_output - y_output) * z_output
    loss = float(losses.sum()) / n

    if not slopes:
        return loss, []

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: 0 for a right answer, otherwise the sign of the error; step has no useful slope
    dz_output = (a_output - y_output) / n
    dW_output = dz_output.T.dot(x)
    db_output = ones.dot(dz_output)

    return loss, [dW_output, db_output]


# --- Below: training, files and a check of the gradient. ---


def init_state(params: list[np.ndarray]) -> tuple[()]:
    """The initial state of perceptron: empty."""
    return ()


def step(params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by perceptron."""
    return [w - g for w, g in zip(params, gradient)], state


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 10,
    batch_size: int | None = 1,
    seed: int | None = None,
    callback: object = None,
    progress: tuple[int, tuple[()]] | None = None,
) -> tuple[list[np.ndarray], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.
    """
    xs = _checked(params, xs)
    ys = _checked_targets(ys, len(xs))
    size = len(xs) if batch_size is None else batch_size
    if size < 1:
        raise ValueError(f"expected batches of at least 1, got {size}")
    history: list[float] = []
    done, state = progress or (0, init_state(params))
    for epoch in range(done, epochs):
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            rows = order[start : start + size]
            # one row is a view of the examples, several are a copy
            first = order.item(start)
            batch = rows if size > 1 else slice(first, first + 1)
            batch_loss, slopes = gradient(params, xs[batch], ys[batch], checked=True)
            params, state = step(params, slopes, state)
            total += batch_loss * len(rows)
        history.append(total / len(xs))
        progress = (epoch + 1, state)
        if callable(callback) and callback(epoch, history[-1], params, progress):
            break
    return params, history


def init(seed: int = 0) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_output = np.full(2, 0.0)
    b_output = np.full(1, 0.0)
    return unpack(np.concatenate([W_output, b_output]))


def pack(params: list[np.ndarray]) -> list[float]:
    """The parameters as a flat list, in the order of LAYOUT."""
    flat: list[float] = np.concatenate([p.ravel() for p in params]).tolist()
    return flat


def unpack(flat: list[float] | np.ndarray) -> list[np.ndarray]:
    """The parameters from a flat list, in the order of LAYOUT."""
    numbers = _numbers(flat).ravel()
    if len(numbers) != 3:
        raise ValueError(f"expected 3 parameters, got {len(numbers)}")
    return _views(numbers.copy())


def _numbers(values: list[float] | np.ndarray) -> np.ndarray:
    """An array of real numbers; of texts, dates, None and complex numbers NumPy would make some as well."""
    if type(values) is np.ndarray and values.dtype == np.float64:
        return values
    array = np.asarray(None if _masked(values) else values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"expected an array of real numbers, got {values!r:.80}")
    return array.astype(np.float64, copy=False)


def _checked(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    try:
        shapes = tuple([p.shape if p.dtype.kind in "biuf" else p.dtype for p in params])
    except (AttributeError, TypeError):
        raise ValueError(f"expected a list of arrays of shapes {_SHAPES}") from None
    if shapes != _SHAPES:
        raise ValueError(f"expected parameters of shapes {_SHAPES}, arrays of real numbers; got {shapes}")
    x = _numbers(x)
    if x.ndim != 2 or x.shape[1] != 2:
        raise ValueError(f"expected x of shape (n, 2), got {x.shape}")
    return x


def _checked_targets(y: np.ndarray, n: int) -> np.ndarray:
    y = _numbers(y)
    if y.shape != (n, 1) or n == 0:
        raise ValueError(f"expected y of shape (n, 1) with n = {n} examples, at least 1; got {y.shape}")
    if 0 in (y * (1.0 - y) == 0.0).tobytes():  # quicker than all()
        raise ValueError("expected targets that are 0 or 1")
    return y


def _order(count: int, seed: int | None, epoch: int) -> np.ndarray:
    """The order of the examples in an epoch: each has a random number, and the smallest comes first."""
    if seed is None:
        return np.arange(count)
    return np.argsort(_bits(seed, np.arange(epoch * count, (epoch + 1) * count)), kind="stable")


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


def save(params: list[np.ndarray], path: str) -> None:
    """Write the parameters to a JSON file that the module of every target can load, exact to the last bit."""
    import json  # here, because the module loads faster without it

    flat = pack(params)
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite parameters, got infinity or NaN")
    text = json.dumps({"layout": LAYOUT, "parameters": flat})
    with open(path, "w") as file:
        file.write(text)


def load(path: str) -> list[np.ndarray]:
    """Read parameters from a JSON file; a file of another network, or a broken one, is a ValueError."""
    import json

    try:
        with open(path) as file:
            content = json.load(file)
    except RecursionError:
        raise ValueError("expected a JSON object of a text and a list, got one nested too deep") from None
    layout = content.get("layout") if isinstance(content, dict) else None
    if layout != LAYOUT:
        raise ValueError(f"expected the parameters of {LAYOUT!r}, got those of {layout!r:.80}")
    flat = content.get("parameters")
    if not isinstance(flat, list) or not all(
        type(value) in (int, float) and value - value == 0.0 and abs(value) <= 1.7976931348623157e308 for value in flat
    ):
        raise ValueError(f"expected a list of finite numbers under 'parameters', got {flat!r:.80}")
    return unpack([float(value) for value in flat])


def _views(flat: np.ndarray) -> list[np.ndarray]:
    """The parts of a flat array, as views, in the shapes of the parameters."""
    views = []
    start = 0
    for shape in _SHAPES:
        stop = start + math.prod(shape)
        views.append(flat[start:stop].reshape(shape))
        start = stop
    return views


def _masked(values: object) -> bool:
    """Whether some values are masked, also in a list, where NumPy drops the mask."""
    return any(map(_masked, values)) if isinstance(values, (list, tuple)) else bool(np.ma.is_masked(values))


def _check_gradient() -> float:
    """The largest error of the gradient, compared with differences of the loss along random directions.

    It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is
    no slope; its curvature is huge, so that its error does not count.
    """
    h = 1e-6
    errors = []
    for trial in range(7):
        weights = np.array(pack(init(trial))) + 0.2 * _uniform(trial, np.arange(3)) - 0.1
        direction = 2.0 * _uniform(trial + 100, np.arange(3)) - 1.0
        x = (2.0 * _uniform(trial + 200, np.arange(8)) - 1.0).reshape(4, 2)
        y = (np.add.outer(np.arange(4), np.arange(1)) % 2).astype(float)
        here, slopes = gradient(unpack(weights), x, y)
        slope = direction @ pack(slopes)
        ahead, _ = gradient(unpack(weights + h * direction), x, y)
        behind, _ = gradient(unpack(weights - h * direction), x, y)
        curvature = (ahead - 2.0 * here + behind) / (h * h)
        errors.append(float(abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + abs(slope) + abs(curvature))))
    return max(errors) + 0.0 * sum(errors)  # NaN if one of them is NaN


if __name__ == "__main__":
    network = "or_perceptron, 3 parameters: x: 2 -> output: 1 step"
    print(network)
    error = _check_gradient()
    print(f"gradient against differences of the loss: {error:.0e} apart: {'right' if error < 1e-6 else 'WRONG'}")
    raise SystemExit(not error < 1e-6)
