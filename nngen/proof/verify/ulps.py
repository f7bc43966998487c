"""Distances between numbers in units in the last place, and how much rounding changes the reference."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.proof.reference import Array, Network, nearer_to_zero
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


ALLOWED = 2.0**12
"""Allowed distance from the reference in units in the last place: 12 digits agree, or 3 with 32 bits.

Module and reference add in different orders and use different forms of a function. Over the committed modules and the
networks of the tests, in every form, the largest distance was 256 with 64 bits and 118 with 32.
"""

PERTURBATION = 16.0
"""Perturbation of the parameters in units in the last place, to see whether rounding matters.

The reference also rounds activations differently. If tanh is nearly 1, only that has an effect: 1 - a * a is then
mostly rounding.
"""

SENSITIVE = ALLOWED / 4.0
"""The largest effect of rounding on a result that is judged by ``ALLOWED``."""

MISTAKE_FACTOR = 64.0
"""A sensitive result is wrong if its distance is this many times the effect of rounding."""


def beside(flat: Array, dtype: str, random: np.random.Generator) -> Array:
    """Parameters, shape ``(size,)``, changed by a few units in the last place."""
    return flat * (1.0 + PERTURBATION * EPSILON[dtype] * random.normal(size=len(flat)))


def rounded(spec: Spec, dtype: str, random: np.random.Generator) -> Network:
    """A reference that rounds about half of all activations differently."""
    return Network(spec, lambda a: nearer_to_zero(a, random.integers(0, 2, np.shape(a)), EPSILON[dtype]))
