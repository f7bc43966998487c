"""penguins, a neural network: its equations forward and backward, and how it learns.

    x: 10 -> hidden: 6 tanh -> output: 3 softmax

Tells three species of penguins apart by measurements of their bodies, by their island and by their sex (Gorman,
Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of 16.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_hidden[i][j] is the weight that leads to unit i of hidden from unit j of x. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_hidden", "b_hidden", "W_output", "b_output")
_SHAPES = ((6, 10), (6,), (3, 6), (3,))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 10) → (n, 3)."""
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


def _gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The same for arrays that are checked."""
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
    dW_output = dz_output.T.dot(a_hidden)
    db_output = ones.dot(dz_output)

    # hidden ← output: the error flows back along the same weights
    da_hidden = dz_output.dot(W_output)
    dz_hidden = da_hidden * (1.0 - a_hidden**2)
    dW_hidden = dz_hidden.T.dot(x)
    db_hidden = ones.dot(dz_hidden)

    return loss, [dW_hidden, db_hidden, dW_output, db_output]


# --- Below: training and predictions. ---


# the columns of a row, as the data name them
COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex")

# the categories of columns, as the data have them
CATEGORIES = {
    "island": ("Biscoe", "Dream", "Torgersen"),
    "sex": ("female", "male"),
}

# the classes in the order of the outputs
CLASSES = ("Adelie", "Chinstrap", "Gentoo")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")

# the places of the texts of each column
_PLACES = {column: {text.strip(_SPACE): i for i, text in enumerate(texts)} for column, texts in CATEGORIES.items()}


def encode(rows: dict[str, object] | list[dict[str, object]] | list[list[object]]) -> np.ndarray:
    """The inputs of the network for rows of the data: a table → (n, 10).

    The table is a mapping of columns by name, such as a DataFrame, or a list of rows, each with its values by column
    name or in the order of COLUMNS.
    """
    bill_length, bill_depth, flipper_length, body_mass, island, sex = _columns(rows)
    columns = [
        # bill_length_mm: the median of the training rows in place of a missing value
        (_filled("bill_length_mm", bill_length, 44.7) - 43.97131782945736) / 5.383886291208132,
        # bill_depth_mm: the median of the training rows in place of a missing value
        (_filled("bill_depth_mm", bill_depth, 17.3) - 17.134496124031006) / 1.9208797488845832,
        # flipper_length_mm: the median of the training rows in place of a missing value
        (_filled("flipper_length_mm", flipper_length, 197.0) - 200.92635658914728) / 14.056034150068182,
        # body_mass_g: the median of the training rows in place of a missing value
        (_filled("body_mass_g", body_mass, 4050.0) - 4219.476744186047) / 811.407893010052,
        # island: 1 for the category of the row, 0 for the others
        _one_hot(_each(enumerate(_place("island", value, unknown=-1) for value in island)), 3),
        # sex: 1 for the category of the row, 0 for the others
        _one_hot(_each(enumerate(_place("sex", value, missing="") for value in sex)), 2),
        np.array([_missing(value, _PLACES["sex"]) for value in sex]),
    ]
    return np.column_stack(columns)


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
        w = w - 0.02 * (m / (1.0 - 0.9**t)) / (np.sqrt(v / (1.0 - 0.999**t)) + 1e-08)
        new_w.append(w)
        new_m.append(m)
        new_v.append(v)
    return new_w, (t, new_m, new_v)


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(87)
    W_hidden = np.sqrt(6.0 / (10 + 6)) * (2.0 * _uniform(seed, i[0:60]) - 1.0)
    W_output = np.sqrt(6.0 / (6 + 3)) * (2.0 * _uniform(seed, i[66:84]) - 1.0)
    return [W_hidden.reshape(6, 10), np.zeros(6), W_output.reshape(3, 6), np.zeros(3)]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 40,
    batch_size: int | None = 16,
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
    if shapes != _SHAPES or x.shape[1:] != (10,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, 10), got the shapes {shapes} and {x.shape}")
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


def _filled(column: str, values: np.ndarray, missing: float | None = None) -> np.ndarray:
    """The numbers of a column, with the replacement of missing ones."""
    if values.dtype.kind in "iuf":  # at once, where nothing has to be refused
        numbers = values.astype(np.float64)
        if missing is not None:
            numbers[np.isnan(numbers)] = missing
        if (np.abs(numbers) <= 1e100).all():
            return numbers
    return _each(enumerate(_number(column, value, missing) for value in values))


def _one_hot(places: np.ndarray, count: int) -> np.ndarray:
    """1 at each of these places, 0 at the others; a row for each."""
    one_hot: np.ndarray = places[:, np.newaxis] == np.arange(count)
    return one_hot.astype(np.float64)


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


def _number(column: str, value: object, missing: float | None = None) -> float:
    """The number of a column, also one written as a text, or the replacement of a missing one."""
    if missing is not None and _missing(value):
        return missing
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _place(column: str, value: object, missing: str | None = None, unknown: int | None = None) -> int:
    """The place of a text among those of a column, unknown for others; a missing value has the text missing, or ""."""
    known = _PLACES[column]
    if _missing(value, known):
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return known.get(missing, -1)
    text = str(value).strip(_SPACE)
    place = known.get(text, unknown)
    if place is None or (not isinstance(value, str) and hasattr(value, "__len__")):
        texts = ", ".join(list(known)[:20]) + ", ..." * (len(known) > 20)
        raise ValueError(f"{column}: expected one of {texts}, got {value!r:.80}")
    return place


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True
