"""iris, a neural network: its equations forward and backward, and how it learns.

    x: 4 -> hidden: 8 tanh -> output: 3 softmax

Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers train the
network; the others, which it never sees, show what it has learned.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of x. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import math

import numpy as np

PARAMETERS = ("W_hidden", "b_hidden", "W_output", "b_output")
_SHAPES = ((8, 4), (8,), (3, 8), (3,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 4) → (n, 3)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_hidden, b_hidden, W_output, b_output = params

    # hidden ← x: weighted sums, then tanh
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = np.tanh(z_hidden)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_output = a_hidden.dot(W_output.T) + b_output
    top_output = z_output.max(axis=1, keepdims=True)
    e_output = np.exp(z_output - top_output)
    total_output = e_output.sum(axis=1, keepdims=True)
    a_output: np.ndarray = e_output / total_output

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

    # hidden ← x: weighted sums, then tanh
    z_hidden = x.dot(W_hidden.T) + b_hidden
    a_hidden = np.tanh(z_hidden)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_output = a_hidden.dot(W_output.T) + b_output
    top_output = z_output.max(axis=1, keepdims=True)
    e_output = np.exp(z_output - top_output)
    total_output = e_output.sum(axis=1, keepdims=True)
    a_output: np.ndarray = e_output / total_output

    # the loss: cross_entropy, the mean over the examples
    n = float(len(x))
    losses = y_output * (np.log(total_output) - (z_output - top_output))
    loss = float(losses.sum()) / n

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: the slopes of softmax and of the logarithm cancel, only the difference remains
    dz_output = (a_output - y_output) / n
    dW_output = dz_output.T.dot(a_hidden, _into[2])
    db_output = ones.dot(dz_output, _into[3])

    # hidden ← output: the error flows back along the same weights
    da_hidden = dz_output.dot(W_output)
    dz_hidden = da_hidden * (1.0 - a_hidden**2)
    dW_hidden = dz_hidden.T.dot(x, _into[0])
    db_hidden = ones.dot(dz_hidden, _into[1])

    return loss, [dW_hidden, db_hidden, dW_output, db_output]


# --- Below: training and predictions. ---


def scale(x: np.ndarray) -> np.ndarray:
    """The inputs of the network, from the columns of the data: (n, 4) → (n, 4)."""
    x = np.asarray(x, dtype=np.float64)
    if x.shape[-1:] != (4,):
        raise ValueError(f"expected x of shape (n, 4), got {x.shape}")
    subtract = np.array([5.855, 3.03, 3.8169999999999997, 1.2329999999999999])
    divide = np.array([0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649])
    scaled: np.ndarray = (x - subtract) / divide
    return scaled


# the columns of a row, as the data name them
COLUMNS = ("sepal_length", "sepal_width", "petal_length", "petal_width")

# the classes in the order of the outputs
CLASSES = ("setosa", "versicolor", "virginica")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(rows: dict[str, object] | list[dict[str, object]] | list[list[object]]) -> np.ndarray:
    """The inputs of the network for rows of the data: a table → (n, 4).

    The table is a mapping of columns by name, such as a DataFrame, or a list of rows, each with its values by column
    name or in the order of COLUMNS.
    """
    return scale(np.column_stack([_filled(name, values) for name, values in zip(COLUMNS, _columns(rows))]))


def decode(outputs: np.ndarray) -> list[str]:
    """The classes that the outputs of a batch stand for: (n, 3) → n names."""
    if np.isnan(outputs).any():
        raise ValueError("outputs: expected numbers, got NaN")
    return [CLASSES[i] for i in np.argmax(outputs, axis=1)]


def predict(
    params: list[np.ndarray], rows: dict[str, object] | list[dict[str, object]] | list[list[object]]
) -> list[str]:
    """The answers for rows of the data; encode says what they are."""
    return decode(forward(params, encode(rows)))


def predict_proba(
    params: list[np.ndarray], rows: dict[str, object] | list[dict[str, object]] | list[list[object]]
) -> np.ndarray:
    """The probabilities of the classes for rows of the data, in the order of CLASSES: (n, 3)."""
    outputs = forward(params, encode(rows))
    decode(outputs)  # refuses NaN
    return outputs


def init_state(params: list[np.ndarray]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.1 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(67)
    W_hidden = np.sqrt(6.0 / (4 + 8)) * (2.0 * _uniform(seed, i[0:32]) - 1.0)
    W_output = np.sqrt(6.0 / (8 + 3)) * (2.0 * _uniform(seed, i[40:64]) - 1.0)
    return [W_hidden.reshape(8, 4), np.zeros(8), W_output.reshape(3, 8), np.zeros(3)]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 100,
    batch_size: int | None = 10,
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
            change *= 0.1
            flat -= change
            total += batch_loss * len(rows)
        history.append(total / len(xs))
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def _check(params: list[np.ndarray], x: np.ndarray, y: np.ndarray | None = None) -> None:
    """Refuse arrays of other shapes, which broadcasting could stretch."""
    shapes = tuple([p.shape for p in params])
    if shapes != _SHAPES or x.shape[1:] != (4,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, 4), got the shapes {shapes} and {x.shape}")
    if y is not None and (len(x) == 0 or y.shape != (len(x), 3)):
        raise ValueError(f"expected y of shape (n, 3) with n = {len(x)}, at least 1; got {y.shape}")


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


def _columns(rows: dict[str, object] | list[dict[str, object]] | list[list[object]]) -> list[np.ndarray]:
    """The columns of a table in the order of COLUMNS."""
    if not isinstance(rows, list) and hasattr(rows, "keys"):
        columns = _values(rows)
    elif hasattr(rows, "__iter__"):
        columns = list(zip(*[_values(row) for row in rows]))
    else:
        raise ValueError(f"expected rows of the data, got {rows!r:.80}")
    arrays = [np.asarray(column) if hasattr(column, "dtype") else _objects(column) for column in columns]
    if not arrays or any(array.ndim != 1 or array.shape != arrays[0].shape for array in arrays):
        raise ValueError(f"expected columns of one length, got the shapes {[array.shape for array in arrays]}")
    return arrays


def _objects(values: object) -> np.ndarray:
    """Values of any kind, in an array."""
    listed = list(values) if isinstance(values, (list, tuple)) else []
    array = np.empty(len(listed), object)
    array[:] = listed
    return array


def _each(values: enumerate[float]) -> np.ndarray:
    """What is read of the values of a column, one after another; a refusal names the row."""
    listed: list[float] = []
    try:
        for _, value in values:
            listed.append(value)
    except ValueError as error:
        raise ValueError(f"row {len(listed) + 1}: {error}") from None
    return np.array(listed)


def _filled(column: str, values: np.ndarray) -> np.ndarray:
    """The numbers of a column, with the replacement of missing ones."""
    if values.dtype.kind in "iuf":  # at once, where nothing has to be refused
        numbers = values.astype(np.float64)
        if (np.abs(numbers) <= 1e100).all():
            return numbers
    return _each(enumerate(_number(column, value) for value in values))


def _views(flat: np.ndarray) -> list[np.ndarray]:
    """The parts of a flat array, as views, in the shapes of the parameters."""
    views, stop = [], 0
    for shape in _SHAPES:
        start, stop = stop, stop + math.prod(shape)
        views.append(flat[start:stop].reshape(shape))
    return views


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS; other columns of a mapping are ignored."""
    if not isinstance(row, (list, str)) and hasattr(row, "keys"):
        names = list(row.keys())
        absent = [column for column in COLUMNS if column not in names]
        if absent:
            raise ValueError(f"expected a row with the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
        return [row[column] for column in COLUMNS]
    values = list(row)
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _number(column: str, value: object) -> float:
    """The number of a column, also one written as a text."""
    if _missing(value):
        raise ValueError(f"{column}: the value is missing")
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True
