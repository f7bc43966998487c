"""The random numbers of the modules: the same bits in every target and in the reference."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.proof.reference import Network, bits, normal, uniform
from nngen.proof.reference.initial import truncated
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.modules import SPECS, TARGETS, built, named, spec
from tests.support.network import layer, network
from tests.support.networks import NETWORKS

SEEDS = (0, 1, 2**32 - 1)
each_spec = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)


@each_spec
@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_initial_parameters_are_the_same_bits(path: Path, seed: int | None) -> None:
    network = Network(spec(path))
    expected = network.pack(network.init(seed))
    for target in TARGETS:
        module = built(path, target)
        params = module.init() if seed is None else module.init(seed)
        assert [number.hex() for number in module.pack(params)] == [number.hex() for number in expected]


@pytest.mark.parametrize("target", TARGETS)
def test_the_first_initial_parameters(target: str) -> None:
    """Recorded, so that no change of the generator goes unseen: what a seed gives, it gives for ever."""
    for name, expected in [
        ("xor_mlp", [0.2882781056687236, 0.3874421864748001, -0.15177998319268227]),  # uniform
        ("digits", [-0.11848801066309927, 0.3684939879854566, -0.12818312608215576]),  # normal
    ]:
        module = built(named(name), target)
        assert module.pack(module.init(0))[:3] == expected


INITIAL = "initial values, cut or orthogonal"


@pytest.mark.parametrize("target", TARGETS)
def test_the_first_numbers_that_are_cut_or_orthogonal(target: str) -> None:
    drawn = NETWORKS[INITIAL].spec
    module: Any = as_module("net", render(plan(drawn), drawn, target))
    found = module.pack(module.init(0))
    assert found[6:8] == [-0.8643316840752959, 1.1757063013501465]
    assert found[:6] == [
        -0.29059152698166874,
        0.9037305129269658,
        -0.31436877143130093,
        0.6134003182458935,
        0.42810180957367755,
        0.6636783032581218,
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_a_number_at_the_cut_is_not_beyond_it(target: str) -> None:
    """Be it the first that is drawn, or the second."""
    drawn = NETWORKS[INITIAL].spec
    module: Any = as_module("net", render(plan(drawn), drawn, target))
    first, second = (normal(seed, np.array([0]))[0] for seed in (2, int(bits(1, np.array([2]))[0])))
    assert abs(second) < abs(first)
    for number in (first, second):
        index = np.array([0]) if target == "numpy" else 0
        assert module._truncated(2, index, abs(number)) == truncated(2, np.array([0]), abs(number)) == number


def test_a_seed_counts_modulo_32_bits() -> None:
    """A module takes any whole number, in every target the same."""
    drawn = NETWORKS[INITIAL].spec
    modules = [as_module("net", render(plan(drawn), drawn, target)) for target in TARGETS]
    for seed in (-1, 2**32, 2**40 + 7, 2**64 + 7):
        first, second = (module.pack(module.init(seed)) for module in modules)
        assert first == second == modules[0].pack(modules[0].init(seed % 2**32))


def test_a_page_has_only_what_it_needs_to_draw() -> None:
    functions = {"_uniform", "_normal", "_truncated", "_orthogonal", "_dot"}
    for scheme, needed in {
        "zeros": {"_uniform"},  # which the check of the gradient takes
        "he_uniform": {"_uniform"},
        "he_normal": {"_uniform", "_normal"},
        "he_truncated": {"_uniform", "_normal", "_truncated"},
        "orthogonal": {"_uniform", "_normal", "_orthogonal", "_dot"},
    }.items():
        drawn = network([layer("o", 2, "tanh")], "squared_error", initial={"weights": scheme}).spec
        for target in TARGETS:
            defined = set(vars(as_module("net", render(plan(drawn), drawn, target))))
            assert defined & functions == needed - ({"_dot"} if target == "numpy" else set())


def test_large_orthogonal_matrices_are_the_same_bits_too() -> None:
    """NumPy adds many numbers in another order than few."""
    drawn = network(
        [layer("h", 40, "tanh"), layer("square", 40, "tanh"), layer("o", 60, "tanh")],
        "squared_error",
        initial={"weights": "orthogonal"},
        inputs={"name": "p", "size": 300},
    )
    for target in TARGETS:
        module = as_module("net", render(plan(drawn.spec), drawn.spec, target))
        assert module.pack(module.init(5)) == drawn.pack(drawn.init(5))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_generator_of_the_modules_is_that_of_the_reference(seed: int) -> None:
    index = np.array([0, 1, 2, 12, 1_000, 2**31, 2**32 - 13])
    python, numpy = (built(named("digits"), target) for target in TARGETS)
    assert numpy._bits(seed, index).tolist() == bits(seed, index).tolist()
    assert [python._bits(seed, i) for i in index.tolist()] == bits(seed, index).tolist()
    assert numpy._uniform(seed, index).tolist() == uniform(seed, index).tolist()
    assert [python._uniform(seed, i) for i in index.tolist()] == uniform(seed, index).tolist()
    index = index[:-2]
    assert numpy._normal(seed, index).tolist() == normal(seed, index).tolist()
    assert [python._normal(seed, i) for i in index.tolist()] == normal(seed, index).tolist()


def order(target: str, count: int, epochs: int, seed: int | None) -> list[int]:
    """The examples in the order in which a module's fit takes them: each is known by its one input that is not 0."""
    module: Any = built(named("iris"), target)
    inputs = len(spec(named("iris")).input_names)
    rows = [[float(i == j) for j in range(inputs)] for i in range(count)]
    taken: list[int] = []
    real = module.gradient

    def recording(params: Any, x: Any, y: Any, **flags: bool) -> Any:
        taken.extend(int(np.argmax(row)) for row in np.reshape(x, (-1, inputs)))
        return real(params, x, y, **flags)

    module.gradient = recording
    try:
        module.fit(module.init(), rows, [[1.0, 0.0, 0.0]] * count, epochs, 1, seed)
    finally:
        module.gradient = real
    return taken


@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_examples_come_in_the_same_order(seed: int | None) -> None:
    count, epochs = 4, 5
    expected: list[int] = []
    for epoch in range(epochs):
        words = range(count) if seed is None else bits(seed, epoch * count + np.arange(count)).tolist()
        expected += sorted(range(count), key=words.__getitem__)
    for target in TARGETS:
        assert order(target, count, epochs, seed) == expected


@each_spec
def test_an_epoch_of_single_examples_ends_at_the_same_parameters(path: Path) -> None:
    random = np.random.default_rng(1)
    outputs = len(spec(path).layers[-1].unit_names)
    x, y = (
        random.uniform(-1.0, 1.0, (20, len(spec(path).input_names))),
        np.eye(outputs)[random.integers(outputs, size=20)],
    )
    for seed in SEEDS:
        shuffled = {"shuffle": True, "batch_size": 1, "seed": seed}
        training = spec(path).training.model_copy(update=shuffled)
        judge = Network(spec(path).model_copy(update={"training": training}))
        expected = judge.pack(judge.fit(judge.init(), x, y, epochs=1)[0])
        for target in TARGETS:
            module = built(path, target)
            params, _ = module.fit(module.init(), x.tolist(), y.tolist(), 1, 1, seed)
            np.testing.assert_allclose(module.pack(params), expected, rtol=1e-11, atol=1e-13)
