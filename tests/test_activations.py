"""The activations: against the textbook with many digits, against differences, and against SymPy."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from nngen.activations import ACTIVATIONS
from nngen.formula import line
from nngen.targets import TARGETS
from tests.catalogues import (
    EXTREME,
    Array,
    activate,
    along_each,
    defaults,
    differences,
    follow,
    is_zero,
    read,
    smooth,
    sympy,
    value,
)

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # of selu
SMOOTH = ("linear", "sigmoid", "tanh")
KINKED = {
    "step": (0.0,),
    "bipolar_step": (0.0,),
    "undecided_step": (-0.2, 0.2),
    "relu": (0.0,),
    "leaky_relu": (0.0,),
    "elu": (),
    "selu": (0.0,),
    "celu": (),
    "softsign": (),
    "hard_sigmoid": (-3.0, 3.0),
    "hard_tanh": (-1.0, 1.0),
    "relu6": (0.0, 6.0),
    "hard_swish": (-3.0, 3.0),
}
"""Where the activations that are not smooth have a jump or a kink; without one, it is in a derivative."""

STEPS = ("step", "bipolar_step", "undecided_step")


def sigmoid(x: Any) -> Any:
    return 1 / (1 + sympy.exp(-x))


def softplus(x: Any) -> Any:
    return sympy.log(1 + sympy.exp(x))


# As the textbook has them, of a symbol x; where there are several pieces, the one that holds at z.
TEXTBOOK: Mapping[str, Callable[[Any, float], Any]] = {
    "step": lambda x, z: sympy.Integer(z > 0),
    "bipolar_step": lambda x, z: sympy.Integer(1 if z > 0 else -1),
    "undecided_step": lambda x, z: sympy.Integer((z > 0.2) - (z < -0.2)),
    "linear": lambda x, z: x,
    "sigmoid": lambda x, z: sigmoid(x),
    "tanh": lambda x, z: sympy.tanh(x),
    "relu": lambda x, z: x if z > 0 else 0 * x,
    "leaky_relu": lambda x, z: x if z > 0 else sympy.Rational(0.01) * x,
    "elu": lambda x, z: x if z > 0 else sympy.exp(x) - 1,
    "selu": lambda x, z: sympy.Rational(SCALE) * (x if z > 0 else sympy.Rational(ALPHA) * (sympy.exp(x) - 1)),
    "celu": lambda x, z: x if z > 0 else sympy.exp(x) - 1,
    "gelu": lambda x, z: x * sympy.erfc(-x / sympy.sqrt(2)) / 2,
    "gelu_tanh": lambda x, z: x * sigmoid(2 * sympy.sqrt(2 / sympy.pi) * (x + sympy.Rational("0.044715") * x**3)),
    "silu": lambda x, z: x * sigmoid(x),
    "mish": lambda x, z: x * sympy.tanh(softplus(x)),
    "softplus": lambda x, z: softplus(x),
    "softsign": lambda x, z: x / (1 + x if z > 0 else 1 - x),
    "hard_sigmoid": lambda x, z: x / 6 + sympy.Rational(1, 2) if abs(z) < 3 else 0 * x + (z > 0),
    "relu6": lambda x, z: x if 0 < z < 6 else 0 * x + (6 if z > 0 else 0),
    "hard_tanh": lambda x, z: x if abs(z) < 1 else 0 * x + (1 if z > 0 else -1),
    "hard_swish": lambda x, z: x * (x + 3) / 6 if abs(z) < 3 else x if z > 0 else 0 * x,
    "scaled_tanh": lambda x, z: sympy.Rational("1.7159") * sympy.tanh(2 * x / 3),
    "gaussian": lambda x, z: sympy.exp(-(x**2)),
    "sine": lambda x, z: sympy.sin(x),
}
X = sympy.Symbol("x", real=True)


def exact(expression: Any, z: float) -> float:
    """An expression at a number, computed with 500 digits, of which 1 + exp(-1000) takes 435."""
    return float(sympy.sympify(expression).subs(X, sympy.Rational(z)).evalf(500, maxn=4000))


def ulps(name: str, z: float) -> float:
    """How many units of the last place a value may be off.

    Far out the bell curves are as exact as the rounding of z^2, or z^3, in their exponents allows.
    """
    return 4.0 + {"gelu": 2.0 * z * z, "gelu_tanh": 4.0 * z * z, "gaussian": z * z}.get(name, 0.0)


def test_every_activation_is_tested() -> None:
    assert {*TEXTBOOK, "softmax"} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", TEXTBOOK)
@pytest.mark.parametrize("target", TARGETS)
def test_activations_are_right_to_the_last_digits(name: str, target: str) -> None:
    entry = ACTIVATIONS[name]
    for z in EXTREME:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            a = float(value(entry.value, {"z": z, **defaults(entry)}, target))
        expected = exact(TEXTBOOK[name](X, z), z)
        # what is too small for a number of full length is a multiple of the smallest one, z times
        assert abs(a - expected) <= ulps(name, z) * math.ulp(expected) + abs(z) * math.ulp(0.0), z


@pytest.mark.parametrize("name", [name for name in TEXTBOOK if name not in STEPS])
@pytest.mark.parametrize("target", TARGETS)
def test_slopes_are_right_to_the_last_digits(name: str, target: str) -> None:
    entry = ACTIVATIONS[name]
    for z in EXTREME:
        if z in KINKED.get(name, ()):
            continue
        letters = {"z": z, **defaults(entry)}
        letters["a"] = float(value(entry.value, letters, target))
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            slope = float(value(entry.slope or "", letters, target))
        expected = exact(sympy.diff(TEXTBOOK[name](X, z), X), z)
        assert abs(slope - expected) <= 8.0 * math.ulp(max(1.0, abs(expected))), z


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("target", TARGETS)
def test_only_the_steps_answer_nan(name: str, target: str) -> None:
    entry = ACTIVATIONS[name]
    if entry.across:
        assert np.isnan(activate(name, np.array([0.0, math.nan]))).all()
    else:
        a = float(value(entry.value, {"z": math.nan, **defaults(entry)}, target))
        assert math.isnan(a) == (name not in STEPS)


@pytest.mark.parametrize("z", [-1e308, -1000.0, 1000.0, 1e308])
def test_activations_at_the_ends_of_the_numbers(z: float) -> None:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert activate("sigmoid", np.array([z])) == (z > 0)
        assert activate("tanh", np.array([z])) == math.copysign(1.0, z)
        assert activate("relu", np.array([z])) == max(z, 0.0)
        assert activate("softmax", np.array([z / 2, -z / 2])).tolist() == [float(z > 0), float(z < 0)]


@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if entry.slope])
def test_slopes_are_the_differences_of_the_values(name: str) -> None:
    z = np.linspace(-8.0, 8.0, 1601)
    for kink in (0.0, *KINKED[name]) if name in KINKED else ():
        z = z[np.abs(z - kink) > 0.003]
    options = defaults(ACTIVATIONS[name])
    slope = value(ACTIVATIONS[name].slope or "", {"z": z, "a": activate(name, z), **options})
    np.testing.assert_allclose(slope * np.ones_like(z), differences(lambda z: activate(name, z), z), atol=2e-11)


def test_the_slope_at_the_kink_is_what_the_remark_says() -> None:
    assert ACTIVATIONS["relu"].remark == "the slope at z = 0 is taken as 0"
    assert value(ACTIVATIONS["relu"].slope or "", {"z": 0.0}, "python") == 0.0
    assert ACTIVATIONS["step"].remark == "fires where z exceeds 0, so not at 0 itself"
    assert value(ACTIVATIONS["step"].value, {"z": 0.0}, "python") == 0.0


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
    z = sympy.Symbol("z", real=True)
    a = smooth(name, z)
    assert is_zero(read(ACTIVATIONS[name].slope or "", {"a": a, "z": z}) - sympy.diff(a, z))


def test_the_way_back_through_softmax_is_the_jacobian() -> None:
    z, da = sympy.symbols("z1:4", real=True), sympy.symbols("d1:4", real=True)
    a = [sympy.exp(each) / sum(map(sympy.exp, z)) for each in z]
    flow, dz = (made.formula.text for made in map(line, ACTIVATIONS["softmax"].back))
    total = sum(read(flow, {"a": one, "da": d}) for one, d in zip(a, da, strict=True))
    for k in range(3):
        expected = sum(d * sympy.diff(one, z[k]) for one, d in zip(a, da, strict=True))
        assert is_zero(read(dz, {"a": a[k], "da": da[k], "flow": total}) - expected)
