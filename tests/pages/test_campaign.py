"""Random specs over the whole format, in every form of page, against the reference; ``make fuzz`` has the long run."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from nngen.reading.source import parse
from nngen.targets.modules import texts
from nngen.targets.render import render
from tests.support import campaign, fuzz
from tests.support.rounding import DisagreementError
from tests.support.specs_strategy import COUNT, Drawn, valid_specs, written

EXAMPLES = 15

known = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The same specs in each run, so that a failure is that of a change."""


@known
@given(valid_specs())
def test_modules_agree_with_the_reference(drawn: Drawn) -> None:
    campaign.judge(drawn.spec)


def test_most_of_what_is_drawn_is_valid() -> None:
    COUNT.drawn = COUNT.refused = 0  # not those of other tests, which depend on what the process did before
    settings(known, max_examples=100)(given(valid_specs())(lambda drawn: None))()
    assert COUNT.drawn >= 100
    assert COUNT.refused < COUNT.drawn / 4


@known
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
""",
    "the slope of a custom tanh where tanh is 1, computed by the reference with more digits than floats have": """\
name: net
inputs: [x1]
layers: [{name: output, units: [y1], activation: linear}]
loss: {name: bounded, outputs: sum}
training: {optimizer: {name: gradient_descent, rate: 0.5}, epochs: 353}
losses: {bounded: {value: tanh(a - y)}}
""",
    "a shift below batch normalization, whose derivative is 0 but for the rounding of the mean": """\
name: net
inputs: {name: p, size: 2}
layers:
  - name: h0
    units: 1
    activation: probit
    weights: {initial: glorot_truncated}
    bias: {initial: he_normal, trainable: false}
    dropout: 0.25
  - {name: h1, units: 2, activation: probit, weights: {initial: glorot_uniform}, bias: {initial: lecun_normal}}
  - name: output
    units: 2
    activation: {name: leaky_relu, slope: 0.006}
    weights: {initial: glorot_truncated}
    normalization: {name: batch_norm, epsilon: 5.0e-06, momentum: 0.02}
loss: {name: hinge, outputs: mean, example_weights: true, batch: mean}
initial: {weights: lecun_normal, biases: he_uniform, seed: 3}
training: {optimizer: {name: gradient_descent, rate: 0.075}, batch_size: 2, shuffle: true, seed: 0}
activations: {probit: {value: erfc(-z / sqrt(2)) / 2, bounds: [0, 1]}}
""",
}
"""Specs that once gave a disagreement, as ``make fuzz`` printed them."""


@pytest.mark.parametrize("text", REGRESSIONS.values(), ids=REGRESSIONS)
def test_what_was_found_before(text: str) -> None:
    campaign.judge(parse(text, "net.yaml"))


PLANTED: dict[str, tuple[str, str]] = {
    "the slope of the sigmoid": (r"(\* a_?\w*) \* \(1\.0 - a", r"\1 * (1.00000001 - a"),
    "a sum over the examples": (r"(db_\w+ = ones\.dot\(dz_\w+\))", r"\1 / len(x)"),
    "a line of an optimizer": (r"\[w - ([\d.e-]+) \* ", r"[w - 1.00000001 * \1 * "),
    "the index of a weight": (r"(w_\w+) \* (\w+) \+ (w_\w+) \* (\w+)", r"\3 * \2 + \1 * \4"),
    "a square that is an error in Python where it is too large": (r"\bg \* g\b", r"g ** 2"),
    "a row of weights for a column": (r"dz_(\w+)\.dot\(W_(\w+)\)", r"dz_\1[:, ::-1].dot(W_\2)"),
    "the loss": (r"return loss, ", r"return loss * 1.00000001, "),
    "a derivative that comes back": (r"(\n    +da_\w+ = )(?!\[|\()", r"\1 1.00000001 * "),
    "the scale of the inputs": (r"\((\w+) - s\) / d", r"(\1 - s) / (d * 1.00000001)"),
    "the random numbers": (r"0x735A2D97", r"0x735A2D95"),
    "what dropout leaves": (r"1\.0 / \(1\.0 - ", r"1.00000001 / (1.0 - "),
    "the order of a file": (r"float\(value\) for value in flat\]", r"float(value) for value in flat[::-1]]"),
}
"""Mistakes in the text of a page, by a pattern and what takes its place; of numbers, in the eighth digit."""


def planted(before: str, after: str) -> Callable[..., str]:
    """What renders pages with a mistake in them."""
    return lambda *arguments: re.sub(before, after, render(*arguments))


@pytest.fixture(scope="module")
def some() -> list[tuple[Drawn, str]]:
    """The first specs of a run, always the same, and the text of their pages: short ones first, which are quick."""
    drawn: list[Drawn] = []
    settings(known, max_examples=60, phases=[Phase.generate])(given(valid_specs())(lambda one: drawn.append(one)))()
    written = [(one, "".join(texts(one.spec, Path(), ("python", "numpy")).values())) for one in drawn]
    return sorted(written, key=lambda one: len(one[1]))


def finds(drawn: Drawn) -> bool:
    """Whether the campaign finds a spec's pages wrong."""
    try:
        campaign.judge(drawn.spec)
    except DisagreementError:
        return True
    return False


@pytest.mark.parametrize(("before", "after"), PLANTED.values(), ids=PLANTED)
def test_a_planted_mistake_is_found(
    before: str, after: str, some: list[tuple[Drawn, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "render", planted(before, after))
    assert any(finds(drawn) for drawn, pages in some if re.search(before, pages))


def test_what_is_printed_is_a_spec_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(campaign, "render", planted(*PLANTED["a derivative that comes back"]))
    monkeypatch.setattr(fuzz, "SHRINKING", 0.2)
    assert fuzz.main(["100", "--seed", "1"]) == 1
    first, smallest = re.findall(r"^name: .+?(?=\n\n|\Z)", capsys.readouterr().out, re.DOTALL | re.MULTILINE)
    for text in (first, smallest):
        with pytest.raises(DisagreementError):
            campaign.judge(parse(text, "net.yaml"))
    assert len(smallest) <= len(first)
