"""Numbers at the ends of what floats hold: every page in Python gives what the reference gives, and none raises."""

import math
from typing import Any

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.proof.reference.functions import ALPHA, FUNCTIONS, SCALE
from tests.support.cases import PAGES, made
from tests.support.extremes import EXTREMES, LOGITS, SOFTMAX_LOSSES, Extreme, equal_logits
from tests.support.network import layer, network


def loss_of(case: Extreme, target: str, unroll: str) -> float:
    """The loss of the only example, by a page."""
    module: Any = made(case.network, target, unroll)
    x, y = (case.x, case.y) if target == "numpy" else (case.x[0].tolist(), case.y[0].tolist())
    return float(module.loss(module.unpack(case.start), x, y))


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("logit", LOGITS)
@pytest.mark.parametrize("loss", SOFTMAX_LOSSES)
def test_the_loss_of_equal_logits_is_log_3(loss: str, logit: float, target: str, unroll: str) -> None:
    case = equal_logits(loss, logit)
    params = case.network.unpack(case.start)
    assert case.network.loss(params, case.x, case.y) == pytest.approx(math.log(3.0), rel=1e-15, abs=0.0)
    assert loss_of(case, target, unroll) == pytest.approx(math.log(3.0), rel=1e-15, abs=0.0)


@pytest.mark.filterwarnings("ignore:(overflow|invalid value|divide by zero) encountered:RuntimeWarning")
@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_numbers_give_what_they_do_by_the_reference(name: str) -> None:
    """Each in NumPy or in one of the two forms of Python, in turn, since all call the same functions."""
    case = EXTREMES[name]
    some = PAGES[1:] if plan(case.network.spec).needs_batch else PAGES
    for target, unroll in [some[list(EXTREMES).index(name) % len(some)]]:
        module: Any = made(case.network, target, unroll)
        rows: dict[str, list[Any]] = {"forward": [], "loss": [], "gradient": [], "step": []}
        params = module.unpack(case.start)
        for x, y in zip(case.x, case.y, strict=True):
            one = (x[np.newaxis], y[np.newaxis]) if target == "numpy" else (x.tolist(), y.tolist())
            loss, gradient = module.gradient(params, *one)
            rows["forward"].append(np.ravel(module.forward(params, one[0])))
            rows["loss"].append(loss)
            rows["gradient"].append(module.pack(gradient))
            rows["step"].append(module.pack(module.step(params, gradient, module.init_state(params))[0]))
        assert not case.wrong({what: np.array(values, np.float64) for what, values in rows.items()}), (target, unroll)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_a_rate_that_grows_without_end_becomes_infinite(target: str) -> None:
    schedule = {"name": "exponential", "factor": 1.5}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "schedule": schedule}
    module: Any = made(network([layer("o", 1, "linear")], "squared_error", training=training), target, "weights")
    params = module.unpack([1.0] * 4)
    with np.errstate(over="ignore"):
        moved, _ = module.step(params, module.unpack([1.0] * 4), (1800,))
    assert module.pack(moved) == [-math.inf] * 4


@pytest.mark.parametrize("name", ["elu", "selu", "celu"])
def test_the_reference_keeps_the_digits_of_slopes_far_below_0(name: str) -> None:
    """The value plus alpha, which is the slope, has none left."""
    z, options = np.array([[-100.0]]), {"alpha": 2.0} if name != "selu" else {}
    value, back = FUNCTIONS[name]
    slope = {"elu": 2.0 * math.exp(-100.0), "selu": SCALE * ALPHA * math.exp(-100.0), "celu": math.exp(-50.0)}[name]
    assert back(z, value(z, **options), np.ones((1, 1)), **options)[0, 0] == pytest.approx(slope, rel=1e-14, abs=0.0)
