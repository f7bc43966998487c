"""Formulas of the user's own: what is proved of them, what they become, and which names they may have."""

import json
import math
import random
import re
from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.model.custom_formulas import CustomActivation, CustomLoss, activations, losses
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.plan.planner import plan
from nngen.reading.checks.formula_trial import UnprovedError, prove_activation, prove_loss
from nngen.reading.source import parse
from nngen.targets import as_module, render
from tests.support.limits import processor_limit
from tests.support.networks import OWN, OWN_LOSSES

EXACT = [entry for entry in ACTIVATIONS.values() if not (entry.across or entry.steps or entry.options)]


@pytest.mark.parametrize("name", OWN)
def test_own_activations_are_proved(name: str) -> None:
    prove_activation(CustomActivation.model_validate(OWN[name]))


@pytest.mark.parametrize("name", OWN_LOSSES)
def test_own_losses_are_proved(name: str) -> None:
    prove_loss(CustomLoss.model_validate(OWN_LOSSES[name]))


@pytest.mark.parametrize("entry", EXACT, ids=lambda entry: entry.name)
def test_the_catalogue_is_proved_too(entry: Any) -> None:
    """The catalogue's own formulas pass, and fail with one changed slope."""
    prove_activation(CustomActivation(value=entry.value, slope=entry.slope or "0", bounds=finite(entry.bounds)))
    for change in ("1.01 * ({})", "({}) + 0.001", "where(z > 3, 0.5, {})"):
        if entry.slope or "+" in change:
            wrong = change.format(entry.slope or "0")
            with pytest.raises(UnprovedError, match="not the derivative"):
                prove_activation(CustomActivation(value=entry.value, slope=wrong))


def finite(bounds: tuple[float, float]) -> Any:
    return tuple(end if abs(end) < 1e18 else None for end in bounds)


@pytest.mark.parametrize("name", ["squared_error", "half_squared_error", "absolute_error", "log_cosh"])
def test_losses_of_the_catalogue_are_proved_too(name: str) -> None:
    value, slope = LOSSES[name].value or "", LOSSES[name].slope or ""
    prove_loss(CustomLoss(value=value, slope=slope))
    with pytest.raises(UnprovedError, match="not the derivative"):
        prove_loss(CustomLoss(value=value, slope=f"({slope}) * where(y > 10, 0.99, 1)"))


@pytest.mark.parametrize(
    ("own", "field", "said"),
    [
        ({"value": "log(z + 0.5)"}, "value", "not a number at z = -1: log(-0.5)"),
        ({"value": "z * log(abs(z))"}, "value", "not a number at z = 0: log(0)"),
        ({"value": "exp(exp(z))"}, "value", "not a number at z = 20: exp(4.852e+08)"),
        ({"value": "abs(z)**0.7"}, "value", "the derivative is not a number at z = 0: 0 ** -0.3"),
        ({"value": "z**3", "slope": "3*a/z"}, "slope", "not a number at z = 0: 0 / 0"),
        ({"value": "sin(z)", "slope": "0"}, "slope", "not the derivative"),
        ({"value": "where(z > 1.3, z, 0)", "slope": "where(z > 1.1, 1, 0)"}, "slope", "not the derivative"),
        ({"value": "2*tanh(z)", "bounds": [-1, 1]}, "bounds", "outside the bounds"),
        ({"value": "2*tanh(z)", "bounds": [-3, 1]}, "bounds", "at z = 1 it is 1.523"),
        ({"value": "2*tanh(z)", "bounds": [-1, None]}, "bounds", "at z = -1 it is -1.523"),
        ({"value": "(z + 1e8)**2 - 1e16 - 2e8*z"}, "value", "at only"),
        ({"value": "1e-13 * sin(z)"}, "value", "at only"),
        ({"value": "sin(1e7 * z)"}, "value", "at only"),
    ],
)
def test_what_is_not_proved(own: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(UnprovedError, match=re.escape(said)) as caught:
        prove_activation(CustomActivation.model_validate(own))
    assert caught.value.field == field


@pytest.mark.parametrize(
    "value",
    [
        *("floor(z)", "abs(z)", "sign(z)", "where(z > 0.5, 1, -1)", "exp(-z**2)", "1 - exp(-exp(minimum(z, 3)))"),
        *("log(1 + exp(z))", "1 / (1 + exp(-z))", "exp(z)", "z**7", "z / (1 + abs(z))", "1e-5 * tanh(z)", "sin(z**2)"),
        "z - floor(z)",
    ],
)
def test_jumps_kinks_and_flat_parts_are_no_obstacle(value: str) -> None:
    prove_activation(CustomActivation(value=value))


def test_a_proof_is_fast() -> None:
    """Also of the longest formula: 50 ms of processor time; a proof without a bound would take hours."""
    value = " + ".join(["sin(z)"] * 20)
    with processor_limit(20):
        prove_activation(CustomActivation(value=value))
        prove_loss(CustomLoss(value=value.replace("z", "a")))


def test_a_formula_becomes_an_entry() -> None:
    snake = activations({"snake": CustomActivation(value="z+sin(z)**2")})["snake"]
    assert (snake.textbook, snake.value) == ("z + sin(z) ** 2",) * 2
    assert snake.slope == "1.0 + 2.0 * sin(z) * cos(z)"
    assert not activations({"stairs": CustomActivation(value="floor(z)")})["stairs"].learns
    plain = losses({"plain": CustomLoss(value="(a-y)**2")})["plain"]
    usual = LOSSES["squared_error"]
    assert (plain.target, plain.targets, plain.bounds) == (usual.target, usual.targets, usual.bounds)


@pytest.mark.parametrize(
    ("interval", "target", "trials"),
    [
        ((0.0, 1.0), "0.0 <= y <= 1.0", (0.0, 1.0)),
        ((-1.0, 1.0), "-1.0 <= y <= 1.0", (0.0, 1.0)),
        ((None, 0.5), "-1e+18 <= y <= 0.5", (0.0, 0.5)),
        ((3.0, None), "3.0 <= y <= 1e+18", (3.0, 4.0)),
        ((3.0, 3.5), "3.0 <= y <= 3.5", (3.0, 3.5)),
        ((-9.0, -5.0), "-9.0 <= y <= -5.0", (-6.0, -5.0)),
    ],
)
def test_targets_of_a_loss(interval: Any, target: str, trials: tuple[float, float]) -> None:
    entry = losses({"plain": CustomLoss(value="(a - y)**2", targets=interval)})["plain"]
    assert (entry.target, (entry.negative_target, entry.trial_target)) == (target, trials)


FREE = (
    "a absent after ahead answers b batch before behind best beyond bits c change chosen columns count cut d da"
    " df dhat done draw drawn ds dw dz e epoch error errors even example f factor fill first flow four g gs h hat"
    " history i id index j k keep kept known last listed m mean measured missing more n nearest new_w norm note"
    " now number of old_m one order orthogonal other own p params path place places product progress q rate rest"
    " rival row rows s scaled seed share since size slope slopes soon square start state stop sums t target text"
    " three tile top total trained training trial turn two u uniform unknown updated v value values w w_h1_x1"
    " weight weights what whole word worst x xs y ys z turn_row"
).split()
"""Names of formulas that modules have for something else themselves."""


def test_a_formula_may_have_any_name_that_a_module_has_inside() -> None:
    """A module calls it by its own name, or by that with an underscore: never something else."""
    parts = (FREE[first : first + 10] for first in range(0, len(FREE), 10))
    for unroll, names in product(("weights", "layers"), parts):
        spec = Spec.model_validate(called(names) | {"targets": [{"name": "python", "unroll": unroll}]})
        module = as_module("net", render(plan(spec), spec, "python"))
        values, left = [0.1, 0.2, 0.3], iter(module.pack(module.init()))
        for _ in names:
            z = sum(next(left) * value for value in values) + next(left)
            values = [z / 2 + math.sin(z) / 4 + math.cos(z) / 8]
        assert module.forward(module.init(), [0.1, 0.2, 0.3]) == pytest.approx(values, rel=1e-12)
        slopes = module.gradient(module.init(), [0.1, 0.2, 0.3], [0.5])[1]
        assert all(module.pack(slopes))


def called(names: Sequence[str]) -> dict[str, Any]:
    """A network with an activation of each name, each long enough to be a function of a module."""
    return {
        "name": "net",
        "inputs": 3,
        "layers": [{"name": f"l{place}", "units": 1, "activation": name} for place, name in enumerate(names)],
        "activations": {name: {"value": "z / 2 + sin(z) / 4 + cos(z) / 8"} for name in names},
        "losses": {names[0]: {"value": "(a - y)**2"}},
        "loss": names[0],
        "initial": {"weights": {"name": "orthogonal"}},
        "training": {"optimizer": {"name": "adam", "rate": 0.01}},
    }


ODD: tuple[Any, ...] = (
    *(None, [], {}, 0, 1.5, True, "", "z", "own", "name", "snake", "tanh", [1], [1, 2, 3], ["a", "b"], "(", "a" * 60),
    *({"name": "snake"}, {"name": None}, {"value": "z"}, {"value": 1}, {"z": {"value": "z"}}, {"": {}}, "[key]"),
    *({"[key]": {"value": "z"}}, {"value": {"value": "z"}}, {"own": {"value": "a*y", "slope": "q"}}, {"name": ["z"]}),
)
"""Values of wrong types."""


def test_whatever_stands_in_a_spec_is_answered() -> None:
    whole = {
        "name": "net",
        "inputs": ["x1", "x2"],
        "layers": [{"name": "h", "units": 2, "activation": "snake"}, {"name": "o", "units": 1, "activation": "linear"}],
        "activations": {"snake": {"value": "z+sin(z)**2", "slope": "1+sin(2*z)", "bounds": [None, 100]}},
        "losses": {"quartic": {"value": "(a-y)**4", "outputs": [-3, None], "targets": [0, 1]}},
        "loss": {"name": "quartic", "outputs": "sum"},
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
    }
    r = random.Random(3)
    refused = 0
    for _ in range(200):
        spec = json.loads(json.dumps(whole))
        for _ in range(r.choice([1, 1, 2])):
            holder = spec
            while isinstance(holder, dict) and holder:
                key = r.choice([key for key in holder if holder is not spec or key in LIKELY])
                if not isinstance(holder[key], dict) or not holder[key] or r.random() < 0.2:
                    holder[r.choice([key, key, key, *ODD[8:12]])] = r.choice(ODD)
                    break
                holder = holder[key]
        try:
            parse(json.dumps(spec), "spec.json")
        except SpecError as error:
            refused += str(error).startswith("error: ")
    assert refused > 100


LIKELY = ("activations", "losses", "loss")
