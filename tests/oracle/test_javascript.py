"""The target javascript: every page against the reference, run by Node, and the files that targets exchange."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.oracle.javascript_cases import CASES, COUNT, COUNTS, SEEDS, STEPS, TURNS, data, fits
from tests.oracle.node import Job, javascript, run
from tests.support.cases import same, start
from tests.support.network import coupled, drops, layer
from tests.support.network import network as network_of

pytestmark = pytest.mark.oracle

AT_ONCE = 32
"""The modules that one process of Node runs: its start takes longer than most of them."""

STORY = """
const made = {};
const begin = m.unpack(given.start);
let [params, state] = [begin, m.init_state(begin)];
made.steps = given.x.slice(0, given.steps).map((x, k) => {
  const a = m.forward(params, x);
  const [loss, gradient] = m.gradient(params, x, given.y[k]);
  const same = m.loss(params, x, given.y[k]) === loss;
  const there = structuredClone([params, state]);
  const trained = m.train_step?.(there[0], x, given.y[k], there[1]);
  [params, state] = m.step(params, gradient, state);
  const after = String([loss, params, state]);
  const agrees = given.coupled || (String(trained) === after && String([loss, ...there]) === after);
  return { a, loss, same: same && agrees, gradient: m.pack(gradient), params: m.pack(params) };
});
made.fits = given.fits.map(([epochs, batch_size, seed]) => {
  const met = [];
  const weights = given.own ? { weights: given.counts } : {};
  const ends = [];
  const how = { epochs, batch_size, seed, ...weights };
  const callback = (epoch, loss, after, progress) => {
    met.push([epoch, loss]);
    const [params, rest] = m.fit(after, given.x, given.y, { ...how, progress });
    ends.push([m.pack(params), rest]);
  };
  const [params, history] = m.fit(begin, given.x, given.y, { ...how, callback });
  const same = ends.every((end, k) => String(end) === String([m.pack(params), history.slice(k + 1)]));
  return { params: m.pack(params), history, met, same };
});
made.init = [m.init(), ...given.seeds.map((seed) => m.init(seed))].map(m.pack);
made.saved = m.save(begin);
made.loaded = m.pack(m.load(given.saved));
made.weighed = given.alone ? given.x.map((x, k) => m.gradient(begin, x, given.y[k], given.counts[k])) : [];
const one = given.alone ? [1.0] : [];
made.dropped = given.drops ? given.seeds.map((s, k) => m.gradient(begin, given.x[k], given.y[k], ...one, s)) : [];
made.batches = [];
if (given.coupled) {
  const [x, y] = [given.x.slice(0, given.seeds.length), given.y.slice(0, given.seeds.length)];
  const counts = given.own ? [given.counts.slice(0, given.seeds.length)] : [];
  for (const seeds of given.drops ? [[null], [given.seeds]] : [[]]) {
    for (const training of [true, false]) {
      const [loss, gradient, after] = m.batch_gradient(begin, x, y, ...counts, ...seeds, training);
      made.batches.push([loss, m.pack(gradient), m.pack(after)]);
    }
  }
}
for (const found of [made.weighed, made.dropped]) {
  found.forEach((pair) => { pair[1] = m.pack(pair[1]); });
}
made.names = Object.keys(m).sort();
made.untouched = m.pack(begin);
return made;
"""


def own(network: Network) -> bool:
    return network.spec.loss.example_weights


def alone(network: Network) -> bool:
    """Whether a single example has a weight."""
    return own(network) and network.spec.loss.batch != "weighted_mean"


def drops_alone(network: Network) -> bool:
    """Whether dropout leaves out units of a single example."""
    return drops(network.spec) and not coupled(network.spec)


@cache
def given(network: Network) -> dict[str, Any]:
    """The arguments of a story."""
    x, y = data(network)
    made, begin = plan(network.spec), start(network)
    python = as_module("net", render(made, network.spec, "python"))
    return {
        "start": begin,
        "x": x.tolist(),
        "y": y.tolist(),
        "steps": STEPS,
        "fits": fits(network),
        "seeds": SEEDS,
        "counts": COUNTS,
        "own": own(network),
        "alone": alone(network),
        "drops": made.has_dropout,
        "coupled": made.needs_batch,
        "saved": json.dumps({"layout": python.LAYOUT, "parameters": begin}),
    }


def tell(names: Sequence[str], folder: Path) -> dict[str, Any]:
    """The stories of these cases, as their modules tell them in one process."""
    told = [CASES[name] for name in names]
    found = run([Job(javascript(network.spec, unroll), STORY, given(network)) for network, unroll in told], folder)
    wrong = {name: one["throws"] for name, one in zip(names, found, strict=True) if "throws" in one}
    assert not wrong
    return {name: one["gives"] for name, one in zip(names, found, strict=True)}


class Stories(Mapping[str, Any]):
    """The stories of the cases, told by some dozens when the first of them is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self.told:
            first = TURNS.index(name) // AT_ONCE * AT_ONCE
            self.told |= tell(TURNS[first : first + AT_ONCE], self.folder)
        return self.told[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TURNS)

    def __len__(self) -> int:
        return len(TURNS)


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    return Stories(tmp_path_factory.mktemp("modules"))


def of_cases(chosen: Callable[[Network], bool] = lambda _: True) -> pytest.MarkDecorator:
    """The cases whose network is chosen; all tests of a case follow each other, since they share its story."""
    return pytest.mark.parametrize("name", [name for name in TURNS if chosen(CASES[name][0])], scope="module")


@of_cases()
def test_forward_loss_gradient_and_steps(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    x, y = data(network)
    params, memory = network.unpack(start(network)), network.init_state(network.init())
    for k, found in enumerate(stories[name]["steps"]):
        loss, gradient = network.gradient(params, x[[k]], y[[k]])
        same(found["a"], network.forward(params, x[[k]])[0])
        same(found["loss"], loss)
        same(found["gradient"], network.pack(gradient))
        params, memory = network.step(params, gradient, memory)
        same(found["params"], network.pack(params))
        assert found["same"], "loss and gradient, or train_step and step, differ"
    assert len(stories[name]["steps"]) == STEPS
    assert stories[name]["untouched"] == start(network)


@of_cases()
def test_fit(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    x, y = data(network)
    for (epochs, size, seed), found in zip(fits(network), stories[name]["fits"], strict=True):
        update = {"shuffle": seed is not None, "batch_size": size}
        training = network.spec.training.model_copy(update=update)
        ordered = Network(network.spec.model_copy(update={"training": training}))
        weights = COUNTS if own(network) else None
        params, history = ordered.fit(network.unpack(start(network)), x, y, epochs, seed=seed, weights=weights)
        np.testing.assert_allclose(found["params"], network.pack(params), rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(found["history"], history, rtol=1e-11, atol=1e-13)
        assert found["met"] == [list(one) for one in enumerate(found["history"])]
        assert found["same"], "training that continues differs from one without a break"


@of_cases()
def test_initial_parameters_and_files_keep_the_last_bit(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    assert stories[name]["init"] == [network.pack(network.init(seed)) for seed in (None, *SEEDS)]
    assert stories[name]["loaded"] == start(network)
    assert json.loads(stories[name]["saved"]) == json.loads(given(network)["saved"])


@of_cases(alone)
def test_the_weight_of_an_example(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    x, y = data(network)
    for k, (loss, gradient) in enumerate(stories[name]["weighed"]):
        wanted, slopes = network.gradient(network.unpack(start(network)), x[[k]], y[[k]], COUNTS[k : k + 1])
        same(loss, wanted)
        same(gradient, network.pack(slopes))
    assert len(stories[name]["weighed"]) == COUNT


@of_cases(drops_alone)
def test_dropout_is_that_of_the_reference(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    x, y = data(network)
    params = network.unpack(start(network))
    for k, (loss, gradient) in enumerate(stories[name]["dropped"]):
        wanted, slopes, _ = network.batch_gradient(params, x[[k]], y[[k]], [SEEDS[k]])
        same(loss, wanted)
        same(gradient, network.pack(slopes))
    assert len(stories[name]["dropped"]) == len(SEEDS)


@of_cases(lambda network: coupled(network.spec))
def test_a_batch_is_measured_as_the_reference_does(name: str, stories: Mapping[str, Any]) -> None:
    network, _ = CASES[name]
    x, y = (values[: len(SEEDS)] for values in data(network))
    weights = COUNTS[: len(SEEDS)] if own(network) else None
    ways = list(product([None, SEEDS] if drops(network.spec) else [None], (True, False)))
    for (seeds, training), found in zip(ways, stories[name]["batches"], strict=True):
        params = network.unpack(start(network))
        loss, gradient, after = network.batch_gradient(params, x, y, seeds, weights, training=training)
        same(found[0], loss)
        same(found[1], network.pack(gradient))
        same(found[2], network.pack(after))
        assert (found[2] != start(network)) == training


def test_erfc_on_both_sides_of_where_its_series_ends(tmp_path: Path) -> None:
    body = "return given.map((x) => m.forward([1, 0, 0, 0], [x, 0, 0])[0]);"
    points = [-40.0, -3.0, -1.0, -0.99, 0.0, 0.5, 0.99, 1.0, 1.01, 1.8, 1.95, 1.99, 3.0, 20.0, 40.0]
    made = network_of([layer("o", 1, "tail")], "squared_error", activations={"tail": {"value": "erfc(z)"}})
    (found,) = run([Job(javascript(made.spec, "weights"), body, points)], tmp_path)
    np.testing.assert_allclose(found["gives"], [math.erfc(x) for x in points], rtol=1e-14)


CONTRACT = (
    "PARAMETERS LAYOUT init forward loss gradient check_gradient init_state step fit pack unpack save load"
).split()


@of_cases()
def test_a_module_exports_the_contract(name: str, stories: Mapping[str, Any]) -> None:
    more = ["batch_gradient" if coupled(CASES[name][0].spec) else "train_step"]
    assert stories[name]["names"] == sorted([*CONTRACT, *more])
