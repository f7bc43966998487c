"""Normalization and dropout: the modules in training against the reference, and what each of them promises."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network, bits
from nngen.proof.reference.normalization import keep as reference_keep
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import CASES, PAGES, Case, examples, same, start
from tests.support.network import layer, network
from tests.support.networks import DESCRIBED, DROPPING, NEEDS_BATCH, NETWORKS
from tests.support.weighting import COUNTS

SEEDS = np.array([3, 5, 2**31, 2**32 - 1, 8, 9])


def cases(names: Iterable[str]) -> pytest.MarkDecorator:
    """A test of these networks in each form of page."""
    forms = [f"{name}-{target}-{unroll}" for name in names for target, unroll in PAGES]
    return pytest.mark.parametrize("case", forms, indirect=True)


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]()


def test_the_networks_have_both() -> None:
    plans = {name: plan(net.spec) for name, net in NETWORKS.items()}
    assert [name for name, made in plans.items() if made.has_dropout] == DROPPING
    assert [name for name, made in plans.items() if made.needs_batch] == NEEDS_BATCH
    assert set(DROPPING) & set(NEEDS_BATCH)
    assert set(DROPPING) - set(NEEDS_BATCH)


@cases(name for name in DROPPING if name not in NEEDS_BATCH)
def test_dropout_is_that_of_the_reference(case: Case) -> None:
    net, module, target = case
    x, y = examples(net, len(SEEDS))
    params, expected = module.unpack(start(net)), net.unpack(start(net))
    met = []
    if target == "numpy":
        found, gradient = module.gradient(params, x, y, seeds=SEEDS)
        wanted, slopes, _ = net.batch_gradient(expected, x, y, SEEDS)
        same(found, wanted)
        same(module.pack(gradient), net.pack(slopes))
    for i, seed in enumerate(SEEDS.tolist()):
        batched = target == "numpy"
        one = (x[[i]], y[[i]]) if batched else (x[i].tolist(), y[i].tolist())
        found, gradient = module.gradient(params, *one, **({"seeds": np.array([seed])} if batched else {"seed": seed}))
        wanted, slopes, _ = net.batch_gradient(expected, x[[i]], y[[i]], [seed])
        same(found, wanted)
        same(module.pack(gradient), net.pack(slopes))
        met.append(found != module.gradient(params, *one)[0])
    assert any(met)  # something was left out


@cases(NEEDS_BATCH)
def test_a_batch_is_measured_as_the_reference_does(case: Case) -> None:
    net, module, target = case
    x, y = examples(net, len(SEEDS))
    rows = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    params, expected = module.unpack(start(net)), net.unpack(start(net))
    drawn: list[Any] = [None, SEEDS if target == "numpy" else SEEDS.tolist()] if plan(net.spec).has_dropout else [None]
    for seeds in drawn:
        for training in (True, False):
            more = {"seeds": seeds} if plan(net.spec).has_dropout else {}
            loss, gradient, after = module.batch_gradient(params, *rows, training=training, **more)
            wanted, slopes, moved = net.batch_gradient(expected, x, y, seeds, training=training)
            same(loss, wanted)
            same(module.pack(gradient), net.pack(slopes))
            same(module.pack(after), net.pack(moved))
            assert (module.pack(after) != module.pack(params)) == training
    assert module.pack(params) == start(net)


def module_of(net: Network, target: str) -> Any:
    return as_module("net", render(plan(net.spec), net.spec, target))


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_dropout_leaves_out_what_it_says_and_makes_up_for_it(target: str) -> None:
    net = network([layer("h", 40, "linear", dropout=0.3), layer("o", 1, "linear")], "squared_error")
    module = module_of(net, target)
    if target == "numpy":
        keep = module._keep(np.arange(500), 0, 40, 0.3)
    else:
        keep = np.array([[module._keep(seed, unit, 0.3) for unit in range(40)] for seed in range(500)])
    assert set(np.unique(keep)) == {0.0, 1.0 / 0.7}
    for axis in (0, 1):  # about as often for each unit, and for each example
        left = (keep == 0.0).mean(axis=axis)
        assert abs(left.mean() - 0.3) < 0.01
        assert (abs(left - 0.3) < 5.0 * np.sqrt(0.21 / keep.shape[axis])).all()
    assert len({tuple(row) for row in keep}) == 500
    drawn = int(bits(5, 7)) / 2**32  # a draw that is the rate itself is not below it
    one = module._keep(np.array([5]), 7, 8, drawn) if target == "numpy" else module._keep(5, 7, drawn)
    assert one == reference_keep(drawn, [5], 7, 1) == 1.0 / (1.0 - drawn)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_another_seed_leaves_out_others(target: str) -> None:
    net = NETWORKS["dropout"]
    module, (x, y) = module_of(net, target), examples(net, 8)
    data = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    histories = [module.fit(module.init(), *data, 2, 8, seed)[1] for seed in (1, 1, 2)]
    assert histories[0] == histories[1] != histories[2]
    assert histories[0][0] != histories[0][1]


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_layer_norm_gives_mean_0_and_variance_1(target: str) -> None:
    layers = [layer("o", 6, "linear", normalization={"name": "layer_norm", "epsilon": 1e-12})]
    module = module_of(network(layers, "squared_error"), target)
    x = np.random.default_rng(1).normal(size=(4, 3))
    params = module.init()
    given = module.forward(params, x) if target == "numpy" else [module.forward(params, row) for row in x.tolist()]
    np.testing.assert_allclose(np.mean(given, axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.std(given, axis=1), 1.0, rtol=1e-9)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_running_statistics_become_those_of_the_examples(target: str) -> None:
    layers = [
        layer("h", 2, "linear", normalization="batch_norm", weights={"trainable": False}),
        layer("o", 1, "linear"),
    ]
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.01}, "batch_size": "full", "epochs": 300}
    net = network(layers, "squared_error", training=training)
    module, (x, y) = module_of(net, target), examples(net, 50)
    data = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    params, _ = module.fit(module.init(), *data)
    trained = dict(zip(module.PARAMETERS, net.unpack(module.pack(params)), strict=True))
    z = x @ trained["W_h"].T + trained["b_h"]
    np.testing.assert_allclose(trained["mean_h"], z.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(trained["variance_h"], z.var(axis=0, ddof=1), rtol=1e-9)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_a_batch_that_does_not_fit_is_refused(target: str) -> None:
    net = NETWORKS["batch normalization"]
    module, (x, y) = module_of(net, target), examples(net, 3)

    def kind(rows: Any) -> Any:
        return rows if target == "numpy" else rows.tolist()

    for wrong in ((x[:2], y), (x[:0], y[:0]), (x[:, :2], y), (x, y[:, :1]), (x, y + 1.0)):
        with pytest.raises(ValueError, match="expected"):
            module.batch_gradient(module.init(), *map(kind, wrong))
    with pytest.raises(ValueError, match="expected"):
        module.batch_gradient(module.init()[1:], kind(x), kind(y))


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_weights_of_a_batch_are_checked(target: str) -> None:
    net = NETWORKS["batch normalization, weights of examples"]
    module, (x, y) = module_of(net, target), examples(net, 3)
    rows = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    kind = np.array if target == "numpy" else list
    params = module.init()
    loss, gradient, _ = module.batch_gradient(params, *rows)
    ones = module.batch_gradient(params, *rows, kind([1.0, 1.0, 1.0]))
    assert (ones[0], module.pack(ones[1])) == (loss, module.pack(gradient))
    found, _, _ = module.batch_gradient(params, *rows, kind([0.0, 0.5, 9e17]))
    same(found, net.batch_gradient(net.init(), x, y, weights=[0.0, 0.5, 9e17])[0])
    for wrong in ([1.0, 1.0], [1.0, 1.0, -1.0], [1.0, 1e18, 1.0], [float("nan"), 1.0, 1.0]):
        with pytest.raises(ValueError, match=r"expected 3 weights.*got"):
            module.batch_gradient(params, *rows, kind(wrong))


@cases(name for name in NEEDS_BATCH if DESCRIBED[name]["loss"].get("example_weights"))
def test_examples_that_are_measured_together_count_by_their_weights(case: Case) -> None:
    net, module, target = case
    x, y = examples(net, len(COUNTS))
    rows = (x, y, COUNTS) if target == "numpy" else (x.tolist(), y.tolist(), COUNTS.tolist())
    found, history = module.fit(module.unpack(start(net)), *rows[:2], 3, weights=rows[2])
    expected, expected_history = net.fit(net.unpack(start(net)), x, y, 3, weights=COUNTS)
    np.testing.assert_allclose(module.pack(found), net.pack(expected), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(history, expected_history, rtol=1e-11)


@pytest.mark.parametrize("name", dict.fromkeys([*DROPPING, *NEEDS_BATCH]))
def test_float32_stays_float32_in_training(name: str) -> None:
    net = NETWORKS[name]
    narrow = Spec.model_validate(
        net.spec.model_dump(by_alias=True) | {"targets": [{"name": "numpy", "dtype": "float32"}]}
    )
    module, (x, y) = as_module("net", render(plan(narrow), narrow, "numpy")), examples(net, 5)
    for training in (True, False):
        if name in NEEDS_BATCH:
            more = {"seeds": SEEDS[:5]} if name in DROPPING and training else {}
            _, gradient, after = module.batch_gradient(module.init(), x, y, training=training, **more)
        else:
            gradient = after = module.gradient(module.init(), x, y, seeds=SEEDS[:5] if training else None)[1]
        assert {one.dtype for one in (*gradient, *after)} == {np.dtype(np.float32)}
    assert {one.dtype for one in module.fit(module.init(), x, y, 1, 5)[0]} == {np.dtype(np.float32)}


def test_a_batch_of_one_teaches_the_shift_and_what_follows_it() -> None:
    net = NETWORKS["batch normalization"]
    module: Any = as_module("net", render(plan(net.spec), net.spec, "numpy"))
    slopes = module.batch_gradient(module.init(), np.array([[0.3, 0.2, -0.4]]), np.array([[1.0, 0.0]]))[1]
    learning = {name for name, slope in zip(module.PARAMETERS, slopes, strict=True) if np.any(slope != 0.0)}
    assert learning == {"shift_h", "b_o"}  # tanh gives 0 here, so that the weights of the output stay, too
