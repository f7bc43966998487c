"""digits_batch_norm, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 batch_norm, relu, dropout -> output: 10 softmax

The digits again, trained as larger networks are. With batch normalization, gradient descent learns them in fewer
epochs. Dropout keeps the hidden units from relying on one another. After training, nothing is dropped, and the running
statistics among the parameters replace those of a batch.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 10 epochs in batches of 32.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, hat a normalized
value and s the same after gain and shift, f the activation before dropout or normalization, each with a row for each
example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of pixel. x.dot(W) is the
matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec digits_batch_norm: `nngen build` with that spec writes these bytes again. The file is
yours: read it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_hidden", "gain_hidden", "shift_hidden", "mean_hidden", "variance_hidden", "W_output", "b_output")
_SHAPES = ((32, 64), (32,), (32,), (32,), (32,), (10, 32), (10,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 64) → (n, 10)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_hidden, gain_hidden, shift_hidden, mean_hidden, variance_hidden, W_output, b_output = params

    # hidden ← pixel: weighted sums, then batch_norm, then relu (the slope at z = 0 is set to 0)
    z_hidden = x.dot(W_hidden.T)
    deviation_hidden = np.sqrt(variance_hidden + 1e-05)
    hat_hidden = (z_hidden - mean_hidden) / deviation_hidden
    s_hidden = gain_hidden * hat_hidden + shift_hidden
    a_hidden = np.maximum(s_hidden, 0.0)

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
    """The loss of a batch, as forward computes, and its derivative with respect to each parameter.

    The loss is the mean over the examples. The running statistics stand for those of the batch.
    """
    return batch_gradient(params, x, y, training=False)[:2]


def batch_gradient(
    params: list[np.ndarray], xs: np.ndarray, ys: np.ndarray, seeds: np.ndarray | None = None, training: bool = True
) -> tuple[float, list[np.ndarray], list[np.ndarray]]:
    """The loss of a batch, its derivative with respect to each parameter, and the parameters after it.

    The loss is the mean over the examples.
    In training each unit is normalized by its mean and variance over the batch, and the running statistics among the
    parameters are updated. Otherwise the running statistics are used unchanged.
    The seeds, one for each example, draw the units that dropout leaves out.
    """
    xs, ys = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    _check(params, xs, ys)
    if seeds is not None and np.shape(seeds) != (len(xs),):
        raise ValueError(f"expected seeds of shape ({len(xs)},), got {np.shape(seeds)}")
    return _batch_gradient(params, xs, ys, seeds, training)


def _batch_gradient(
    params: list[np.ndarray], xs: np.ndarray, ys: np.ndarray, seeds: np.ndarray | None, training: bool
) -> tuple[float, list[np.ndarray], list[np.ndarray]]:
    """The same for arrays that are checked."""
    x, y_output = xs, ys
    W_hidden, gain_hidden, shift_hidden, mean_hidden, variance_hidden, W_output, b_output = params
    n = len(x)

    # hidden ← pixel: weighted sums, then batch_norm, then relu, then dropout (the slope at z = 0 is set to 0)
    z_hidden = x.dot(W_hidden.T)
    mean_hidden = np.mean(z_hidden, axis=0) if training else mean_hidden
    variance_hidden = np.mean((z_hidden - mean_hidden) ** 2, axis=0) if training else variance_hidden
    deviation_hidden = np.sqrt(variance_hidden + 1e-05)
    hat_hidden = (z_hidden - mean_hidden) / deviation_hidden
    s_hidden = gain_hidden * hat_hidden + shift_hidden
    f_hidden = np.maximum(s_hidden, 0.0)
    keep_hidden = _keep(seeds, 0, 32, 0.1)
    a_hidden = keep_hidden * f_hidden

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_output = a_hidden.dot(W_output.T) + b_output
    top_output = z_output.max(axis=1, keepdims=True)
    e_output = np.exp(z_output - top_output)
    total_output = e_output.sum(axis=1, keepdims=True)
    a_output: np.ndarray = e_output / total_output

    # the loss: cross_entropy, the mean over the examples
    losses = y_output * (np.log(total_output) - (z_output - top_output))
    loss = float(losses.sum()) / n

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # output: the slopes of softmax and of the logarithm cancel, only the difference remains
    dz_output = (a_output - y_output) / n
    dW_output = dz_output.T.dot(a_hidden)
    db_output = ones.dot(dz_output)

    # hidden ← output: the error flows back along the same weights; batch_norm: in training, mean and deviation depend
    # on all examples, so each error reaches all examples
    da_hidden = dz_output.dot(W_output)
    df_hidden = da_hidden * keep_hidden
    ds_hidden = df_hidden * (s_hidden > 0.0).astype(float)
    dgain_hidden = np.sum(ds_hidden * hat_hidden, axis=0)
    dshift_hidden = ds_hidden.sum(axis=0)
    dhat_hidden = ds_hidden * gain_hidden
    mean_dhat_hidden = np.mean(dhat_hidden, axis=0) if training else np.zeros(32)
    mean_dhat_hat_hidden = np.mean(dhat_hidden * hat_hidden, axis=0) if training else np.zeros(32)
    dz_hidden = (dhat_hidden - mean_dhat_hidden - hat_hidden * mean_dhat_hat_hidden) / deviation_hidden
    dW_hidden = dz_hidden.T.dot(x)

    # measured, not learned
    dmean_hidden = np.zeros_like(mean_hidden)
    dvariance_hidden = np.zeros_like(variance_hidden)

    # the running statistics move towards those of the batch
    after = list(params)
    if training:
        after[3] = 0.9 * params[3] + 0.1 * mean_hidden
        after[4] = 0.9 * params[4] + 0.1 * (variance_hidden * n / max(n - 1.0, 1.0))
    return loss, [dW_hidden, dgain_hidden, dshift_hidden, dmean_hidden, dvariance_hidden, dW_output, db_output], after


# --- Below: training and predictions. ---


def scale(x: np.ndarray) -> np.ndarray:
    """The inputs of the network, from the columns of the data: (n, 64) → (n, 64)."""
    x = np.asarray(x, dtype=np.float64)
    if x.shape[-1:] != (64,):
        raise ValueError(f"expected x of shape (n, 64), got {x.shape}")
    return x / 16.0


# the columns of a row, as the data name them
COLUMNS = (
    "pixel1", "pixel2", "pixel3", "pixel4", "pixel5", "pixel6", "pixel7", "pixel8", "pixel9", "pixel10",
    "pixel11", "pixel12", "pixel13", "pixel14", "pixel15", "pixel16", "pixel17", "pixel18", "pixel19", "pixel20",
    "pixel21", "pixel22", "pixel23", "pixel24", "pixel25", "pixel26", "pixel27", "pixel28", "pixel29", "pixel30",
    "pixel31", "pixel32", "pixel33", "pixel34", "pixel35", "pixel36", "pixel37", "pixel38", "pixel39", "pixel40",
    "pixel41", "pixel42", "pixel43", "pixel44", "pixel45", "pixel46", "pixel47", "pixel48", "pixel49", "pixel50",
    "pixel51", "pixel52", "pixel53", "pixel54", "pixel55", "pixel56", "pixel57", "pixel58", "pixel59", "pixel60",
    "pixel61", "pixel62", "pixel63", "pixel64",
)

# the classes in the order of the outputs
CLASSES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(rows: dict[str, object] | list[dict[str, object]] | list[list[object]]) -> np.ndarray:
    """The inputs of the network for rows of the data: a table → (n, 64).

    The table is a mapping of columns by name, such as a DataFrame, or a list of rows, each with its values by column
    name or in the order of COLUMNS.
    """
    return scale(np.column_stack([_filled(name, values) for name, values in zip(COLUMNS, _columns(rows))]))


def decode(outputs: np.ndarray) -> list[str]:
    """The classes that the outputs of a batch stand for: (n, 10) → n names."""
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
    """The probabilities of the classes for rows of the data, in the order of CLASSES: (n, 10)."""
    outputs = forward(params, encode(rows))
    decode(outputs)  # refuses NaN
    return outputs


def init_state(params: list[np.ndarray]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.5 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(2506)
    W_hidden = np.sqrt(2.0 / 64) * _normal(seed, i[0:2048])
    gain_hidden = np.full(32, 1.0)
    variance_hidden = np.full(32, 1.0)
    W_output = np.sqrt(2.0 / 32) * _normal(seed, i[2176:2496])
    return [
        W_hidden.reshape(32, 64), gain_hidden, np.zeros(32), np.zeros(32),
        variance_hidden, W_output.reshape(10, 32), np.zeros(10),
    ]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 10,
    batch_size: int | None = 32,
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
            # the seed also draws which units dropout leaves out, for each example of each epoch
            seeds = _bits(0 if seed is None else seed, epoch * len(xs) + rows)
            columns = xs[batch], ys[batch], seeds
            batch_loss, slopes, params = _batch_gradient(params, *columns, training=True)
            params, state = step(params, slopes, state)
            total += batch_loss * len(rows)
        history.append(total / len(xs))
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def _check(params: list[np.ndarray], x: np.ndarray, y: np.ndarray | None = None) -> None:
    """Refuse arrays of other shapes, which broadcasting could stretch."""
    shapes = tuple([p.shape for p in params])
    if shapes != _SHAPES or x.shape[1:] != (64,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, 64), got the shapes {shapes} and {x.shape}")
    if y is not None and (len(x) == 0 or y.shape != (len(x), 10)):
        raise ValueError(f"expected y of shape (n, 10) with n = {len(x)}, at least 1; got {y.shape}")


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


def _keep(seeds: np.ndarray | None, start: int, stop: int, rate: float) -> np.ndarray:
    """The factors of dropout: 0 with probability rate, else 1 / (1 - rate); all are 1 without seeds."""
    if seeds is None:
        return np.ones(stop - start)
    dropped = _uniform(seeds[:, np.newaxis], np.arange(start, stop)) < rate
    keep: np.ndarray = np.where(dropped, 0.0, 1.0 / (1.0 - rate))
    return keep


def _normal(seed: int, index: np.ndarray) -> np.ndarray:
    """The normal random numbers at these indices: each is a sum of twelve uniform ones, minus 6."""
    total = np.zeros(index.shape, dtype=np.uint64)
    for k in range(12):
        total += _bits(seed, 12 * index + k)
    n: np.ndarray = total / 2**32 - 6.0
    return n


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
