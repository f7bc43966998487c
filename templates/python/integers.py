"""The fixed functions of Python modules in integers, nngen's and those of TensorFlow Lite, beside ``runtime.py``."""

import math
import operator

# what modules state themselves
COLUMNS = ("age", "town")
CATEGORIES = {"town": ("Seoul", "Paris")}
MISSING = -32768
_KNOTS = [0, 2041]
_PLACES = {"town": {"Seoul": 0, "Paris": 1}}
_SPACE = " \t\n\v\f\r"


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing."""
    return value is None and value not in known


# what they take


def _units(column: str, value: object, unit: float, low: int, high: int, offset: float = 0.0) -> int:
    """The number of a column, less its offset, as a whole number of units, within its range."""
    if _missing(value):
        return MISSING
    try:
        number = (float(str(value).strip(_SPACE)) - offset) / unit
    except ValueError:
        raise ValueError(f"{column}: expected a number, got {value!r:.80}") from None
    return (
        MISSING if number != number else low if number <= low else high if number >= high else math.floor(number + 0.5)
    )


def _code(column: str, value: object) -> int:
    """The place of a category of a column, -1 for any other one, -2 for a missing value."""
    if _missing(value, _PLACES[column]):
        return -2
    return _PLACES[column].get(str(value).strip(_SPACE), -1)


def _row(row: list[int]) -> list[int]:
    """A row as whole numbers."""
    if len(row) != len(COLUMNS):
        raise ValueError(f"expected a whole number for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return [operator.index(n) for n in row]


def _within(n: int, low: int, high: int) -> int:
    """The number itself, or the nearer end of its range."""
    return low if n < low else high if n > high else n


def _scaled(n: int, fill: int, low: int, high: int, multiplier: int, shift: int) -> int:
    """The activation of a number of a row; a missing one counts as fill."""
    return ((_within(fill if n == MISSING else n, low, high) - low) * multiplier + (1 << shift >> 1) >> shift) - 127


def _clipped(n: int, fill: int, low: int, high: int, distance: int, center: int, first: int, multiplier: int) -> int:
    """The activation of the clip of a number of a row, which is on the line between two knots."""
    t = ((_within(fill if n == MISSING else n, low, high) - low) * distance + 2**14 >> 15) - center
    size, shift = abs(t), max(abs(t).bit_length() - 4, 8)
    place = 8 * (shift - 8) + (size >> shift)
    found = _KNOTS[place] + ((_KNOTS[place + 1] - _KNOTS[place]) * (size & (1 << shift) - 1) >> shift)
    return (((found if t > 0 else -found) - first) * multiplier + 2**23 >> 24) - 127


def _chosen(code: int, count: int, fill: int) -> list[int]:
    """The activations of a category: that of its own place stands for 1."""
    return [127 if (fill if code == -2 else code) == i else 0 for i in range(count)]


def _products(w: list[int], x: list[int]) -> int:
    """The sum of products of weights and activations."""
    return sum(u * v for u, v in zip(w, x))


def _step(z: int, low: int, high: int, before: int, multiplier: int, after: int) -> int:
    """The place of a sum among equal steps from low to high: divided by 2^before, multiplied, divided by 2^after."""
    above = _within(z, low, high) - low
    return ((above + (1 << before >> 1) >> before) * multiplier + (1 << after >> 1)) >> after


def _softmax(sums: list[int], values: list[int], *rescale: int) -> list[int]:
    """The probabilities in units of 1/255, from the distance of each sum to the largest."""
    e = [values[_step(max(sums) - z, *rescale)] for z in sums]
    return [(v * 255 + sum(e) // 2) // sum(e) for v in e]


def _two(sums: list[int], values: list[int], *rescale: int) -> list[int]:
    """The probabilities of two classes in units of 1/255, from the sum of the second."""
    second = values[_step(sums[0], *rescale)]
    return [255 - second, second]


def _input(x: list[int], count: int) -> list[int]:
    """The inputs as whole numbers."""
    found = [operator.index(q) for q in x]
    if len(found) != count or not all(-128 <= q <= 127 for q in found):
        raise ValueError(f"expected {count} whole numbers from -128 to 127, got {x!r:.80}")
    return found


def _clamped(q: int, zero: int, low: int, high: int) -> int:
    """A rescaled number with the zero point, from low to high."""
    return min(max(q + zero, low), high)


def _connected(
    a: list[int], weights: list[list[int]], biases: list[int], multipliers: list[int], shifts: list[int], *ends: int
) -> list[int]:
    """Weighted sums, each times multiplier / 2^shift, rounded to the nearest; one or several multipliers and shifts."""
    several, found = len(multipliers) > 1, []
    for i, (row, bias) in enumerate(zip(weights, biases)):
        total, k = bias + sum(w * q for w, q in zip(row, a)), i if several else 0
        found.append(_clamped(total * multipliers[k] + (1 << shifts[k] - 1) >> shifts[k], *ends))
    return found


def _high(a: int, b: int) -> int:
    """a * b / 2^31, rounded to the nearest; a half up."""
    return a * b + 2**30 >> 31


def _reciprocal(a: int) -> int:
    """2^31 / (1 + a / 2^31), by three steps of Newton's method (gemmlowp)."""
    half = a + 2**31 >> 1
    x = 1515870810 + _high(half, -1010580540)
    for _ in range(3):
        x += 4 * _high(x, 2**29 - _high(half, x))
    return min(2 * x, 2**31 - 1)


def _softmax_of_bytes(a: list[int], exponentials: list[int]) -> list[int]:
    """The shares of activations in units of 1/256, less 128."""
    largest = max(a)
    e = [exponentials[largest - q] if largest - q < len(exponentials) else 0 for q in a]
    total = sum(v + 2048 >> 12 for v in e)
    places = 32 - total.bit_length()
    scale = _reciprocal((total << places) - 2**31)
    bits = 12 - places + 23
    return [min((_high(scale, v) + (1 << bits - 1) >> bits) - 128, 127) for v in e]


def _twice(q: int, scale: list[int]) -> int:
    """A number times multiplier / 2^shift, rounded twice: by 2^31, then by the rest, a half away from 0 (gemmlowp)."""
    multiplier, shift = scale
    high, bits = _high(q, multiplier), shift - 31
    size = abs(high) + (1 << bits >> 1) >> bits
    return size if high >= 0 else -size


def _connected_twice(
    a: list[int], weights: list[list[int]], biases: list[int], multipliers: list[int], shifts: list[int], *ends: int
) -> list[int]:
    """Weighted sums, each times multiplier / 2^shift, rounded twice, as TensorFlow Lite Micro does."""
    several, found = len(multipliers) > 1, []
    for i, (row, bias) in enumerate(zip(weights, biases)):
        total, k = bias + sum(w * q for w, q in zip(row, a)), i if several else 0
        found.append(_clamped(_twice(total, [multipliers[k], shifts[k]]), *ends))
    return found


def _added(
    a: list[int], b: list[int], zeros: list[int], scales: list[list[int]], scale: list[int], *ends: int
) -> list[int]:
    """The sums of two vectors, each brought to one scale with 20 binary digits more, then rescaled."""
    found = []
    for p, q in zip(a, b):
        total = _twice(p - zeros[0] << 20, scales[0]) + _twice(q - zeros[1] << 20, scales[1])
        found.append(_clamped(_twice(total, scale), *ends))
    return found


def _multiplied(a: list[int], b: list[int], zeros: list[int], scale: list[int], *ends: int) -> list[int]:
    """The products of two vectors, rescaled."""
    return [_clamped(_twice((p - zeros[0]) * (q - zeros[1]), scale), *ends) for p, q in zip(a, b)]
