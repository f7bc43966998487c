"""Distances between numbers in units in the last place."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nngen.proof.reference import Array
from nngen.proof.verify.child import CallError

FLOOR = 2.0**-7
"""The smallest magnitude for a unit in the last place. If terms cancel, only their rounding errors are left."""

MAX_BITS = 1_023
"""Bits of an integer that is certainly a finite float."""

EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


@dataclass(frozen=True)
class Distance:
    """The largest error among numbers: its size, its index, the number of the module and that of the reference."""

    ulps: float
    place: int
    actual: float
    expected: float


class NotJudged(Exception):  # noqa: N818 (it is no error)
    """The reason why a result cannot be judged."""


def distance(actual: ArrayLike, expected: ArrayLike, dtype: str) -> Distance:
    """The largest distance between numbers and the expected numbers, arrays of any shape.

    The unit in the last place is that of the largest expected magnitude, at least that of ``FLOOR``. Numbers that
    overflow in the reference or in this width do not count.

    Raises:
        CallError: there are more or fewer numbers than expected.
    """
    left, right = np.asarray(actual, np.float64).ravel(), np.asarray(expected, np.float64).ravel()
    if len(left) != len(right):
        raise CallError("", f"returns {len(left)} numbers instead of {len(right)}")
    with np.errstate(over="ignore"):
        judged = np.isfinite(right.astype(dtype))
    if not judged.any():
        return Distance(0.0, 0, 0.0, 0.0)
    size = max(FLOOR, float(np.abs(right[judged]).max()))
    unit = 2.0 ** np.floor(np.log2(size)) * EPSILON[dtype]
    with np.errstate(all="ignore"):
        errors: Array = np.where(judged, np.abs(left - right) / unit, 0.0)
    errors = np.where(np.isnan(errors), np.inf, errors)
    worst = int(errors.argmax())
    return Distance(float(errors[worst]), worst, float(left[worst]), float(right[worst]))


def shaped(value: Any, shape: tuple[int, ...], what: str) -> Any:
    """Check the shape of nested lists and return them.

    Raises:
        CallError: they have another shape.
    """
    if not _has(value, shape):
        raise CallError("", f"{what} does not have the shape {shape}" if shape else f"{what} is not a number")
    return value


def _has(value: Any, shape: tuple[int, ...]) -> bool:
    if not shape:
        return isinstance(value, float) or (type(value) is int and value.bit_length() <= MAX_BITS)
    return isinstance(value, list) and len(value) == shape[0] and all(_has(item, shape[1:]) for item in value)
