"""The fixed functions of Python modules: a module gets those that it names, and those that these name.

Modules also run in MicroPython, so that its library is the limit. See ``nngen/targets/definitions.py``; what capital
letters stand for is in ``nngen/targets/settings.py``.
"""

import math
from typing import Any

# what a network has: a condition with one of these is decided when a module is written
CHECKS = COUNTING = DENSE = FEW = DISTRIBUTION = DROPOUT = EXAMPLE_WEIGHTS = FILES = FROZEN = GRADIENT = IDS = (
    LAYERS
) = True
ALWAYS = CLASSIFIES = LISTED = MEAN = MEMORY = SENSITIVE = SEVERAL = SIGNED = STOP = SUMS = TEST_ROWS = TOGETHER = True
VALIDATION = WEIGHTED_MEAN = True
FILLED = FILLED_TEXTS = GAPS = NUMBERS_AS_TEXTS = OTHERS = TEXT_GAPS = TRUTHS = True

# the types and numbers of a network, and pieces of its text
Parameters = list[Any]
Whole = int
Real = float
Slopes = list[Any]
Example = tuple[Any, ...]
ExampleList = list[Any]
Drawn = tuple[Any, ...]
Progress = Any
State = tuple[Any, ...]
LARGEST = 1e100
BATCH_SIZE = EPOCHS = EVERY = INPUTS = LEAST = OUTPUTS = SIZE = START = STOP_SEED = TEST_DRAW = TEST_SEED = 1
TEST_STEPS = TRAINING_SEED = 1
ORDER_SEED: int | None = 1
FIRST_COUNTING: int | None = 1
FROZEN_PLACES = (0,)
NEGATIVE = SHARE = TRIAL = 0.5
ENDS = TARGET_HOLDS = True
SUM_X = SUM_Y = 0.0
CALLED: Any = ()
COPIED: State = ()
KEPT: State = ()
JOINED: State = ()
TRIAL_COLUMNS: Any = ()
EXAMPLE_ALONE: Any = ()

# what modules state themselves
LAYOUT = "a layout"
_TENSORS = (("W", [2, 2]), ("b", [2]))
COLUMNS = ("age", "town")
CATEGORIES = {"town": ("Seoul", "Paris")}
_PLACES = {"town": {"Seoul": 0, "Paris": 1}}
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA")
_COUNTS = (("user", 3),)
_SHAPES = ((3, 1),)
_EMBEDDINGS = (0,)
_VALIDATION = (1, 2)
CLASSES = ("no", "yes")
_MEANT = [0.5]
_ROWS: list[list[object]] = [[1.0, "Seoul"]]


def init(seed: int = 1) -> Parameters:
    """Initial parameters."""
    return unpack([_uniform(seed, 0)])


def init_state(params: Parameters) -> State:
    """The initial state of the optimizer."""
    return (0, [0.0] * len(params))


def loss(params: Parameters, x: list[float], y: list[float], weight: float = 1.0) -> float:
    """The loss of one example."""
    return weight * (y[0] - x[0] * len(params))


def gradient(params: Parameters, *example: Any, checked: bool = False) -> tuple[float, Slopes]:
    """The loss of one example, and its derivative with respect to each parameter."""
    return 1.0 * checked, [*params, *example]


def batch_gradient(params: Parameters, *columns: Any, checked: bool = False) -> tuple[float, Slopes, Parameters]:
    """The loss of a batch, its derivative with respect to each parameter, and the parameters after it."""
    return 1.0 * checked, list(columns), params


def _step(params: list[float], gradient: list[float], state: State) -> tuple[list[float], State]:
    """One step of training for numbers in a list."""
    return [w - g for w, g in zip(params, gradient)], state


def _keep_signs(params: Parameters) -> None:
    """Set weights of the wrong sign to 0."""
    params.reverse()


def forward(params: Parameters, x: list[float]) -> tuple[float, ...]:
    """The outputs of one example."""
    return (x[0] * len(params),)


def input_gradient(params: Parameters, x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each input."""
    return y[0], [x[0] * len(params)]


def jacobian(params: Parameters, x: list[float]) -> list[list[float]]:
    """The derivative of each output with respect to each input."""
    return [[x[0] * len(params)]]


def encode(row: list[object]) -> list[float]:
    """The inputs of the network for a row of the data."""
    return [float(len(row))]


def predict(params: Parameters, row: list[object]) -> Any:
    """The answer for a row of the data."""
    return CLASSES[len(row) - len(params)]


# what they take


def step(params: Parameters, gradient: Slopes, state: State) -> tuple[Parameters, State]:
    """One step of training by OPTIMIZER."""
    params, state = _copied(params, state)
    return _step_in_place(params, gradient, state)


def _copied(params: Parameters, state: State) -> tuple[Parameters, State]:
    """Copies of the parameters and of the optimizer's state."""
    return _copy(params), COPIED


def _copy(params: Parameters) -> Parameters:
    """A copy of each row."""
    return [[list(row) for row in W] for W in params]


def _step_in_place(params: Parameters, gradient: Slopes, state: State) -> tuple[Parameters, State]:
    """The same step in place, which changes only the rows in the gradient: its time does not grow with embeddings."""
    if DENSE:
        gradient = [_whole(dW, rows, columns) for dW, (rows, columns) in zip(gradient, _SHAPES)]
    rows: list[list[float]] = []
    slopes: list[float] = []
    if MEMORY:
        memory: list[list[list[float]]] = [[] for _ in state[START:]]
    for place, dW in enumerate(gradient):
        if FROZEN and place in FROZEN_PLACES:
            continue
        for i, gs in dW.items() if isinstance(dW, dict) else enumerate(dW):
            rows.append(params[place][i])
            slopes.extend(gs)
            if MEMORY:
                for slot, values in zip(memory, state[START:]):
                    slot.append(values[place][i])
    new, after = _step(_joined(rows), slopes, JOINED)
    _put(rows, new)
    if MEMORY:
        for slot, numbers in zip(memory, after[START:]):
            _put(slot, numbers)
    if SIGNED:
        _keep_signs(params)
    return params, KEPT


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


def _batch(params: Parameters, examples: list[Drawn]) -> tuple[float, Slopes]:
    """The loss of several examples and its gradient, OVER_BATCH."""
    if WEIGHTED_MEAN:
        total, slopes = 0.0, _no_slopes() if LAYERS else [0.0] * SIZE
        for (EXAMPLE), share in zip(examples, _shares(_counts(examples))):
            more, others = gradient(params, EXAMPLE_ALONE, checked=True)
            total += share * more
            if LAYERS:
                _add(slopes, others, share)
            else:
                slopes = [slope + share * other for slope, other in zip(slopes, others)]
        return total, slopes
    EXAMPLE = examples[0]
    total, slopes = gradient(params, EXAMPLE, checked=True)
    for EXAMPLE in examples[1:]:
        more, others = gradient(params, EXAMPLE, checked=True)
        total += more
        if LAYERS:
            _add(slopes, others)
        else:
            slopes = [slope + other for slope, other in zip(slopes, others)]
    if MEAN and LAYERS:
        if len(examples) > 1:
            _mean(slopes, len(examples))
        return total / len(examples), slopes
    if MEAN:
        return total / len(examples), slopes if len(examples) == 1 else [slope / len(examples) for slope in slopes]
    return total, slopes


def fit(
    params: Parameters,
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = EPOCHS,
    batch_size: int | None = BATCH_SIZE,
    seed: int | None = ORDER_SEED,
    callback: object = None,
    weights: list[float] | None = None,
    progress: Progress | None = None,
) -> tuple[Parameters, list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, CALLED); a true result ends it.SAYS_STOP
    """
    if CHECKS:
        xs, ys = _rows(xs, INPUTS, "NOUN_X"), _rows(ys, OUTPUTS, "NOUN_Y")
    size = len(xs) if batch_size is None else batch_size
    if not 0 < len(xs) == len(ys) or size < 1:
        raise ValueError(f"expected some xs, as many ys, and batches of 1 or more; got {len(xs)}, {len(ys)} and {size}")
    if CHECKS:
        params = unpack(pack(_checked(params, xs[0])[0])) if LAYERS else _floats(params, SIZE, "NOUN_W")
        for x, y in zip(xs, ys):
            _checked_example(params, x, y)
    examples = list(zip(xs, ys, _weights(weights, len(xs))) if EXAMPLE_WEIGHTS else zip(xs, ys))
    if VALIDATION:
        validation, examples = _kept(examples)
    if FILES and STOP:
        progress = progress or (0, init_state(params), float("inf"), float("inf"), params, 0)
        done, state, measured, best, best_params, since = progress
    elif FILES:
        done, state = progress or (0, init_state(params))
    else:
        state = init_state(params)
        if STOP:
            measured, best, best_params, since = float("inf"), float("inf"), params, 0
    history: list[float] = []
    n = len(examples)
    for epoch in range(done, epochs) if FILES else range(epochs):
        if STOP and ENDS:
            break
        if IDS:
            params, state = _copied(params, state)  # steps change them in place, but not what a callback got
        order = range(n) if seed is None else sorted(range(n), key=lambda i: _bits(seed, epoch * n + i))
        if DROPOUT:
            # the seed also draws which units dropout leaves out, for each example of each epoch
            draw = TRAINING_SEED if seed is None else seed
            drawn = [examples[i] + (_bits(draw, epoch * n + i),) for i in order]
        else:
            drawn = [examples[i] for i in order]
        total = 0.0
        for start in range(0, n, size):
            batch = drawn[start : start + size]
            if TOGETHER:
                BATCH = map(list, zip(*batch))
                batch_loss, slopes, params = batch_gradient(params, BATCH, checked=True)
            else:
                batch_loss, slopes = _batch(params, batch)
            params, state = (_step_in_place if IDS else step)(params, slopes, state)
            total += batch_loss * (sum(_counts(batch)) if WEIGHTED_MEAN else len(batch)) if MEAN else batch_loss
        history.append(total / (sum(_counts(examples)) if WEIGHTED_MEAN else n) if MEAN else total)
        if STOP and (ALWAYS or (epoch + 1) % EVERY == 0):
            measured = _validated(params, validation) if VALIDATION else history[-1]
            if measured < best:
                best, best_params, since = measured, params, 0
            else:
                since += EVERY
        if FILES:
            # a later call with these params and this progress continues after this epoch
            progress = (epoch + 1, state, measured, best, best_params, since) if STOP else (epoch + 1, state)
        if callable(callback) and callback(epoch, history[-1], CALLED):
            break
    if STOP and not ALWAYS:
        best_params = best_params if (done + len(history) if FILES else len(history)) >= EVERY else params
    return best_params if STOP else params, history


def _kept(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """The examples that are kept for validation, and those that are left."""
    if LISTED:
        order, kept = list(_VALIDATION), len(_VALIDATION)
        if len(examples) < LEAST:
            got = len(examples)
            raise ValueError(f"expected at least LEAST examples, as places are kept for validation, got {got}")
        order += set(range(len(examples))).difference(order)
    else:
        order, kept = list(range(len(examples))), round(SHARE * len(examples))
        order.sort(key=lambda i: _bits(STOP_SEED, i))
        if not 0 < kept < len(examples):
            got = len(examples)
            raise ValueError(f"expected enough examples to keep a share of SHARE for validation, got {got}")
    return [examples[i] for i in order[:kept]], [examples[i] for i in sorted(order[kept:])]


def _validated(params: Parameters, examples: list[Example]) -> float:
    """The loss of the examples that are kept for validation, reduced as that of a batch."""
    if WEIGHTED_MEAN:
        shares = _shares(_counts(examples))
        return sum(share * loss(params, *example[:2]) for example, share in zip(examples, shares))
    losses = [loss(params, *example) for example in examples]
    return sum(losses) / len(losses) if MEAN else sum(losses)


def _weights(weights: list[float] | None, count: int) -> list[float]:
    """How much each example counts; without weights, all count 1."""
    if weights is None:
        return [1.0] * count
    if CHECKS:
        weights = _floats(weights, count, "weights")
        if not all(0.0 <= weight < 1e18 for weight in weights):
            raise ValueError(f"expected {count} weights of at least 0 and less than 1e18, got {count}: {weights!r:.80}")
    elif len(weights) != count:
        raise ValueError(f"expected {count} weights, got {len(weights)}")
    return weights


def _counts(examples: ExampleList) -> list[float]:
    """How much each example counts in a weighted mean."""
    if EXAMPLE_WEIGHTS:
        return [_weight(example[1], example[2]) for example in examples]
    return [_weight(example[1]) for example in examples]


def _weight(y: list[float], weight: float = 1.0) -> float:
    """The weight of an example."""
    return weight


def _shares(weights: list[float]) -> list[float]:
    """The weights of a batch, each divided by their sum."""
    total = sum(weights)
    if total == 0.0:
        raise ValueError("expected weights that do not sum to 0 over a batch")
    return [weight / total for weight in weights]


def pack(params: Parameters) -> list[float]:
    """The parameters as a flat list, in the order of PARAMETERS."""
    if IDS:
        return [w for W, (rows, columns) in zip(params, _SHAPES) for row in _whole(W, rows, columns) for w in row]
    if LAYERS:
        return [w for W in params for row in W for w in row]
    return list(params)


def unpack(flat: list[float]) -> Parameters:
    """The parameters from a flat list, in the order of PARAMETERS."""
    if CHECKS:
        flat = _floats(flat, SIZE, "NOUN_W")
    elif (FILES or not LAYERS) and len(flat) != SIZE:
        raise ValueError(f"expected SIZE NOUN_W, got {len(flat)}")
    if LAYERS:
        params = []  # a vector is a matrix of one row
        start = 0
        for rows, columns in _SHAPES:
            params.append([flat[start + i * columns : start + (i + 1) * columns] for i in range(rows)])
            start += rows * columns
        return params
    return list(flat)


def _check(params: Parameters, xs: list[list[float]], ys: list[list[float]] | None = None) -> None:
    """Refuse other sizes, which zip would cut."""
    if IDS and [(len(W), len(W[0])) for W in params] != list(_SHAPES):
        raise ValueError(f"expected parameters of shapes {_SHAPES}")
    if not IDS and [list(map(len, W)) for W in params] != [[columns] * rows for rows, columns in _SHAPES]:
        raise ValueError(f"expected parameters of shapes {_SHAPES}")
    if TOGETHER and ys is not None and (len(xs) == 0 or len(ys) != len(xs)):
        raise ValueError(f"expected as many xs as ys, at least 1; got {len(xs)} and {len(ys)}")
    for x in xs:
        if len(x) != INPUTS:
            raise ValueError(f"expected INPUTS NOUN_X, got {len(x)}")
        if IDS:
            _check_ids(x)
    if GRADIENT:
        for y in ys or ():
            if len(y) != OUTPUTS:
                raise ValueError(f"expected OUTPUTS NOUN_Y, got {len(y)}")


def _check_ids(x: list[float]) -> None:
    """Refuse an example with an id that no row belongs to."""
    for value, (name, count) in zip(x, _COUNTS):
        if not (0.0 <= value < count and value % 1.0 == 0.0):
            raise ValueError(f"expected {name} to be a whole number from 0 to {count - 1}, got {value}")


def _checked(params: Parameters, x: list[float]) -> tuple[Parameters, list[float]]:
    """The parameters if they have the right shapes, and the inputs as floats."""
    if not LAYERS:
        try:
            # a quick check: only a sum of floats is a float; one with NumPy's float32, for example, is not
            plain = type(params) is type(x) is list and len(params) == SIZE
            if FEW:
                NAMES_X = x
                plain = plain and type(SUM_X) is float
            else:
                plain = plain and len(x) == INPUTS and type(sum(x, 0.0)) is float
        except (OverflowError, TypeError, ValueError):
            plain = False
        return (params, x) if plain else (_floats(params, SIZE, "NOUN_W"), _floats(x, INPUTS, "NOUN_X"))
    try:
        shapes = tuple((len(W), len(W[0])) for W in params)
        if IDS:
            # only the first row of an embedding, because there may be millions
            some = [W[:1] if i in _EMBEDDINGS else W for i, W in enumerate(params)]
        rows = [(row, n) for W, (_, n) in zip(some if IDS else params, _SHAPES) for row in W]
        even = all(type(row) in (list, tuple) and len(row) == n for row, n in rows)
    except (LookupError, TypeError):
        raise ValueError(f"expected matrices of shapes {_SHAPES} as lists of rows of numbers") from None
    if shapes != _SHAPES or not even:
        raise ValueError(f"expected parameters of shapes {_SHAPES}, got {shapes}")
    x = _floats(x, INPUTS, "NOUN_X")
    if IDS:
        _check_ids(x)
    return params, x


def _checked_example(params: Parameters, x: list[float], y: list[float]) -> tuple[Parameters, list[float], list[float]]:
    """The parameters, and the inputs and the targets as floats."""
    if LAYERS:
        params, x = _checked(params, x)
        y = _floats(y, OUTPUTS, "NOUN_Y")
    else:
        try:
            plain = type(params) is type(x) is type(y) is list and len(params) == SIZE
            if FEW:
                NAMES_X, NAMES_Y = x, y
                plain = plain and type(SUM_X + SUM_Y) is float
            else:
                plain = plain and (len(x), len(y)) == (INPUTS, OUTPUTS) and type(sum(x, sum(y, 0.0))) is float
        except (OverflowError, TypeError, ValueError):
            plain = False
        if not plain:
            params, x = _floats(params, SIZE, "NOUN_W"), _floats(x, INPUTS, "NOUN_X")
            y = _floats(y, OUTPUTS, "NOUN_Y")
    for target in y:
        if not (TARGET_HOLDS):
            raise ValueError(f"expected targets that are TARGETS, got {y}")
    if DISTRIBUTION and abs(sum(y) - 1.0) > 1e-5:
        raise ValueError(f"expected targets that sum to 1, got {y}")
    return params, x, y


def _checked_batch(
    params: Parameters, xs: list[list[float]], ys: list[list[float]]
) -> tuple[Parameters, list[list[float]], list[list[float]]]:
    """The parameters, and the inputs and the targets of as many examples as floats."""
    xs, ys = _rows(xs, INPUTS, "NOUN_X"), _rows(ys, OUTPUTS, "NOUN_Y")
    if len(xs) == 0 or len(ys) != len(xs):
        raise ValueError(f"expected as many xs as ys, at least 1; got {len(xs)} and {len(ys)}")
    for x, y in zip(xs, ys):
        _checked_example(params, x, y)
    return params, xs, ys


def _check_weight(weight: float) -> None:
    """Refuse a weight that is negative or too large."""
    if not 0.0 <= weight < 1e18:
        raise ValueError(f"expected a weight of at least 0 and less than 1e18, got {weight}")


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


def log1p(x: float) -> float:
    """log(1 + x), exact for small x too (MicroPython's math has no log1p)."""
    return 2.0 * math.atanh(x / (2.0 + x))


def _log1p(x: float) -> float:
    """log(1 + x), exact for small x too (MicroPython's math has no log1p)."""
    return 2.0 * math.atanh(x / (2.0 + x)) if x < 1.0 else math.log(1.0 + x)


def _exp(x: float) -> float:
    """exp(x): infinite where it is too large, which math.exp raises an error for."""
    try:
        return math.exp(x)
    except (OverflowError, ValueError):  # MicroPython has the second
        return float("inf")


def _expm1(x: float) -> float:
    """exp(x) - 1: infinite where it is too large, which math.expm1 raises an error for."""
    try:
        return math.expm1(x)
    except (OverflowError, ValueError):  # MicroPython has the second
        return float("inf")


def _floor(x: float) -> float:
    """The largest whole number up to x; infinity and NaN as they are, which math.floor raises errors for."""
    return float(math.floor(x)) if x - x == 0.0 else x


def _power(x: float, y: float) -> float:
    """x to the power y: infinite where it is too large, NaN where it is not real, which ** raises errors for."""
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0.0 and y % 1.0 != 0.0:
            return float("nan")
        return math.copysign(float("inf"), x) if y % 2.0 == 1.0 else float("inf")


def _add(slopes: Slopes, others: Slopes, share: float = 1.0) -> None:
    """Add other derivatives, row by row."""
    for dW, more in zip(slopes, others):
        if IDS:
            for i, gs in _rows_of(more):
                if isinstance(dW, dict) and i not in dW:
                    dW[i] = [share * g for g in gs]
                else:
                    dW[i] = [total + share * g for total, g in zip(dW[i], gs)]
        elif WEIGHTED_MEAN:
            dW[:] = [[total + share * g for total, g in zip(totals, gs)] for totals, gs in zip(dW, more)]
        else:
            dW[:] = [[total + g for total, g in zip(totals, gs)] for totals, gs in zip(dW, more)]


def _mean(slopes: Slopes, count: int) -> None:
    """Divide sums of derivatives by the number of examples."""
    for dW in slopes:
        for i, gs in _rows_of(dW) if IDS else enumerate(dW):
            dW[i] = [g / count for g in gs]


def _no_slopes() -> Slopes:
    """Derivatives of 0."""
    if not IDS:
        return unpack([0.0] * SIZE)
    # embeddings have no rows yet
    return [{} if i in _EMBEDDINGS else [[0.0] * n for _ in range(rows)] for i, (rows, n) in enumerate(_SHAPES)]


def _rows_of(dW: list[list[float]] | dict[int, list[float]]) -> list[tuple[int, list[float]]]:
    """The rows of a derivative, each with its place; an embedding has only those that the examples select."""
    return list(dW.items() if isinstance(dW, dict) else enumerate(dW))


def _whole(values: list[list[float]] | dict[int, list[float]], rows: int, columns: int) -> list[list[float]]:
    """A matrix; rows of derivatives become one with 0 in all other rows."""
    return [values.get(i, [0.0] * columns) for i in range(rows)] if isinstance(values, dict) else values


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


def _keep(seed: int | None, index: int, rate: float) -> float:
    """The dropout factor of unit index: 0 with probability rate, otherwise 1 / (1 - rate); 1 without a seed."""
    if seed is None:
        return 1.0
    return 0.0 if _uniform(seed, index) < rate else 1.0 / (1.0 - rate)


def _normal(seed: int, index: int) -> float:
    """The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6."""
    return sum(_bits(seed, 12 * index + k) for k in range(12)) / 2**32 - 6.0


def _truncated(seed: int, index: int, cut: float) -> float:
    """The index-th normal number of this seed; if it is beyond ±cut, that of other seeds, until one is within."""
    n = _normal(seed, index)
    attempt = 0
    while abs(n) > cut:
        attempt += 1
        n = _normal(_bits(attempt, seed), index)
    return n


def _orthogonal(seed: int, start: int, rows: int, columns: int) -> list[float]:
    """A matrix of normal random numbers from start on, made orthonormal along its shorter side; row by row.

    This is the modified Gram-Schmidt process, done twice: rounding leaves the first vectors not quite orthogonal.
    """
    count, length = min(rows, columns), max(rows, columns)
    step, along = (columns, 1) if rows <= columns else (1, columns)
    vectors = [[_normal(seed, start + step * k + along * i) for i in range(length)] for k in range(count)]
    for k in list(range(count)) * 2:
        norm = math.sqrt(_dot(vectors[k], vectors[k]))
        q = vectors[k] = [v / norm for v in vectors[k]]
        for other in range(k + 1, count):
            share = _dot(q, vectors[other])
            vectors[other] = [v - share * u for v, u in zip(vectors[other], q)]
    if rows <= columns:
        return [v for row in vectors for v in row]
    return [vectors[k][i] for i in range(rows) for k in range(columns)]


def _dot(v: list[float], w: list[float]) -> float:
    """The sum of products, added one after the other to be exactly the same everywhere, which sum() is not."""
    total = 0.0
    for a, b in zip(v, w):
        total += a * b
    return total


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS; other columns of a mapping are ignored."""
    if not isinstance(row, (list, str)) and hasattr(row, "keys"):
        names = list(row.keys())
        absent = [column for column in COLUMNS if column not in names]
        if absent:
            raise ValueError(f"expected a row with the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
        return [row[column] for column in COLUMNS]
    if CHECKS:
        try:
            values = [] if isinstance(row, (str, bytes, set)) else list(row)
        except TypeError:
            values = []
    else:
        values = list(row)
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _plain(
    column: str,
    value: object,
    *missing: str,
    thousands: str = "",
    decimal: str = ".",
    prefix: str = "",
    suffix: str = "",
    minus: str = "before",
) -> object:
    """A text of a column in plain writing, as in 1234.5 for $1,234.50; None if it means a missing value."""
    if not isinstance(value, str):
        return value
    text, sign, such = value, "", f"{prefix}1{thousands}234{decimal}5{suffix}"
    for space in "\u00a0\u2009\u202f":
        text = text.replace(space, " ")
    text = text.strip(_SPACE)
    if text in _MISSING or text in missing:
        return None
    while True:
        text = text.strip(" ")
        if prefix and text.startswith(prefix):
            text, prefix = text[len(prefix) :], ""
        elif suffix and text.endswith(suffix):
            text, suffix = text[: -len(suffix)], ""
        elif not sign and text[:1] in ("+", "-", "\u2212"):
            sign, text = "+" if text[0] == "+" else "-", text[1:]
        elif minus == "after" and not sign and text[-1:] in ("+", "-", "\u2212") and text[-2:-1] not in (".", ","):
            sign, text = "+" if text[-1] == "+" else "-", text[:-1]
        elif minus == "parentheses" and not sign and text[:1] == "(" and text[-1:] == ")":
            sign, text = "-", text[1:-1]
        else:
            break
    mantissa, power = text.replace("E", "e"), ""
    if "e" in mantissa:
        place = mantissa.find("e")
        mantissa, power = mantissa[:place], mantissa[place:]
    if decimal == "," and mantissa.count(".") == 1 and "," not in mantissa:  # a program may write it, but not groups
        place = mantissa.find(".")
        if not 0 < place < 4 or mantissa[0] == "0" or len(mantissa) != place + 4:
            thousands, decimal = "", "."
    whole, decimals = mantissa, ""
    if decimal in mantissa:
        place = mantissa.find(decimal)
        whole, decimals = mantissa[:place], mantissa[place + 1 :]
    if thousands == "'":
        whole = whole.replace("\u2019", "'")
    groups = whole.split(thousands) if thousands else [whole]
    first, digits = groups[0], "".join(groups) + decimals
    sizes = [len(group) for group in groups]
    middle = set(sizes[1:-1])
    by_two = thousands == "," and sizes[0] < 3 and middle == {2}  # 12,34,567
    grouped = 0 < sizes[0] < 4 and first[0] != "0" and sizes[-1] == 3 and (by_two or middle <= {3})
    exponent = power[2:] if power[1:2] in ("+", "-") else power[1:]
    if (
        (len(groups) > 1 and not grouped)
        or not digits
        or (digits + exponent).strip("0123456789")
        or (power and not exponent)
    ):
        raise ValueError(f"{column}: expected a number such as {such}, got {value!r:.80}")
    return f"{sign}{''.join(groups)}.{decimals}{power}"


def _date(column: str, value: object, form: str, missing: int | None = None) -> int:
    """The seconds from the start of 1970 to a date in this form or in ISO 8601, whose zone does not count."""
    import re  # here, because the module loads faster without it

    if _missing(value):
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return missing
    text = str(value).strip(_SPACE)
    written = "YYYY-MM-DD" if text.find("-") == 4 else form
    pattern = written.replace(".", "[.]").replace("YYYY", "([0-9][0-9][0-9][0-9])")
    for letters in ("MM", "DD"):
        pattern = pattern.replace(letters, "([0-9][0-9]?)")
    time = "([T ]([0-9][0-9]?):([0-9][0-9])(:([0-9][0-9])([.][0-9]+)?)?(Z|[+-][0-9][0-9](:?[0-9][0-9])?)?)?"
    found = re.match("^" + pattern + time + "$", text)
    if not found:
        raise ValueError(f"{column}: expected a date written as {form}, got {value!r:.80}")
    order = sorted("YMD", key=written.find)
    year, month, day = [int(found.group(order.index(letter) + 1)) for letter in "YMD"]
    hour, minute, second = [int(found.group(place) or 0) for place in (5, 6, 8)]
    start = _day_number(year, month, 1)
    if not (
        year > 0
        and 0 < month < 13
        and 0 < day <= _day_number(year, month + 1, 1) - start
        and hour < 24
        and max(minute, second) < 60
    ):
        raise ValueError(f"{column}: there is no date {value!r:.80}")
    return 86400 * (start + day - 1) + 3600 * hour + 60 * minute + second


def _day_number(year: int, month: int, day: int) -> int:
    """The days from the start of 1970 to a date, by years that begin in March and end with the leap day."""
    year -= month < 3
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 719469


def _calendar(seconds: Whole) -> tuple[Whole, Whole]:
    """The year and the month of a date, by eras of 400 years that begin in March."""
    era, day = (seconds // 86400 + 719468) // 146097, (seconds // 86400 + 719468) % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    month = ((5 * (day - 365 * year - year // 4 + year // 100) + 2) // 153 + 2) % 12 + 1
    return 400 * era + year + (month < 3), month


def _year(seconds: Whole) -> Whole:
    """The year of a date."""
    return _calendar(seconds)[0]


def _month(seconds: Whole) -> Whole:
    """The month of a date, from 1."""
    return _calendar(seconds)[1]


def _days(seconds: Whole, since: int) -> Real:
    """The days since another date; a time is a fraction of a day."""
    return (seconds - since) / 86400


def _weekday(seconds: Whole) -> Whole:
    """The day of the week, 0 for Monday."""
    return (seconds // 86400 + 3) % 7


def _hour(seconds: Whole) -> Real:
    """The hour of the day; minutes and seconds are a fraction of an hour."""
    return seconds % 86400 / 3600


def _sine(value: float, period: float) -> float:
    """The sine of a value that begins again after a period."""
    return math.sin(2.0 * math.pi * (value / period))


def _cosine(value: float, period: float) -> float:
    """The cosine of a value that begins again after a period."""
    return math.cos(2.0 * math.pi * (value / period))


def _number(column: str, value: object, missing: float | None = None) -> float:
    """SAYS_NUMBER."""
    if not GAPS and missing is not None and _missing(value):
        return missing
    if GAPS and _missing(value):
        if not FILLED or missing is None:
            raise ValueError(f"{column}: the value is missing")
        if FILLED:
            return missing
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= LARGEST:
        raise ValueError(f"{column}: expected a number up to SAYS_LARGEST, got {value!r:.80}")
    return number


def _numbered(column: str, value: object, count: int, unknown: bool = False) -> float:
    """An id from 0 to below count. Unknown ids share the row after the last, if there is one for them."""
    number = _number(column, value)
    if 0.0 <= number < count and number % 1.0 == 0.0:
        return number + 0.0  # -0.0 is 0.0
    if not unknown:
        raise ValueError(f"{column}: expected a whole number from 0 to {count - 1}, got {value!r:.80}")
    return float(count)


def _note_of_number(column: str, value: object, low: float, high: float) -> str:
    """Whether a number is missing, or far from those of the training rows: below low or above high."""
    if _missing(value):
        return "missing"
    return "" if low <= _number(column, value) <= high else "far"


def _note_of_text(column: str, value: object) -> str:
    """Whether a text is missing, or none of those of its column."""
    known = _PLACES[column]
    if _missing(value, known):
        return "missing"
    return "" if _text(column, value, known) in known else "unknown"


def _note_of_id(column: str, value: object, count: int) -> str:
    """Whether an id is missing, or none from 0 to below count."""
    if _missing(value):
        return "missing"
    return "" if _numbered(column, value, count, True) < count else "unknown"


def _note_of_gap(value: object) -> str:
    """Whether a value is missing."""
    return "missing" if _missing(value) else ""


def _smooth_clip(x: float) -> float:
    """A number within 3 of 0; a small one stays nearly as it is: the smooth clip of RealMLP."""
    return x / math.sqrt(1.0 + (x / 3.0) * (x / 3.0))


def _one_hot(place: int, count: int) -> list[float]:
    """1 at this place, 0 at the others."""
    return [1.0 if i == place else 0.0 for i in range(count)]


def _place(column: str, value: object, missing: str | None = None, unknown: int | None = None) -> int:
    """SAYS_PLACE."""
    known = _PLACES[column]
    if not TEXT_GAPS and missing is not None and _missing(value, known):
        return known.get(missing, -1)
    if TEXT_GAPS and _missing(value, known):
        if not FILLED_TEXTS or missing is None:
            raise ValueError(f"{column}: the value is missing")
        if FILLED_TEXTS:
            return known.get(missing, -1)
    text = _text(column, value, known) if NUMBERS_AS_TEXTS else str(value).strip(_SPACE)
    place = known.get(text, unknown) if OTHERS else known.get(text)
    if place is None or (OTHERS and not NUMBERS_AS_TEXTS and not isinstance(value, str) and hasattr(value, "__len__")):
        texts = ", ".join(list(known)[:20]) + ", ..." * (len(known) > 20)
        raise ValueError(f"{column}: expected one of {texts}, got {value!r:.80}")
    return place


def _text(column: str, value: object, known: dict[str, int]) -> str:
    """A value as a known text, if there is one: the number 3.0 as 3 or 3.0, True as True or true."""
    if isinstance(value, str):
        return _spelled(value.strip(_SPACE), known) if TRUTHS else value.strip(_SPACE)
    if hasattr(value, "__len__"):
        raise ValueError(f"{column}: expected a text or a number, got {value!r:.80}")
    text = str(int(value)) if isinstance(value, float) and value % 1.0 == 0.0 else str(value)
    for form in (text, text[:-2] if text.endswith(".0") else text + ".0", text.lower()):
        if form in known:
            return form
    return _spelled(text, known) if TRUTHS else text


def _spelled(text: str, known: dict[str, int]) -> str:
    """A truth value as a column spells it that lists both; other texts as they are."""
    true = [form for form in ("True", "true", "TRUE") if form in known]
    false = [form for form in ("False", "false", "FALSE") if form in known]
    if text in known or not true or not false:
        return text
    if text in ("True", "true", "TRUE", "1"):
        return true[0]
    return false[0] if text in ("False", "false", "FALSE", "0") else text


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True


def save(params: Parameters, path: str) -> None:
    """Write the parameters to a JSON file that the module of every target can load, exact to the last bit."""
    import json  # here, because the module loads faster without it

    flat = pack(params)
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite parameters, got infinity or NaN")
    text = json.dumps({"layout": LAYOUT, "parameters": flat})
    with open(path, "w") as file:
        file.write(text)


def load(path: str) -> Parameters:
    """Read parameters from a file of JSON or safetensors; that of another network, or a broken one, is a ValueError."""
    import json

    with open(path, "rb") as file:
        text = file.read()
    stop = 8 + int.from_bytes(text[:8], "little")  # of the header of safetensors
    arrays = text[8:9] == b"{" and stop <= len(text)
    try:
        content = json.loads((text[8:stop] if arrays else text).decode())
    except RuntimeError:  # such as RecursionError
        raise ValueError("expected a JSON object of a text and a list, got one nested too deep") from None
    here = content.pop("__metadata__", None) if arrays and isinstance(content, dict) else content
    layout = here.get("layout") if isinstance(here, dict) else None
    if layout != LAYOUT:
        raise ValueError(f"expected the parameters of {LAYOUT!r}, got those of {layout!r:.80}")
    if arrays:
        return unpack(_tensors(content, text[stop:]))
    flat = content.get("parameters")
    if not isinstance(flat, list) or not all(
        type(value) in (int, float) and value - value == 0.0 and abs(value) <= 1.7976931348623157e308 for value in flat
    ):
        raise ValueError(f"expected a list of finite numbers under 'parameters', got {flat!r:.80}")
    return unpack([float(value) for value in flat])


def _tensors(content: dict[str, object], rest: bytes) -> list[float]:
    """The numbers of arrays in the format of safetensors, in the order of LAYOUT; a file may have any order."""
    from struct import unpack as _unpack

    flat: list[float] = []
    starts, places = [len(rest)], [0]
    for name, shape in _TENSORS:
        one = content.pop(name, None)
        size = shape[0] * shape[1] if len(shape) > 1 else shape[0]
        try:
            if not isinstance(one, dict):
                raise TypeError
            start, stop = one.get("data_offsets", ())
            form, count = {"F32": ("f", 4), "F64": ("d", 8)}.get(one.get("dtype", ""), ("", -1))
            if one.get("shape") != shape or not 0 <= start <= stop <= len(rest) or stop - start != size * count:
                raise ValueError
            flat += _unpack("<" + str(size) + form, rest[start:stop])
        except (TypeError, ValueError):
            raise ValueError(f"expected {name} of F32 or F64 and the shape {shape}, got {one!r:.80}") from None
        starts.append(start)
        places.append(stop)
    if content or sorted(starts) != sorted(places):  # each begins where another ends
        raise ValueError(f"expected {len(_TENSORS)} arrays, one after another, got others")
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite numbers, got infinity or NaN")
    return flat


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


def _measured(params: Parameters, trial: int) -> tuple[float, Slopes]:
    """The loss of four random examples and its gradient, for the check of the gradient."""
    xs = [[2.0 * _uniform(trial + 200, INPUTS * k + i) - 1.0 for i in range(INPUTS)] for k in range(4)]
    if IDS:
        for x in xs:
            _draw_ids(x)
    if DISTRIBUTION:
        ys = [[float(j == (4 * trial + k) % OUTPUTS) for j in range(OUTPUTS)] for k in range(4)]
    else:
        ys = [[TRIAL if (j + k) % 2 else NEGATIVE for j in range(OUTPUTS)] for k in range(4)]
    if COUNTING:
        # a class that counts: weights of 0 alone have no mean
        ys[0] = [1.0 if j == FIRST_COUNTING else NEGATIVE for j in range(OUTPUTS)]
    if TOGETHER:
        return batch_gradient(params, TRIAL_COLUMNS, trial % 2 == 0)[:2]
    return _batch(params, list(zip(TRIAL_COLUMNS)))


def _draw_ids(x: list[float]) -> None:
    """Random ids in place of random numbers."""
    for i, (_, count) in enumerate(_COUNTS):
        x[i] = float(int((x[i] + 1.0) / 2.0 * count))


# the places of parameters that are frozen: their slopes are 0
_FROZEN: tuple[tuple[int, int], ...] = ()


def _check_gradient() -> float:
    """The largest error of the gradient, compared with differences of the loss along random directions.

    It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is
    no slope; its curvature is huge, so that its error does not count.
    """
    h = 1e-6
    errors = []
    for trial in range(7):
        weights = [w + 0.2 * _uniform(trial, i) - 0.1 for i, w in enumerate(pack(init(trial)))]
        direction = [2.0 * _uniform(trial + 100, i) - 1.0 for i in range(len(weights))]
        here, slopes = _measured(unpack(weights), trial)
        slope = sum(d * g for d, g in zip(direction, pack(slopes)))
        for start, stop in _FROZEN:
            direction[start:stop] = [0.0] * (stop - start)
        ahead, _ = _measured(unpack([w + h * d for w, d in zip(weights, direction)]), trial)
        behind, _ = _measured(unpack([w - h * d for w, d in zip(weights, direction)]), trial)
        curvature = (ahead - 2.0 * here + behind) / (h * h)
        errors.append(abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + abs(slope) + abs(curvature)))
    return max(errors) + 0.0 * sum(errors)  # NaN if one of them is NaN


def selftest(tolerance: float = 1e-9) -> float:
    """The largest error of outputs, losses, gradients and parameters after TEST_STEPS steps, against nngen's reference.

    It is relative to 1 + |number|. Above the tolerance, which allows for exp and tanh of other platforms, it is a
    ValueError.
    """
    start = unpack([w + 0.2 * _uniform(TEST_SEED, i) - 0.1 for i, w in enumerate(pack(init(TEST_SEED)))])
    params, state = start, init_state(start)
    found: list[tuple[str, float]] = []
    for k in range(TEST_STEPS):
        x = [2.0 * _uniform(k + TEST_DRAW, i) - 1.0 for i in range(INPUTS)]
        if IDS:
            _draw_ids(x)
        if DISTRIBUTION:
            y = [float(j == k % OUTPUTS) for j in range(OUTPUTS)]
        else:
            y = [1.0 if (j + k) % 2 else NEGATIVE for j in range(OUTPUTS)]
        slopes = gradient(start, x, y)[1]
        found += _named("output", list(forward(start, x)))
        found.append(("loss", loss(start, x, y)))
        found += _named("gradient", pack(slopes))
        if SENSITIVE:
            found += _named("derivative of the loss", input_gradient(start, x, y)[1])
            found += _named("jacobian", [slope for slopes in jacobian(start, x) for slope in slopes])
        params, state = step(params, slopes, state)
    found += _named("parameters after TEST_STEPS steps", pack(params))
    if TEST_ROWS:
        for row in _ROWS:
            found += _named("input", encode(row))
            if CLASSIFIES:
                found.append(("answer", float(CLASSES.index(predict(start, row)))))
            elif SEVERAL:
                found += [("answer", answer) for answer in predict(start, row)]
            else:
                found.append(("answer", predict(start, row)))
    return _largest_error(found, tolerance)


def _named(name: str, values: list[float]) -> list[tuple[str, float]]:
    """Numbers, each with a name."""
    if SUMS:
        # four sums with random signs: a wrong number changes each of them
        values = [sum(v if _bits(k, i) & 1 else -v for i, v in enumerate(values)) for k in range(4)]
    return [(name, v) for v in values]


def _largest_error(found: list[tuple[str, float]], tolerance: float) -> float:
    """The largest error of numbers; above the tolerance, it is a ValueError."""
    if len(found) != len(_MEANT):
        raise ValueError(f"expected {len(_MEANT)} numbers, got {len(found)}")
    worst = 0.0
    for (what, number), meant in zip(found, _MEANT):
        error = abs(number - meant) / (1.0 + abs(meant))
        if not error <= tolerance:
            raise ValueError(f"expected {meant} for the {what}, got {number}")
        worst = max(worst, error)
    return worst
