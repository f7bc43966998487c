"""Numbers at the ends of what floats hold: every page in Python gives what the reference gives, and none raises."""

import math
from typing import Any

import pytest

from tests.extremes import LOGITS, SOFTMAX_LOSSES, Extreme, equal_logits
from tests.test_modules import PAGES, made


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
    assert case.network.loss(params, case.x, case.y) == pytest.approx(math.log(3.0), rel=1e-15)
    assert loss_of(case, target, unroll) == pytest.approx(math.log(3.0), rel=1e-15)
