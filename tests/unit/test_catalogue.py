"""The catalogues: what every entry has, the optimizers by hand, the initializers against their papers."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from nngen.description.data.scaling import CLIP
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.initializers import INITIALIZERS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.grammar import FUNCTIONS
from nngen.mathematics.formulas.lines import line
from nngen.targets.targets import TARGETS
from tests.support.catalogues import CATALOGUES, follow, value


def test_optimizers_by_hand() -> None:
    for name, rate, expected in [("gradient_descent", 0.1, 1.95), ("perceptron", 1.0, 1.5)]:
        (update,) = OPTIMIZERS[name].lines
        assert follow((update,), {"w": 2.0, "g": 0.5, "rate": rate})["w"] == expected


OPTIONS: Mapping[str, Mapping[str, float]] = {
    "constant": {"value": 0.1},
    "uniform": {"low": -0.5, "high": 2.0},
    "normal": {"mean": 0.5, "deviation": 2.0},
    "truncated_normal": {"mean": 0.5, "deviation": 2.0, "cut": 3.0},
    "orthogonal": {"gain": 2.0},
}


WITHIN_2 = 1.0 - 4.0 * math.exp(-2.0) / math.sqrt(2.0 * math.pi) / math.erf(math.sqrt(2.0))
"""The variance of the standard normal distribution between -2 and 2."""


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize(("fan_in", "fan_out"), [(2, 1), (64, 32)])
def test_initializers_have_the_bounds_and_variances_of_the_papers(name: str, fan_in: int, fan_out: int) -> None:
    def drawn(**letters: float) -> float:
        fans = {"fan_in": float(fan_in), "fan_out": float(fan_out)}
        return float(value(INITIALIZERS[name].value, fans | dict(OPTIONS.get(name, {})) | letters))

    bounds = {  # an interval; its variance is a twelfth of the square of its length
        "zeros": (0.0, 0.0),
        "uniform": (-0.5, 2.0),
        "glorot_uniform": (-math.sqrt(6 / (fan_in + fan_out)), math.sqrt(6 / (fan_in + fan_out))),
        "he_uniform": (-math.sqrt(6 / fan_in), math.sqrt(6 / fan_in)),
        "lecun_uniform": (-math.sqrt(3 / fan_in), math.sqrt(3 / fan_in)),
        "constant": (0.1, 0.1),
    }
    moments = {
        "normal": (0.5, 4.0),
        "glorot_normal": (0.0, 2 / (fan_in + fan_out)),
        "he_normal": (0.0, 2 / fan_in),
        "lecun_normal": (0.0, 1 / fan_in),
        "truncated_normal": (0.5, 4.0),
        "glorot_truncated": (0.0, 2 / (fan_in + fan_out) / WITHIN_2),
        "he_truncated": (0.0, 2 / fan_in / WITHIN_2),
        "lecun_truncated": (0.0, 1 / fan_in / WITHIN_2),
        "orthogonal": (0.0, 4.0),
    }
    if name in bounds:
        low, high = bounds[name]
        assert (drawn(u=0.0), drawn(u=1.0)) == pytest.approx((low, high))
        assert drawn(u=0.25) == pytest.approx(0.75 * low + 0.25 * high)
        variance = {
            "glorot_uniform": 2 / (fan_in + fan_out),
            "he_uniform": 2 / fan_in,
            "lecun_uniform": 1 / fan_in,
        }.get(name)
        assert variance is None or (high - low) ** 2 / 12 == pytest.approx(variance)
    else:
        mean, variance = moments[name]
        letter = "q" if name == "orthogonal" else "t" if "truncated" in name else "n"
        assert drawn(**{letter: 0.0}) == mean
        for n in (-3.0, 1.0, 2.0):
            assert (drawn(**{letter: n}) - mean) / n == pytest.approx(math.sqrt(variance))


ENTRIES = [(kind, name) for kind, catalogue in CATALOGUES.items() for name in catalogue]


def spec(kind: str, entry: dict[str, Any]) -> Spec:
    chosen: dict[str, Any] = {
        "activation": "linear",
        "loss": {"name": "squared_error"},
        "optimizer": {"name": "gradient_descent", "rate": 0.1},
        "initial": "zeros",
    } | {kind: entry}
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1"],
            "layers": [{"name": "o", "units": 2, "activation": chosen["activation"]}],
            "initial": {"weights": chosen["initial"]},
            "loss": {"outputs": "sum", **chosen["loss"]},
            "training": {"optimizer": chosen["optimizer"]},
        }
    )


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_can_be_written_in_a_spec(kind: str, name: str) -> None:
    entry = CATALOGUES[kind][name]
    assert entry.name == name
    assert entry.textbook
    assert entry.source
    given = {"name": name} | {option.name: 0.5 + (option.above or 0.0) for option in entry.options}
    spec(kind, given)
    for option in entry.options:
        assert option.description.endswith(".")
        rest = {key: number for key, number in given.items() if key != option.name}
        if option.default is None:
            with pytest.raises(ValidationError, match="Field required"):
                spec(kind, rest)
        else:
            spec(kind, rest)
        if option.above is not None:
            with pytest.raises(ValidationError, match="greater than"):
                spec(kind, given | {option.name: option.above})
    with pytest.raises(ValidationError, match="Extra inputs"):
        spec(kind, given | {"nonsense": 0.5})


def test_every_function_has_a_word_in_every_target() -> None:
    formulas = [LOSSES[name].target for name in LOSSES]
    for loss in LOSSES.values():
        formulas += [line(text).formula.text for text in loss.across]
        formulas += [*filter(None, (loss.value, loss.slope)), *(t for f in loss.fused for t in (f.value, f.slope))]
    for activation in ACTIVATIONS.values():
        lines = [*activation.across, *activation.steps, *activation.back]
        formulas += [activation.value, *filter(None, [activation.slope]), *(line(text).formula.text for text in lines)]
    formulas += [line(text).formula.text for optimizer in OPTIMIZERS.values() for text in optimizer.lines]
    formulas += [schedule.value for schedule in SCHEDULES.values()]
    formulas += [text for clip in CLIPS.values() for text in (clip.factor, line(clip.line).formula.text) if text]
    formulas += [initializer.value for initializer in INITIALIZERS.values()]
    assert {name for text in formulas for name in Formula(text).calls} == set(FUNCTIONS)  # and none without a use
    for target in TARGETS.values():
        own = {*"maximum minimum sign sigmoid softplus log1p expm1 erfc".split()} if target.name == "c" else set()
        assert set(target.words.calls) - {CLIP} == set(FUNCTIONS) - own  # which C defines, as far as it needs them


@pytest.mark.parametrize("name", LOSSES)
def test_a_bare_loss_has_the_reduction_of_its_entry(name: str) -> None:
    bare = Spec.model_validate({**spec("loss", {"name": name}).model_dump(by_alias=True), "loss": name})
    assert bare.loss.outputs == LOSSES[name].reduction in ("sum", "mean")
    assert bare.loss == type(bare.loss).model_validate({"name": name, "outputs": LOSSES[name].reduction})
    assert LOSSES[name].reduction_source


def test_a_bare_loss_of_the_user_s_own_is_summed() -> None:
    described = spec("loss", {"name": "hinge"}).model_dump(by_alias=True)
    custom = Spec.model_validate({**described, "losses": {"quartic": {"value": "(a - y)**4"}}, "loss": "quartic"})
    assert custom.loss.outputs == "sum"


def test_a_number_of_inputs_is_short_for_a_group() -> None:
    described = spec("activation", {"name": "tanh"}).model_dump(by_alias=True)
    counted, group = (Spec.model_validate({**described, "inputs": inputs}) for inputs in (2, {"name": "x", "size": 2}))
    assert counted == group
    assert (counted.input_names, counted.input_name) == (("x1", "x2"), "x")
