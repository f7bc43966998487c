"""The fixed functions of Python modules in integers, beside those of ``runtime.py``."""

import math
import operator

# what modules state themselves
COLUMNS = ("age", "town")
CATEGORIES = {"town": ("Seoul", "Paris")}
MISSING = -32768
_PLACES = {"town": {"Seoul": 0, "Paris": 1}}
_SPACE = " \t\n\v\f\r"


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing."""
    return value is None and value not in known


# what they take


def _units(column: str, value: object, unit: float, low: int, high: int) -> int:
    """The number of a column as a whole number of units, within its range."""
    if _missing(value):
        return MISSING
    try:
        number = float(str(value).strip(_SPACE)) / unit
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


def _filled(n: int, fill: int) -> int:
    """The number itself, or what a missing one counts as."""
    return fill if n == MISSING else n


def _scaled(n: int, low: int, high: int, multiplier: int, addend: int, shift: int) -> int:
    """The activation of a number of a row."""
    return ((_within(n, low, high) - low) * multiplier + addend >> shift) - 128


def _chosen(code: int, count: int, fill: int, one: int) -> list[int]:
    """The activations of a category: that of its own place stands for 1."""
    return [one if (fill if code == -2 else code) == i else 0 for i in range(count)]


def _products(w: list[int], x: list[int]) -> int:
    """The sum of products of weights and activations."""
    return sum(u * v for u, v in zip(w, x))


def _step(z: int, low: int, high: int, before: int, multiplier: int, after: int) -> int:
    """The place of a sum among equal steps from low to high: divided by 2^before, multiplied, divided by 2^after."""
    above = _within(z, low, high) - low
    return ((above + (1 << before >> 1) >> before) * multiplier + (1 << after >> 1)) >> after


def _softmax(sums: list[int], values: list[int], high: int, before: int, multiplier: int, after: int) -> list[int]:
    """The probabilities in units of 1/255, from the distance of each sum to the largest."""
    e = [values[_step(max(sums) - z, 0, high, before, multiplier, after)] for z in sums]
    return [(v * 255 + sum(e) // 2) // sum(e) for v in e]
