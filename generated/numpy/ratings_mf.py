"""ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, each with a row
for each example of a batch; W_taste[i] is the row of the id i of reader, a number for each unit of taste. x.dot(W) is
the matrix product x @ W, and quicker where matrices are small.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but NumPy.
"""

# fmt: off
# flake8: noqa

import numpy as np

PARAMETERS = ("W_taste", "W_content", "W_generous", "W_good", "b_rating")
_SHAPES = ((24, 3), (30, 3), (24, 1), (30, 1), (1,))
_COUNTS = (("reader", 24), ("book", 30))


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch: (n, 2) → (n, 1)."""
    x = np.asarray(x, dtype=np.float64)
    _check(params, x)
    W_taste, W_content, W_generous, W_good, b_rating = params
    row_reader = x[:, 0].astype(int)
    row_book = x[:, 1].astype(int)

    # taste ← reader: the row of its matrix
    z_taste = W_taste[row_reader]
    a_taste = z_taste

    # content ← book: the row of its matrix
    z_content = W_content[row_book]
    a_content = z_content

    # generous ← reader: the row of its matrix
    z_generous = W_generous[row_reader]
    a_generous = z_generous

    # good ← book: the row of its matrix
    z_good = W_good[row_book]
    a_good = z_good

    # affinity ← taste, content: the dot product
    z_affinity = np.sum(a_taste * a_content, axis=1, keepdims=True)
    a_affinity = z_affinity

    # rating ← generous, good, affinity: sums, unit by unit
    z_rating = a_generous + a_good + a_affinity + b_rating
    a_rating: np.ndarray = z_rating

    return a_rating


def loss(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> float:
    """The loss of a batch, the mean over the examples."""
    return gradient(params, x, y)[0]


def gradient(
    params: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> tuple[float, list[np.ndarray | tuple[np.ndarray, np.ndarray]]]:
    """The loss of a batch, the mean over the examples, and its derivative with respect to each parameter."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check(params, x, y)
    return _gradient(params, x, y)


def _gradient(
    params: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> tuple[float, list[np.ndarray | tuple[np.ndarray, np.ndarray]]]:
    """The same for arrays that are checked."""
    y_rating = y
    W_taste, W_content, W_generous, W_good, b_rating = params
    row_reader = x[:, 0].astype(int)
    row_book = x[:, 1].astype(int)

    # taste ← reader: the row of its matrix
    z_taste = W_taste[row_reader]
    a_taste = z_taste

    # content ← book: the row of its matrix
    z_content = W_content[row_book]
    a_content = z_content

    # generous ← reader: the row of its matrix
    z_generous = W_generous[row_reader]
    a_generous = z_generous

    # good ← book: the row of its matrix
    z_good = W_good[row_book]
    a_good = z_good

    # affinity ← taste, content: the dot product
    z_affinity = np.sum(a_taste * a_content, axis=1, keepdims=True)
    a_affinity = z_affinity

    # rating ← generous, good, affinity: sums, unit by unit
    z_rating = a_generous + a_good + a_affinity + b_rating
    a_rating: np.ndarray = z_rating

    # the loss: squared_error, the mean over the examples
    n = float(len(x))
    errors = a_rating - y_rating
    loss = float(np.vdot(errors, errors)) / n

    # the penalty, l2: what a weight adds to the loss
    loss = loss + float(np.sum(0.5 * 0.05 * W_taste[row_reader] ** 2 / n))
    loss = loss + float(np.sum(0.5 * 0.05 * W_content[row_book] ** 2 / n))
    loss = loss + float(np.sum(0.5 * 0.05 * W_generous[row_reader] ** 2 / n))
    loss = loss + float(np.sum(0.5 * 0.05 * W_good[row_book] ** 2 / n))

    # a product with ones sums over the batch; fill is quicker than np.ones
    ones = np.empty(len(x))
    ones.fill(1.0)

    # rating: the slope of the loss, then that of linear
    da_rating = 2.0 * (a_rating - y_rating) / n
    dz_rating = da_rating
    db_rating = ones.dot(dz_rating)

    # affinity ← rating: the error flows back
    da_affinity = dz_rating
    dz_affinity = da_affinity

    # good ← rating: the error flows back
    da_good = dz_rating
    dz_good = da_good
    dW_good = _by_row(row_book, dz_good + 0.05 * W_good[row_book] / n)

    # generous ← rating: the error flows back
    da_generous = dz_rating
    dz_generous = da_generous
    dW_generous = _by_row(row_reader, dz_generous + 0.05 * W_generous[row_reader] / n)

    # content ← affinity: the error flows back
    da_content = dz_affinity * a_taste
    dz_content = da_content
    dW_content = _by_row(row_book, dz_content + 0.05 * W_content[row_book] / n)

    # taste ← affinity: the error flows back
    da_taste = dz_affinity * a_content
    dz_taste = da_taste
    dW_taste = _by_row(row_reader, dz_taste + 0.05 * W_taste[row_reader] / n)

    return loss, [dW_taste, dW_content, dW_generous, dW_good, db_rating]


# --- Below: training and predictions. ---


# the columns of a row, as the data name them
COLUMNS = ("reader", "book")

# the ids of columns in the order of their rows, or how many there are if they are whole numbers from 0
IDS: dict[str, int | tuple[str, ...]] = {
    "reader": (
        "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivan", "June", "Kofi", "Lena",
        "Max", "Nora", "Omar", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Vera", "Wim", "Yara",
    ),
    "book": (
        "Amber Coast", "Autumn Debt", "Blue Comet", "Bright Ruin", "Cold Harbor", "Copper Sky",
        "Deep Archive", "Distant Suns", "Echo Valley", "Ember Road", "Fading Letters", "Glass Orchard",
        "Hidden River", "Iron Tide", "Jade Lantern", "Kite Season", "Last Signal", "Moon Atlas",
        "Night Garden", "Open Water", "Paper Crown", "Quiet Storm", "Red Meridian", "Silver Thread",
        "Third Orbit", "Under Oaks", "Velvet Hour", "Winter Keys", "Yellow Door", "Zero Gravity",
    ),
}

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")

# the places of the texts of each column
_PLACES = {
    column: {text.strip(_SPACE): i for i, text in enumerate(texts)}
    for column, texts in IDS.items()
    if not isinstance(texts, int)
}


def encode(rows: dict[str, object] | list[dict[str, object]] | list[list[object]]) -> np.ndarray:
    """The inputs of the network for rows of the data: a table → (n, 2).

    The table is a mapping of columns by name, such as a DataFrame, or a list of rows, each with its values by column
    name or in the order of COLUMNS.
    """
    reader, book = _columns(rows)
    columns = [
        # reader: the place of the id of the row, from 0
        _each(enumerate(_place("reader", value) for value in reader)),
        # book: the place of the id of the row, from 0
        _each(enumerate(_place("book", value) for value in book)),
    ]
    return np.column_stack(columns)


def decode(outputs: np.ndarray) -> np.ndarray:
    """The answers in the units of the data: (n, 1) → (n,)."""
    if np.isnan(outputs).any():
        raise ValueError("outputs: expected numbers, got NaN")
    answers: np.ndarray = outputs[:, 0]
    return answers


def predict(
    params: list[np.ndarray], rows: dict[str, object] | list[dict[str, object]] | list[list[object]]
) -> np.ndarray:
    """The answers for rows of the data; encode says what they are."""
    return decode(forward(params, encode(rows)))


def init_state(params: list[np.ndarray]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def _step(params: list[np.ndarray], gradient: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.02 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    i = np.arange(217)
    W_taste = 0.1 * _normal(seed, i[0:72])
    W_content = 0.1 * _normal(seed, i[72:162])
    W_generous = 0.1 * _normal(seed, i[162:186])
    W_good = 0.1 * _normal(seed, i[186:216])
    b_rating = np.array([3.3])
    return [
        W_taste.reshape(24, 3), W_content.reshape(30, 3), W_generous.reshape(24, 1), W_good.reshape(30, 1), b_rating,
    ]


def step(
    params: list[np.ndarray], gradient: list[np.ndarray | tuple[np.ndarray, np.ndarray]], state: tuple[()]
) -> tuple[list[np.ndarray], tuple[()]]:
    """One step of training by gradient_descent."""
    params, state = _copied(params, state)
    return _step_in_place(params, gradient, state)


def _copied(params: list[np.ndarray], state: tuple[()]) -> tuple[list[np.ndarray], tuple[()]]:
    """Copies of the parameters and of the optimizer's state."""
    return _copy(params), ()


def _copy(params: list[np.ndarray]) -> list[np.ndarray]:
    """A copy of each array."""
    return [p.copy() for p in params]


def _step_in_place(
    params: list[np.ndarray], gradient: list[np.ndarray | tuple[np.ndarray, np.ndarray]], state: tuple[()]
) -> tuple[list[np.ndarray], tuple[()]]:
    """The same step in place, which changes only the rows in the gradient: its time does not grow with embeddings."""
    chosen = [(i, *(dW if isinstance(dW, tuple) else (slice(None), dW))) for i, dW in enumerate(gradient)]
    memory = ()
    new, after = _step(_selected(params, chosen), [g for _, _, g in chosen], memory)
    for arrays, values in zip([params, *state[0:]], [new, *after[0:]]):
        for (i, rows, _), value in zip(chosen, values):
            arrays[i][rows] = value
    return params, ()


def _selected(arrays: list[np.ndarray], chosen: list[tuple[int, np.ndarray | slice, np.ndarray]]) -> list[np.ndarray]:
    """The rows of some arrays that a gradient has."""
    return [arrays[i][rows] for i, rows, _ in chosen]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = 60,
    batch_size: int | None = 1,
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
        params, state = _copied(params, state)  # steps change them in place, but not what a callback got
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            rows = order[start : start + size]
            first = order.item(start)  # one row is a view of the examples, several are a copy
            batch = rows if size > 1 else slice(first, first + 1)
            batch_loss, slopes = _gradient(params, xs[batch], ys[batch])
            params, state = _step_in_place(params, slopes, state)
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
    _check_ids(x)
    if y is not None and (len(x) == 0 or y.shape != (len(x), 1)):
        raise ValueError(f"expected y of shape (n, 1) with n = {len(x)}, at least 1; got {y.shape}")


def _check_ids(x: np.ndarray) -> None:
    """Refuse ids that no row belongs to."""
    for ids, (name, count) in zip(x.T, _COUNTS):
        known = (ids >= 0.0) & (ids < count) & (ids == np.rint(ids))
        if not known.all():
            raise ValueError(f"expected {name} to be a whole number from 0 to {count - 1}, got {ids[~known][0]}")


def _by_row(index: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that a batch selects, each once, and the sum of the slopes of each."""
    rows, places = np.unique(index, return_inverse=True)
    sums = np.zeros((len(rows), slopes.shape[1]), dtype=slopes.dtype)
    np.add.at(sums, places, slopes)
    return rows, sums


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


def _place(column: str, value: object) -> int:
    """The place of a text among those of a column."""
    known = _PLACES[column]
    if _missing(value, known):
        raise ValueError(f"{column}: the value is missing")
    text = str(value).strip(_SPACE)
    place = known.get(text)
    if place is None:
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
