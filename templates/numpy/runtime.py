"""The fixed functions of NumPy modules: a module gets those that it names, and those that these name."""

import math
from typing import Any

import numpy as np

# what a network has: a condition with one of these is decided when a module is written
CHECKS = COUNTING = DENSE = DESCENT = DISTRIBUTION = DROPOUT = EXAMPLE_WEIGHTS = FILES = FROZEN = GRADIENT = IDS = True
ALWAYS = CLASSIFIES = FILLED = LISTED = MEAN = NARROW = STOP = SUMS = TEST_ROWS = TOGETHER = VALIDATION = True
SENSITIVE = SIGNED = WEIGHTED_MEAN = True

# the types and numbers of a network, and pieces of its text
Slopes = list[Any]
Progress = Any
State = tuple[Any, ...]
LARGEST = 1e100
BATCH_SIZE = EPOCHS = EVERY = INPUTS = LEAST = OUTPUTS = SIZE = START = STOP_SEED = TEST_DRAW = TEST_SEED = 1
TEST_STEPS = TRAINING_SEED = 1
ORDER_SEED: int | None = 1
FIRST_COUNTING: int | None = 1
FROZEN_PLACES = (0,)
NEGATIVE = RATE = SHARE = TRIAL = 0.5
DTYPE, TOLERANCE = np.float64, 1e-9
ENDS = True
TARGET_HOLDS = np.ones(1) == 1.0
BATCH: Any = ()
EXAMPLES: Any = ()
WEIGHED: Any = ()
CALLED: Any = ()
COPIED: State = ()
JOINED: State = ()
KEPT: State = ()
TRIAL_COLUMNS: Any = ()

# what modules state themselves
PARAMETERS = ("W", "b")
_COUNTS = (("user", 3),)
_SHAPES = ((2, 3), (2,))
_VALIDATION = (1, 2)
CLASSES = ("no", "yes")
_ROWS: list[list[object]] = [[1.0, "Seoul"]]


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters."""
    return _views(_uniform(seed, np.arange(8)))


def init_state(params: list[np.ndarray]) -> State:
    """The initial state of the optimizer."""
    return (0, [np.zeros_like(p) for p in params])


def loss(params: list[np.ndarray], *columns: np.ndarray) -> float:
    """The loss of a batch."""
    return float(params[0] @ columns[0])


def gradient(params: list[np.ndarray], *columns: Any, **options: Any) -> tuple[float, Slopes]:
    """The loss of a batch, and its derivative with respect to each parameter."""
    return 1.0 * len(options), [*params, *columns]


def batch_gradient(params: list[np.ndarray], *columns: Any, **options: Any) -> tuple[float, Slopes, list[np.ndarray]]:
    """The loss of a batch, its derivative with respect to each parameter, and the parameters after it."""
    return 1.0 * len(options), list(columns), params


def _weight(*columns: np.ndarray) -> np.ndarray:
    """How much each example counts in a weighted mean; in a column."""
    return columns[0]


_gradient, _batch_gradient = gradient, batch_gradient


def _step(params: list[np.ndarray], gradient: Slopes, state: State) -> tuple[list[np.ndarray], State]:
    """One step of training for some arrays."""
    return [w - g for w, g in zip(params, gradient)], state


def _keep_signs(params: list[np.ndarray]) -> None:
    """Set weights of the wrong sign to 0."""
    params.reverse()


def input_gradient(params: list[np.ndarray], x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The loss of a batch, and its derivative with respect to each input."""
    return float(y @ params[0]), x


def jacobian(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The derivative of each output with respect to each input."""
    return np.asarray(x @ params[0])


def forward(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The outputs of a batch."""
    return np.asarray(x @ params[0])


def encode(rows: list[list[object]]) -> np.ndarray:
    """The inputs of the network for rows of the data."""
    return np.ones((len(rows), 1))


def predict(params: list[np.ndarray], rows: list[list[object]]) -> Any:
    """The answers for rows of the data."""
    return [CLASSES[len(row) - len(params)] for row in rows]


# what is the same in modules of Python: see templates/python/runtime.py


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS."""
    return list(row)


def _plain(column: str, value: object, *missing: str, **style: str) -> object:
    """A text of a column in plain writing."""
    return None if value in missing else value


def _number(column: str, value: object, missing: float | None = None) -> float:
    """The number of a column."""
    return missing if missing is not None and value is None else float(str(value))


def _date(column: str, value: object, form: str, missing: int | None = None) -> int:
    """The seconds from the start of 1970 to a date."""
    return missing or 0


def _largest_error(found: list[tuple[str, float]], tolerance: float) -> float:
    """The largest error of numbers."""
    return max(number for _, number in found) - tolerance


# what they take


def step(params: list[np.ndarray], gradient: Slopes, state: State) -> tuple[list[np.ndarray], State]:
    """One step of training by OPTIMIZER."""
    params, state = _copied(params, state)
    return _step_in_place(params, gradient, state)


def _copied(params: list[np.ndarray], state: State) -> tuple[list[np.ndarray], State]:
    """Copies of the parameters and of the optimizer's state."""
    return _copy(params), COPIED


def _copy(params: list[np.ndarray]) -> list[np.ndarray]:
    """A copy of each array."""
    return [p.copy() for p in params]


def _step_in_place(params: list[np.ndarray], gradient: Slopes, state: State) -> tuple[list[np.ndarray], State]:
    """The same step in place, which changes only the rows in the gradient: its time does not grow with embeddings."""
    if DENSE:
        gradient = [_whole(dW, shape) for dW, shape in zip(gradient, _SHAPES)]
    chosen = [(i, *(dW if isinstance(dW, tuple) else (slice(None), dW))) for i, dW in enumerate(gradient)]
    if FROZEN:
        chosen = [row for row in chosen if row[0] not in FROZEN_PLACES]
    memory = JOINED
    new, after = _step(_selected(params, chosen), [g for _, _, g in chosen], memory)
    for arrays, values in zip([params, *state[START:]], [new, *after[START:]]):
        for (i, rows, _), value in zip(chosen, values):
            arrays[i][rows] = value
    if SIGNED:
        _keep_signs(params)
    return params, KEPT


def _selected(arrays: list[np.ndarray], chosen: list[tuple[int, np.ndarray | slice, np.ndarray]]) -> list[np.ndarray]:
    """The rows of some arrays that a gradient has."""
    return [arrays[i][rows] for i, rows, _ in chosen]


def fit(
    params: list[np.ndarray],
    xs: np.ndarray,
    ys: np.ndarray,
    epochs: int = EPOCHS,
    batch_size: int | None = BATCH_SIZE,
    seed: int | None = ORDER_SEED,
    callback: object = None,
    weights: np.ndarray | None = None,
    progress: Progress | None = None,
) -> tuple[list[np.ndarray], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, CALLED); a true result ends it.SAYS_STOP
    """
    if CHECKS:
        xs = _checked(params, xs)
        ys = _checked_targets(ys, len(xs))
    else:
        xs, ys = np.asarray(xs, dtype=DTYPE), np.asarray(ys, dtype=DTYPE)
        _check(params, xs, ys)
    if EXAMPLE_WEIGHTS:
        weights = (_checked_weights if CHECKS else _weights)(weights, len(xs))
    size = len(xs) if batch_size is None else batch_size
    if size < 1:
        raise ValueError(f"expected batches of at least 1, got {size}")
    if VALIDATION:
        kept, trained = _kept(len(xs))
        validation = [column[kept] for column in (EXAMPLES)]
        LEFT = [column[trained] for column in (EXAMPLES)]
    if WEIGHTED_MEAN:
        weight = _weight(WEIGHED)
    if FILES and STOP:
        progress = progress or (0, init_state(params), float("inf"), float("inf"), params, 0)
        done, state, measured, best, best_params, since = progress
    elif FILES:
        done, state = progress or (0, init_state(params))
    elif STOP:
        measured, best, best_params, since = float("inf"), float("inf"), params, 0
    if not (FILES or DESCENT):
        state = init_state(params)
    if DESCENT:
        flat = np.concatenate([p.ravel() for p in params]).astype(DTYPE)
        change = np.empty_like(flat)
        into = tuple(_views(change))
    history: list[float] = []
    for epoch in range(done, epochs) if FILES else range(epochs):
        if STOP and ENDS:
            break
        if IDS:
            params, state = _copied(params, state)  # steps change them in place, but not what a callback got
        if DESCENT:
            flat = flat.copy()  # steps change it in place, but not what a callback got
            params = _views(flat)
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            rows = order[start : start + size]
            first = order.item(start)  # one row is a view of the examples, several are a copy
            batch = rows if size > 1 else slice(first, first + 1)
            if DROPOUT:
                # the seed also draws which units dropout leaves out, for each example of each epoch
                seeds = _bits(TRAINING_SEED if seed is None else seed, epoch * len(xs) + rows)
            if TOGETHER:
                columns = BATCH
            if TOGETHER and CHECKS:
                batch_loss, slopes, params = batch_gradient(params, *columns, checked=True)
            elif TOGETHER:
                batch_loss, slopes, params = _batch_gradient(params, *columns, training=True)
            elif DESCENT:
                batch_loss, _ = (gradient if CHECKS else _gradient)(params, BATCH, checked=True, _into=into)
            else:
                batch_loss, slopes = (gradient if CHECKS else _gradient)(params, BATCH, checked=True)
            if DESCENT:
                change *= RATE
                flat -= change
            else:
                params, state = (_step_in_place if IDS else step)(params, slopes, state)
            total += batch_loss * (float(np.sum(weight[batch])) if WEIGHTED_MEAN else len(rows)) if MEAN else batch_loss
        history.append(total / (float(np.sum(weight)) if WEIGHTED_MEAN else len(xs)) if MEAN else total)
        if STOP and (ALWAYS or (epoch + 1) % EVERY == 0):
            measured = loss(params, *validation) if VALIDATION else history[-1]
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


def _kept(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of the examples that are kept for validation, and of those that are left."""
    if LISTED:
        if count < LEAST:
            raise ValueError(f"expected at least LEAST examples, as places are kept for validation, got {count}")
        kept = np.array(_VALIDATION)
        return kept, np.delete(np.arange(count), kept)
    order, size = _order(count, STOP_SEED, 0), round(SHARE * count)
    if not 0 < size < count:
        raise ValueError(f"expected enough examples to keep a share of SHARE for validation, got {count}")
    return order[:size], np.sort(order[size:])


def pack(params: Slopes) -> list[float]:
    """The parameters as a flat list, in the order of PARAMETERS."""
    flat: list[float] = _flat(params).tolist()
    return flat


def _flat(params: Slopes) -> np.ndarray:
    """The parameters in a flat array, in the order of PARAMETERS."""
    if IDS:
        return np.concatenate([_whole(values, shape).ravel() for values, shape in zip(params, _SHAPES)])
    return np.concatenate([p.ravel() for p in params])


def unpack(flat: list[float] | np.ndarray) -> list[np.ndarray]:
    """The parameters from a flat list, in the order of PARAMETERS."""
    numbers = (_numbers(flat) if CHECKS else np.asarray(flat, dtype=DTYPE)).ravel()
    if len(numbers) != SIZE:
        raise ValueError(f"expected SIZE NOUN_W, got {len(numbers)}")
    return _views(numbers.copy())


def _check(params: list[np.ndarray], x: np.ndarray, y: np.ndarray | None = None) -> None:
    """Refuse arrays of other shapes, which broadcasting could stretch."""
    shapes = tuple([p.shape for p in params])
    if shapes != _SHAPES or x.shape[1:] != (INPUTS,):
        raise ValueError(f"expected parameters {_SHAPES} and x (n, INPUTS), got the shapes {shapes} and {x.shape}")
    if IDS:
        _check_ids(x)
    if GRADIENT and y is not None and (len(x) == 0 or y.shape != (len(x), OUTPUTS)):
        raise ValueError(f"expected y of shape (n, OUTPUTS) with n = {len(x)}, at least 1; got {y.shape}")


def _check_ids(x: np.ndarray) -> None:
    """Refuse ids that no row belongs to."""
    for ids, (name, count) in zip(x.T, _COUNTS):
        known = (ids >= 0.0) & (ids < count) & (ids == np.rint(ids))
        if not known.all():
            raise ValueError(f"expected {name} to be a whole number from 0 to {count - 1}, got {ids[~known][0]}")


def _weights(weights: np.ndarray | None, n: int) -> np.ndarray:
    """The weights of examples in an array; without weights, all count 1."""
    weights = np.ones(n, dtype=DTYPE) if weights is None else np.asarray(weights, dtype=DTYPE)
    if weights.shape != (n,):
        raise ValueError(f"expected weights of shape ({n},), got {weights.shape}")
    return weights


def _numbers(values: list[float] | np.ndarray) -> np.ndarray:
    """An array of real numbers; of texts, dates, None and complex numbers NumPy would make some as well."""
    if type(values) is np.ndarray and values.dtype == DTYPE:
        return values
    array = np.asarray(None if _masked(values) else values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"expected an array of real numbers, got {values!r:.80}")
    return array.astype(DTYPE, copy=False)


def _checked(params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The inputs as an array, if they and the parameters have the right shapes."""
    try:
        shapes = tuple([p.shape if p.dtype.kind in "biuf" else p.dtype for p in params])
    except (AttributeError, TypeError):
        raise ValueError(f"expected a list of arrays of shapes {_SHAPES}") from None
    if shapes != _SHAPES:
        raise ValueError(f"expected parameters of shapes {_SHAPES}, arrays of real numbers; got {shapes}")
    x = _numbers(x)
    if x.ndim != 2 or x.shape[1] != INPUTS:
        raise ValueError(f"expected x of shape (n, INPUTS), got {x.shape}")
    if IDS:
        _check_ids(x)
    return x


def _checked_targets(y: np.ndarray, n: int) -> np.ndarray:
    """The targets as an array, if the loss accepts them."""
    y = _numbers(y)
    if y.shape != (n, OUTPUTS) or n == 0:
        raise ValueError(f"expected y of shape (n, OUTPUTS) with n = {n} examples, at least 1; got {y.shape}")
    if 0 in (TARGET_HOLDS).tobytes():  # quicker than all()
        raise ValueError("expected targets that are TARGETS")
    if DISTRIBUTION and np.any(np.abs(y.sum(axis=1) - 1.0) > 1e-5):
        raise ValueError("expected targets that sum to 1 for each example")
    return y


def _checked_weights(weights: np.ndarray | None, n: int) -> np.ndarray:
    """The weights of examples in an array; without weights, all count 1."""
    weights = np.ones(n, dtype=DTYPE) if weights is None else _numbers(weights)
    if weights.shape != (n,) or not np.all((weights >= 0.0) & (weights < 1e18)):
        raise ValueError(f"expected {n} weights of at least 0 and less than 1e18, in shape ({n},); got {weights}")
    return weights


def _by_row(index: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that a batch selects, each once, and the sum of the slopes of each."""
    rows, places = np.unique(index, return_inverse=True)
    sums = np.zeros((len(rows), slopes.shape[1]), dtype=slopes.dtype)
    np.add.at(sums, places, slopes)
    return rows, sums


def _whole(values: np.ndarray | tuple[np.ndarray, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """An array as it is; rows and their slopes as one array, with 0 in all other rows."""
    if not isinstance(values, tuple):
        return values
    whole = np.zeros(shape, dtype=values[1].dtype)
    whole[values[0]] = values[1]
    return whole


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


def _truncated(seed: int, index: np.ndarray, cut: float) -> np.ndarray:
    """The normal numbers at these indices; one beyond ±cut is drawn again with other seeds until it is within."""
    n = _normal(seed, index)
    attempt = 0
    beyond = np.abs(n) > cut
    while np.any(beyond):
        attempt += 1
        n[beyond] = _normal(int(_bits(attempt, np.array([seed & 0xFFFFFFFF]))[0]), index[beyond])
        beyond = np.abs(n) > cut
    return n


def _orthogonal(seed: int, index: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """A matrix of the normal random numbers at these indices, made orthonormal along its shorter side; row by row.

    This is the modified Gram-Schmidt process, done twice: rounding leaves the first vectors not quite orthogonal.
    """
    matrix = _normal(seed, index).reshape(rows, columns)
    vectors = matrix if rows <= columns else matrix.T.copy()
    for k in [*range(len(vectors)), *range(len(vectors))]:
        # cumsum adds one after the other, to be exactly the same everywhere, which sum and @ are not
        vectors[k] /= np.sqrt(np.cumsum(vectors[k] * vectors[k])[-1])
        q, others = vectors[k], vectors[k + 1 :]
        others -= np.cumsum(others * q, axis=1)[:, -1:] * q
    q = vectors if rows <= columns else vectors.T
    return q.ravel()


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
        if FILLED and missing is not None:
            numbers[np.isnan(numbers)] = missing
        if (np.abs(numbers) <= LARGEST).all():
            return numbers
    if FILLED:
        return _each(enumerate(_number(column, value, missing) for value in values))
    return _each(enumerate(_number(column, value) for value in values))


def _plains(column: str, values: np.ndarray, *missing: str, **style: str) -> np.ndarray:
    """The values of a column, its texts in plain writing; a refusal names the row."""
    if values.dtype.kind in "iuf":
        return values
    plain: list[object] = []
    try:
        for value in values:
            plain.append(_plain(column, value, *missing, **style))
    except ValueError as error:
        raise ValueError(f"row {len(plain) + 1}: {error}") from None
    return _objects(plain)


def _dates(column: str, values: np.ndarray, form: str, missing: int | None = None) -> np.ndarray:
    """The seconds of the dates of a column; a refusal names the row."""
    return _each(enumerate(_date(column, value, form, missing) for value in values)).astype(np.int64)


def _sine(value: np.ndarray, period: float) -> np.ndarray:
    """The sine of a value that begins again after a period."""
    return np.sin(2.0 * np.pi * (value / period))


def _cosine(value: np.ndarray, period: float) -> np.ndarray:
    """The cosine of a value that begins again after a period."""
    return np.cos(2.0 * np.pi * (value / period))


def _smooth_clip(x: np.ndarray) -> np.ndarray:
    """Numbers within 3 of 0; small ones stay nearly as they are: the smooth clip of RealMLP."""
    return x / np.sqrt(1.0 + (x / 3.0) * (x / 3.0))


def _one_hot(places: np.ndarray, count: int) -> np.ndarray:
    """1 at each of these places, 0 at the others; a row for each."""
    one_hot: np.ndarray = places[:, np.newaxis] == np.arange(count)
    return one_hot.astype(np.float64)


def _tensors(content: dict[str, object], rest: bytes) -> np.ndarray:
    """The numbers of arrays in the format of safetensors, in the order of LAYOUT; a file may have any order."""
    numbers = []
    starts, places = [len(rest)], [0]
    for name, shape in zip(PARAMETERS, _SHAPES):
        one = content.pop(name, None)
        try:
            if not isinstance(one, dict):
                raise TypeError
            start, stop = one.get("data_offsets", ())
            form = np.dtype({"F32": "<f4", "F64": "<f8"}.get(one.get("dtype", ""), ""))
            fits = stop - start == math.prod(shape) * form.itemsize
            if one.get("shape") != list(shape) or not 0 <= start <= stop <= len(rest) or not fits:
                raise ValueError
            numbers.append(np.frombuffer(rest[start:stop], form))
        except (TypeError, ValueError):
            raise ValueError(f"expected {name} of F32 or F64 and the shape {shape}, got {one!r:.80}") from None
        starts.append(start)
        places.append(stop)
    if content or sorted(starts) != sorted(places):  # each begins where another ends
        raise ValueError(f"expected {len(PARAMETERS)} arrays, one after another, got others")
    flat = np.concatenate(numbers)
    if not np.isfinite(flat).all():
        raise ValueError("expected finite numbers, got infinity or NaN")
    return flat


def _views(flat: np.ndarray) -> list[np.ndarray]:
    """The parts of a flat array, as views, in the shapes of the parameters."""
    views, stop = [], 0
    for shape in _SHAPES:
        start, stop = stop, stop + math.prod(shape)
        views.append(flat[start:stop].reshape(shape))
    return views


def _masked(values: object) -> bool:
    """Whether some values are masked, also in a list, where NumPy drops the mask."""
    return any(map(_masked, values)) if isinstance(values, (list, tuple)) else bool(np.ma.is_masked(values))


def _measured(flat: np.ndarray, trial: int) -> tuple[float, Slopes]:
    """The loss of four random examples and its gradient, for the check of the gradient."""
    params = _views(flat.astype(DTYPE) if NARROW else flat)
    x = (2.0 * _uniform(trial + 200, np.arange(4 * INPUTS)) - 1.0).reshape(4, INPUTS)
    if IDS:
        _draw_ids(x)
    if DISTRIBUTION:
        y = np.eye(OUTPUTS)[(4 * trial + np.arange(4)) % OUTPUTS]
    else:
        y = np.where(np.add.outer(np.arange(4), np.arange(OUTPUTS)) % 2, TRIAL, NEGATIVE)
    # a class that counts: weights of 0 alone have no mean
    if COUNTING:
        y[0] = np.where(np.arange(OUTPUTS) == FIRST_COUNTING, 1.0, NEGATIVE)
    if TOGETHER:
        return batch_gradient(params, TRIAL_COLUMNS, trial % 2 == 0)[:2]
    return gradient(params, TRIAL_COLUMNS)


def _draw_ids(x: np.ndarray) -> None:
    """Random ids in place of random numbers."""
    for i, (_, count) in enumerate(_COUNTS):
        x[:, i] = np.floor((x[:, i] + 1.0) / 2.0 * count)


# the step of differences
_STRIDE = 3e-4 if NARROW else 1e-6


# the places of parameters that are frozen: their slopes are 0
_FROZEN: tuple[tuple[int, int], ...] = ()


def _check_gradient() -> float:
    """The largest error of the gradient, compared with differences of the loss along random directions.

    It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is
    no slope; its curvature is huge, so that its error does not count.
    """
    errors = []
    for trial in range(7):
        weights = _flat(init(trial))
        weights = weights + 0.2 * _uniform(trial, np.arange(len(weights))) - 0.1
        direction = 2.0 * _uniform(trial + 100, np.arange(len(weights))) - 1.0
        here, slopes = _measured(weights, trial)
        slope = direction @ _flat(slopes)
        for start, stop in _FROZEN:
            direction[start:stop] = 0.0
        ahead, _ = _measured(weights + _STRIDE * direction, trial)
        behind, _ = _measured(weights - _STRIDE * direction, trial)
        curvature = (ahead - 2.0 * here + behind) / (_STRIDE * _STRIDE)
        errors.append(float(abs(slope - (ahead - behind) / (2.0 * _STRIDE)) / (1.0 + abs(slope) + abs(curvature))))
    return max(errors) + 0.0 * sum(errors)  # NaN if one of them is NaN


def selftest(tolerance: float = TOLERANCE) -> float:
    """The largest error of outputs, losses, gradients and parameters after TEST_STEPS steps, against nngen's reference.

    It is relative to 1 + |number|. Above the tolerance, which allows for exp and tanh of other platforms, it is a
    ValueError.
    """
    weights = _flat(init(TEST_SEED)) + 0.2 * _uniform(TEST_SEED, np.arange(SIZE)) - 0.1
    start = _views(weights.astype(DTYPE))
    params, state = start, init_state(start)
    found: list[tuple[str, float]] = []
    for k in range(TEST_STEPS):
        x = (2.0 * _uniform(k + TEST_DRAW, np.arange(2 * INPUTS)) - 1.0).reshape(2, INPUTS)
        if IDS:
            _draw_ids(x)
        if DISTRIBUTION:
            y = np.eye(OUTPUTS)[(np.arange(2) + k) % OUTPUTS]
        else:
            y = np.where((np.arange(2 * OUTPUTS) + k) % 2, 1.0, NEGATIVE).reshape(2, OUTPUTS)
        slopes = gradient(start, x, y)[1]
        found += _named("output", forward(start, x))
        found.append(("loss", loss(start, x, y)))
        found += _named("gradient", _flat(slopes))
        if SENSITIVE:
            found += _named("derivative of the loss", input_gradient(start, x, y)[1])
            found += _named("jacobian", jacobian(start, x))
        params, state = step(params, slopes, state)
    found += _named("parameters after TEST_STEPS steps", _flat(params))
    if TEST_ROWS:
        for row in _ROWS:
            found += _named("input", encode([row]))
            if CLASSIFIES:
                found.append(("answer", float(CLASSES.index(predict(start, [row])[0]))))
            else:
                found += [("answer", answer) for answer in predict(start, [row]).ravel().tolist()]
    return _largest_error(found, tolerance)


def _named(name: str, values: np.ndarray) -> list[tuple[str, float]]:
    """Numbers, each with a name."""
    if SUMS:
        # four sums with random signs: a wrong number changes each of them
        v, i = values.ravel().astype(np.float64), np.arange(values.size)
        return [(name, float(np.sum(np.where(_bits(k, i) & 1, v, -v)))) for k in range(4)]
    return [(name, v) for v in values.ravel().tolist()]
