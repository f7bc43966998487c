"""The fixed functions of NumPy modules: a module gets those that it names, and those that these name."""

import math

import numpy as np

# what modules state themselves
LAYOUT = "a layout"
COLUMNS = ("age", "town")
CATEGORIES = {"town": ("Seoul", "Paris")}
_PLACES = {"town": {"Seoul": 0, "Paris": 1}}
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA")
_SHAPES = ((2, 3), (2,))


def pack(params: list[np.ndarray]) -> list[float]:
    """The parameters as a flat list, in the order of PARAMETERS."""
    flat: list[float] = np.concatenate([p.ravel() for p in params]).tolist()
    return flat


def unpack(flat: list[float] | np.ndarray) -> list[np.ndarray]:
    """The parameters from a flat list, in the order of PARAMETERS."""
    return _views(np.array(flat))


def init(seed: int = 1) -> list[np.ndarray]:
    """Initial parameters."""
    return _views(_uniform(seed, np.arange(8)))


def _flat(params: list[np.ndarray]) -> np.ndarray:
    """The parameters in a flat array."""
    return np.concatenate([p.ravel() for p in params])


def _measured(flat: np.ndarray, trial: int) -> tuple[float, list[np.ndarray]]:
    """The loss of four random examples and its gradient."""
    return float(flat[0]) * trial, _views(np.zeros_like(flat))


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


def _place(column: str, value: object, missing: str | None = None, unknown: int | None = None) -> int:
    """The place of a text among those of a column."""
    return _PLACES[column].get(str(value), unknown or 0)


def _date(column: str, value: object, form: str, missing: int | None = None) -> int:
    """The seconds from the start of 1970 to a date."""
    return missing or 0


# what they take


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
        numbers[np.isnan(numbers)] = np.nan if missing is None else missing
        if (np.abs(numbers) <= 1e100).all():
            return numbers
    return _each(enumerate(_number(column, value, missing) for value in values))


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


def _calendar(seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The year and the month of a date, by eras of 400 years that begin in March."""
    era, day = (seconds // 86400 + 719468) // 146097, (seconds // 86400 + 719468) % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    month = ((5 * (day - 365 * year - year // 4 + year // 100) + 2) // 153 + 2) % 12 + 1
    return 400 * era + year + (month < 3), month


def _year(seconds: np.ndarray) -> np.ndarray:
    """The year of a date."""
    return _calendar(seconds)[0]


def _month(seconds: np.ndarray) -> np.ndarray:
    """The month of a date, from 1."""
    return _calendar(seconds)[1]


def _days(seconds: np.ndarray, since: int) -> np.ndarray:
    """The days since another date; a time is a fraction of a day."""
    return (seconds - since) / 86400


def _weekday(seconds: np.ndarray) -> np.ndarray:
    """The day of the week, 0 for Monday."""
    return (seconds // 86400 + 3) % 7


def _hour(seconds: np.ndarray) -> np.ndarray:
    """The hour of the day; minutes and seconds are a fraction of an hour."""
    return seconds % 86400 / 3600


def _sine(value: np.ndarray, period: float) -> np.ndarray:
    """The sine of a value that begins again after a period."""
    return np.sin(2.0 * np.pi * (value / period))


def _cosine(value: np.ndarray, period: float) -> np.ndarray:
    """The cosine of a value that begins again after a period."""
    return np.cos(2.0 * np.pi * (value / period))


def _one_hot(column: str, values: np.ndarray, missing: str | None = None, unknown: int | None = None) -> np.ndarray:
    """1 for the category of a column, 0 for the others; missing is the category of a missing value, "" for none."""
    places = _each(enumerate(_place(column, value, missing, unknown) for value in values))
    one_hot: np.ndarray = places[:, np.newaxis] == np.arange(len(CATEGORIES[column]))
    return one_hot.astype(np.float64)


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
    views, stop = [], 0
    for shape in _SHAPES:
        start, stop = stop, stop + math.prod(shape)
        views.append(flat[start:stop].reshape(shape))
    return views


def _masked(values: object) -> bool:
    """Whether some values are masked, also in a list, where NumPy drops the mask."""
    return any(map(_masked, values)) if isinstance(values, (list, tuple)) else bool(np.ma.is_masked(values))


# the step of differences
_STRIDE = 1e-6


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
