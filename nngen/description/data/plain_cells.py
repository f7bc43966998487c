"""Numbers in plain writing from the bytes of many cells, without a text for each: ``-12.5`` is -(12 * 10 + 5) / 10.

Eight digits are a word of eight bytes; three products add them (Lemire, "Quickly parsing eight digits", 2018). Whole
numbers below 2**53 and powers of ten up to 10**22 are exact as floats, so their quotient is the float that is nearest
to the text, as ``float`` gives it (Clinger, "How to read floating point numbers accurately", 1990).
"""

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.floats import Array

DIGITS = 8
"""Digits before and after the point, at most."""

EXACT = 15
"""Digits of a whole number that is exact as a float."""

AT_ONCE = 50_000
"""Cells whose arrays stay in the cache."""

_Places = NDArray[np.intp]

_ZEROS, _POWERS = b"0" * DIGITS, 10.0 ** np.arange(DIGITS + 1)
_SIXES, _HIGH = np.uint64(0x0606060606060606), np.uint64(0xF0F0F0F0F0F0F0F0)
_PAIRS, _HUNDREDS, _ONES = (np.uint64(word) for word in (0x000000FF000000FF, 0x000F424000000064, 0x0000271000000001))
_EIGHT, _SIXTEEN, _HALF, _TEN = (np.uint64(number) for number in (8, 16, 32, 10))


def numbers_of_cells(block: bytes, starts: _Places, ends: _Places, points: _Places) -> tuple[Array, NDArray[np.bool_]]:
    """The numbers of cells, and which cells are none or are not in plain writing.

    Args:
        block: the bytes of the cells.
        starts: where each cell starts, shape ``(cells,)``.
        ends: where it ends.
        points: where its point is; its end if it has none, and -1 if it has several.

    Returns:
        The numbers, NaN for an empty cell, and where they mean nothing; both have the shape ``(cells,)``.
    """
    codes = np.frombuffer(_ZEROS + block, np.uint8)
    words = np.ndarray(len(block) + 1, "<u8", codes, 0, (1,))  # word k: the eight bytes before byte k of the block
    values, wrong = np.empty(len(starts)), np.empty(len(starts), np.bool_)
    for begin in range(0, len(starts), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        start, point, end = starts[part], points[part], ends[part]
        negative = codes[np.minimum(start + DIGITS, len(codes) - 1)] == ord("-")
        sizes = np.stack([point - start - negative, np.maximum(end - point - 1, 0)])
        halves, no_digits = _digits(words[np.stack([np.maximum(point, 0), end])], np.clip(sizes, 0, DIGITS))
        scale = _POWERS[np.clip(sizes[1], 0, DIGITS)]
        found = (halves[0] * scale + halves[1]) / scale
        np.negative(found, found, where=negative)
        found[start == end] = np.nan
        values[part] = found
        unlike = (sizes[0] <= 0) & (start < end) | (sizes[1] == 0) & (point < end)  # such as -, .5 and 5.
        wrong[part] = unlike | no_digits.any(0) | (sizes.max(0) > DIGITS) | (sizes.sum(0) > EXACT)
    return values, wrong


def _digits(words: NDArray[np.uint64], sizes: _Places) -> tuple[Array, NDArray[np.bool_]]:
    """The numbers that the last ``sizes`` bytes of words write, and which of these bytes are no digits."""
    shift = ((DIGITS - sizes) * 8).astype(np.uint64) % np.uint64(64)
    words ^= np.frombuffer(_ZEROS, "<u8")
    words = np.where(sizes > 0, words >> shift << shift, np.uint64(0))
    wrong = ((words | (words + _SIXES)) & _HIGH) != 0
    words = words * _TEN + (words >> _EIGHT)
    words = ((words & _PAIRS) * _HUNDREDS + (words >> _SIXTEEN & _PAIRS) * _ONES) >> _HALF
    return words.astype(np.float64), wrong
