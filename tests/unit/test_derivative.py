"""Derivatives: as a textbook writes them, against SymPy, and against differences for random formulas."""

import math
import random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.mathematics.formulas.derivative import derivative
from nngen.mathematics.formulas.evaluate import UndefinedError, computation
from nngen.mathematics.formulas.formula import MAX_LENGTH, Formula
from nngen.mathematics.formulas.grammar import FUNCTIONS, FormulaError
from nngen.mathematics.formulas.user_text import TextError, normal_form
from nngen.proof.reference.custom import ONE, Dual, compute
from tests.support.catalogues import differences, sympy
from tests.support.formulas import grow, spell
from tests.support.networks import OWN, OWN_LOSSES

Z = {"z": "the weighted sum"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("z + sin(z)**2", "1.0 + 2.0 * sin(z) * cos(z)"),
        ("z**2 / 2", "z"),
        ("z**3", "3.0 * z**2"),
        ("-z", "-1.0"),
        ("1 / z", "-1.0 / z**2"),
        ("z / 3", "1.0 / 3.0"),
        ("2 * tanh(3 * z)", "6.0 * (1.0 - tanh(3.0 * z) ** 2)"),
        ("exp(-z**2)", "-2.0 * z * exp(-(z**2))"),
        ("log(1 + z**2)", "2.0 * z / (1.0 + z**2)"),
        ("sqrt(z**2 + 1)", "z / sqrt(z**2 + 1.0)"),
        ("cos(2*z)", "-2.0 * sin(2.0 * z)"),
        ("z * sigmoid(z)", "sigmoid(z) + z * sigmoid(z) * (1.0 - sigmoid(z))"),
        ("softplus(z)", "sigmoid(z)"),
        ("abs(z)", "sign(z)"),
        ("floor(z)", "0.0"),
        ("maximum(z, 0)", "where(z > 0.0, 1.0, 0.0)"),
        ("minimum(z, 6)", "where(z < 6.0, 1.0, 0.0)"),
        ("where(z > 0, z, 0.1*z)", "where(z > 0.0, 1.0, 0.1)"),
        ("where(z > 0, z, z + 1)", "1.0"),
        ("2**z", "0.6931471805599453 * 2.0**z"),
        ("z**1.5", "1.5 * sqrt(z)"),
        ("z - sin(-z)", "1.0 + cos(-z)"),
        ("tanh(z) - z**2 / 4", "1.0 - tanh(z) ** 2 - 0.5 * z"),
        ("exp(z) + 0.001 * z**2", "exp(z) + 0.002 * z"),
        ("0 * -1 / z * (z + 1)", "0.0"),  # and not -0.0
        ("0 / (z + 1)", "0.0"),
        ("2**-z", "-0.6931471805599453 * 2.0**-z"),
        ("(2 + z)**sin(z)", "(2.0 + z) ** sin(z) * (cos(z) * log(2.0 + z) + sin(z) / (2.0 + z))"),
        ("exp(z) - 0.004*z", "exp(z) - 0.004"),
        ("0.004*z - sin(z)", "0.004 - cos(z)"),
        ("-0.005 / z", "0.005 / z**2"),
        ("-sin(z) / z", "(-z * cos(z) + sin(z)) / z**2"),
        ("sin(0.005 * z)", "0.005 * cos(0.005 * z)"),
        ("-1.01 * z**2", "-2.02 * z"),
        ("z**1001", "1001.0 * z**1000"),
        ("z**1002", "1002.0 * z**1001.0"),
        ("z**0.01", "0.01 * z**-0.99"),
        ("log(-z)", "1.0 / z"),
        ("1 - exp(z)", "-exp(z)"),
        ("z**1.005", "1.005 * z**0.004999999999999893"),
        ("0.005*z / (1+z)", "(0.005 * (1.0 + z) - 0.005 * z) / (1.0 + z) ** 2"),
        ("exp(z) - 0.002*z**2 / y", "exp(z) - 0.004 * z / y"),
    ],
)
def test_derivatives_read_as_a_textbook(text: str, expected: str) -> None:
    assert derivative(normal_form(text, Z | {"y": "another"}), "z").text == expected


def as_sympy(text: str, letters: dict[str, Any]) -> Any:
    words: dict[str, Any] = {
        "abs": sympy.Abs,
        "expm1": lambda u: sympy.exp(u) - 1,
        "log1p": lambda u: sympy.log(1 + u),
        "maximum": lambda u, v: sympy.Piecewise((u, u > v), (v, True)),
        "minimum": lambda u, v: sympy.Piecewise((u, u < v), (v, True)),
        "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
        "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
        "where": lambda condition, u, v: sympy.Piecewise((u, condition), (v, True)),
        **{name: getattr(sympy, name) for name in "cos erfc exp floor log sign sin sqrt tanh".split()},
    }
    return eval(text, {"__builtins__": {}, **words, **letters})  # text that is checked before


SMOOTH = [
    *(
        "sin(z)",
        "cos(z)",
        "tanh(z)",
        "exp(z)",
        "log(2 + z**2)",
        "log1p(z**2)",
        "expm1(z)",
        "erfc(z)",
        "sqrt(2 + sin(z))",
    ),
    *("sigmoid(2*z)", "softplus(z)", "abs(z)", "sign(z) * z", "maximum(z, z**2)", "minimum(sin(z), cos(z))"),
    *("where(z > 0.5, z**3, z**2)", "1 / (1 + z**2)", "(z - 1) / (z**2 + 3)", "(1 + z**2)**-0.5", "2**z", "2**(z**2)"),
    *("(2 + sin(z))**z", "z * sin(z) * exp(-z**2)", "-(z - 1) * -(z + 2)", "z / (1 / (1 + z**2))", "floor(3*z) + z"),
    *("(z**2 / 2) / (z**4 + 1) / 3", "exp(sin(cos(z)))", "-tanh(-z)**3 / 2", "z - (z - (z - sin(z)))"),
]


@pytest.mark.parametrize("text", [*SMOOTH, *(str(own["value"]) for own in OWN.values())])
def test_derivatives_are_those_of_sympy(text: str) -> None:
    z = sympy.Symbol("z", real=True)
    formula = normal_form(text, Z)
    if "where(-0.3" in text:  # SymPy has no chains
        text = "where(abs(z) < 0.3, 0.1*z, z - 0.27*sign(z))"
    found = computation(derivative(formula, "z"), "z")
    value = as_sympy(text, {"z": z})
    for at in (-2.37, -0.713, 0.271, 1.61):
        point = sympy.Rational(at)
        here = value
        if value.has(sympy.floor):
            here = value.replace(sympy.floor, lambda u, p=point: sympy.floor(u.subs(z, p)))
        if here.has(sympy.sign):
            here = here.replace(sympy.sign, lambda u, p=point: sympy.sign(u.subs(z, p)))
        expected = float(sympy.diff(here, z).subs(z, point).evalf(30))
        assert found(at)[0] == pytest.approx(expected, rel=1e-12, abs=1e-14), at


@pytest.mark.parametrize("name", OWN_LOSSES)
def test_derivatives_of_losses_leave_the_target_alone(name: str) -> None:
    formula = normal_form(str(OWN_LOSSES[name]["value"]), {"a": "an output", "y": "its target"})
    slope, value = computation(derivative(formula, "a"), "a", "y"), computation(formula, "a", "y")
    for a, y in ((0.31, 0.77), (0.62, 0.13)):
        h = 1e-5
        assert slope(a, y)[0] == pytest.approx((value(a + h, y)[0] - value(a - h, y)[0]) / (2 * h), rel=1e-7)


def test_random_derivatives_are_the_differences() -> None:
    """For formulas with all operators; where differences of two widths agree, the derivative agrees with them."""
    compared = 0
    for seed in range(4_000):
        r = random.Random(seed)
        text = spell(grow(r, 3)).replace("a", "\0").replace("b", "z").replace("c", "1.5")
        try:
            formula = normal_form(restore(text), Z)
            slope = derivative(formula, "z")
        except (TextError, FormulaError):
            continue
        f, g = computation(formula, "z"), computation(slope, "z")
        for z in (-1.873, 0.3141, 2.237):
            try:
                near = [(f(z + h)[0] - f(z - h)[0]) / (2 * h) for h in (1e-4, 5e-5, 2.5e-5)]
                found = g(z)[0]
            except UndefinedError:
                continue
            first, second = (4 * near[1] - near[0]) / 3, (4 * near[2] - near[1]) / 3
            if abs(first - second) <= 1e-7 * abs(first) and f(z)[1] < 1e4:
                compared += 1
                assert found == pytest.approx(first, rel=1e-5), (formula.text, slope.text, z)
    assert compared > 2_000


def restore(text: str) -> str:
    """The letters of a random formula but ``z`` as numbers; the names of functions as they were."""
    for name in FUNCTIONS:
        hidden = name.replace("a", "\0").replace("b", "z").replace("c", "1.5")
        text = text.replace(hidden, name)
    return text.replace("\0", "0.7")


def test_a_derivative_is_no_longer_than_a_formula() -> None:
    long = Formula("*".join(["sin(z)"] * 40))
    with pytest.raises(FormulaError, match=f"at most {MAX_LENGTH}"):
        derivative(long, "z")


def test_values_are_those_of_the_library() -> None:
    for text, expected in [
        ("exp(z)", math.exp(0.7)),
        ("sigmoid(z)", 1 / (1 + math.exp(-0.7))),
        ("sigmoid(-z)", 1 / (1 + math.exp(0.7))),
        ("softplus(-z)", math.log(1 + math.exp(-0.7))),
        ("where(0 < z < 1, 3, 4)", 3.0),
        ("where(z == 0.7, 3, 4)", 3.0),
        ("sign(-z)", -1.0),
        ("sign(z - z)", 0.0),
        ("sign(z - 0.695)", 1.0),
        ("sign(0.695 - z)", -1.0),
        ("floor(-z)", -1.0),
        ("maximum(z, 1) - minimum(z, 1)", 1.0 - 0.7),
        ("-z**2", -(0.7**2)),
        ("2**-z", 2**-0.7),
    ]:
        assert computation(Formula(text), "z")(0.7)[0] == pytest.approx(expected, rel=1e-15), text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log(z - 1)", "log(-0.3)"),
        ("1 / (z - z)", "1 / 0"),
        ("(-z)**0.3", "-0.7 ** 0.3"),
        ("exp(2000 * z)", "exp(1400)"),
        ("where(z > 0, z, log(-z))", "log(-0.7)"),
        ("1e300 * 1e300 * z", "1e+300 * 1e+300"),
    ],
)
def test_what_has_no_value_is_named(text: str, said: str) -> None:
    with pytest.raises(UndefinedError) as caught:
        computation(Formula(text), "z")(0.7)
    assert str(caught.value) == said


@pytest.mark.parametrize("name", [name for name in ONE if name not in ("floor", "sign")])
def test_dual_numbers_of_each_function(name: str) -> None:
    u = np.linspace(0.2, 2.5, 24)
    if name not in ("log", "sqrt"):
        u = np.concatenate([u, -u / 3.0])

    def dual(z: NDArray[np.float64]) -> Dual:
        return compute(f"2 * {name}(z) - 1", {"z": z}, "z")

    np.testing.assert_allclose(dual(u).slope, differences(lambda z: dual(z).value, u), rtol=1e-8)


def test_dual_numbers_of_signs() -> None:
    found = compute("-z + +z * 3", {"z": np.array([0.5, -2.0])}, "z")
    assert (found.value.tolist(), found.slope.tolist()) == ([1.0, -4.0], [2.0, 2.0])
    for text in ("floor(z)", "sign(z)"):
        assert compute(text, {"z": np.array([0.5, -2.0])}, "z").slope.tolist() == [0.0, 0.0]
    assert compute("sign(z)", {"z": np.array([0.0])}, "z").value.tolist() == [0.0]


def test_dual_numbers_of_what_is_flat_or_tied() -> None:
    """A flat part stays flat below a root, although its slope at 0 is infinite; of two equal numbers the second
    counts."""
    for text in ("sqrt(maximum(z, 0))", "maximum(z, 0)**0.5"):
        with np.errstate(divide="ignore", invalid="ignore"):
            found = compute(text, {"z": np.array([-1.0, 4.0])}, "z")
        assert (found.value.tolist(), found.slope.tolist()) == ([0.0, 2.0], [0.0, 0.25])
    for text, slope in [("maximum(z, 3*z)", 3.0), ("minimum(z, 3*z)", 3.0), ("maximum(3*z, z)", 1.0)]:
        assert compute(text, {"z": np.zeros(1)}, "z").slope.tolist() == [slope]
        assert computation(derivative(Formula(text), "z"), "z")(0.0)[0] == slope
    with pytest.raises(ValueError, match="is no formula"):
        compute("[z]", {"z": np.zeros(1)}, "z")
