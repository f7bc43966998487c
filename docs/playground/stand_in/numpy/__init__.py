"""What nngen needs of NumPy to read small tables, in plain Python, with the same bits: browsers have no NumPy.

A test compares each function with NumPy. Arrays have one or two axes; numbers are Python's. What is not here raises
AttributeError, and so is not answered wrongly.
"""

import builtins
import math
import operator
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise

nan, inf, pi = math.nan, math.inf, math.pi


class float64(float):  # noqa: N801 (the names are NumPy's)
    """A type of elements."""


class intp(int):  # noqa: N801
    """A type of elements."""


class uint8(int):  # noqa: N801
    """A type of elements."""


int32 = int64 = intp


class uint32(int):  # noqa: N801
    """An integer from 0 to 2**32 - 1."""

    def __new__(cls, value=0):
        """The value without what does not fit."""
        return int.__new__(cls, int(value) & 0xFFFFFFFF)


bool_ = bool


class ndarray:  # noqa: N801
    """An array: its elements row by row, and its shape."""

    __slots__ = ("_made", "flat", "shape")

    def __init__(self, flat, shape, made=float):
        self.flat, self.shape, self._made = flat, shape, made

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __repr__(self):
        return f"array({self.tolist()})"

    @property
    def ndim(self):
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self):
        """The number of elements."""
        return len(self.flat)

    @property
    def T(self):  # noqa: N802
        """Rows as columns."""
        if self.ndim == 1:
            return self
        rows, columns = self.shape
        return ndarray(
            [self.flat[i * columns + j] for j in range(columns) for i in range(rows)], (columns, rows), self._made
        )

    def tolist(self):
        """The elements as lists."""
        return list(self.flat) if self.ndim == 1 else [row.flat for row in self]

    def ravel(self):
        """The elements row by row."""
        return ndarray(self.flat, (len(self.flat),), self._made)

    def reshape(self, _, width):
        """Rows of so many elements."""
        return ndarray(self.flat, (len(self.flat) // width, width), self._made)

    def astype(self, made, copy=True):
        """The elements as another type."""
        made = _type(made)
        return ndarray([*map(made, self.flat)], self.shape, made)

    def copy(self):
        """An array of its own."""
        return ndarray(list(self.flat), self.shape, self._made)

    def _row(self, i):
        width = self.shape[1]
        return ndarray(self.flat[i * width : (i + 1) * width], (width,), self._made)

    def _rows(self, chosen):
        if self.ndim == 1:
            return ndarray([self.flat[i] for i in chosen], (len(chosen),), self._made)
        found = [value for i in chosen for value in self._row(i).flat]
        return ndarray(found, (len(chosen), self.shape[1]), self._made)

    def __getitem__(self, key):
        if isinstance(key, tuple):
            rows, column = key
            if column is None:  # a column of one element a row
                return ndarray(list(self.flat), (len(self), 1), self._made)
            if isinstance(rows, int):
                return self._row(rows % len(self))[column]
            found = self[rows].T[column]
            return found.T if isinstance(column, slice) else found
        if isinstance(key, slice):
            return self._rows(range(*key.indices(len(self))))
        if isinstance(key, ndarray | list):
            places = key.flat if isinstance(key, ndarray) else key
            if places and isinstance(places[0], bool):
                places = [i for i, chosen in enumerate(places) if chosen]
            return self._rows(places)
        key = operator.index(key)
        if not -len(self) <= key < len(self):
            raise IndexError(key)
        return self.flat[key] if self.ndim == 1 else self._row(key % len(self))

    def __setitem__(self, key, value):
        places = range(*key.indices(len(self))) if isinstance(key, slice) else [key]
        if isinstance(key, ndarray | list):
            places = [i for i, chosen in enumerate(key) if chosen] if _is_mask(key) else list(key)
        values = value if isinstance(value, ndarray) else [value] * len(places)
        for place, one in zip(places, values, strict=True):
            self.flat[place] = self._made(one)

    def any(self):
        """Whether one is true."""
        return builtins.any(self.flat)

    def all(self):
        """Whether all are true."""
        return builtins.all(self.flat)

    def sum(self):
        """The sum, by pairs as NumPy adds."""
        return _added(self.flat)

    def mean(self, axis=None):
        """The mean of all, or of each column."""
        if axis == 0:
            return ndarray([column.mean() for column in self.T], (self.shape[1],))
        return _added(self.flat) / len(self.flat)

    def min(self):
        """The smallest; NaN if there is one."""
        return nan if builtins.any(v != v for v in self.flat) else builtins.min(self.flat)

    def max(self):
        """The largest; NaN if there is one."""
        return nan if builtins.any(v != v for v in self.flat) else builtins.max(self.flat)


def _is_mask(key):
    first = next(iter(key), None)
    return isinstance(first, bool)


def _added(values):
    """A sum in the order of NumPy: eight sums up to 128 values, halves above."""
    if len(values) < 8:
        total = values[0] if values else 0.0
        for value in values[1:]:
            total += value
        return total
    if len(values) <= 128:
        sums = list(values[:8])
        whole = len(values) - len(values) % 8
        for i in range(8, whole):
            sums[i % 8] += values[i]
        a, b, c, d, e, f, g, h = sums
        total = ((a + b) + (c + d)) + ((e + f) + (g + h))
        for value in values[whole:]:
            total += value
        return total
    half = len(values) // 2
    half -= half % 8
    return _added(values[:half]) + _added(values[half:])


def _paired(left, right):
    """Two operands with the same shape, and this shape."""
    shapes = [one.shape for one in (left, right) if isinstance(one, ndarray)]
    shape = builtins.max(shapes, key=lambda one: (len(one), one[-1] * one[0]))
    if len(shapes) == 2 and shapes[0] != shapes[1]:  # one value a row beside one a column
        shape = builtins.max(shapes, key=len)
        tall, wide = (left, right) if len(left.shape) == 2 else (right, left)
        width = wide.shape[-1]
        spread = {
            id(tall): [v for v in tall.flat for _ in range(width)] if tall.shape[1] == 1 else tall.flat,
            id(wide): wide.flat * tall.shape[0],
        }
        return spread[id(left)], spread[id(right)], (tall.shape[0], width)
    size = math.prod(shape)
    return *(one.flat if isinstance(one, ndarray) else [one] * size for one in (left, right)), shape


def _binary(function: Callable, turned: bool = False):
    def method(self, other):
        if isinstance(other, list | tuple):
            other = array(other)
        first, second, shape = _paired(*((other, self) if turned else (self, other)))
        found = [function(a, b) for a, b in zip(first, second, strict=True)]
        wrapped = uint32 if self._made is uint32 and found and not isinstance(found[0], bool) else None
        made = wrapped or (type(found[0]) if found else self._made)
        return ndarray([*map(uint32, found)] if wrapped else found, shape, made)

    return method


def _divided(a, b):
    return a / b if b else nan if a != a or not a else math.copysign(inf, a) * math.copysign(1.0, b)


for _name, _function in {
    **{
        name: getattr(operator, name)
        for name in ("add", "sub", "mul", "pow", "floordiv", "mod", "eq", "ne", "lt", "le", "gt", "ge")
    },
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "rshift": operator.rshift,
    "truediv": _divided,
}.items():
    setattr(ndarray, f"__{_name}__", _binary(_function))
    if _name in ("add", "sub", "mul", "truediv", "and", "or", "xor"):
        setattr(ndarray, f"__r{_name}__", _binary(_function, turned=True))
ndarray.__hash__ = None
ndarray.__invert__ = lambda self: ndarray([not value for value in self.flat], self.shape, bool)
ndarray.__neg__ = lambda self: ndarray([-value for value in self.flat], self.shape, self._made)


def _type(made):
    return {float64: _float, float: _float, intp: int, uint8: int, object: _same}.get(made, made)


def _same(value):
    return value


def _float(value=0.0):
    return nan if value is None else float(value)


def array(values, dtype=None):
    """An array of numbers, or of rows of numbers."""
    if isinstance(values, ndarray):
        return values.copy() if dtype is None else values.astype(dtype)
    rows = [row.tolist() if isinstance(row, ndarray) else row for row in values]
    nested = builtins.bool(rows) and isinstance(rows[0], list | tuple)
    flat = [value for row in rows for value in row] if nested else rows
    if nested and builtins.any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("rows of different lengths")
    made = _type(dtype)
    if made is None:
        made = float if builtins.any(isinstance(value, float) for value in flat) or not flat else type(flat[0])
    return ndarray([*map(made, flat)], (len(rows), len(rows[0])) if nested else (len(rows),), made)


def asarray(values, dtype=None):
    """The array itself, or a new one."""
    return values if isinstance(values, ndarray) and dtype in (None, intp, float64) else array(values, dtype)


def zeros(count, dtype=float):
    """Zeros."""
    return full(count, 0, dtype)


def full(count, value, dtype=int):
    """The same value so many times."""
    return ndarray([_type(dtype)(value)] * count, (count,), _type(dtype))


empty = zeros


def zeros_like(values):
    """Zeros."""
    return ndarray([values._made(0)] * values.size, values.shape, values._made)


def fromiter(values, dtype, _=-1):
    """The elements of an iterable."""
    return array(list(values), dtype)


def frombuffer(content, _):
    """The bytes as numbers."""
    return ndarray(list(content), (len(content),), int)


def ones(count, dtype=float):
    """Ones."""
    return ndarray([_type(dtype)(1)] * count, (count,), _type(dtype))


def reshape(values, shape):
    """The elements in another shape."""
    return ndarray(list(values), shape)


def arange(count, dtype=int):
    """The numbers from 0 on."""
    return ndarray([*map(_type(dtype), range(count))], (count,), _type(dtype))


def _each(function, made=float):
    return lambda values: (
        ndarray([*map(function, values.flat)], values.shape, made) if isinstance(values, ndarray) else function(values)
    )


isnan = _each(lambda value: value != value, bool)
isfinite = _each(math.isfinite, bool)
abs = _each(builtins.abs)  # noqa: A001
rint = _each(lambda value: float(round(value)) if math.isfinite(value) else value)
sin, cos, sqrt = _each(math.sin), _each(math.cos), _each(math.sqrt)


def where(condition, first, second):
    """The first where the condition holds, the second elsewhere."""
    chosen = condition.flat
    a, b = (one.flat if isinstance(one, ndarray) else [one] * len(chosen) for one in (first, second))
    return ndarray([x if yes else y for yes, x, y in zip(chosen, a, b, strict=True)], condition.shape)


def all(values):  # noqa: A001
    """Whether all are true."""
    return values.all() if isinstance(values, ndarray) else builtins.all(values)


def any(values):  # noqa: A001
    """Whether one is true."""
    return values.any() if isinstance(values, ndarray) else builtins.any(values)


def sum(values):  # noqa: A001
    """The sum; of truth values, how many are true."""
    flat = values.flat if isinstance(values, ndarray) else list(values)
    return builtins.sum(flat) if flat and isinstance(flat[0], bool) else _added(flat)


def max(values):  # noqa: A001
    """The largest."""
    return values.max()


def nanmin(values):
    """The smallest number."""
    return builtins.min(value for value in values.flat if value == value)


def nanmax(values):
    """The largest number."""
    return builtins.max(value for value in values.flat if value == value)


def flatnonzero(values):
    """The places of what is not zero."""
    return array([i for i, value in enumerate(values.flat) if value], int)


def diff(values, prepend=None, append=None):
    """The differences of neighbours."""
    flat = [*([] if prepend is None else [prepend]), *values.flat, *([] if append is None else [append])]
    return array([b - a for a, b in pairwise(flat)])


def sort(values, kind=""):
    """The values in their order, NaN last."""
    return ndarray(sorted(values.flat, key=lambda value: (value != value, value)), values.shape, values._made)


def partition(values, _):
    """The numbers in order: that is more than is asked for."""
    return sort(values)


def argpartition(values, _):
    """The places in the order of the values: that is more than is asked for."""
    return argsort(values)


def searchsorted(ordered, values):
    """The first places at which the values keep the order."""
    return array([bisect_left(ordered.flat, value) for value in values], int)


def bincount(places, weights=None, minlength=0):
    """How often each number stands there, or the sums of their weights."""
    made = int if weights is None else float
    found = [made(0)] * builtins.max(minlength, builtins.max(places.flat, default=-1) + 1)
    for place, weight in zip(places.flat, [1] * len(places) if weights is None else weights.flat, strict=True):
        found[place] += weight
    return array(found, made)


def count_nonzero(values):
    """How many are not zero."""
    return builtins.sum(map(bool, values.flat))


def array_equal(first, second):
    """Whether all elements are equal."""
    return first.shape == second.shape and first.flat == second.flat


def isin(values, listed):
    """Whether each value is listed."""
    known = {*listed}
    return ndarray([value in known for value in values.flat], values.shape, bool)


class _Extreme:
    """The smaller or the larger of two, for each element."""

    def __init__(self, of):
        self._of = of

    def __call__(self, first, second):
        return _binary(self._of)(first, second)

    def reduceat(self, values, starts):
        """The smallest or largest of the values from each start to the next."""
        ends = [*starts.flat[1:], len(values)]
        return array([self._of(values.flat[start:end]) for start, end in zip(starts.flat, ends, strict=True)])


minimum, maximum = _Extreme(builtins.min), _Extreme(builtins.max)


def argmax(values, axis=None):
    """The first place of the largest, of all or in each row."""
    if axis == 1:
        return array([argmax(row) for row in values], int)
    return values.flat.index(builtins.max(values.flat))


def argsort(values, kind=""):
    """The places in the order of the values; equal ones keep their order."""
    return array(sorted(range(len(values)), key=values.flat.__getitem__), int)


def lexsort(keys):
    """The places in the order of the last key, then of the one before."""
    last = [*reversed([key.flat for key in keys])]
    return array(sorted(range(len(last[0])), key=lambda i: [key[i] for key in last]), int)


def unique(values, return_inverse=False, return_counts=False):
    """The different values in their order; the place of each value among them; how often each is there."""
    flat = values.flat if isinstance(values, ndarray) else list(values)
    numbers = sorted({value for value in flat if value == value})
    numbers += [nan] if builtins.any(value != value for value in flat) else []
    found = [ndarray(numbers, (len(numbers),), type(flat[0]) if flat else float)]
    place = {value: i for i, value in enumerate(numbers)}
    inverse = array([place.get(value, len(numbers) - 1) for value in flat], int)
    found += [inverse] if return_inverse else []
    found += [bincount(inverse, minlength=len(numbers))] if return_counts else []
    return tuple(found) if len(found) > 1 else found[0]


def concatenate(arrays):
    """The rows of several arrays."""
    first = arrays[0]
    flat = [value for one in arrays for value in one.flat]
    return ndarray(flat, (builtins.sum(map(len, arrays)), *first.shape[1:]), first._made)


def column_stack(arrays):
    """Columns side by side."""
    columns = [column for one in arrays for column in ([one] if one.ndim == 1 else one.T)]
    rows = len(columns[0])
    return ndarray([float(column.flat[i]) for i in range(rows) for column in columns], (rows, len(columns)))


def corrcoef(*columns):
    """The correlations of two columns, or of a list of columns, as a matrix."""
    apart = [one - one.mean() for one in (columns if len(columns) > 1 else columns[0])]
    sizes = [math.sqrt((one * one).sum()) for one in apart]
    return array(
        [
            [_divided((a * b).sum(), s * t) for b, t in zip(apart, sizes, strict=True)]
            for a, s in zip(apart, sizes, strict=True)
        ]
    )


def cumsum(values):
    """The sums of the elements up to each."""
    return array([*accumulate(values.flat)], values._made)


class errstate:  # noqa: N801
    """Nothing warns here."""

    def __init__(self, **_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def __getattr__(name: str) -> Iterator[None]:
    raise AttributeError(f"a browser has no NumPy, and nngen's stand-in has no {name}")
