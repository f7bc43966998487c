"""Bindings of C headers with weights, validation examples, and memory."""

import math
import random
import resource
import sys
from array import array
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.proof.selftest import selftest
from nngen.targets.modules import as_module
from nngen.targets.render import binding, render
from tests.oracle.bindings import imported, put, write
from tests.support.memory import left_behind
from tests.support.network import layer, network

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("quick_compiler")]

WEIGHED = {"name": "squared_error", "example_weights": True}
CLASSES = {"name": "cross_entropy", "class_weights": [2.0, 0.0]}
NORMAL = {"normalization": "batch_norm"}


def training(*, batch_size: int | None = None, **stop: object) -> Mapping[str, object]:
    """Gradient descent, with a rule that ends it."""
    optimizer = {"name": "gradient_descent", "rate": 0.05}
    return {"optimizer": optimizer, "batch_size": batch_size} | ({"stop": stop} if stop else {})


def patience(validation: object) -> Mapping[str, object]:
    return training(name="patience", epochs=2, validation=validation, seed=3)


def bound(net: Network, folder: Path) -> Any:
    """The module of a network."""
    return imported(write(Spec.model_validate(net.spec.model_dump(by_alias=True) | {"targets": ["c"]}), folder))


def page(net: Network) -> Any:
    """Its page in Python."""
    return as_module("net", render(plan(net.spec), net.spec, "python"))


def data(count: int) -> tuple[list[list[float]], list[list[float]]]:
    """Examples of three inputs, of two classes."""
    draw = random.Random(5)
    classes = [draw.randrange(2) for _ in range(count)]
    return [[draw.uniform(-1.0, 1.0) for _ in range(3)] for _ in range(count)], [[1.0 - k, float(k)] for k in classes]


def outcome(module: Any, *given: object, **how: object) -> Any:
    """The numbers that training gives, or what is refused."""
    try:
        params, history = module.fit(module.init(), *given, **how)
    except ValueError as error:
        return str(error)
    return [*module.pack(params), *history]


SHARES = [
    pytest.param(network(layers, loss, "sum", "weighted_mean", training=rule), id=f"{loss['name']} {name}")
    for layers, loss in (
        ([layer("o", 2, "tanh")], WEIGHED),
        ([layer("o", 2, "softmax")], CLASSES),
        ([layer("o", 2, "softmax")], CLASSES | {"example_weights": True}),
        ([layer("h", 2, "tanh", **NORMAL), layer("o", 2, "tanh")], WEIGHED),
    )
    for name, rule in (("all", training()), ("kept", patience(0.25)))
]


@pytest.mark.parametrize("net", SHARES)
def test_batches_without_any_weight_are_those_of_the_page_in_python(net: Network, tmp_path: Path) -> None:
    module, python, (xs, ys) = bound(net, tmp_path), page(net), data(7)
    draw, refused = random.Random(1), 0
    single = [[0.25 * (i == k) for i in range(7)] for k in range(7)]
    but_one = [[0.25 * (i != k) for i in range(7)] for k in range(7)]
    some = [[draw.choice((0.0, 0.01, 0.25)) for _ in range(7)] for _ in range(20)]
    own = net.spec.loss.example_weights
    for weights in (*single, *but_one, *some, None) if own else (None,):
        for size in (1, 2, 3, 6, 7, None):
            for seed in (None, 4):
                more = {"weights": weights} if own else {}
                how = {"epochs": 2, "batch_size": size, "seed": seed, **more}
                found, expected = (outcome(each, xs, ys, **how) for each in (module, python))
                case = f"{weights} {size} {seed}"
                if isinstance(expected, str):
                    refused += 1
                    assert found == expected, case
                else:
                    np.testing.assert_allclose(found, expected, 1e-12, 1e-14, err_msg=case)
    assert refused > 0


@pytest.mark.parametrize("net", SHARES)
def test_training_may_end_in_no_number(net: Network, tmp_path: Path) -> None:
    module, (xs, _), ys = bound(net, tmp_path), data(8), [[1.0, 0.0]] * 8
    for k in range(8):
        some = [*xs[:k], [math.nan] * 3, *xs[k + 1 :]]
        for size in (1, 2, 3, 4, None):
            _, history = module.fit(module.init(), some, ys, 1, size, None)
            assert len(history) == 1
        assert math.isnan(module.forward(module.init(), some[k])[0])
    _, history = module.fit(module.init(), [[math.nan] * 3] * 8, ys, 1, 2)
    assert math.isnan(history[0])


def test_weights_of_single_examples_may_be_small_or_0(tmp_path: Path) -> None:
    module = bound(network([layer("o", 2, "tanh")], WEIGHED), tmp_path)
    (x, *_), (y, *_) = data(1)
    params, whole = module.init(), module.loss(module.init(), x, y)
    for weight in (0.0, 0.25, 1.0, 2.0):
        assert module.loss(params, x, y, weight) == weight * whole
        assert module.gradient(params, x, y, weight)[0] == weight * whole
    with pytest.raises(ValueError, match=r"a weight of at least 0 and less than 1e18, got -1\.0$"):
        module.loss(params, x, y, -1.0)


@pytest.mark.parametrize("drops", [False, True])
def test_weights_and_seeds_of_a_batch(drops: bool, tmp_path: Path) -> None:
    layers = [layer("h", 4, "tanh", **NORMAL, **({"dropout": 0.5} if drops else {})), layer("o", 2, "linear")]
    module, (xs, ys) = bound(network(layers, WEIGHED, "sum", "weighted_mean"), tmp_path), data(4)
    params, seeds = module.init(), {"seeds": [1, 2, 3, 4]} if drops else {}
    assert module.batch_gradient(params, xs, ys, **seeds) == module.batch_gradient(params, xs, ys, [1.0] * 4, **seeds)
    for k in range(4):
        first = module.batch_gradient(params, xs, ys, [float(i == k) for i in range(4)], **seeds)
        assert module.batch_gradient(params, xs, ys, [0.25 * (i == k) for i in range(4)], **seeds) == first
    if drops:
        with pytest.raises(ValueError, match=r"expected 4 seeds, got 1$"):
            module.batch_gradient(params, xs, ys, seeds=[1])
    wrong: list[tuple[Any, Any, str]] = [
        (xs, [*ys[1:], [math.nan] * 2], "got others in row 3|targets that are .*nan"),
        (xs, np.full((4, 2), math.nan), "targets that are .*, got others in row 0"),
        ([x[1:] for x in xs], ys, "expected 3 inputs, got 2"),
    ]
    for inputs, targets, message in wrong:
        with pytest.raises(ValueError, match=message):
            module.batch_gradient(params, inputs, targets, **seeds)
    with pytest.raises(ValueError, match="expected 4 weights, got 1"):
        module.batch_gradient(params, xs, ys, [1.0], **seeds)


def test_rules_that_end_training_are_those_of_the_page_in_python(tmp_path: Path) -> None:
    (xs, ys), nan = data(4), [[math.nan] * 3] * 4
    for validation in (0.0, 0.25, [2, 0]):
        net = network([layer("o", 2, "tanh")], WEIGHED, training=patience(validation))
        module, python = bound(net, tmp_path), page(net)
        for weights, examples, ends in (([0.0] * 4, xs, 3), ([1.0] * 4, xs, None), (None, nan, 2)):
            found, history = module.fit(module.init(), examples, ys, 20, weights=weights)
            expected, met = python.fit(python.init(), examples, ys, 20, weights=weights)
            assert len(history) == len(met) == (ends or len(met))
            np.testing.assert_allclose(module.pack(found), python.pack(expected), 1e-12)
            np.testing.assert_allclose(history, met, 1e-12, 1e-14)


def test_training_ends_where_the_callback_says_so(tmp_path: Path) -> None:
    (xs, ys), rule = data(4), training(name="patience", epochs=9)
    module = bound(network([layer("o", 2, "tanh")], WEIGHED, training=rule), tmp_path)
    params, history = module.fit(module.init(), xs, ys, 20, callback=lambda epoch, *_: epoch == 2)
    assert (params, history) == module.fit(module.init(), xs, ys, 3)
    assert len(history) == 3


def test_what_is_kept_is_at_least_one_example_and_leaves_one(tmp_path: Path) -> None:
    module, (xs, ys) = bound(network([layer("o", 2, "tanh")], WEIGHED, training=patience(0.75)), tmp_path), data(2)
    with pytest.raises(ValueError, match=r"enough examples to keep a share of 0\.75 for validation, got 1$"):
        module.fit(module.init(), xs[:1], ys[:1])
    with pytest.raises(ValueError, match=r"enough examples to keep a share of 0\.75 for validation, got 2$"):
        module.fit(module.init(), xs, ys)
    (tmp_path / "listed").mkdir()
    listed = bound(network([layer("o", 2, "tanh")], WEIGHED, training=patience([0, 1])), tmp_path / "listed")
    with pytest.raises(ValueError, match=r"expected at least 3 examples, as places are kept for validation, got 2$"):
        listed.fit(listed.init(), xs, ys)
    missing = np.array([*ys, [math.nan] * 2])
    (xs, ys) = data(3)
    for place in range(3):  # the last one trains, the others are for validation
        with pytest.raises(ValueError, match=f"targets that are .*, got others in row {place}"):
            listed.fit(listed.init(), xs, np.roll(missing, place + 1, 0), 1)


def test_functions_count_their_arguments(tmp_path: Path) -> None:
    layers = [layer("h", 2, "tanh", **NORMAL), layer("o", 2, "tanh")]
    net = network(layers, WEIGHED, training=patience(0.25), targets=["c"])
    made = plan(net.spec)
    tested = selftest(made, net.spec, "c")
    path = put("net", render(made, net.spec, "c", tested), binding(made, net.spec, tested), tmp_path)
    library = imported(path)._c
    functions = {name: value for name, value in vars(library).items() if not name.startswith("_")}
    assert functions.keys() >= {"init", "epoch", "order", "validation", "batch_gradient", "bits"}
    for function in functions.values():
        with pytest.raises(TypeError, match=r"^expected \d arguments?, got 12$"):
            function(*[None] * 12)


@pytest.mark.parametrize(("inputs", "what"), [(["x1"], "1 parameter"), (["x1", "x2"], "2 parameters")])
def test_parameters_are_counted_in_words(inputs: Sequence[str], what: str, tmp_path: Path) -> None:
    net = network([layer("o", 1, "linear", bias=False)], "squared_error", inputs=inputs)
    module = bound(net, tmp_path)
    with pytest.raises(ValueError, match=f"^expected {what} as this module makes them, got "):
        module.forward(array("d", [1.0] * 5), [1.0] * len(inputs))


@pytest.mark.parametrize("optimizer", [name for name, entry in OPTIMIZERS.items() if entry.loss is None])
def test_training_begins_with_the_state_of_the_page_in_python(optimizer: str, tmp_path: Path) -> None:
    rule = {"optimizer": {"name": optimizer, "rate": 0.05}}
    net = network([layer("o", 2, "tanh")], "squared_error", training=rule)
    module, python = bound(net, tmp_path), page(net)
    state, params = module.init_state(module.init()), python.init()
    begun = python.init_state(params)
    flat = [number for part in begun for number in (part if isinstance(part, list) else [part])]
    assert list(state) == (flat or [0.0])


@pytest.fixture
def wide(tmp_path: Path) -> Any:
    """A network that works with many numbers for each example of a batch."""
    layers = [layer("h", 200, "tanh", **NORMAL), layer("o", 1, "linear")]
    return bound(network(layers, "squared_error", inputs=["x1"]), tmp_path)


def test_memory_is_given_back(wide: Any) -> None:
    params, xs, ys = wide.init(), [[0.1], [0.2]] * 100, [[1.0], [0.0]] * 100

    def work() -> None:
        wide.fit(params, xs, ys, 1)
        wide.batch_gradient(params, xs, ys)

    assert left_behind(work) < 48


def test_what_a_call_takes_hold_of_it_lets_go(tmp_path: Path) -> None:
    """Examples and their numbers, and what is made of those that are no floats."""
    module = bound(network([layer("o", 2, "tanh")], WEIGHED), tmp_path)
    params, x, y = module.init(), [Fraction(1, 3), 0.7, np.float32(0.5)], [Fraction(1, 7), 0.9]
    held = [sys.getrefcount(one) for one in (x, y, *x, *y)]

    def work() -> None:
        for _ in range(20):
            module.gradient(params, x, tuple(y))
            module.fit(params, [x], [y], 1)

    assert left_behind(work) < 16 * 20
    assert held == [sys.getrefcount(one) for one in (x, y, *x, *y)]


def test_too_little_memory_is_an_error(wide: Any) -> None:
    """So much that a process may not have it: some hundred megabytes more than now."""
    params, xs, ys = wide.init(), [[0.1]] * 200_000, [[1.0]] * 200_000
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2**28, hard))
    try:
        with pytest.raises(MemoryError):
            wide.batch_gradient(params, xs, ys)
        with pytest.raises(MemoryError):
            wide.fit(params, xs, ys, 1, None)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
