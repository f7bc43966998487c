"""The fixed functions of Python modules in the integers of TensorFlow Lite."""

import operator

# what they take


def _bytes(x: list[int], count: int) -> list[int]:
    """The inputs as whole numbers."""
    found = [operator.index(q) for q in x]
    if len(found) != count or not all(-128 <= q <= 127 for q in found):
        raise ValueError(f"expected {count} whole numbers from -128 to 127, got {x!r:.80}")
    return found


def _dense(
    a: list[int],
    weights: list[list[int]],
    biases: list[int],
    multipliers: list[int],
    shifts: list[int],
    zero: int,
    low: int,
    high: int,
) -> list[int]:
    """Weighted sums, each times multiplier / 2^shift, rounded to the nearest, with the zero point, from low to high."""
    several, found = len(multipliers) > 1, []
    for i, (row, bias) in enumerate(zip(weights, biases)):
        total, k = bias + sum(w * q for w, q in zip(row, a)), i if several else 0
        q = (total * multipliers[k] + (1 << shifts[k] - 1) >> shifts[k]) + zero
        found.append(low if q < low else high if q > high else q)
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


def _softmax(a: list[int], exponentials: list[int]) -> list[int]:
    """The shares of activations in units of 1/256, less 128."""
    largest = max(a)
    e = [exponentials[largest - q] if largest - q < len(exponentials) else 0 for q in a]
    total = sum(v + 2048 >> 12 for v in e)
    places = 32 - total.bit_length()
    scale = _reciprocal((total << places) - 2**31)
    bits = 12 - places + 23
    return [min((_high(scale, v) + (1 << bits - 1) >> bits) - 128, 127) for v in e]


def _twice(q: int, scale: tuple[int, int]) -> int:
    """A number times multiplier / 2^shift, rounded twice: by 2^31, then by the rest, a half away from 0 (gemmlowp)."""
    multiplier, shift = scale
    high, bits = _high(q, multiplier), shift - 31
    size = abs(high) + (1 << bits >> 1) >> bits
    return size if high >= 0 else -size


def _added(
    a: list[int],
    b: list[int],
    zeros: tuple[int, int],
    scales: tuple[tuple[int, int], tuple[int, int]],
    scale: tuple[int, int],
    zero: int,
    low: int,
    high: int,
) -> list[int]:
    """The sums of two vectors, each brought to one scale with 20 binary digits more, then rescaled."""
    found = []
    for p, q in zip(a, b):
        total = _twice(p - zeros[0] << 20, scales[0]) + _twice(q - zeros[1] << 20, scales[1])
        found.append(min(max(_twice(total, scale) + zero, low), high))
    return found


def _multiplied(
    a: list[int], b: list[int], zeros: tuple[int, int], scale: tuple[int, int], zero: int, low: int, high: int
) -> list[int]:
    """The products of two vectors, rescaled."""
    products = ((p - zeros[0]) * (q - zeros[1]) for p, q in zip(a, b))
    return [min(max(_twice(product, scale) + zero, low), high) for product in products]
