"""Numeric trials of custom formulas: the value is finite, and the slope is its derivative.

At fixed points, the value and the slope must be finite real numbers, and the slope must agree with finite differences
of the value. The differences are extrapolated to a width of 0 (Richardson, Phil. Trans. R. Soc. A 210, 1911), once from
the widths h and h / 2 and once from h / 2 and h / 4. If the two results differ, because of rounding or of a kink or a
jump nearby, the point is skipped.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from nngen.common.records import dataclass
from nngen.description.model import CustomActivation, CustomLoss, ends
from nngen.mathematics.formulas import Computation, Formula, FormulaError, UndefinedError, computation, derivative

REACH = 20.0
"""Without bounds, formulas are tried from -20 to 20; weighted sums of networks that learn stay in this range."""

WIDTH = 1e-3
"""Half the width of the widest difference; the remaining error, of order h^4, is then about as large as rounding."""

TOLERANCE = 1e-5
"""The allowed relative difference between a slope and the finite differences."""

ROUNDING = 1e-15
"""The rounding error of a value, relative to the largest intermediate value: a few units in the last place."""

STEEP = 10.0
"""The largest relative change of a value within the width of a difference; beyond it, the value oscillates."""

DECIDED = 0.25
"""The share of points that must not be skipped; a bell curve is too flat at half of the points."""

PROVED = 160
"""Formulas whose trials are not repeated: a page that reads its spec at each key has the same ones."""

_Z = tuple(sorted((REACH * u * abs(u) for u in ((k + 0.37) / 60.0 for k in range(-60, 60))), key=abs))
"""Points that are dense near 0 and avoid round numbers, where kinks are: 0.0008, -0.0022, 0.01, ..."""


@dataclass(eq=False)
class UnprovedError(ValueError):
    """A formula failed its trial: the field with the mistake, and in ``label`` the point and the numbers there."""

    field: str
    message: str
    label: str = ""
    advice: str = ""


Function = Callable[[float], tuple[float, float]]
"""The value at a point, and the largest absolute intermediate value."""


@dataclass(frozen=True)
class _Trial:
    """A point, its description, the slope there, and the width of the differences around it."""

    point: float
    place: str
    value: Function
    slope: float
    width: float


@lru_cache(maxsize=PROVED)
def prove_activation(custom: CustomActivation) -> None:
    """Try an activation and its slope.

    Raises:
        UnprovedError: the value or the slope is wrong at some point.
    """
    value, slope = custom.formulas()
    f, g = computation(value, "z"), computation(slope, "z", "a")
    derived = None if custom.slope else slope
    low, high = ends(custom.bounds, math.inf)
    trials = []
    for z in (0.0, 1.0, -1.0, REACH, -REACH, *_Z):
        place = f"z = {z:.4g}"
        a = _number(f, (z,), place)
        if not low <= a <= high:
            raise UnprovedError("bounds", "the value is outside the bounds", f"at {place} it is {a:.4g}")
        trials.append(_Trial(z, place, f, _number(g, (z, a), place, derived or "slope"), WIDTH))
    _compare(trials[5:], value, "z", custom.slope is not None)


@lru_cache(maxsize=PROVED)
def prove_loss(custom: CustomLoss) -> None:
    """Try a loss and its slope.

    Raises:
        UnprovedError: the value or the slope is wrong at some point.
    """
    value, slope = custom.formulas()
    f, g = computation(value, "a", "y"), computation(slope, "a", "y")
    derived = None if custom.slope else slope
    (low, high), (least, most) = _reach(custom.outputs), _reach(custom.targets)
    trials = []
    for y in (least, most, *(y for y in (0.0, 1.0) if least < y < most), *_between(least, most, 9)):
        for a in (low, high, *_between(low, high, 24)):
            place = f"a = {a:.4g}, y = {y:.4g}"
            _number(f, (a, y), place)
            width = min(WIDTH, (a - low) / 8.0, (high - a) / 8.0)
            trials.append(_Trial(a, place, _over(f, y), _number(g, (a, y), place, derived or "slope"), width))
    _compare([trial for trial in trials if trial.width > 0.0], value, "a", custom.slope is not None)


def _reach(interval: tuple[float | None, ...]) -> tuple[float, float]:
    """The interval in which a loss is tried."""
    low, high = interval
    if low is None:
        low = -REACH if high is None else min(-REACH, high - REACH)
    return low, max(REACH, low + REACH) if high is None else high


def _between(low: float, high: float, count: int) -> Sequence[float]:
    return [low + (high - low) * (k + 0.37) / count for k in range(count)]


def _over(f: Computation, y: float) -> Function:
    return lambda a: f(a, y)


def _number(f: Computation, point: Sequence[float], place: str, field: Formula | str = "value") -> float:
    """The value of a field, or of the derived slope, at a point; raises ``UnprovedError`` if there is none."""
    try:
        return f(*point)[0]
    except UndefinedError as error:
        if isinstance(field, Formula):
            message = f"the derivative is not a number at {place}: {error}"
            advice = f"the derivative is {field.text}; write a `slope` that has a value there"
            raise UnprovedError("value", message, "", advice) from None
        branches = any(name == "where" for name, _, _ in f.steps)
        advice = "both branches of `where` are computed, so both must be numbers" if branches else ""
        raise UnprovedError(field, f"not a number at {place}: {error}", "", advice) from None


def _compare(trials: Sequence[_Trial], value: Formula, variable: str, given: bool) -> None:
    """Compare the slopes with finite differences, at the points where these are reliable."""
    decided, wrong = 0, []
    for trial in trials:
        measured, doubt, height = _measured(trial)
        size = max(abs(measured), abs(trial.slope))
        tolerance = TOLERANCE * size + doubt
        if tolerance > 0.01 * size > 0.0 or size * trial.width > STEEP * (1.0 + height):
            continue
        decided += 1
        if abs(measured - trial.slope) > tolerance:
            label = f"at {trial.place} it is {trial.slope:.4g}, but finite differences of the value give {measured:.4g}"
            wrong.append((abs(measured - trial.slope) / (1.0 + size), label))
    if decided < DECIDED * len(trials):
        message = f"the slope could be checked at only {decided} of {len(trials)} points"
        raise UnprovedError("value", message, "", "the formula is too steep, too flat, or lost in rounding")
    if wrong:
        _, label = max(wrong)
        if given:
            raise UnprovedError("slope", "this is not the derivative of the value", label, _advice(value, variable))
        raise UnprovedError(
            "value", "nngen cannot derive the slope of this formula", label, "write the derivative as `slope`"
        )


def _measured(trial: _Trial) -> tuple[float, float, float]:
    """The slope by finite differences, its uncertainty, and the size of the value."""
    differences, largest, height = [], 0.0, 0.0
    for width in (trial.width, trial.width / 2.0, trial.width / 4.0):
        ahead, behind = trial.point + width, trial.point - width
        try:
            (above, size_above), (below, size_below) = trial.value(ahead), trial.value(behind)
        except UndefinedError as error:
            raise UnprovedError("value", f"not a number near {trial.place}: {error}") from None
        differences.append((above - below) / (ahead - behind))
        largest, height = max(largest, size_above, size_below), max(height, abs(above), abs(below))
    wide, middle, narrow = differences
    first, second = (4.0 * middle - wide) / 3.0, (4.0 * narrow - middle) / 3.0
    return first, 4.0 * abs(first - second) + ROUNDING * largest / trial.width, height


def _advice(value: Formula, variable: str) -> str:
    try:
        return f"remove it, and nngen uses {derivative(value, variable).text}"
    except FormulaError:  # too long
        return ""
