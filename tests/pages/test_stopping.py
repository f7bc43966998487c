"""When training ends: every form of page against the reference, and each rule by hand."""

import inspect
import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.stop_rules import STOP_RULES
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.line_breaks import WIDTH
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import PAGES, made
from tests.support.catalogues import value
from tests.support.modules import TARGETS, named, spec
from tests.support.stopping import MEASURED, STOP, of, ties


def data() -> tuple[Any, Any]:
    """Noise: what is learned of it does not hold for other examples, so that the validation loss rises again."""
    random = np.random.default_rng(1)
    return random.normal(size=(24, 2)), random.integers(2, size=(24, 1)).astype(float)


def test_every_entry_is_tried() -> None:
    assert set(STOP) == set(STOP_RULES)


@pytest.mark.parametrize(
    ("target", "unroll", "batch"),
    [(*page, batch) for page, batch in zip([*PAGES, PAGES[-1]], ("mean", "sum", "mean", "sum"), strict=True)],
)
@pytest.mark.parametrize("measured", MEASURED)
@pytest.mark.parametrize("name", STOP)
def test_training_ends_as_that_of_the_reference(name: str, measured: str, target: str, unroll: str, batch: str) -> None:
    spec = of({"name": name, **MEASURED[measured], **STOP[name]}, unroll, batch)
    module, network = as_module("net", render(plan(spec), spec, target)), Network(spec)
    x, y = data()
    params, history = module.fit(module.init(), *((x, y) if target == "numpy" else (x.tolist(), y.tolist())))
    expected, expected_history = network.fit(network.init(), x, y)
    assert len(history) == len(expected_history)
    np.testing.assert_allclose(history, expected_history, rtol=1e-9)
    np.testing.assert_allclose(module.pack(params), network.pack(expected), rtol=1e-9)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_the_target_of_a_loss_below_0_is_negative(target: str, unroll: str) -> None:
    stop = {"name": "target", "target": -0.95}
    custom = {"losses": {"nll": {"value": "-(y * a)", "targets": [0, 1]}}, "loss": "nll"}
    spec = Spec.model_validate({**of(stop, unroll).model_dump(by_alias=True), **custom})
    module, network = as_module("net", render(plan(spec), spec, target)), Network(spec)
    x, y = data()
    y[:] = 1.0
    _, history = module.fit(module.init(), *((x, y) if target == "numpy" else (x.tolist(), y.tolist())))
    assert history[-1] <= -0.95 < history[-2]
    np.testing.assert_allclose(history, network.fit(network.init(), x, y)[1], rtol=1e-9)


def trained(stop: Mapping[str, Any] | None, rate: float = 0.4) -> tuple[Any, list[Any], list[float], Any]:
    """The module, the parameters after each epoch, the history, and what fit gave."""
    spec = of(stop, rate=rate)
    module = as_module("net", render(plan(spec), spec, "python"))
    seen: list[Any] = []
    x, y = data()
    params, history = module.fit(
        module.init(), x.tolist(), y.tolist(), callback=lambda epoch, loss, params, progress: seen.append(params)
    )
    return module, seen, history, params


def test_without_a_rule_all_epochs_are_run_and_the_last_parameters_given() -> None:
    _, seen, history, params = trained(None)
    assert len(history) == 60
    assert params == seen[-1]


def _drawn(module: Any, count: int) -> list[int]:
    """The random order of the examples, of which the first are kept for validation."""
    return sorted(range(count), key=lambda i: module._bits(3, i))


@pytest.mark.parametrize(("places", "every"), [(None, 1), (None, 4), ([20, 3, 11, 4], 1), ([20, 3, 11, 4], 4)])
@pytest.mark.parametrize("name", STOP)
def test_rules_by_hand(name: str, places: list[int] | None, every: int) -> None:
    rule = {"name": name, "validation": places or 0.25, "seed": 3, "every": every, **STOP[name]}
    if name == "target":
        rule["target"] = 0.8
    module, seen, history, params = trained(rule)
    assert len(seen) == len(history)
    x, y = data()
    kept = places or _drawn(module, len(x))[:6]
    measured = seen[every - 1 :: every]
    losses = [sum(module.loss(p, x[i].tolist(), y[i].tolist()) for i in kept) / len(kept) for p in measured]
    assert params == measured[losses.index(min(losses))]

    def ends(count: int) -> bool:
        met = losses[:count]
        lowest = min(met)
        holds: dict[str, bool] = {
            "patience": every * (count - 1 - met.index(lowest)) >= 3,
            "target": met[-1] <= 0.8,
            "generalization_loss": 100.0 * (met[-1] / lowest - 1.0) > 2.0,
        }
        return holds[name]

    assert not any(ends(count) for count in range(1, len(losses)))
    assert ends(len(losses)) or len(history) == 60
    assert len(history) == min(60, every * len(losses))


def test_early_stopping_stops_early() -> None:
    for name in ("patience", "generalization_loss"):
        _, _, history, _ = trained({"name": name, "validation": 0.25, "seed": 3, **STOP[name]})
        assert len(history) < 60


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_fit_says_by_which_rule_training_ends(target: str) -> None:
    spec = of({"name": "patience", "epochs": 3, "validation": 0.25})
    planned = plan(spec)
    assert planned.stop is not None
    says = inspect.getdoc(as_module("net", render(planned, spec, target)).fit)
    assert says is not None
    assert textwrap.fill(planned.stop.comment, WIDTH - 4) in says


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_too_few_examples_to_keep_some(target: str) -> None:
    spec = of({"name": "patience", "epochs": 3, "validation": 0.25})
    module = as_module("net", render(plan(spec), spec, target))
    with pytest.raises(ValueError, match=r"expected enough examples to keep a share of 0\.25 for validation, got 1"):
        module.fit(module.init(), [[0.0, 1.0]], [[1.0]])
    assert module.fit(module.init(), [[0.0, 1.0]] * 4, [[1.0]] * 4)[1]  # one is kept
    spec = of({"name": "patience", "epochs": 3, "validation": 0.9})
    module = as_module("net", render(plan(spec), spec, target))
    with pytest.raises(
        ValueError, match=r"a share of 0\.9 for validation, got 2"
    ):  # nothing would be left to learn from
        module.fit(module.init(), [[0.0, 1.0]] * 2, [[1.0]] * 2)


@pytest.mark.parametrize("target", ["python", "numpy"])
@pytest.mark.parametrize(("places", "least"), [([5, 2], 6), ([0, 1, 2], 4)])
def test_the_places_are_among_the_examples_and_some_are_left(places: list[int], least: int, target: str) -> None:
    spec = of({"name": "patience", "epochs": 3, "validation": places})
    module = as_module("net", render(plan(spec), spec, target))
    x, y = [[0.0, 1.0]] * least, [[1.0]] * least
    assert module.fit(module.init(), x, y)[1]
    refusal = f"expected at least {least} examples, as places are kept for validation, got {least - 1}"
    with pytest.raises(ValueError, match=refusal):
        module.fit(module.init(), x[1:], y[1:])


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_without_a_measured_epoch_the_last_parameters_are_given(target: str, unroll: str) -> None:
    specs = [of(stop, unroll) for stop in ({"name": "patience", "epochs": 3, "every": 5}, None)]
    networks, (x, y) = [Network(spec) for spec in specs], data()
    arrays = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    for epochs in (0, 4):
        modules = [made(net, target, unroll) for net in networks]
        found, plain = (one.pack(one.fit(one.init(), *arrays, epochs=epochs)[0]) for one in modules)
        assert found == plain
        expected, last = (net.pack(net.fit(net.init(), x, y, epochs=epochs)[0]) for net in networks)
        assert expected == last
        np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("stop", "further"),
    [
        ({"name": "target", "target": 0.0}, 0),
        ({"name": "patience", "epochs": 9}, 9),
        ({"name": "generalization_loss", "alpha": 1e9}, None),
    ],
)
def test_a_loss_of_0_reaches_a_target_of_0_and_is_neither_above_the_best_nor_better(
    stop: dict[str, object], further: int | None, target: str
) -> None:
    base = spec(named("and_perceptron"))
    training = base.training.model_dump() | {"stop": stop, "epochs": 40}
    initial = {"weights": {"name": "constant", "value": 1.0}}  # with zeros the criterion is 0 before all is learned
    changed = Spec.model_validate(base.model_dump(by_alias=True) | {"training": training, "initial": initial})
    module, network = as_module("net", render(plan(changed), changed, target)), Network(changed)
    x, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[0.0], [0.0], [0.0], [1.0]]
    _, history = module.fit(module.init(), x, y)
    assert network.fit(network.init(), x, y)[1] == history
    first = history.index(0.0)
    assert 1 < first < 30
    assert len(history) == (40 if further is None else first + 1 + further)


def test_the_percents_of_the_generalization_loss() -> None:
    condition = STOP_RULES["generalization_loss"].condition
    for measured, holds in [(1.0249, False), (1.0251, True)]:
        assert bool(value(condition, {"measured": 2.0 * measured, "best": 2.0, "alpha": 2.5})) is holds
        assert Network._ends("generalization_loss", {"alpha": 2.5}, 2.0 * measured, 2.0, 1) is holds


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_of_equal_losses_the_first_is_the_best(target: str, unroll: str) -> None:
    net, x, y = ties()
    arrays = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    for one, data in ((made(net, target, unroll), arrays), (net, (x, y))):
        first, found = one.fit(one.init(), *data, epochs=1), one.fit(one.init(), *data)
        assert one.pack(found[0]) == one.pack(first[0])
        assert len(found[1]) == 4


@pytest.mark.parametrize("target", TARGETS)
def test_a_loss_that_is_no_number_is_never_the_best(target: str) -> None:
    changed = of({"name": "patience", "epochs": 3})
    module, network = as_module("net", render(plan(changed), changed, target)), Network(changed)
    x, y = [[np.nan, 0.0]] * 4, [[1.0]] * 4
    with np.errstate(invalid="ignore"):
        found = [len(one.fit(one.init(), x, y)[1]) for one in (module, network)]
    assert found == [3, 3]
