"""Measures the effect of rounding on the reference: Monte Carlo arithmetic (Parker, Monte Carlo Arithmetic, UCLA
CSD-970002, 1997).

The reference runs with arrays in which every operation is off by one unit in the last place, up or down at random. The
change of its results shows what rounding can decide, and how far a page may be off, wherever numbers cancel.

A page and the reference round each operation by half of that or less. So their distance is a random sum of about the
size of one such change. It hardly ever exceeds ``BOUND`` times the largest of ``SHAKES`` changes: with normal numbers,
with a probability below 10^-9. A wrong term of a formula gives 10^10 of them and more.
"""

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from unittest import mock

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]

EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}
SHAKES = 10
"""The largest number of runs of the reference with random rounding."""
NEAR = 2.0
"""ULP: a page that is as near needs no further runs."""
BOUND = 8.0
"""ULP."""

SMALLEST = 5e-324
"""The smallest number above 0; results below 1e-307 are multiples of it."""
TINY = 1e-300
"""Below it, numbers begin to lose digits."""

EXACT = {np.negative, np.absolute, np.maximum, np.minimum, np.sign, np.floor}
"""Operations without rounding. Sums are not among them: they round elsewhere in another order."""


class Shaken(NDArray[np.float64]):
    """An array that rounds each operation at random."""

    random: ClassVar[np.random.Generator]
    epsilon: ClassVar[float]

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **more: Any) -> Any:
        """Compute, and change the result by a unit in the last place; in a sum, by one of all its terms.

        Whole numbers stay: activations have them as exact limits, such as the 0 of relu. Beyond 2^52, where all floats
        are whole, they change.
        """
        parts = [_plain(part) for part in inputs]
        if more.get("out") is not None:
            more["out"] = tuple(map(_plain, more["out"]))
        found = getattr(ufunc, method)(*parts, **more)
        if not isinstance(found, np.ndarray | np.float64) or found.dtype != np.float64:
            return found
        found = np.asanyarray(found)
        if ufunc not in EXACT:
            size = _size(ufunc, method, parts, more, found)
            shift = np.copysign(np.maximum(self.epsilon * size, SMALLEST), self.random.random(np.shape(found)) - 0.5)
            moved = found + shift * ((size != np.rint(size)) | (size >= 1.0 / EPSILON["float64"]))
            if more.get("out") is None:
                found = moved
            else:
                found[...] = moved
        return found.view(Shaken)

    def __array_function__(self, function: Any, types: Any, arguments: Any, more: Any) -> Any:
        """Keep this kind of array in functions such as ``where``."""
        found = super().__array_function__(function, types, arguments, more)
        return found.view(Shaken) if isinstance(found, np.ndarray) and found.dtype == np.float64 else found


def _plain(part: Any) -> Any:
    return part.view(np.ndarray) if isinstance(part, Shaken) else part


def _size(ufunc: np.ufunc, method: str, parts: list[Any], more: dict[str, Any], found: Any) -> Array:
    """The size that decides the unit in the last place: the result; for sums, the sum of all absolute terms."""
    sizes = [np.abs(part) for part in parts]
    if ufunc is np.subtract:
        return np.asarray(np.add(*sizes))
    if ufunc in (np.add, np.matmul):
        kept = {name: value for name, value in more.items() if name != "out"}
        return np.asarray(getattr(ufunc, method)(*sizes, **kept))
    return np.asarray(np.abs(found))


def shaken(values: Array) -> Array:
    """The array as a ``Shaken`` one, with its numbers rounded at random."""
    found: Array = values.view(Shaken) * 1.0
    return found


@contextlib.contextmanager
def shaking(epsilon: float, seed: int) -> Iterator[None]:
    """Within this context, NumPy keeps ``Shaken`` arrays, which round by this unit."""
    Shaken.random, Shaken.epsilon = np.random.default_rng(seed), epsilon
    with mock.patch.object(np, "asarray", np.asanyarray):
        yield


@contextlib.contextmanager
def wide() -> Iterator[None]:
    """Within this context, the reference computes in long double, up to 1e4932, so that nothing overflows.

    If a machine's long double is a double, more disagreements are found, since nothing then excuses the reference.
    """
    with mock.patch.object(np, "float64", np.longdouble):
        yield


Results = Mapping[str, Array]


@dataclass(frozen=True)
class Found:
    """A disagreement: the result, the page, and the distance in ULP."""

    what: str
    page: str
    ulp: float
    raw: float
    """The distance in ULP of the result alone, without the effect of rounding on the reference."""

    @property
    def width(self) -> str:
        """The width of the page's floats."""
        return "float32" if "float32" in self.page else "float64"


class DisagreementError(AssertionError):
    """A module disagrees with the reference."""


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values), initial=0.0))


class Unit:
    """The units of disagreement for floats of one width."""

    def __init__(self, width: str, still: Results, shaken: Callable[[float, int], Results]) -> None:
        self.width, self.still, self._shaken = width, still, shaken
        self.moved: list[Results] = []

    def apart(self, page: str, what: str, found: Array, wider: Results | None = None, of: Truth | None = None) -> Found:
        """The distance of a page's result from the reference: of all numbers, or of those that ``of`` marks.

        Raises:
            DisagreementError: it has another shape, and rounding gives none.
        """
        wanted, others = self.still[what], itertools.chain([] if wider is None else [wider], self._all_moved())
        if found.shape != wanted.shape:
            if any(one[what].shape != wanted.shape for one in others):  # rounding decides when training ends
                return Found(what, page, 0.0, 0.0)
            raise DisagreementError(f"{page}: {what} has the shape {found.shape}, expected {wanted.shape}")
        if of is None and not np.isfinite(wanted).all():
            return Found(what, page, 0.0, 0.0)  # what overflows, overflows at another place in another order
        wanted = wanted if of is None else np.where(of, wanted, 0.0)
        apart = _largest(found - wanted)
        if apart < TINY:
            return Found(what, page, 0.0, 0.0)
        unit = EPSILON[self.width] * 2.0 ** math.floor(math.log2(_largest(wanted))) if wanted.any() else 0.0
        raw = apart / unit if unit else math.inf
        ulp = raw if not math.isnan(raw) else math.inf
        for one in others:
            if ulp <= NEAR:
                break
            moved = math.inf
            if one[what].shape == wanted.shape:
                moved = _largest((one[what] if of is None else np.where(of, one[what], 0.0)) - wanted)
            if math.isnan(moved):  # of a subtraction of two large numbers, rounding can leave one that overflows
                moved = math.inf
            ulp = min(ulp, apart / moved) if moved else ulp
        return Found(what, page, ulp, raw)

    def _all_moved(self) -> Iterator[Results]:
        """The results of the reference with random rounding, computed on demand."""
        for number in range(SHAKES):
            if number == len(self.moved):
                self.moved.append(self._shaken(EPSILON[self.width], number))
            yield self.moved[number]


@dataclass(frozen=True)
class Ends:
    """The units of disagreement if some numbers are very large or very small.

    A unit is at least the distance of the reference from ``wider``, its own result where nothing overflows. If the
    reference is finite, a page must be, too. An exception is ``overflowing``: results for which the reference met an
    overflow. There other numbers overflow if factors have another order. Only numbers that are finite on both sides are
    compared, and none if training has continued from the others.
    """

    unit: Unit
    wider: Results
    overflowing: frozenset[str]

    def apart(self, page: str, what: str, found: Array) -> Found:
        """The distance of a page's result from the reference.

        Raises:
            DisagreementError: as ``Unit.apart``.
        """
        if what not in self.overflowing:
            return self.unit.apart(page, what, found, self.wider)
        wanted = self.unit.still[what]
        if what in ("fit", "history") or found.shape != wanted.shape:
            return Found(what, page, 0.0, 0.0)
        both = np.isfinite(found) & np.isfinite(wanted)
        return self.unit.apart(page, what, np.where(both, found, 0.0), self.wider, both)


def judged(found: list[Found]) -> list[Found]:
    """The disagreements, if all of them are within the bound."""
    for one in found:
        if not one.ulp <= BOUND:
            raise DisagreementError(f"{one.page}: {one.what} differs by {one.ulp:.3g} ULP")
    return found
