"""ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_taste[i] is the
row of the id i of reader, a number for each unit of taste.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = ("W_taste", "W_content", "W_generous", "W_good", "b_rating")
_SHAPES = ((24, 3), (30, 3), (24, 1), (30, 1), (1, 1))
_COUNTS = (("reader", 24), ("book", 30))


def forward(params: list[list[list[float]]], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: reader, book → stars."""
    _check(params, [x])
    W_taste, W_content, W_generous, W_good, [b_rating] = params
    row_reader = int(x[0])
    row_book = int(x[1])

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
    z_affinity = [sumprod(a_taste, a_content)]
    a_affinity = z_affinity

    # rating ← generous, good, affinity: sums, unit by unit
    z_rating = [b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]]
    a_rating = z_rating

    return tuple(a_rating)


def loss(params: list[list[list[float]]], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(
    params: list[list[list[float]]], x: list[float], y: list[float]
) -> tuple[float, list[list[list[float]] | dict[int, list[float]]]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    _check(params, [x], [y])
    W_taste, W_content, W_generous, W_good, [b_rating] = params
    row_reader = int(x[0])
    row_book = int(x[1])
    y_rating = y

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
    z_affinity = [sumprod(a_taste, a_content)]
    a_affinity = z_affinity

    # rating ← generous, good, affinity: sums, unit by unit
    z_rating = [b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]]
    a_rating = z_rating

    # the loss: squared_error
    loss = sum((a - target) * (a - target) for a, target in zip(a_rating, y_rating))

    # the penalty, l2: what a weight adds to the loss
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_taste[row_reader])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_content[row_book])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_generous[row_reader])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_good[row_book])

    # rating: the slope of the loss, then that of linear
    da_rating = [2.0 * (a - target) for a, target in zip(a_rating, y_rating)]
    dz_rating = da_rating
    db_rating = dz_rating

    # affinity ← rating: the error flows back
    da_affinity = [dz_rating[0]]
    dz_affinity = da_affinity

    # good ← rating: the error flows back
    da_good = [dz_rating[0]]
    dz_good = da_good
    dW_good = {row_book: [dz + 0.05 * w for dz, w in zip(dz_good, W_good[row_book])]}

    # generous ← rating: the error flows back
    da_generous = [dz_rating[0]]
    dz_generous = da_generous
    dW_generous = {row_reader: [dz + 0.05 * w for dz, w in zip(dz_generous, W_generous[row_reader])]}

    # content ← affinity: the error flows back
    da_content = [dz_affinity[0] * u for u in a_taste]
    dz_content = da_content
    dW_content = {row_book: [dz + 0.05 * w for dz, w in zip(dz_content, W_content[row_book])]}

    # taste ← affinity: the error flows back
    da_taste = [dz_affinity[0] * v for v in a_content]
    dz_taste = da_taste
    dW_taste = {row_reader: [dz + 0.05 * w for dz, w in zip(dz_taste, W_taste[row_reader])]}

    return loss, [dW_taste, dW_content, dW_generous, dW_good, [db_rating]]


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


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    reader, book = _values(row)
    return [
        # reader: the place of the id of the row, from 0
        float(_place("reader", reader)),
        # book: the place of the id of the row, from 0
        float(_place("book", book)),
    ]


def decode(outputs: list[float] | tuple[float, ...]) -> float:
    """The answer in the units of the data."""
    if any(a != a for a in outputs):
        raise ValueError("outputs: expected numbers, got NaN")
    return outputs[0]


def predict(params: list[list[list[float]]], row: dict[str, object] | list[object]) -> float:
    """The answer for a row of the data; encode says what a row is."""
    return decode(forward(params, encode(row)))


def init_state(params: list[list[list[float]]]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def _step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.02 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[list[list[float]]]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_taste = [0.1 * _normal(seed, i) for i in range(72)]
    W_content = [0.1 * _normal(seed, i) for i in range(72, 162)]
    W_generous = [0.1 * _normal(seed, i) for i in range(162, 186)]
    W_good = [0.1 * _normal(seed, i) for i in range(186, 216)]
    b_rating = [3.3]
    return unpack(W_taste + W_content + W_generous + W_good + b_rating)


def step(
    params: list[list[list[float]]], gradient: list[list[list[float]] | dict[int, list[float]]], state: tuple[()]
) -> tuple[list[list[list[float]]], tuple[()]]:
    """One step of training by gradient_descent."""
    params, state = _copied(params, state)
    return _step_in_place(params, gradient, state)


def _copied(params: list[list[list[float]]], state: tuple[()]) -> tuple[list[list[list[float]]], tuple[()]]:
    """Copies of the parameters and of the optimizer's state."""
    return _copy(params), ()


def _copy(params: list[list[list[float]]]) -> list[list[list[float]]]:
    """A copy of each row."""
    return [[list(row) for row in W] for W in params]


def _step_in_place(
    params: list[list[list[float]]], gradient: list[list[list[float]] | dict[int, list[float]]], state: tuple[()]
) -> tuple[list[list[list[float]]], tuple[()]]:
    """The same step in place, which changes only the rows in the gradient: its time does not grow with embeddings."""
    rows: list[list[float]] = []
    slopes: list[float] = []
    for place, dW in enumerate(gradient):
        for i, gs in dW.items() if isinstance(dW, dict) else enumerate(dW):
            rows.append(params[place][i])
            slopes.extend(gs)
    new, after = _step(_joined(rows), slopes, ())
    _put(rows, new)
    return params, ()


def _joined(rows: list[list[float]]) -> list[float]:
    """The numbers of all rows."""
    return [value for row in rows for value in row]


def _put(rows: list[list[float]], numbers: list[float]) -> None:
    """Write numbers into rows, one after the other."""
    start = 0
    for row in rows:
        stop = start + len(row)
        row[:] = numbers[start:stop]
        start = stop


def _batch(
    params: list[list[list[float]]], examples: list[tuple[list[float], list[float]]]
) -> tuple[float, list[list[list[float]] | dict[int, list[float]]]]:
    """The loss of several examples and its gradient, the mean over the examples."""
    x, y = examples[0]
    total, slopes = gradient(params, x, y)
    for x, y in examples[1:]:
        more, others = gradient(params, x, y)
        total += more
        _add(slopes, others)
    if len(examples) > 1:
        _mean(slopes, len(examples))
    return total / len(examples), slopes


def fit(
    params: list[list[list[float]]],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 60,
    batch_size: int | None = 1,
    seed: int | None = 0,
    callback: object = None,
) -> tuple[list[list[list[float]]], list[float]]:
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
        params, state = _copied(params, state)  # steps change them in place, but not what a callback got
        order = range(n) if seed is None else sorted(range(n), key=lambda i: _bits(seed, epoch * n + i))
        drawn = [examples[i] for i in order]
        total = 0.0
        for start in range(0, n, size):
            batch = drawn[start : start + size]
            batch_loss, slopes = _batch(params, batch)
            params, state = _step_in_place(params, slopes, state)
            total += batch_loss * len(batch)
        history.append(total / n)
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def unpack(flat: list[float]) -> list[list[list[float]]]:
    """The parameters from a flat list, in the order of PARAMETERS."""
    params = []  # a vector is a matrix of one row
    start = 0
    for rows, columns in _SHAPES:
        params.append([flat[start + i * columns : start + (i + 1) * columns] for i in range(rows)])
        start += rows * columns
    return params


def _check(params: list[list[list[float]]], xs: list[list[float]], ys: list[list[float]] | None = None) -> None:
    """Refuse other sizes, which zip would cut."""
    if [(len(W), len(W[0])) for W in params] != list(_SHAPES):
        raise ValueError(f"expected parameters of shapes {_SHAPES}")
    for x in xs:
        if len(x) != 2:
            raise ValueError(f"expected 2 inputs, got {len(x)}")
        _check_ids(x)
    for y in ys or ():
        if len(y) != 1:
            raise ValueError(f"expected 1 target, got {len(y)}")


def _check_ids(x: list[float]) -> None:
    """Refuse an example with an id that no row belongs to."""
    for value, (name, count) in zip(x, _COUNTS):
        if not (0.0 <= value < count and value % 1.0 == 0.0):
            raise ValueError(f"expected {name} to be a whole number from 0 to {count - 1}, got {value}")


try:
    from operator import mul
except ImportError:  # MicroPython has no such module

    def _times(a: float, b: float) -> float:
        return a * b

    mul = _times


def _sumprod(p: list[float] | tuple[float, ...], q: list[float] | tuple[float, ...]) -> float:
    total: float = sum(map(mul, p, q))
    return total


# the sum of products: that of the library, where it has one, is faster and rounds less
sumprod = getattr(math, "sumprod", _sumprod)


def _add(
    slopes: list[list[list[float]] | dict[int, list[float]]],
    others: list[list[list[float]] | dict[int, list[float]]],
    share: float = 1.0,
) -> None:
    """Add other derivatives, row by row."""
    for dW, more in zip(slopes, others):
        for i, gs in _rows_of(more):
            if isinstance(dW, dict) and i not in dW:
                dW[i] = [share * g for g in gs]
            else:
                dW[i] = [total + share * g for total, g in zip(dW[i], gs)]


def _mean(slopes: list[list[list[float]] | dict[int, list[float]]], count: int) -> None:
    """Divide sums of derivatives by the number of examples."""
    for dW in slopes:
        for i, gs in _rows_of(dW):
            dW[i] = [g / count for g in gs]


def _rows_of(dW: list[list[float]] | dict[int, list[float]]) -> list[tuple[int, list[float]]]:
    """The rows of a derivative, each with its place; an embedding has only those that the examples select."""
    return list(dW.items() if isinstance(dW, dict) else enumerate(dW))


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h


def _normal(seed: int, index: int) -> float:
    """The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6."""
    return sum(_bits(seed, 12 * index + k) for k in range(12)) / 2**32 - 6.0


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
