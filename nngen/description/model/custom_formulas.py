"""Custom activations and losses: their models, and the catalogue entries made from them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from nngen.common.text import joined
from nngen.description.model.fields import Model, Number
from nngen.description.model.names import NOT_NAMES, SCRIPT_GLOBALS, SCRIPT_WORDS, Name, bare_name, pattern
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, Activation, Loss
from nngen.mathematics.formulas import (
    FUNCTIONS,
    MAX_LENGTH,
    MAX_TEXT,
    Formula,
    FormulaError,
    TextError,
    derivative,
    normal_form,
    number,
)

MAX_CUSTOM = 20
"""Custom formulas of each kind. Each is tried at some hundred points, which takes some milliseconds."""

MAX_DERIVED = MAX_LENGTH - 20
"""Characters of a derived slope, which leave room for the factors that a page adds to it."""

LARGEST_TARGET = 1e18
"""The bound on the size of targets, as in the catalogue: the squares of larger ones overflow in 32 bits."""

_Z = {"z": "the weighted sum"}
_OF_Z = {**_Z, "a": "the value"}
_OF_A = {"a": "an output", "y": "its target"}


_CUSTOM_NAME = pattern({*NOT_NAMES, *SCRIPT_WORDS, *SCRIPT_GLOBALS, *LOSSES, *FUNCTIONS})
"""The JSON Schema keywords for the name of a custom formula."""


def _custom_name(name: str) -> str:
    bare_name(name)
    if name in LOSSES or name in FUNCTIONS:
        raise ValueError(f"{name!r} exists already; choose another name")
    return name


def _formula(variables: Mapping[str, str], needed: str = "") -> AfterValidator:
    """Check that a text is a formula of these variables and depends on the needed one."""

    def check(text: str) -> str:
        found = normal_form(text, variables)
        if needed and needed not in found.variables:
            raise TextError(f"the formula does not depend on {needed}, {variables[needed]}", 0, len(text))
        return text

    return AfterValidator(check)


def _text(variables: Mapping[str, str], needed: str = "") -> Any:
    """The field of a formula's text; its JSON Schema checks as much as a pattern can."""
    words = "|".join((*FUNCTIONS, *variables))
    has = rf"(?=[\s\S]*\b{needed}\b)" if needed else ""
    extra: dict[str, Any] = {
        "pattern": rf"^{has}(?:[\s\d.+*/(),<>=-]|(?<=[\d.])[eE](?=[-+\d])|\b(?:{words})\b)*$",
        "patternErrorMessage": f"A formula has numbers, {joined(variables, 'and')}, + - * / **, ( ), and functions.",
    }
    return Field(strict=True, max_length=MAX_TEXT, json_schema_extra=extra)


def _in_order(ends: tuple[float | None, ...]) -> tuple[float | None, ...]:
    low, high = ends
    if low is not None and high is not None and low >= high:
        raise ValueError(f"expected the smaller number first, got {low:g} and {high:g}")
    return ends


def _below_the_largest(ends: tuple[float | None, ...]) -> tuple[float | None, ...]:
    for end in ends:
        if end is not None and abs(end) >= LARGEST_TARGET:
            raise ValueError(f"expected numbers below {LARGEST_TARGET:g} in size, got {end:g}")
    return ends


CustomName = Annotated[Name, Field(json_schema_extra=_CUSTOM_NAME), AfterValidator(_custom_name)]
Interval = Annotated[
    tuple[Number | None, ...],
    Field(min_length=2, max_length=2),
    AfterValidator(_in_order),
    AfterValidator(_below_the_largest),
]


class CustomActivation(Model):
    """A custom activation."""

    value: Annotated[str, _text(_Z, "z"), _formula(_Z, "z")]
    """The value, a formula of the weighted sum `z`."""
    slope: Annotated[str, _text(_OF_Z), _formula(_OF_Z)] | None = None
    """The derivative with respect to `z`, a formula of `z` and the value `a`; by default nngen derives it."""
    bounds: Interval = (None, None)
    """The smallest and the largest value, `null` for no bound; some losses need them."""

    @model_validator(mode="after")
    def _has_a_slope(self) -> Self:
        self.formulas()
        return self

    def formulas(self) -> tuple[Formula, Formula]:
        """The value and the slope, in normal form."""
        return _formulas(self.value, self.slope, "z")


class CustomLoss(Model):
    """A custom loss: one term for each output."""

    value: Annotated[str, _text(_OF_A, "a"), _formula(_OF_A, "a")]
    """The value, a formula of the output `a` and its target `y`."""
    slope: Annotated[str, _text(_OF_A), _formula(_OF_A)] | None = None
    """The derivative with respect to `a`, a formula of `a` and `y`; by default nngen derives it."""
    outputs: Interval = (None, None)
    """The smallest and the largest output that the loss accepts, `null` for no bound."""
    targets: Interval = (None, None)
    """The smallest and the largest target that the loss accepts, `null` for no bound."""

    @model_validator(mode="after")
    def _has_a_slope(self) -> Self:
        _, slope = self.formulas()
        if not slope.variables:
            raise ValueError(f"a loss with the constant slope {slope.text} has no minimum")
        return self

    def formulas(self) -> tuple[Formula, Formula]:
        """The value and the slope, in normal form."""
        return _formulas(self.value, self.slope, "a")


@lru_cache(maxsize=8 * MAX_CUSTOM)
def _formulas(value: str, slope: str | None, variable: str) -> tuple[Formula, Formula]:
    variables = _OF_Z if variable == "z" else _OF_A
    formula = normal_form(value, variables)
    if slope is not None:
        return formula, normal_form(slope, variables)
    try:
        derived = derivative(formula, variable)
    except FormulaError:
        derived = None
    if derived is None or len(derived.text) > MAX_DERIVED:
        raise ValueError(f"the derivative has more than {MAX_DERIVED} characters; write a shorter one as `slope`")
    return formula, derived


def activations(custom: Mapping[str, CustomActivation]) -> Mapping[str, Activation]:
    """The activations of the catalogue and the custom ones."""
    return {**ACTIVATIONS, **{name: _activation(name, entry) for name, entry in custom.items()}}


def losses(custom: Mapping[str, CustomLoss]) -> Mapping[str, Loss]:
    """The losses of the catalogue and the custom ones."""
    return {**LOSSES, **{name: _loss(name, entry) for name, entry in custom.items()}}


def ends(interval: tuple[float | None, ...], size: float) -> tuple[float, float]:
    """The ends of an interval; a missing end is ``size`` away from 0."""
    low, high = interval
    return -size if low is None else low, size if high is None else high


def _activation(name: str, custom: CustomActivation) -> Activation:
    value, slope = custom.formulas()
    return Activation(
        name=name,
        textbook=value.text,
        value=value.text,
        slope=None if slope.text == "0.0" else slope.text,
        bounds=ends(custom.bounds, float("inf")),
        rises=False,  # nobody knows
    )


def trial_targets(low: float, high: float) -> tuple[float, float]:
    """Two targets between ``low`` and ``high`` for checks of the gradient: 0 and 1, or the nearest two.

    >>> trial_targets(-10.0, 10.0), trial_targets(2.0, 9.0), trial_targets(-9.0, -2.5)
    ((0.0, 1.0), (2.0, 3.0), (-3.5, -2.5))
    """
    negative, positive = min(max(0.0, low), high), min(max(1.0, low), high)
    if negative < positive:
        return negative, positive
    return (low, min(high, low + 1.0)) if low > 0.0 else (max(low, high - 1.0), high)


def _loss(name: str, custom: CustomLoss) -> Loss:
    value, slope = custom.formulas()
    low, high = ends(custom.targets, LARGEST_TARGET)
    negative_target, trial_target = trial_targets(low, high)
    entry = Loss(
        name=name,
        textbook=value.text,
        value=value.text,
        slope=slope.text,
        bounds=ends(custom.outputs, float("inf")),
        negative_target=negative_target,
        trial_target=trial_target,
    )
    if custom.targets == (None, None):
        return entry
    condition, in_words = f"{number(low)} <= y <= {number(high)}", f"numbers from {low:g} to {high:g}"
    return replace(entry, target=condition, targets=in_words)
