"""Generated modules and what they are handed: the right answer or a refusal, and never a wrong number."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.planner import plan
from nngen.reference import Network
from nngen.render import render
from nngen.spec import Spec
from nngen.train import as_module
from tests.modules import SPECS, TARGETS, built, named, spec, targets
from tests.networks import NETWORKS
from tests.test_modules import start, with_targets

STEPS = {"step", "bipolar_step", "undecided_step"}
"""Activations that compare and give a constant."""


def modules(base: Spec) -> list[tuple[Any, bool]]:
    """The modules of a network in each form of page, each with whether it takes batches."""
    chosen = [with_targets(base, unroll=unroll) for unroll in ("weights", "layers")]
    narrow = Spec.model_validate(base.model_dump(by_alias=True) | {"targets": [{"name": "numpy", "dtype": "float32"}]})
    pages = [(chosen[0], "python"), (chosen[1], "python"), (chosen[0], "numpy"), (narrow, "numpy")]
    return [(as_module("net", render(plan(one), one, target)), target == "numpy") for one, target in pages]


def _networks() -> list[Any]:
    """All but those with steps, whose comparisons take NaN for what is not so."""
    return [pytest.param(network, id=name) for name, network in NETWORKS.items() if not _steps(network)]


def _steps(network: Network) -> bool:
    return any(layer.activation.name in STEPS for layer in network.spec.layers)


@pytest.mark.parametrize("network", _networks())
def test_nan_in_the_input_is_nan_in_what_depends_on_it(network: Network) -> None:
    x = [math.nan] * len(network.spec.input_names)
    for module, batched in modules(network.spec):
        params = module.unpack(start(network))
        with np.errstate(invalid="ignore"):
            found = np.ravel(module.forward(params, np.array([x, x]) if batched else x))
        assert np.isnan(found).all()


@pytest.mark.parametrize("target", TARGETS)
def test_a_step_takes_nan_for_what_is_not_so(target: str) -> None:
    module = built(named("neuron"), target)
    x = [math.nan] * 3
    assert np.ravel(module.forward(module.init(), [x] if target == "numpy" else x)).tolist() == [0.0]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_nan_in_one_example_stays_in_it(path: Path) -> None:
    module = built(path, "numpy")
    x = np.random.default_rng(1).uniform(-1.0, 1.0, size=(3, len(spec(path).input_names)))
    expected = module.forward(module.init(), x)
    x[1] = math.nan
    with np.errstate(invalid="ignore"):
        found = module.forward(module.init(), x)
    np.testing.assert_array_equal(found[[0, 2]], expected[[0, 2]])


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_arrays_in_any_order_of_memory_and_arrays_that_may_not_be_written(path: Path) -> None:
    module, network = built(path, "numpy"), spec(path)
    random = np.random.default_rng(1)
    x = random.uniform(-1.0, 1.0, size=(4, len(network.input_names)))
    y = targets(network, 4, random)
    wide = np.zeros((8, 2 * x.shape[1]))
    wide[::2, ::2] = x
    locked = x.copy()
    locked.setflags(write=False)
    held = y.copy()
    held.setflags(write=False)
    params = module.init()
    for param in params:
        param.setflags(write=False)
    loss, gradient = module.gradient(params, x, y)
    for one, other in ((np.asfortranarray(x), np.asfortranarray(y)), (wide[::2, ::2], y[::-1][::-1]), (locked, held)):
        again, slopes = module.gradient(params, one, other)
        np.testing.assert_allclose(again, loss, rtol=1e-13)
        np.testing.assert_allclose(module.pack(slopes), module.pack(gradient), rtol=1e-12, atol=1e-15)
    fitted, _ = module.fit(params, locked, held, 1)
    assert module.pack(params) == module.pack(module.init())
    assert len(module.pack(fitted)) == len(module.pack(params))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_an_empty_batch(path: Path) -> None:
    module, network = built(path, "numpy"), spec(path)
    x, y = np.zeros((0, len(network.input_names))), np.zeros((0, len(network.layers[-1].unit_names)))
    assert module.forward(module.init(), x).shape == y.shape
    for call in (module.loss, module.gradient, module.fit):
        with pytest.raises(ValueError, match="at least 1"):
            call(module.init(), x, y)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_no_number_is_no_answer(target: str) -> None:
    """What Python and NumPy say themselves is a ``TypeError`` or a ``ValueError``."""
    module = built(named("xor_mlp"), target)
    wrong: list[Any] = [None, 1.0, "ab", ["a", "b"], [[0.5], [0.5]], {}, [1j, 1j]]
    for x in wrong:
        with pytest.raises((TypeError, ValueError)):
            module.forward(module.init(), x)
    for params in (None, 1, [], "abcdefghi", [["a"]] * 9):
        with pytest.raises((TypeError, ValueError, AttributeError)):
            module.forward(params, [[0.5, 0.5]] if target == "numpy" else [0.5, 0.5])


@pytest.mark.parametrize("target", TARGETS)
def test_every_truncated_file_of_parameters_is_refused(target: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    module.save(module.init(), str(file))
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        with pytest.raises(ValueError, match=r"\w"):
            module.load(str(file))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "true", "1e999", '"1"', "[1]"])
def test_parameters_of_a_file_are_finite_numbers(target: str, number: str, tmp_path: Path) -> None:
    module = built(named("xor_mlp"), target)
    file = tmp_path / "params.json"
    file.write_text(f'{{"layout": {json.dumps(module.LAYOUT)}, "parameters": [{number}{", 1.0" * 8}]}}')
    with pytest.raises(ValueError, match="expected a list of finite numbers"):
        module.load(str(file))


def test_no_network_takes_the_file_of_another(tmp_path: Path) -> None:
    for path in SPECS:
        module = built(path, "numpy")
        module.save(module.init(), str(tmp_path / f"{path.stem}.json"))
    for path in SPECS:
        for other in SPECS:
            if other != path:
                with pytest.raises(ValueError, match="expected the parameters of"):
                    built(path, "python").load(str(tmp_path / f"{other.stem}.json"))
