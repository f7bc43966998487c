"""The classics' specs: each is held to the reference, and a quick piece of what ``docs/classics.md`` claims is seen."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.description.data.examples import read_examples
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from tests.support.modules import ROOT, TARGETS, Lists, built, lists, spec

FOLDER = ROOT / "specs" / "classics"
CLASSICS = sorted(FOLDER.glob("*.yaml"))
SPIRALS = [path for path in CLASSICS if path.stem.startswith("two_spirals")]

Array = NDArray[np.float64]


@cache
def data(path: Path) -> Lists:
    """The examples of a classic, read once."""
    return lists(read_examples(spec(path), FOLDER))


def sweeps(name: str, seed: int, most: int) -> tuple[int, list[Array]]:
    """After how many sweeps every output is within 0.1 of its target, and the parameters then."""
    path = FOLDER / f"{name}.yaml"
    module, x, y = built(path, "numpy"), np.array(data(path).train_x), np.array(data(path).train_y)

    def converged(epoch: int, loss: float, params: Any, progress: Any) -> bool:
        return bool(np.abs(module.forward(params, x) - y).max() < 0.1)

    params, history = module.fit(module.init(seed), x, y, epochs=most, callback=converged)
    assert len(history) < most
    return len(history), params


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", CLASSICS, ids=lambda path: path.stem)
def test_gradients_are_the_reference_s(path: Path, target: str) -> None:
    network, module = Network(spec(path)), built(path, target)
    xs, ys = data(path).train_x, data(path).train_y
    params = module.init()
    expected_loss, expected = network.gradient(network.unpack(module.pack(params)), np.array(xs), np.array(ys))
    if target == "numpy":
        loss, gradient = module.gradient(params, xs, ys)
        found = module.pack(gradient)
    else:
        parts = [module.gradient(params, list(x), list(y)) for x, y in zip(xs, ys, strict=True)]
        loss = math.fsum(part[0] for part in parts)
        found = np.sum([module.pack(part[1]) for part in parts], axis=0)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-12)
    np.testing.assert_allclose(found, network.pack(expected), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("path", CLASSICS, ids=lambda path: path.stem)
def test_all_cases_make_one_step(path: Path) -> None:
    training = spec(path).training
    assert (training.batch_size, training.shuffle, spec(path).loss.batch) == (None, False, "sum")


def test_one_hidden_unit_learns_the_exclusive_or() -> None:
    plain, _ = sweeps("xor_one_hidden", 10, 4000)
    hurried, _ = sweeps("xor_one_hidden_momentum", 10, 1000)
    assert hurried < plain


def test_symmetry_is_found_by_antisymmetric_weights_in_powers_of_two() -> None:
    _, (hidden, *_) = sweeps("symmetry", 45, 4000)
    np.testing.assert_allclose(hidden, -hidden[:, ::-1], atol=0.05 * np.abs(hidden).max())
    sizes = np.sort(np.abs(hidden[:, :3]), axis=1)
    np.testing.assert_allclose(sizes / sizes[:, :1], [[1.0, 2.0, 4.0]] * 2, rtol=0.1)


def test_parity_is_learned() -> None:
    sweeps("parity", 20, 4000)


def test_encoder_finds_eight_codes() -> None:
    _, (w, b, *_) = sweeps("encoder", 14, 1000)
    thirds = np.round(2.0 / (1.0 + np.exp(-(w.T + b))))  # 0, 1 and 2: the published code has values of a half, too
    assert len({tuple(row) for row in thirds.tolist()}) == 8


@pytest.mark.parametrize("path", SPIRALS, ids=lambda path: path.stem)
def test_spirals_network_is_that_of_1988(path: Path) -> None:
    assert [len(layer.unit_names) for layer in spec(path).layers] == [5, 5, 5, 1]
    assert [len(layer.sources or "x") for layer in spec(path).layers] == [1, 2, 3, 4]
    assert plan(spec(path)).size == 138


def test_spirals_networks_differ_in_their_training_alone() -> None:
    others = [spec(path).model_copy(update={"name": "net", "training": None}) for path in SPIRALS]
    assert others[1:] == others[:-1]


def test_spirals_are_those_of_the_benchmark() -> None:
    points = []
    for i in range(97):
        angle, radius = i * math.pi / 16, 6.5 * (104 - i) / 104
        points += [[radius * math.sin(angle), radius * math.cos(angle)]]
        points += [[-value for value in points[-1]]]
    np.testing.assert_allclose(data(SPIRALS[0]).train_x, points, atol=1e-5)
    assert [y for (y,) in data(SPIRALS[0]).train_y] == [1.0, 0.0] * 97


def test_symmetry_has_all_patterns() -> None:
    symmetric = data(FOLDER / "symmetry.yaml")
    assert len(set(map(tuple, symmetric.train_x))) == 64
    assert [y for (y,) in symmetric.train_y] == [float(x == x[::-1]) for x in symmetric.train_x]


def test_every_classic_has_its_figure() -> None:
    results = json.loads((ROOT / "docs" / "classics.json").read_text("utf-8"))
    assert {path.stem for path in CLASSICS} <= set(results)
