"""The activations: against the textbook with many digits, against differences, and against SymPy."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.formulas.lines import line
from nngen.proof.reference.functions import FUNCTIONS
from tests.support.activations import ROWS, ends, textbook, x
from tests.support.catalogues import (
    EXTREME,
    Array,
    activate,
    along_each,
    defaults,
    differences,
    follow,
    is_zero,
    others,
    read,
    sympy,
    value,
)
from tests.support.modules import TARGETS

SETTINGS = [
    pytest.param(name, options, id=f"{name}-{kind}")
    for name, entry in ACTIVATIONS.items()
    for kind, options in {"own": defaults(entry), **({"other": others(entry)} if entry.options else {})}.items()
    if not entry.across
]
"""Every activation by the unit, with its own options and with others."""
POINTS = [*EXTREME, -2.999, *np.random.default_rng(8).uniform(-40.0, 40.0, 12).tolist()]
SMOOTH = ("linear", "sigmoid", "tanh")


def exact(expression: Any, z: float) -> float:
    """The value of an expression, computed with 500 digits, because 1 + exp(-1000) needs 435."""
    return float(sympy.sympify(expression).subs(x, sympy.Rational(z)).evalf(500, maxn=4000))


def allowance(name: str, z: float, expected: float) -> float:
    """The allowed error of a value: 4 units in the last place, or more as docs/formulas.md says."""
    # what is too small for a number of full length is a multiple of the smallest one, z times
    off = 4.0 * math.ulp(expected) + abs(z) * math.ulp(0.0)
    match name:
        case "gelu_tanh":  # the rounding of z^3 in an exponent
            return off + 4.0 * z * z * math.ulp(expected)
        case "hard_sigmoid":  # above its lower kink, where slope z and 1/2 cancel
            return off + math.ulp(0.5)
    return off


def test_every_activation_is_tested() -> None:
    assert list(ROWS) == list(ACTIVATIONS)


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_activations_are_right_to_the_last_digits(name: str, options: Mapping[str, float]) -> None:
    formula = textbook(name, options)
    for z in POINTS:
        expected = exact(formula, z)
        for target in TARGETS:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                a = float(activate(name, z, options, target))
            assert abs(a - expected) <= allowance(name, z, expected), (z, target)


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_slopes_are_right_to_the_last_digits(name: str, options: Mapping[str, float]) -> None:
    entry, formula = ACTIVATIONS[name], textbook(name, options)
    derivative = sympy.diff(formula, x)
    kinks = [end for end, kink in ends(formula) if kink]
    for z in POINTS:
        if z in kinks:
            continue
        expected = exact(derivative, z)
        for target in TARGETS:
            letters = {"z": z, "a": float(activate(name, z, options, target)), **options}
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                slope = float(value(entry.slope or "0.0", letters, target))
            assert abs(slope - expected) <= 8.0 * math.ulp(max(1.0, abs(expected))), (z, target)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("target", TARGETS)
def test_only_the_steps_answer_nan(name: str, target: str) -> None:
    entry = ACTIVATIONS[name]
    if entry.across:
        assert np.isnan(activate(name, np.array([0.0, math.nan]))).all()
    else:
        a = float(activate(name, math.nan, target=target))
        assert math.isnan(a) == entry.learns


@pytest.mark.parametrize("z", [-1e308, -1000.0, 1000.0, 1e308])
def test_activations_at_the_ends_of_the_numbers(z: float) -> None:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert activate("sigmoid", np.array([z])) == (z > 0)
        assert activate("tanh", np.array([z])) == math.copysign(1.0, z)
        assert activate("relu", np.array([z])) == max(z, 0.0)
        assert activate("softmax", np.array([z / 2, -z / 2])).tolist() == [float(z > 0), float(z < 0)]


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_slopes_are_the_differences_of_the_values(name: str, options: Mapping[str, float]) -> None:
    z = np.linspace(-8.0, 8.0, 1601)
    for end, _ in ends(textbook(name, options)):
        z = z[np.abs(z - end) > 0.003]
    slope = value(ACTIVATIONS[name].slope or "0.0", {"z": z, "a": activate(name, z, options), **options})
    measured = differences(lambda z: activate(name, z, options), z)
    np.testing.assert_allclose(slope * np.ones_like(z), measured, atol=2e-11)


def test_the_slope_at_the_kink_is_what_the_remark_says() -> None:
    assert ACTIVATIONS["relu"].remark == "the slope at z = 0 is set to 0"
    assert value(ACTIVATIONS["relu"].slope or "", {"z": 0.0}, "python") == 0.0
    assert ACTIVATIONS["step"].remark == "the value at z = 0 is 0"
    assert value(ACTIVATIONS["step"].value, {"z": 0.0}, "python") == 0.0


@pytest.mark.parametrize("name", ["gelu", "gaussian"])
@pytest.mark.parametrize("z", [-1e308, -1e160, 1e160, 1e308])
def test_no_square_of_a_large_number_is_taken(name: str, z: float) -> None:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert activate(name, np.array([z])) == (max(z, 0.0) if name == "gelu" else 0.0)


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_kinks_and_jumps_are_the_decisions_of_the_reference(name: str, options: Mapping[str, float]) -> None:
    for end, _ in ends(textbook(name, options)):
        z = np.array([end])
        a = np.broadcast_to(activate(name, z, options), z.shape)
        np.testing.assert_allclose(a, FUNCTIONS[name][0](z, **options), rtol=1e-15, atol=1e-16, err_msg=str(end))
        if not ACTIVATIONS[name].learns:
            continue
        slope = value(ACTIVATIONS[name].slope or "", {"z": z, "a": a, **options})
        expected = FUNCTIONS[name][1](z, a, np.ones(1), **options)
        np.testing.assert_allclose(slope * np.ones(1), expected, rtol=1e-15, err_msg=str(end))


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_the_reference_is_the_same_function(name: str, options: Mapping[str, float]) -> None:
    """Also close to its kinks, where a wrong bound would show."""
    kinks = [end for end, _ in ends(textbook(name, options))]
    z = np.array([*np.linspace(-9.0, 9.0, 37), *(end + off for end in kinks for off in (-0.004, 0.004))])
    a, (forward, back) = activate(name, z, options) * np.ones_like(z), FUNCTIONS[name]
    np.testing.assert_allclose(forward(z, **options), a, rtol=1e-12, atol=1e-15)
    if ACTIVATIONS[name].learns:
        slope = value(ACTIVATIONS[name].slope or "", {"z": z, "a": a, **options}) * np.ones_like(z)
        np.testing.assert_allclose(back(z, a, np.ones_like(z), **options), slope, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("spread", [0.1, 1.0, 30.0])
def test_softmax_and_its_way_back(spread: float) -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        z, da = random.normal(size=(2, 5)) * spread
        a = activate("softmax", z)
        powers = [sympy.exp(sympy.Rational(number)) for number in z.tolist()]
        expected = [float((power / sum(powers)).evalf(30)) for power in powers]
        np.testing.assert_allclose(a, expected, rtol=1e-13)
        dz = follow(ACTIVATIONS["softmax"].back, {"a": a, "da": da})["dz"]
        np.testing.assert_allclose(dz, along_each(softmax_along(da), z), atol=1e-10 * spread)


def softmax_along(direction: Array) -> Callable[[Array], Any]:
    return lambda z: direction @ activate("softmax", z)


@pytest.mark.parametrize("name", SMOOTH)
def test_slopes_are_the_derivatives(name: str) -> None:
    a = textbook(name)
    assert is_zero(read(ACTIVATIONS[name].slope or "", {"a": a, "z": x}) - sympy.diff(a, x))


def test_the_way_back_through_softmax_is_the_jacobian() -> None:
    z, da = sympy.symbols("z1:4", real=True), sympy.symbols("d1:4", real=True)
    a = [sympy.exp(each) / sum(map(sympy.exp, z)) for each in z]
    flow, dz = (made.formula.text for made in map(line, ACTIVATIONS["softmax"].back))
    total = sum(read(flow, {"a": one, "da": d}) for one, d in zip(a, da, strict=True))
    for k in range(3):
        expected = sum(d * sympy.diff(one, z[k]) for one, d in zip(a, da, strict=True))
        assert is_zero(read(dz, {"a": a[k], "da": da[k], "flow": total}) - expected)
