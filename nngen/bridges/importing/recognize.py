"""Which activation of the catalogue a function is, whatever operators it is put together from.

Exporters write SiLU, GELU or softplus in many ways, so functions are compared by their values: at some thousand points,
among them all where a function of its numbers may have a kink. A function that no activation equals becomes a formula.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.expressions import Expression, Z
from nngen.bridges.importing.expressions import function as compiled
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.loss import LOG_SOFTMAX
from nngen.common.records import dataclass
from nngen.mathematics.catalogue import ACTIVATIONS, Activation, Option
from nngen.mathematics.formulas import TextError, line, normal_form

CLOSE = 1e-7
"""The largest difference of an activation from its name's function, as a share of the largest of z, its value and 1.

The root of 2 in float32, as in the GELU of many files, moves values by 2e-8; the next different function is farther.
"""

EXACT = 1e-12
"""A difference up to this is rounding; a larger one is worth a note."""

WIDE = 30.0
"""Between -30 and 30 a function must be finite; beyond, its form in the file may overflow."""

KNOWN = sorted((entry for entry in ACTIVATIONS.values() if not entry.across), key=lambda entry: len(entry.options))
"""The activations of one number, those without options first."""

NAMES = {"abs(z)": "absolute", "exp(z)": "exponential", "z - tanh(z)": "tanh_shrink"}
"""Names of functions that the catalogue does not have."""


@dataclass(frozen=True)
class Found:
    """An activation of the catalogue, or a formula under a name of its own."""

    name: str
    options: Mapping[str, float]
    formula: str = ""
    difference: float = 0.0
    """The largest difference of its values, as a share of the largest of z, its value and 1."""


def activation(function: Expression) -> Found | None:
    """The activation that a function of one number is; None if the catalogue has no such function."""
    points = _points(function)
    values = np.broadcast_to(np.asarray(function(points), np.float64), points.shape)
    for entry in KNOWN:
        options = entry.options
        tried = [
            (_difference(values, of(entry, option)(points), points), option)
            for option in (_options(function, options[0]) if options else (0.0,))
        ]
        difference, option = min(tried)
        if difference <= CLOSE:
            return Found(entry.name, {options[0].name: option} if options else {}, "", difference)
    return None


@cache
def of(entry: Activation, option: float) -> Expression:
    """An activation with an option, which is left out where it has none."""
    given: dict[str, Expression | float] = {"z": Z, **{one.name: option for one in entry.options}}
    for step in map(line, entry.steps):
        given[step.name] = compiled(step.formula.text, *given)(*given.values())
    found: Expression = compiled(entry.value, *given)(*given.values())
    return found


def everywhere(function: Expression) -> bool:
    """Whether a function of one number is finite for all numbers of a usual size."""
    points = _points(function)
    values = np.broadcast_to(np.asarray(function(points), np.float64), points.shape)
    return bool(np.isfinite(values[np.abs(points) <= WIDE]).all())


def formula(function: Expression, number: int) -> Found | None:
    """A function of one number as a formula, with a name by its number; None if it cannot be written."""
    try:
        text = normal_form(function.formula(), {"z": "the weighted sum"}).text
        return Found(NAMES.get(text, f"activation{number}"), {}, text)
    except (UnfitError, TextError):
        return None


def across(function: Expression, width: int) -> tuple[str, float] | None:
    """The function of a whole vector that this is, by its name, and its epsilon; None if it is none.

    It is a softmax, its logarithm, or a layer or RMS normalization.
    """
    if width < 2:
        return None
    rng = np.random.Generator(np.random.PCG64(0))
    z = rng.standard_normal((48, width)) * 10.0 ** rng.integers(-4, 2, (48, 1)) + rng.standard_normal((48, 1))
    values = np.broadcast_to(np.asarray(function(z), np.float64), z.shape)
    shifted = z - z.max(axis=-1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    for name, known in ("softmax", np.exp(log_softmax)), (LOG_SOFTMAX, log_softmax):
        if _difference(values, known, z) <= CLOSE:
            return name, 0.0
    centred = z - z.mean(axis=-1, keepdims=True)
    for epsilon in (number for number in function.numbers if 0.0 < number < 1.0):
        for name, vector in ("layer_norm", centred), ("rms_norm", z):
            known = vector / np.sqrt((vector**2).mean(axis=-1, keepdims=True) + epsilon)
            if _difference(values, known, z) <= CLOSE:
                return name, epsilon
    return None


def _points(function: Expression) -> Array:
    """Where functions are compared: a grid, large and small numbers, and all places where this one may have a kink."""
    numbers = np.array([value for value in function.numbers if np.isfinite(value)] or [1.0])
    with np.errstate(all="ignore"):
        pairs = [numbers[:, None] + numbers, numbers[:, None] - numbers, numbers[:, None] / numbers]
    places = np.concatenate([numbers, *(pair.ravel() for pair in pairs)])
    places = np.unique(places[np.isfinite(places)])
    near = np.concatenate([places, places + 1e-6, places - 1e-6])
    sizes = np.logspace(-8, 3, 67)
    points = np.concatenate([np.linspace(-12.0, 12.0, 961), sizes, -sizes, near, -near])
    return np.unique(points[np.abs(points) <= 1e3])


def _options(function: Expression, option: Option) -> Iterator[float]:
    """The numbers that an option may have: those of the function, their inverses and sixths, and the default."""
    default = 0.0 if option.default is None else option.default
    yield default
    for value in function.numbers:
        for candidate in (value, -value, *((1.0 / value, value / 6.0) if value else ())):
            if (option.above is None or candidate > option.above) and (
                option.least is None or candidate >= option.least
            ):
                yield default if np.float32(candidate) == np.float32(default) else candidate


def _difference(values: Array, known: Array, z: Array) -> float:
    """The largest difference; infinite where a function is not finite though z is not large."""
    finite = np.isfinite(values)
    if not finite[np.abs(z) <= WIDE].all():
        return np.inf
    size = np.maximum(np.maximum(1.0, np.abs(z)), np.abs(known))
    with np.errstate(all="ignore"):
        return float(np.where(finite, np.abs(values - known) / size, 0.0).max())
