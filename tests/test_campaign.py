"""Random specs over the whole format, in every form of page, against the reference; ``make fuzz`` has the long run."""

import pytest
from hypothesis import HealthCheck, given, settings

from nngen.source import parse
from tests import campaign
from tests.specs_strategy import COUNT, Drawn, valid_specs, written

EXAMPLES = 200

known = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The same specs in each run, so that a failure is that of a change."""


@known
@given(valid_specs())
def test_modules_agree_with_the_reference(drawn: Drawn) -> None:
    campaign.judge(drawn.spec)


def test_most_of_what_is_drawn_is_valid() -> None:
    settings(known, max_examples=100)(given(valid_specs())(lambda drawn: None))()
    assert COUNT.drawn >= 100
    assert COUNT.refused < COUNT.drawn / 4


@settings(known, max_examples=30)
@given(valid_specs())
def test_yaml_says_the_same_as_json(drawn: Drawn) -> None:
    assert parse(written(drawn.source), "net.yaml") == drawn.spec


REGRESSIONS: dict[str, str] = {
    "a negative loss, by which training ended while it still fell": """\
name: net
inputs: [x1]
layers: [{name: output, units: [y1], activation: linear}]
loss: {name: signed, outputs: sum}
training:
  optimizer: {name: momentum, rate: 0.005}
  stop: {name: generalization_loss, alpha: 0.005}
losses: {signed: {value: tanh(a - y)}}
"""
}
"""Specs that once gave a disagreement, as ``make fuzz`` printed them."""


@pytest.mark.parametrize("text", REGRESSIONS.values(), ids=REGRESSIONS)
def test_what_was_found_before(text: str) -> None:
    campaign.judge(parse(text, "net.yaml"))
