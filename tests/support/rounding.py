"""What rounding does to the reference: Monte Carlo arithmetic (Parker, Monte Carlo Arithmetic, UCLA CSD-970002, 1997).

The reference is run with arrays of which every operation gives a result that is off by one unit of its last place, up
or down at random, as no program in these floats can avoid. How far its results move by that is what rounding can decide
of them, and what a page may differ by: wherever numbers cancel, and whatever the network makes of it.

A page and the reference round each operation by half of what they are shaken by, or less. So they are apart by a random
sum of about the size of one such movement, and hardly ever by ``BOUND`` times the largest of ``SHAKES`` of them: were
they normal numbers, with a probability below 10^-9. A wrong term of a formula is apart by 10^10 of them and more.
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
"""How often the reference is shaken, at most."""
NEAR = 2.0
"""ULP: where a page is as near, the reference is shaken no more."""
BOUND = 8.0
"""ULP."""

SMALLEST = 5e-324
"""The smallest number above 0: of its multiples are the results below 1e-307."""
TINY = 1e-300
"""Below it, numbers begin to lose digits."""

EXACT = {np.negative, np.absolute, np.maximum, np.minimum, np.sign, np.floor}
"""What rounds nothing. Sums are in no such list: of another order, they round elsewhere."""


class Shaken(NDArray[np.float64]):
    """An array each of whose operations rounds at random."""

    random: ClassVar[np.random.Generator]
    epsilon: ClassVar[float]

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **more: Any) -> Any:
        """Compute, and change the result by a unit of the last place; of a sum, by one of all that it adds.

        Whole numbers stay as they are: they are the ends of activations, which are met exactly, such as the 0 of relu.
        Beyond 2^52 all floats are whole, and are moved.
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
        """What is no operation, such as ``where``, keeps this kind of array."""
        found = super().__array_function__(function, types, arguments, more)
        return found.view(Shaken) if isinstance(found, np.ndarray) and found.dtype == np.float64 else found


def _plain(part: Any) -> Any:
    return part.view(np.ndarray) if isinstance(part, Shaken) else part


def _size(ufunc: np.ufunc, method: str, parts: list[Any], more: dict[str, Any], found: Any) -> Array:
    """What the unit of the last place is taken of: the result, and of sums all that was added."""
    sizes = [np.abs(part) for part in parts]
    if ufunc is np.subtract:
        return np.asarray(np.add(*sizes))
    if ufunc in (np.add, np.matmul):
        kept = {name: value for name, value in more.items() if name != "out"}
        return np.asarray(getattr(ufunc, method)(*sizes, **kept))
    return np.asarray(np.abs(found))


def shaken(values: Array) -> Array:
    """The array as one of this kind, itself rounded at random."""
    found: Array = values.view(Shaken) * 1.0
    return found


@contextlib.contextmanager
def shaking(epsilon: float, seed: int) -> Iterator[None]:
    """While this lasts, NumPy keeps the kind of arrays, and they move by this unit."""
    Shaken.random, Shaken.epsilon = np.random.default_rng(seed), epsilon
    with mock.patch.object(np, "asarray", np.asanyarray):
        yield


@contextlib.contextmanager
def wide() -> Iterator[None]:
    """While this lasts, the reference computes in long double, where nothing overflows: it holds 1e4932.

    A machine whose long double is a double finds more disagreements, since then nothing excuses the reference.
    """
    with mock.patch.object(np, "float64", np.longdouble):
        yield


Results = Mapping[str, Array]


@dataclass(frozen=True)
class Found:
    """A disagreement: of what, on which page, in ULP."""

    what: str
    page: str
    ulp: float
    raw: float
    """The same without regard to how the reference itself moves."""

    @property
    def width(self) -> str:
        """That of the page's floats."""
        return "float32" if "float32" in self.page else "float64"


class DisagreementError(AssertionError):
    """A module that is not what the reference says."""


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values), initial=0.0))


class Unit:
    """The units in which results are apart, for floats of one width."""

    def __init__(self, width: str, still: Results, shaken: Callable[[float, int], Results]) -> None:
        self.width, self.still, self._shaken = width, still, shaken
        self.moved: list[Results] = []

    def apart(self, page: str, what: str, found: Array, wider: Results | None = None, of: Truth | None = None) -> Found:
        """How far a page's result is off: of all numbers, or those ``of`` which it is asked.

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
        """The results of the reference as rounding moves them, computed as far as they are asked for."""
        for number in range(SHAKES):
            if number == len(self.moved):
                self.moved.append(self._shaken(EPSILON[self.width], number))
            yield self.moved[number]


@dataclass(frozen=True)
class Ends:
    """The units in which results are apart where some numbers are very large or very small.

    A unit is at least what the reference is off from ``wider``, its own result where nothing overflows. Where the
    reference is finite, a page is, too. But ``overflowing`` are the results for which the reference met numbers that
    are too large on the way: there other numbers overflow if factors are in another order, and those that are finite on
    both sides are compared, unless training has gone on from the others.
    """

    unit: Unit
    wider: Results
    overflowing: frozenset[str]

    def apart(self, page: str, what: str, found: Array) -> Found:
        """How far a page's result is off.

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
    """What was found, if all of it is within the bound."""
    for one in found:
        if not one.ulp <= BOUND:
            raise DisagreementError(f"{one.page}: {one.what} differs by {one.ulp:.3g} ULP")
    return found
