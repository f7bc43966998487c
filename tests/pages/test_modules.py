"""Every module against the reference: the specs, and networks that the specs do not reach, in every form of page."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import CASES, OF_SPECS, Case, examples, same, start
from tests.support.modules import SPECS, TARGETS, built, named, spec
from tests.support.networks import NETWORKS

STEPS = 4


FORMS = 3
"""The forms of page of each network."""

CHOSEN = [
    name for place, name in enumerate([*CASES][::-1]) if name in OF_SPECS or place // FORMS % FORMS != place % FORMS
][::-1]
"""All specs, and each other network in two of its three forms, in turn: a form has two thirds of the networks."""


@pytest.fixture(scope="module", params=CHOSEN)
def case(request: pytest.FixtureRequest) -> Case:
    """One case after the other: its page is written once for all tests that use it."""
    return CASES[request.param]()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of all cases."""
    return tmp_path_factory.mktemp("saved")


def test_forward_loss_gradient_and_steps(case: Case) -> None:
    network, module, target = case
    xs, ys = examples(network, STEPS * 3)
    params = module.unpack(start(network))
    state = module.init_state(params)
    expected, memory = network.unpack(start(network)), network.init_state(network.init())
    for step in range(STEPS):
        size = 3 if target == "numpy" else 1
        x, y = xs[step * 3 : step * 3 + size], ys[step * 3 : step * 3 + size]
        one = (x, y) if target == "numpy" else (x[0].tolist(), y[0].tolist())
        same(
            module.forward(params, one[0]),
            network.forward(expected, x) if size > 1 else network.forward(expected, x)[0],
        )
        loss, gradient = module.gradient(params, *one)
        expected_loss, expected_gradient = network.gradient(expected, x, y)
        assert loss == module.loss(params, *one)
        same(loss, expected_loss)
        same(module.pack(gradient), network.pack(expected_gradient))
        params, state = module.step(params, gradient, state)
        expected, memory = network.step(expected, expected_gradient, memory)
        same(module.pack(params), network.pack(expected))


FITS = [(1, 7), (4, 7), (None, None)]
"""The size of a batch, and the seed of the order: single examples, batches, and all examples in the order given."""

FIT_OF = {name: FITS[(place // len(FITS) + place) % len(FITS)] for place, name in enumerate([*CASES][::-1])}
"""One of them for each case: each form of a network has another one, and a form has all in its networks."""


def test_fit(case: Case, request: pytest.FixtureRequest) -> None:
    fits(case, *FIT_OF[request.node.callspec.params["case"]])


def fits(case: Case, batch_size: int | None, seed: int | None) -> None:
    """Compare a training with that of the reference."""
    network, module, target = case
    xs, ys = examples(network, 10)
    data = (xs, ys) if target == "numpy" else (xs.tolist(), ys.tolist())
    training = network.spec.training.model_copy(update={"shuffle": seed is not None, "batch_size": batch_size})
    ordered = Network(network.spec.model_copy(update={"training": training}))
    expected, expected_history = ordered.fit(network.unpack(start(network)), xs, ys, epochs=3, seed=seed)
    met: list[tuple[int, float]] = []

    def callback(epoch: int, loss: float, *_: Any) -> None:
        met.append((epoch, loss))

    params, history = module.fit(module.unpack(start(network)), *data, 3, batch_size, seed, callback)
    what = f"batches of {batch_size}, seed {seed}"
    np.testing.assert_allclose(module.pack(params), network.pack(expected), 1e-11, 1e-13, err_msg=what)
    np.testing.assert_allclose(history, expected_history, 1e-11, 1e-13, err_msg=what)
    assert met == list(enumerate(history))


def test_initial_and_saved_parameters_keep_the_last_bit(case: Case, folder: Path) -> None:
    network, module, _ = case
    for seed in (None, 0, 5, 2**32 - 1):
        found = module.init() if seed is None else module.init(seed)
        assert module.pack(found) == network.pack(network.init(seed))
    file = str(folder / "params.json")
    module.save(module.unpack(start(network)), file)
    assert module.pack(module.load(file)) == start(network)


@pytest.mark.parametrize("target", TARGETS)
def test_callback_ends_training(target: str) -> None:
    module = built(SPECS[0], target)
    xs, ys = examples(Network(spec(SPECS[0])), 4)
    _, history = module.fit(module.init(), xs.tolist(), ys.tolist(), 9, callback=lambda epoch, *_: epoch == 2)
    assert len(history) == 3


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", [named("xor_mlp"), named("digits")], ids=lambda path: path.stem)
def test_a_single_example_is_enough(path: Path, target: str) -> None:
    module = built(path, target)
    x, y = examples(Network(spec(path)), 1)
    params = module.init()
    one = (x, y) if target == "numpy" else (x[0].tolist(), y[0].tolist())
    loss, gradient = module.gradient(params, *one)
    found, history = module.fit(params, x.tolist(), y.tolist(), 1)
    assert history == [loss]
    assert module.pack(found) == module.pack(module.step(params, gradient, module.init_state(params))[0])


def test_fit_leaves_what_it_was_given_as_it_was() -> None:
    for path in SPECS:
        for target in TARGETS:
            module = built(path, target)
            xs, ys = examples(Network(spec(path)), 6)
            params = module.init()
            before = module.pack(params)
            module.fit(params, xs.tolist(), ys.tolist(), 1)
            assert module.pack(params) == before


XOR = next(path for path in SPECS if path.stem == "xor_mlp")
DIGITS = next(path for path in SPECS if path.stem == "digits")


@pytest.mark.parametrize("path", [XOR, DIGITS], ids=["weights", "layers"])
def test_python_refuses_what_does_not_fit(path: Path) -> None:
    module = built(path, "python")
    inputs, outputs = len(spec(path).input_names), len(spec(path).layers[-1].unit_names)
    params = module.init()
    x, y = [0.5] * inputs, [1.0] + [0.0] * (outputs - 1)
    other = built(XOR if path == DIGITS else DIGITS, "python").init()
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: module.forward(params, [*x, 1.0]), f"{inputs} inputs.*got.*{inputs + 1}"),
        (lambda: module.forward(other, x), "expected (a list of numbers|matrices)"),
        (lambda: module.gradient(params[:-1], x, y), "expected .*parameters.*got"),
        (lambda: module.gradient(params, x[1:], y), f"{inputs} inputs.*got.*{inputs - 1}"),
        (lambda: module.gradient(params, x, [*y, 0.0]), f"{outputs} target.*got.*{outputs + 1}"),
        (lambda: module.gradient(params, x, [math.nan] * outputs), "numbers from 0 to 1.*nan"),
        (lambda: module.loss(params, x, [1.5] * outputs), "numbers from 0 to 1.*1.5"),
        (lambda: module.fit(params, [x], []), "some xs, as many ys"),
        (lambda: module.fit(params, [], []), "batches of 1 or more"),
        (lambda: module.fit(params, [], [], batch_size=2), "batches of 1 or more"),
        (lambda: module.fit(params, [x], [y], batch_size=0), "batches of 1 or more"),
        (lambda: module.unpack([0.0]), "expected .*parameters, got 1"),
    ]
    for call, message in wrong:
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("path", [XOR, DIGITS], ids=lambda path: path.stem)
def test_numpy_refuses_what_does_not_fit(path: Path) -> None:
    module = built(path, "numpy")
    inputs, outputs = len(spec(path).input_names), len(spec(path).layers[-1].unit_names)
    params = module.init()
    x, y = np.full((3, inputs), 0.5), np.eye(outputs)[[0, 0, 0]]
    other = built(XOR if path == DIGITS else DIGITS, "numpy").init()
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: module.forward(params, x[:, 1:]), rf"shape \(n, {inputs}\), got \(3, {inputs - 1}\)"),
        (lambda: module.forward(params, x[0]), rf"shape \(n, {inputs}\), got \({inputs},\)"),
        (lambda: module.forward(other, x), "expected parameters of shapes .* got"),
        (
            lambda: module.forward([p + 0j for p in params], x),
            r"expected parameters of shapes .*, arrays of real numbers; got \(dtype\(.complex128.\), ",
        ),
        (lambda: module.gradient([p + 0j for p in params], x, y), "arrays of real numbers"),
        (lambda: module.gradient(params, x, y[:2]), r"expected y of shape .* got \(2,"),
        (lambda: module.gradient(params, x, y[:, 0]), r"expected y of shape .* got \(3,\)"),
        (lambda: module.gradient(params, x[:0], y[:0]), "at least 1"),
        (lambda: module.gradient(params, x, y * math.nan), "numbers from 0 to 1"),
        (lambda: module.gradient(params, x, y * 1.5), "numbers from 0 to 1"),
        (lambda: module.fit(params, x, y, batch_size=0), "batches of at least 1"),
        (lambda: module.unpack([0.0]), "expected .*parameters, got 1"),
    ]
    for call, message in wrong:
        with pytest.raises(ValueError, match=message):
            call()


def test_a_page_runs_where_there_is_no_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """MicroPython has none."""
    monkeypatch.setitem(sys.modules, "operator", None)
    text = render(plan(spec(DIGITS)), spec(DIGITS), "python")
    poor, usual = as_module("digits", text), built(DIGITS, "python")
    (x, y), params = (rows[0].tolist() for rows in examples(Network(spec(DIGITS)), 1)), usual.init()
    assert poor.gradient(params, x, y) == usual.gradient(params, x, y)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
@pytest.mark.parametrize("target", TARGETS)
def test_a_page_says_what_it_is(path: Path, target: str) -> None:
    loaded, said = spec(path), " ".join((built(path, target).__doc__ or "").split())
    for fact in (loaded.name, loaded.description, loaded.loss.name, loaded.training.optimizer.name):
        assert " ".join(fact.split()) in said
    for one in loaded.layers:
        assert one.activation.name in said or one.activation.name == "linear"


def test_integers_lists_tuples_and_float32_are_taken() -> None:
    for path in SPECS:
        network = Network(spec(path))
        x, y = examples(network, 2)
        whole, ones = np.ones_like(x), np.eye(y.shape[1])[[0, 0]]
        numpy, python = built(path, "numpy"), built(path, "python")
        expected = numpy.gradient(numpy.init(), whole, ones)[0]
        for kind in (np.int64, np.float32):
            assert numpy.gradient(numpy.init(), whole.astype(kind), ones.astype(kind))[0] == expected
        assert numpy.gradient(numpy.init(), whole.astype(int).tolist(), ones.astype(int).tolist())[0] == expected
        same(python.loss(python.init(), tuple([1] * x.shape[1]), tuple(map(int, ones[0]))), expected)


def test_float32_stays_float32_and_agrees() -> None:
    for name, network in NETWORKS.items():
        changed = network.spec.model_dump(by_alias=True) | {"targets": [{"name": "numpy", "dtype": "float32"}]}
        narrow = Spec.model_validate(changed)
        module = as_module("net", render(plan(narrow), narrow, "numpy"))
        params = module.unpack(start(network))
        x, y = examples(network, 4)
        loss, gradient = module.gradient(params, x, y)
        assert {p.dtype for p in (*params, *gradient, module.forward(params, x))} == {np.dtype(np.float32)}, name
        expected_loss, expected = network.gradient(network.unpack(start(network)), x, y)
        np.testing.assert_allclose(loss, expected_loss, rtol=1e-5)
        np.testing.assert_allclose(module.pack(gradient), network.pack(expected), rtol=1e-4, atol=1e-5)
        assert module.step(params, gradient, ())[0][0].dtype == np.float32
