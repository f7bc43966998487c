"""Every number on the living page is that of the reference, before and after a reader's actions."""

import re
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from nngen.description.data.examples import read_examples
from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from nngen.targets.modules import as_module, texts
from tests.browser.agreement import agree, first, numbers
from tests.browser.conftest import Open, exact, flat
from tests.support.answering import kept
from tests.support.modules import SPECS, named, spec, targets
from tests.support.networks import NETWORKS
from tests.support.worksheets import SHEETS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_number_is_that_of_the_reference(open_page: Open, path: Path) -> None:
    loaded = spec(path)
    page = open_page(loaded, path.parent, variants=False)
    x, y = first(page)
    agree(page, loaded, path.parent, flat(page, loaded), x, y)


@pytest.mark.parametrize("name", ["xor_mlp", "skip_mlp", "deep_mlp", "iris", "snake", "and_perceptron"])
def test_numbers_follow_what_is_changed(open_page: Open, name: str) -> None:
    path = named(name)
    loaded = spec(path)
    network = Network(loaded)
    page = open_page(loaded, path.parent)
    page.fill("[data-input='0']", "0.75")
    page.locator("[data-parameter='1']").fill("-1.25")
    params, x = flat(page, loaded), numbers(page, "data-input")
    assert (params[1], x[0]) == (-1.25, 0.75)
    _, y = first(page)
    agree(page, loaded, path.parent, params, x, y)

    arrays = network.unpack(params)
    state = network.init_state(arrays)
    for _ in range(3):
        _, slopes = network.gradient(arrays, [x], [y])
        arrays, state = network.step(arrays, slopes, state)
        after = numbers(page, "data-next")
        np.testing.assert_allclose(after, network.pack(arrays), rtol=1e-11, atol=1e-12)
        page.click("#step")
        np.testing.assert_allclose(flat(page, loaded), network.pack(arrays), rtol=1e-11, atol=1e-12)
        agree(page, loaded, path.parent, flat(page, loaded), x, y)


@pytest.mark.parametrize("name", ["xor_mlp", "digits"])
def test_a_page_starts_from_trained_parameters(open_page: Open, name: str, tmp_path: Path) -> None:
    path, file = named(name), tmp_path / "trained.json"
    module = as_module(name, texts(spec(path), path.parent, ["python"])["python"])
    kept(file, spec(path), path.parent, module.pack(module.init(7)))
    page = open_page(spec(path), path.parent, params=file, variants=False)
    x, y = first(page)
    agree(page, spec(path), path.parent, module.pack(module.init(7)), x, y)


SHOWN = [name for name in NETWORKS if name in SHEETS or not re.search(" twice$| over ", name)][::3]
"""A third of the networks; of those that differ only in a formula of the catalogue, which other tests run, a ninth."""


@pytest.mark.parametrize(("name", "level"), [*zip(SHOWN, cycle(("weights", "layers")), strict=False)])
def test_every_kind_of_network_has_a_page(open_page: Open, name: str, level: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    random = np.random.default_rng(5)
    y = targets(network.spec, 1, random)[0].tolist()
    rows = {"rows": [{"x": [0.5, -1.0, 0.25], "y": y}]}
    form = {"targets": [{"name": "javascript", "unroll": level}]}
    given = Spec.model_validate(network.spec.model_dump(by_alias=True, exclude_unset=True) | {"data": rows} | form)
    page = open_page(given, tmp_path, variants=False)
    assert page.locator(".row[data-at]:not(:has(math))").evaluate_all("rows => rows.map(row => row.dataset.name)") == []
    agree(page, given, tmp_path, flat(page, given), [0.5, -1.0, 0.25], y)


@pytest.mark.parametrize("path", SPECS[::2], ids=lambda path: path.stem)
def test_training_is_that_of_the_reference(open_page: Open, path: Path) -> None:
    given = spec(path)
    training = given.training.model_copy(update={"epochs": min(given.training.epochs, 4)})
    loaded = given.model_copy(update={"training": training})
    network = Network(loaded)
    page = open_page(loaded, path.parent, variants=False)
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch")
    data = read_examples(loaded, path.parent)
    trained, history = network.fit(network.init(), data.train_x, data.train_y)
    outputs = page.locator("svg .unit").evaluate_all(
        "(all, count) => all.slice(-count - 1, -1).map(one => one.dataset.exact)", len(data.train_y[0])
    )
    expected = network.forward(trained, data.train_x[:1])[0]
    np.testing.assert_allclose(list(map(exact, outputs)), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        exact(page.locator("#curve svg").get_attribute("data-exact") or ""), history[-1], rtol=1e-9, atol=1e-12
    )


def test_the_exclusive_or_is_learned(open_page: Open) -> None:
    path = named("xor_mlp")
    network = Network(spec(path))
    page = open_page(spec(path), path.parent)
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("right on 4 of 4")
    data = read_examples(spec(path), path.parent)
    trained, _ = network.fit(network.init(), data.train_x, data.train_y)
    np.testing.assert_allclose(flat(page, spec(path)), network.pack(trained), rtol=1e-7)
    assert page.locator("#table .verdict").all_inner_texts() == ["✓"] * 4
