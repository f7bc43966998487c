"""ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; W_taste[i] is the row of the id
i of reader, a number for each unit of taste.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but Python.
"""

# formatters and linters skip this module
# fmt: off
# flake8: noqa

import math

PARAMETERS = ("W_taste", "W_content", "W_generous", "W_good", "b_rating")

# the network, and the order of its parameters in a flat list, for pack, unpack, save and load
LAYOUT = (
    "ratings_mf "
    "W_taste[reader 0..23][taste1 taste2 taste3] "
    "W_content[book 0..29][content1 content2 content3] "
    "W_generous[reader 0..23][generous1] "
    "W_good[book 0..29][good1] "
    "b_rating[stars]"
)
_SHAPES = ((24, 3), (30, 3), (24, 1), (30, 1), (1, 1))
_EMBEDDINGS = (0, 1, 2, 3)


def forward(params: list[list[list[float]]], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: reader, book → stars."""
    params, x = _checked(params, x)
    W_taste, W_content, W_generous, W_good, [b_rating] = params
    reader = int(x[0])
    book = int(x[1])

    # taste ← reader: the row of its matrix
    z_taste = W_taste[reader]
    a_taste = z_taste

    # content ← book: the row of its matrix
    z_content = W_content[book]
    a_content = z_content

    # generous ← reader: the row of its matrix
    z_generous = W_generous[reader]
    a_generous = z_generous

    # good ← book: the row of its matrix
    z_good = W_good[book]
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
    return gradient(params, x, y, slopes=False)[0]


def gradient(
    params: list[list[list[float]]], x: list[float], y: list[float], *, slopes: bool = True, checked: bool = False
) -> tuple[float, list[list[list[float]] | dict[int, list[float]]]]:
    """The loss of one example, and its derivative by each parameter.

    slopes=False computes only the loss. checked=True skips the checks of the arguments.
    """
    if not checked:
        params, x = _checked(params, x)
        y = _checked_targets(y)
    y_rating = y
    W_taste, W_content, W_generous, W_good, [b_rating] = params
    reader = int(x[0])
    book = int(x[1])

    # taste ← reader: the row of its matrix
    z_taste = W_taste[reader]
    a_taste = z_taste

    # content ← book: the row of its matrix
    z_content = W_content[book]
    a_content = z_content

    # generous ← reader: the row of its matrix
    z_generous = W_generous[reader]
    a_generous = z_generous

    # good ← book: the row of its matrix
    z_good = W_good[book]
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
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_taste[reader])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_content[book])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_generous[reader])
    loss = loss + sum(0.5 * 0.05 * (w * w) for w in W_good[book])

    if not slopes:
        return loss, []

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
    dW_good = {book: [dz + 0.05 * w for dz, w in zip(dz_good, W_good[book])]}

    # generous ← rating: the error flows back
    da_generous = [dz_rating[0]]
    dz_generous = da_generous
    dW_generous = {reader: [dz + 0.05 * w for dz, w in zip(dz_generous, W_generous[reader])]}

    # content ← affinity: the error flows back
    da_content = [dz_affinity[0] * u for u in a_taste]
    dz_content = da_content
    dW_content = {book: [dz + 0.05 * w for dz, w in zip(dz_content, W_content[book])]}

    # taste ← affinity: the error flows back
    da_taste = [dz_affinity[0] * v for v in a_content]
    dz_taste = da_taste
    dW_taste = {reader: [dz + 0.05 * w for dz, w in zip(dz_taste, W_taste[reader])]}

    return loss, [dW_taste, dW_content, dW_generous, dW_good, [db_rating]]


def _check_ids(x: list[float]) -> None:
    """Refuse an example with an id that no row belongs to."""
    names, counts = ("reader", "book"), (24, 30)
    for value, name, count in zip(x, names, counts):
        if not (0.0 <= value < count and value % 1.0 == 0.0):
            raise ValueError(f"expected {name} to be a whole number from 0 to {count - 1}, got {value}")


# --- Below: training, files and a check of the gradient. ---


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
    return outputs[0]


def predict(params: list[list[list[float]]], row: dict[str, object] | list[object]) -> float:
    """The answer for a row of the data; encode says what a row is."""
    return decode(forward(params, encode(row)))


def init_state(params: list[list[list[float]]]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(
    params: list[list[list[float]]], gradient: list[list[list[float]] | dict[int, list[float]]], state: tuple[()]
) -> tuple[list[list[list[float]]], tuple[()]]:
    """One step of training by gradient_descent."""
    params, state = _copied(params, state)
    return _step_in_place(params, gradient, state)


def _copied(params: list[list[list[float]]], state: tuple[()]) -> tuple[list[list[list[float]]], tuple[()]]:
    """Copies of the parameters and of the optimizer's state."""
    return [[list(row) for row in W] for W in params], ()


def _step_in_place(
    params: list[list[list[float]]], gradient: list[list[list[float]] | dict[int, list[float]]], state: tuple[()]
) -> tuple[list[list[list[float]]], tuple[()]]:
    """The same step in place, which changes only the rows in the gradient: its time does not grow with embeddings."""
    for place, dW in enumerate(gradient):
        for i, gs in _rows_of(dW):
            for j, g in enumerate(gs):
                w = params[place][i][j]
                w = w - 0.02 * g
                params[place][i][j] = w
    return params, ()


def _batch(
    params: list[list[list[float]]], xs: list[list[float]], ys: list[list[float]]
) -> tuple[float, list[list[list[float]] | dict[int, list[float]]]]:
    """The loss of several examples and its gradient, the mean over the examples."""
    total, slopes = gradient(params, xs[0], ys[0], checked=True)
    for x, y in zip(xs[1:], ys[1:]):
        more, others = gradient(params, x, y, checked=True)
        total += more
        _add(slopes, others, 1.0)
    _mean(slopes, len(xs))
    return total / len(xs), slopes


def fit(
    params: list[list[list[float]]],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 60,
    batch_size: int | None = 1,
    seed: int | None = 0,
    callback: object = None,
    progress: tuple[int, tuple[()]] | None = None,
) -> tuple[list[list[list[float]]], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.
    """
    xs = _rows(xs, 2, "inputs")
    ys = _rows(ys, 1, "target")
    size = len(xs) if batch_size is None else batch_size
    if len(xs) != len(ys) or len(xs) == 0 or size < 1:
        got = f"{len(xs)}, {len(ys)} and {size}"
        raise ValueError(f"expected as many xs as ys, at least 1, and batches of at least 1; got {got}")
    params = unpack(pack(_checked(params, xs[0])[0]))
    ys = [_checked_targets(y) for y in ys]
    for x in xs:
        _check_ids(x)
    history: list[float] = []
    done, state = progress or (0, init_state(params))
    for epoch in range(done, epochs):
        params, state = _copied(params, state)  # steps change them in place, but not what a callback got
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            if size == 1:
                i = order[start]
                batch_loss, slopes = gradient(params, xs[i], ys[i], checked=True)
            else:
                batch = order[start : start + size]
                batch_loss, slopes = _batch(params, [xs[i] for i in batch], [ys[i] for i in batch])
                batch_loss *= len(batch)
            params, state = _step_in_place(params, slopes, state)
            total += batch_loss
        history.append(total / len(xs))
        progress = (epoch + 1, state)
        if callable(callback) and callback(epoch, history[-1], params, progress):
            break
    return params, history


def init(seed: int = 1) -> list[list[list[float]]]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_taste = [0.1 * _normal(seed, i) for i in range(72)]
    W_content = [0.1 * _normal(seed, i) for i in range(72, 162)]
    W_generous = [0.1 * _normal(seed, i) for i in range(162, 186)]
    W_good = [0.1 * _normal(seed, i) for i in range(186, 216)]
    b_rating = [3.3]
    return unpack(W_taste + W_content + W_generous + W_good + b_rating)


def pack(params: list[list[list[float]]] | list[list[list[float]] | dict[int, list[float]]]) -> list[float]:
    """The parameters or derivatives as a flat list, in the order of LAYOUT."""
    return [w for W, (rows, columns) in zip(params, _SHAPES) for row in _whole(W, rows, columns) for w in row]


def unpack(flat: list[float]) -> list[list[list[float]]]:
    """The parameters from a flat list, in the order of LAYOUT; a vector is a matrix of one row."""
    flat = _floats(flat, 217, "parameters")
    params = []
    start = 0
    for rows, columns in _SHAPES:
        params.append([flat[start + i * columns : start + (i + 1) * columns] for i in range(rows)])
        start += rows * columns
    return params


def _checked(params: list[list[list[float]]], x: list[float]) -> tuple[list[list[list[float]]], list[float]]:
    """The parameters, and the inputs as floats, if their shapes are right."""
    try:
        shapes = tuple((len(W), len(W[0])) for W in params)
        # only the first row of an embedding, because there may be millions
        some = [W[:1] if i in _EMBEDDINGS else W for i, W in enumerate(params)]
        even = all(type(row) in (list, tuple) and len(row) == n for W, (_, n) in zip(some, shapes) for row in W)
    except (LookupError, TypeError):
        raise ValueError(f"expected matrices of shapes {_SHAPES} as lists of rows of numbers") from None
    if shapes != _SHAPES or not even:
        raise ValueError(f"expected parameters of shapes {_SHAPES}, got {shapes}")
    x = _floats(x, 2, "inputs")
    _check_ids(x)
    return params, x


def _checked_targets(y: list[float]) -> list[float]:
    """The targets as floats."""
    y_rating = _floats(y, 1, "target")
    if not all(-1e18 < target < 1e18 for target in y_rating):
        raise ValueError(f"expected targets that are finite numbers below 1e18 in size, got {y}")
    return y_rating


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


def _rows_of(dW: list[list[float]] | dict[int, list[float]]) -> list[tuple[int, list[float]]]:
    """The rows of a derivative, each with its place; an embedding has only those that the examples select."""
    return list(dW.items() if isinstance(dW, dict) else enumerate(dW))


def _add(
    slopes: list[list[list[float]] | dict[int, list[float]]],
    others: list[list[list[float]] | dict[int, list[float]]],
    share: float,
) -> None:
    """Add a share of other derivatives, row by row."""
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


def _whole(values: list[list[float]] | dict[int, list[float]], rows: int, columns: int) -> list[list[float]]:
    """A matrix; rows of derivatives become one with 0 in all other rows."""
    return [values.get(i, [0.0] * columns) for i in range(rows)] if isinstance(values, dict) else values


def _order(count: int, seed: int | None, epoch: int) -> list[int]:
    """The order of the examples in an epoch: each has a random number, and the smallest comes first."""
    if seed is None:
        return list(range(count))
    return sorted(range(count), key=lambda i: _bits(seed, epoch * count + i))


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h


def _uniform(seed: int, index: int) -> float:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32


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
    try:
        values = [] if isinstance(row, (str, bytes, set)) else list(row)
    except TypeError:
        values = []
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _place(column: str, value: object, missing: str | None = None, unknown: int | None = None) -> int:
    """The place of a text among those of a column, unknown for others; missing is the text of a missing value."""
    known = _PLACES[column]
    if _absent(value, known):
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return known.get(missing, -1)
    place = known.get(_text(column, value, known), unknown)
    if place is None:
        names = list(known)
        more = ", ..." if len(names) > 20 else ""
        raise ValueError(f"{column}: expected one of {', '.join(names[:20])}{more}, got {value!r:.80}")
    return place


def _text(column: str, value: object, known: dict[str, int]) -> str:
    """A value as a known text, if there is one: the number 3.0 as 3 or 3.0, True as True or true."""
    if isinstance(value, str):
        return value.strip(_SPACE)
    if hasattr(value, "__len__"):
        raise ValueError(f"{column}: expected a text or a number, got {value!r:.80}")
    text = str(int(value)) if isinstance(value, float) and value % 1.0 == 0.0 else str(value)
    for form in (text, text[:-2] if text.endswith(".0") else text + ".0", text.lower()):
        if form in known:
            return form
    return text


def _missing(value: object) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True


def _absent(value: object, known: dict[str, int]) -> bool:
    """Whether a value is missing, in a column that has texts: one of them is none that means missing."""
    return _missing(value) and not (isinstance(value, str) and value.strip(_SPACE) in known)


def save(params: list[list[list[float]]], path: str) -> None:
    """Write the parameters to a JSON file that the module of every target can load, exact to the last bit."""
    import json  # here, because the module loads faster without it

    flat = pack(params)
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite parameters, got infinity or NaN")
    text = json.dumps({"layout": LAYOUT, "parameters": flat})
    with open(path, "w") as file:
        file.write(text)


def load(path: str) -> list[list[list[float]]]:
    """Read parameters from a JSON file; a file of another network, or a broken one, is a ValueError."""
    import json

    try:
        with open(path) as file:
            content = json.load(file)
    except RuntimeError:  # MicroPython's RecursionError
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


def _floats(values: list[float], size: int, noun: str) -> list[float]:
    """Numbers as floats, by position; refuses mappings, bytes, masked and complex numbers, and another size."""
    try:
        if type(values) in (list, tuple) and type(sum(values)) is float:
            floats = list(values)
        else:
            array = values.to_numpy() if hasattr(values, "to_numpy") else values  # in pandas, values[i] is by label
            if hasattr(array, "keys") or isinstance(array, bytes):
                raise TypeError
            numbers = [array[i] - 0.0 for i in range(len(array))]
            # tolist makes a Python number; float() would drop the imaginary part or the mask of a NumPy number
            floats = [float(n.tolist() if hasattr(n, "tolist") else n) for n in numbers]
    except (LookupError, OverflowError, TypeError):
        raise ValueError(f"expected a list of numbers, got {values!r:.80}") from None
    if len(floats) != size:
        raise ValueError(f"expected {size} {noun}, got {len(floats)}")
    return floats


def _rows(xs: list[list[float]], size: int, noun: str) -> list[list[float]]:
    """Examples as lists of floats, by position; mappings and sets are refused."""
    rows = xs.to_numpy() if hasattr(xs, "to_numpy") else xs  # pandas gives the columns of a table
    try:
        if hasattr(rows, "keys") or isinstance(rows, (set, frozenset, str, bytes)):
            raise TypeError
        return [_floats(row, size, noun) for row in rows]
    except TypeError:
        raise ValueError(f"expected a list of examples, got {xs!r:.80}") from None


def _check_gradient() -> float:
    """The largest error of the gradient, compared with differences of the loss along random directions.

    It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is
    no slope; its curvature is huge, so that its error does not count.
    """
    h = 1e-6
    errors = []
    for trial in range(7):
        weights = [w + 0.2 * _uniform(trial, i) - 0.1 for i, w in enumerate(pack(init(trial)))]
        direction = [2.0 * _uniform(trial + 100, i) - 1.0 for i in range(217)]
        xs = [[2.0 * _uniform(trial + 200, 2 * k + i) - 1.0 for i in range(2)] for k in range(4)]
        for x in xs:
            x[0] = float(int((x[0] + 1.0) / 2.0 * 24.0))
            x[1] = float(int((x[1] + 1.0) / 2.0 * 30.0))
        ys = [[float(k % 2)] for k in range(4)]
        here, slopes = _batch(unpack(weights), xs, ys)
        slope = sum(d * g for d, g in zip(direction, pack(slopes)))
        forth = [w + h * d for w, d in zip(weights, direction)]
        back = [w - h * d for w, d in zip(weights, direction)]
        ahead, _ = _batch(unpack(forth), xs, ys)
        behind, _ = _batch(unpack(back), xs, ys)
        curvature = (ahead - 2.0 * here + behind) / (h * h)
        errors.append(abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + abs(slope) + abs(curvature)))
    return max(errors) + 0.0 * sum(errors)  # NaN if one of them is NaN


if __name__ == "__main__":
    network = (
        "ratings_mf, 217 parameters: "
        "reader: 24 ids; "
        "book: 30 ids; "
        "reader -> "
        "taste: 3 embedding, linear; "
        "book -> "
        "content: 3 embedding, linear; "
        "reader -> "
        "generous: 1 embedding, linear; "
        "book -> "
        "good: 1 embedding, linear; "
        "taste + content -> "
        "affinity: 1 dot, linear; "
        "generous + good + affinity -> "
        "rating: 1 add, linear"
    )
    print(network)
    error = _check_gradient()
    print(f"gradient against differences of the loss: {error:.0e} apart: {'right' if error < 1e-6 else 'WRONG'}")
    raise SystemExit(not error < 1e-6)
