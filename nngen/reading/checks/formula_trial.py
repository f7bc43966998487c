"""Whether a formula of the user's own has a value wherever it is needed, and whether its slope is its derivative.

It is tried, not deduced: at points that are stated here, the value and the slope have to be finite real numbers, and
the slope has to be what differences of the value say. Those are extrapolated to a width of 0 (Richardson, Phil. Trans.
R. Soc. A 210, 1911), once from the widths h and h / 2 and once from h / 2 and h / 4, so that rounding and a kink or a
jump nearby show in how far the two are apart; where they show, the point is left out.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nngen.formulas import Computation, Formula, FormulaError, UndefinedError, computation, derivative
from nngen.spec import CustomActivation, CustomLoss, ends

REACH = 20.0
"""Formulas are tried from -20 to 20, where no end is given: weighted sums of networks that learn stay within."""

WIDTH = 1e-3
"""Half the width of the widest difference: the error that is left, of the order h^4, is then near that of rounding."""

TOLERANCE = 1e-5
"""By how much of itself a slope may differ from what differences say."""

ROUNDING = 1e-15
"""By how much of the largest number on the way to it a value may be off: some units of the last place."""

STEEP = 10.0
"""How many times its size a value may change within the width of a difference: it oscillates where it changes more."""

DECIDED = 0.25
"""The share of the points at which differences have to tell: of a bell curve half are too flat, 5 in 100 are rare."""

_Z = tuple(sorted((REACH * u * abs(u) for u in ((k + 0.37) / 60.0 for k in range(-60, 60))), key=abs))
"""Dense near 0, and no round numbers, at which kinks are: they begin with 0.0008, -0.0022 and 0.01."""


@dataclass(eq=False)
class UnprovedError(ValueError):
    """What is wrong with a field of a formula: ``label`` says what was met at which point."""

    field: str
    message: str
    label: str = ""
    advice: str = ""


Function = Callable[[float], tuple[float, float]]
"""The value at a point, and the size of the largest number on the way to it."""


@dataclass(frozen=True)
class _Trial:
    """A point, the same in words, the slope there, and the width of the differences about it."""

    point: float
    said: str
    value: Function
    slope: float
    width: float


def prove_activation(custom: CustomActivation) -> None:
    """Try an activation and its slope.

    Raises:
        UnprovedError: with a point at which something is wrong.
    """
    value, slope = custom.formulas()
    f, g = computation(value, "z"), computation(slope, "z", "a")
    derived = None if custom.slope else slope
    low, high = ends(custom.bounds, math.inf)
    trials = []
    for z in (0.0, 1.0, -1.0, REACH, -REACH, *_Z):
        said = f"z = {z:.4g}"
        a = _number(f, (z,), said)
        if not low <= a <= high:
            raise UnprovedError("bounds", "the value lies beyond them", f"at {said} it is {a:.4g}")
        trials.append(_Trial(z, said, f, _number(g, (z, a), said, derived or "slope"), WIDTH))
    _compare(trials[5:], value, "z", custom.slope is not None)


def prove_loss(custom: CustomLoss) -> None:
    """Try a loss and its slope.

    Raises:
        UnprovedError: with a point at which something is wrong.
    """
    value, slope = custom.formulas()
    f, g = computation(value, "a", "y"), computation(slope, "a", "y")
    derived = None if custom.slope else slope
    (low, high), (least, most) = _reach(custom.outputs), _reach(custom.targets)
    trials = []
    for y in (least, most, *(y for y in (0.0, 1.0) if least < y < most), *_between(least, most, 9)):
        for a in (low, high, *_between(low, high, 24)):
            said = f"a = {a:.4g}, y = {y:.4g}"
            _number(f, (a, y), said)
            width = min(WIDTH, (a - low) / 8.0, (high - a) / 8.0)
            trials.append(_Trial(a, said, _over(f, y), _number(g, (a, y), said, derived or "slope"), width))
    _compare([trial for trial in trials if trial.width > 0.0], value, "a", custom.slope is not None)


def _reach(interval: tuple[float | None, ...]) -> tuple[float, float]:
    """The ends between which a loss is tried."""
    low, high = interval
    if low is None:
        low = -REACH if high is None else min(-REACH, high - REACH)
    return low, max(REACH, low + REACH) if high is None else high


def _between(low: float, high: float, count: int) -> Sequence[float]:
    return [low + (high - low) * (k + 0.37) / count for k in range(count)]


def _over(f: Computation, y: float) -> Function:
    return lambda a: f(a, y)


def _number(f: Computation, point: Sequence[float], said: str, field: Formula | str = "value") -> float:
    """The value at a point, of the field or of the slope that was derived; there has to be one."""
    try:
        return f(*point)[0]
    except UndefinedError as error:
        if isinstance(field, Formula):
            message = f"its derivative is no number at {said}: {error}"
            advice = f"it is {field.text}; give a `slope` that has a value there, too"
            raise UnprovedError("value", message, "", advice) from None
        branches = any(name == "where" for name, _, _ in f.steps)
        advice = "both branches of `where` are computed, and both need a number" if branches else ""
        raise UnprovedError(field, f"no number at {said}: {error}", "", advice) from None


def _compare(trials: Sequence[_Trial], value: Formula, letter: str, given: bool) -> None:
    """Compare slopes with differences of the value, where these can tell."""
    decided, wrong = 0, []
    for trial in trials:
        measured, doubt, height = _measured(trial)
        size = max(abs(measured), abs(trial.slope))
        tolerance = TOLERANCE * size + doubt
        if tolerance > 0.01 * size > 0.0 or size * trial.width > STEEP * (1.0 + height):
            continue
        decided += 1
        if abs(measured - trial.slope) > tolerance:
            label = f"at {trial.said} it is {trial.slope:.4g}, differences of the value give {measured:.4g}"
            wrong.append((abs(measured - trial.slope) / (1.0 + size), label))
    if decided < DECIDED * len(trials):
        message = f"differences of the value tell its slope at only {decided} of {len(trials)} points"
        raise UnprovedError("value", message, "", "it is too steep, too flat, or lost in rounding")
    if wrong:
        _, label = max(wrong)
        if given:
            raise UnprovedError("slope", "this is not the derivative of the value", label, _advice(value, letter))
        raise UnprovedError("value", "the derivative that is found is wrong", label, "give it as `slope`")


def _measured(trial: _Trial) -> tuple[float, float, float]:
    """The slope by differences; how far kinks, jumps and rounding may move it; and the size of the value."""
    differences, largest, height = [], 0.0, 0.0
    for width in (trial.width, trial.width / 2.0, trial.width / 4.0):
        ahead, behind = trial.point + width, trial.point - width
        try:
            (above, one), (below, other) = trial.value(ahead), trial.value(behind)
        except UndefinedError as error:
            raise UnprovedError("value", f"no number near {trial.said}: {error}") from None
        differences.append((above - below) / (ahead - behind))
        largest, height = max(largest, one, other), max(height, abs(above), abs(below))
    wide, middle, narrow = differences
    first, second = (4.0 * middle - wide) / 3.0, (4.0 * narrow - middle) / 3.0
    return first, 4.0 * abs(first - second) + ROUNDING * largest / trial.width, height


def _advice(value: Formula, letter: str) -> str:
    try:
        return f"leave it out, and nngen derives {derivative(value, letter).text}"
    except FormulaError:  # too long
        return ""
