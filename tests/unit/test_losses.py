"""The losses: against the textbook with many digits, against differences, and against SymPy."""

import math
from collections.abc import Callable, Mapping
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.entry import Entry
from nngen.mathematics.catalogue.loss import ANY
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.proof.reference.losses import BY_OUTPUT as REFERENCE
from tests.support.activations import textbook, x
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
from tests.support.losses import ROWS
from tests.support.modules import TARGETS

BY_OUTPUT = [name for name, row in ROWS.items() if row.textbook]
"""Losses in which each term depends on one output."""


def textbook_loss(name: str, letters: Mapping[str, Any]) -> Any:
    return eval(ROWS[name].textbook, {"np": np, **letters})


def test_every_loss_is_tested() -> None:
    assert list(ROWS) == list(LOSSES)


@pytest.mark.parametrize("choose", [defaults, others])
@pytest.mark.parametrize("name", BY_OUTPUT)
def test_losses_and_their_slopes(name: str, choose: Callable[[Entry], dict[str, float]]) -> None:
    loss = LOSSES[name]
    low, high = max(loss.bounds[0] + 0.005, -3.0), min(loss.bounds[1] - 0.005, 3.0)
    outputs, targets = np.meshgrid(
        np.linspace(low, high, 37), np.linspace(0, 1, 5) if loss.bounds != ANY else [-1.0, 1.0]
    )
    options = choose(loss)
    letters = {"y": targets, "outputs": 3.0, **options}

    def terms(a: Any) -> Any:
        return value(loss.value or "", {"a": a, **letters})

    expected = textbook_loss(name, {"a": outputs, **letters})
    np.testing.assert_allclose(terms(outputs), expected, rtol=1e-13, atol=1e-15)
    slopes, measured = value(loss.slope or "", {"a": outputs, **letters}), differences(terms, outputs)
    away = np.abs(1.0 - targets * outputs) > 0.01  # from every kink, and from the poles at the ends
    for kink in (0.0, *options.values()):
        away &= np.abs(np.abs(outputs - targets) - kink) > 0.01
    for end in loss.bounds:
        away &= np.abs(outputs - end) > 0.05
    np.testing.assert_allclose(slopes[away], measured[away], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", BY_OUTPUT)
@pytest.mark.parametrize("target", TARGETS)
def test_losses_at_the_ends_of_what_they_take(name: str, target: str) -> None:
    loss = LOSSES[name]
    for a in (max(loss.bounds[0], -1e9), min(loss.bounds[1], 1e9)):
        for y in (-1.0, 1.0) if loss.negative_target < 0.0 else (0.0, 1.0):
            letters = {"a": a, "y": y, "outputs": 3.0, **defaults(loss)}
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                assert math.isfinite(value(loss.value or "", letters, target))
                assert math.isfinite(value(loss.slope or "", letters, target))


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].value])
def test_kinks_and_ties_are_the_decisions_of_the_reference(name: str) -> None:
    """On a grid on which outputs meet targets, margins and one another."""
    loss = LOSSES[name]
    options = defaults(loss)
    grid = (-1.5, -1.0, 0.0, 0.995, 1.0, 1.0005) if loss.bounds == ANY else (0.0, 0.25, 1.0)
    for a in map(np.array, product(grid, repeat=3) if loss.across else zip(grid, grid, grid, strict=True)):
        for y in 2.0 * np.eye(3) - 1.0 if loss.negative_target < 0.0 else np.eye(3):
            letters = follow(loss.across, {"a": a, "y": y, "outputs": 3.0, **options})
            for text, expected in zip((loss.value, loss.slope), REFERENCE[name], strict=True):
                found = value(text or "", letters) * np.ones(3)
                right = expected(a[np.newaxis], y[np.newaxis], **options)[0]
                np.testing.assert_allclose(found, right, rtol=1e-13, atol=1e-15, err_msg=f"{a} {y}")


def test_log_cosh_keeps_its_digits_near_0() -> None:
    for error in (1e-6, 1e-3, 0.1, 400.0, 1e6):
        measured = value(LOSSES["log_cosh"].value or "", {"a": error, "y": 0.0})
        x = sympy.Rational(error)
        expected = (x + sympy.log((1 + sympy.exp(-2 * x)) / 2)).evalf(50)
        assert abs(measured - float(expected)) <= 4 * math.ulp(error)


def test_the_bounds_are_those_of_the_activations() -> None:
    z = np.array(EXTREME)
    for name, entry in ACTIVATIONS.items():
        if not entry.across:
            outputs = activate(name, z)
            low, high = entry.bounds
            assert low <= outputs.min()
            assert outputs.max() <= high
            assert math.isfinite(high) == (outputs.max() < 100.0)  # and not near 1000, the largest z


@pytest.mark.parametrize("right", [0, 1, 2])
def test_the_categorical_hinge(right: int) -> None:
    loss, y = LOSSES["categorical_hinge"], np.eye(3)[right]

    def total(a: Array) -> float:
        return float(np.sum(value(loss.value or "", follow(loss.across, {"a": a, "y": y}))))

    for outputs in ([-0.75, 0.3, 1.1], [-2.0, -1.5, -0.4], [0.2, 0.9, 2.5]):
        for a in map(np.array, permutations(outputs)):
            rival = max(0.0, *(a[i] for i in range(3) if i != right))  # Keras counts y's own output times 0
            assert total(a) == pytest.approx(max(0.0, 1.0 + rival - a[right]))
            slope = value(loss.slope or "", follow(loss.across, {"a": a, "y": y}))
            np.testing.assert_allclose(slope, along_each(total, a), atol=1e-9)


def test_every_fused_pair_is_known() -> None:
    pairs = [(loss.name, fusion.activation) for loss in LOSSES.values() for fusion in loss.fused]
    assert pairs == [
        ("kl_divergence", "softmax"),
        ("binary_cross_entropy", "sigmoid"),
        ("cross_entropy", "softmax"),
        ("smoothed_cross_entropy", "softmax"),
        ("perceptron", "step"),
        ("perceptron", "bipolar_step"),
        ("perceptron", "undecided_step"),
    ]


def fused(loss: str, z: Array, y: Array, which: int = 0) -> tuple[float, Array]:
    """The loss over the outputs, and its slope with respect to each z."""
    fusion = LOSSES[loss].fused[which]
    activation = ACTIVATIONS[fusion.activation]
    options = {"outputs": float(len(z)), **defaults(activation), **defaults(LOSSES[loss])}
    letters = follow(activation.across, {"z": z, "y": y, **options})
    letters["a"] = value(ACTIVATIONS[fusion.activation].value, letters)
    return float(np.sum(value(fusion.value, letters))), value(fusion.slope, letters)


def fused_with(loss: str, y: Array, which: int = 0) -> Callable[[Array], float]:
    return lambda z: fused(loss, z, y, which)[0]


@pytest.mark.parametrize(("which", "name"), [(1, "bipolar_step"), (2, "undecided_step")])
def test_the_perceptron_criterion_with_targets_of_both_signs(which: int, name: str) -> None:
    assert LOSSES["perceptron"].fused[which].activation == name
    theta = 0.2 if name == "undecided_step" else 0.0
    for z in (-2.5, -0.1, 0.1, 2.5):
        for y in (-1.0, 1.0):
            loss, slope = fused("perceptron", np.array([z]), np.array([y]), which)
            assert loss == pytest.approx(max(theta - y * z, 0.0))
            assert slope[0] == (-y if y * z <= theta else 0.0)
            along = along_each(fused_with("perceptron", np.array([y]), which), np.array([z]))
            assert along == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize("loss", ["kl_divergence", "smoothed_cross_entropy"])
def test_what_is_one_with_softmax_is_what_it_is_from_the_output(loss: str) -> None:
    random = np.random.default_rng(5)
    for _ in range(10):
        z, y = random.normal(size=3), random.dirichlet(np.ones(3))
        total, slope = fused(loss, z, y)
        letters = {"a": activate("softmax", z), "y": y, "outputs": 3.0, **defaults(LOSSES[loss])}
        assert total == pytest.approx(float(np.sum(textbook_loss(loss, letters))), rel=1e-12)
        np.testing.assert_allclose(slope, along_each(fused_with(loss, y), z), atol=1e-10)


def test_targets_of_0_have_no_divergence() -> None:
    z, y = np.array([0.5, -1.0, 2.0]), np.array([0.0, 1.0, 0.0])
    with np.errstate(divide="raise", invalid="raise"):
        total, slope = fused("kl_divergence", z, y)
    assert total == pytest.approx(-math.log(activate("softmax", z)[1]), rel=1e-14)  # y log y is 0 for all of them
    np.testing.assert_allclose(slope, activate("softmax", z) - y, rtol=1e-14)


@pytest.mark.parametrize("z", EXTREME)
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_is_the_textbooks(z: float, y: float) -> None:
    up, down = (1 / (1 + sympy.exp(-sign * sympy.Rational(z))) for sign in (1, -1))  # a and 1 - a
    terms = [-share * sympy.log(part) for share, part in ((y, up), (1 - y, down)) if share]
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        measured, slope = fused("binary_cross_entropy", np.array([z]), np.array([y]))
    assert measured == pytest.approx(float(sum(terms).evalf(500, maxn=9000)), rel=1e-14, abs=1e-300)
    assert slope[0] == pytest.approx(float((up - y).evalf(30, maxn=9000)), rel=1e-14, abs=math.ulp(1.0))


@pytest.mark.parametrize("spread", [0.1, 1.0, 30.0, 1000.0])
def test_cross_entropy_is_the_textbooks(spread: float) -> None:
    random = np.random.default_rng(2)
    for _ in range(10):
        z, y = random.normal(size=4) * spread, random.dirichlet(np.ones(4))
        powers = [sympy.exp(sympy.Rational(number)) for number in z.tolist()]
        terms = [-share * sympy.log(power / sum(powers)) for share, power in zip(y.tolist(), powers, strict=True)]
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            measured, slope = fused("cross_entropy", z, y)
        assert measured == pytest.approx(float(sum(terms).evalf(30, maxn=4000)), rel=1e-13)
        expected = along_each(fused_with("cross_entropy", y), z)
        np.testing.assert_allclose(slope, expected, atol=1e-11 * max(1.0, spread))


def test_the_slopes_of_cross_entropies_are_the_derivatives() -> None:
    z, y = sympy.symbols("z1:4", real=True), sympy.symbols("y1:3", real=True)
    y = (*y, 1 - sum(y))
    a = [sympy.exp(each) / sum(map(sympy.exp, z)) for each in z]
    loss = -sum(share * sympy.log(one) for share, one in zip(y, a, strict=True))
    (fusion,) = LOSSES["cross_entropy"].fused
    for k in range(3):
        assert is_zero(read(fusion.slope, {"a": a[k], "y": y[k]}) - sympy.diff(loss, z[k]))
    a1 = textbook("sigmoid").subs(x, z[0])
    loss = -y[0] * sympy.log(a1) - (1 - y[0]) * sympy.log(1 - a1)
    (fusion,) = LOSSES["binary_cross_entropy"].fused
    assert is_zero(read(fusion.slope, {"a": a1, "y": y[0]}) - sympy.diff(loss, z[0]))


def test_the_perceptron_criterion() -> None:
    for z, y, loss, slope in [
        (2.5, 0.0, 2.5, 1.0),
        (2.5, 1.0, 0.0, 0.0),
        (-2.5, 1.0, 2.5, -1.0),
        (0.0, 1.0, 0.0, -1.0),
    ]:
        measured, found = fused("perceptron", np.array([z]), np.array([y]))
        assert (measured, found.tolist()) == (loss, [slope])
        if z:
            along = along_each(fused_with("perceptron", np.array([y])), np.array([z]))
            assert along == pytest.approx([slope], abs=1e-10)


TAKEN = {
    "finite numbers below 1e18 in size": ([-9e17, 0.0, 9e17], [-1e18, 1e18]),
    "numbers from 0 to 1e18": ([0.0, 0.3, 9e17], [-1e-9, 1e18]),
    "numbers from 0 to 1": ([0.0, 0.3, 1.0], [-1e-9, 1.000001]),
    "-1 or 1": ([-1.0, 1.0], [0.0, 0.5, 2.0]),
    "0 or 1": ([0.0, 1.0], [0.5, -1.0, 1.000001]),
}
"""Right and wrong targets by their description; the rest of it is about all targets of an example."""


FORMS = [(name, "linear") for name in LOSSES] + [
    (name, fusion.activation) for name, loss in LOSSES.items() for fusion in loss.fused
]


@pytest.mark.parametrize(("name", "output"), FORMS)
@pytest.mark.parametrize("target", TARGETS)
def test_what_a_target_may_be(name: str, output: str, target: str) -> None:
    loss = LOSSES[name].over(output)
    said = loss.targets
    right, wrong = TAKEN[
        said.removesuffix(" that sum to 1 for each example").removesuffix(", a single 1 for each example")
    ]
    accepted = [bool(value(loss.target, {"y": y}, target)) for y in [*right, *wrong, math.nan, math.inf]]
    assert accepted == [True] * len(right) + [False] * (len(wrong) + 2)
