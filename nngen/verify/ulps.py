"""How far numbers are apart, in units of the last place."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nngen.reference import Array
from nngen.verify.child import CallError

FLOOR = 2.0**-7
"""The least magnitude that a unit in the last place is taken of: where terms cancel, their rounding is left."""

MAX_BITS = 1_023
"""Bits of a whole number that is certainly a float, too."""

EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


@dataclass(frozen=True)
class Apart:
    """The largest error among numbers, and where: the place, what was found, what was expected."""

    ulps: float
    place: int
    found: float
    expected: float


class Unjudged(Exception):  # noqa: N818 (it is no error)
    """There is nothing to compare with; the reason."""


def apart(found: ArrayLike, expected: ArrayLike, dtype: str) -> Apart:
    """How far numbers are from those that are expected.

    A unit in the last place is that of the largest magnitude that is expected, or of ``FLOOR`` where that is larger.
    Where the reference overflows, there is nothing to compare with, nor where its number is too large for this width.

    Raises:
        CallError: they are not as many.
    """
    left, right = np.asarray(found, np.float64).ravel(), np.asarray(expected, np.float64).ravel()
    if len(left) != len(right):
        raise CallError("", f"gives {len(left)} numbers, not {len(right)}")
    with np.errstate(over="ignore"):
        judged = np.isfinite(right.astype(dtype))
    if not judged.any():
        return Apart(0.0, 0, 0.0, 0.0)
    size = max(FLOOR, float(np.abs(right[judged]).max()))
    unit = 2.0 ** np.floor(np.log2(size)) * EPSILON[dtype]
    with np.errstate(all="ignore"):
        errors: Array = np.where(judged, np.abs(left - right) / unit, 0.0)
    errors = np.where(np.isnan(errors), np.inf, errors)
    worst = int(errors.argmax())
    return Apart(float(errors[worst]), worst, float(left[worst]), float(right[worst]))


def shaped(value: Any, shape: tuple[int, ...], what: str) -> Any:
    """Nested lists of numbers, once they are known to have this shape.

    Raises:
        CallError: they have not.
    """
    if not _has(value, shape):
        raise CallError("", f"{what} has not the shape {shape}" if shape else f"{what} is no number")
    return value


def _has(value: Any, shape: tuple[int, ...]) -> bool:
    if not shape:
        return isinstance(value, float) or (type(value) is int and value.bit_length() <= MAX_BITS)
    return isinstance(value, list) and len(value) == shape[0] and all(_has(item, shape[1:]) for item in value)
