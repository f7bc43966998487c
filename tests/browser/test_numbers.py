"""Every number on the living page is that of the reference, before and after a reader's actions."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.data.examples import read_examples
from nngen.pages.modules import as_module, texts
from nngen.reference import Network
from nngen.spec.spec import Spec
from tests.browser.conftest import EXACT, Open, exact, flat, traced
from tests.support.modules import SPECS, named, spec, targets
from tests.support.networks import NETWORKS

pytestmark = pytest.mark.browser


def numbers(page: Page, attribute: str) -> list[float]:
    return [exact(text) for text in page.locator(f"[{attribute}]").evaluate_all(EXACT)]


def first(page: Page) -> tuple[list[float], list[float]]:
    """The first example of a page."""
    x, y = page.evaluate(
        "(() => { const { x, y } = JSON.parse(document.querySelector('#facts').textContent).data.train;"
        " return [x[0], y[0]]; })()"
    )
    return x, y


def agree(page: Page, spec: Spec, folder: Path, params: list[float], x: list[float], y: list[float]) -> None:
    """Compare all that is shown."""
    network = Network(spec)
    arrays = network.unpack(params)
    level = "weights" if page.locator("#parameters").count() else "layers"
    known = traced(spec, folder, level, params, x, y)
    rows = page.locator(".row[data-at]").evaluate_all(
        "rows => rows.map(row => [row.dataset.name, row.querySelector('output').dataset.exact])"
    )
    last = dict(rows)  # of a name that gets several values, the last one
    for name, text in last.items():
        value = np.asarray(eval(text.replace("null", "nan").replace("Infinity", "inf"), {"nan": np.nan, "inf": np.inf}))
        np.testing.assert_allclose(value, np.asarray(known[name], np.float64), rtol=1e-12, atol=1e-13, err_msg=name)
    output = spec.layers[-1]
    loss, slopes = network.gradient(arrays, [x], [y])
    names = [f"a_{unit}" for unit in output.unit_names] if level == "weights" else [f"a_{output.name}"]
    outputs = np.concatenate([np.ravel(eval(last[name])) for name in names])
    np.testing.assert_allclose(outputs, network.forward(arrays, [x])[0], rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(exact(last["loss"]), loss, rtol=1e-11, atol=1e-12)
    if level == "weights":
        np.testing.assert_allclose(numbers(page, "data-slope"), network.pack(slopes), rtol=1e-10, atol=1e-12)
    texts = page.locator("output[data-exact], [data-slope], [data-next]").evaluate_all(
        "all => all.filter(one => one.textContent).map(one => [one.textContent, one.dataset.exact])"
    )
    for text, full in texts:  # what is read is what was computed, to the digits that are shown
        shown = float(text.replace("−", "-").replace("∞", "inf"))
        assert shown == pytest.approx(exact(full), rel=6e-3, abs=6e-5)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_number_is_that_of_the_reference(open_page: Open, path: Path) -> None:
    loaded = spec(path)
    page = open_page(loaded, path.parent)
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
    module.save(module.init(7), str(file))
    page = open_page(spec(path), path.parent, params=file)
    x, y = first(page)
    agree(page, spec(path), path.parent, module.pack(module.init(7)), x, y)


@pytest.mark.parametrize("level", ["weights", "layers"])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_kind_of_network_has_a_page(open_page: Open, name: str, level: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    random = np.random.default_rng(5)
    y = targets(network.spec, 1, random)[0].tolist()
    rows = {"rows": [{"x": [0.5, -1.0, 0.25], "y": y}]}
    form = {"targets": [{"name": "javascript", "unroll": level}]}
    given = Spec.model_validate(network.spec.model_dump(by_alias=True, exclude_unset=True) | {"data": rows} | form)
    page = open_page(given, tmp_path)
    assert page.locator(".row[data-at]:not(:has(math))").evaluate_all("rows => rows.map(row => row.dataset.name)") == []
    agree(page, given, tmp_path, flat(page, given), [0.5, -1.0, 0.25], y)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_training_is_that_of_the_reference(open_page: Open, path: Path) -> None:
    given = spec(path)
    training = given.training.model_copy(update={"epochs": min(given.training.epochs, 4)})
    loaded = given.model_copy(update={"training": training})
    network = Network(loaded)
    page = open_page(loaded, path.parent)
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch", timeout=60_000)
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
    expect(page.locator("#status")).to_contain_text("right on 4 of 4", timeout=60_000)
    data = read_examples(spec(path), path.parent)
    trained, _ = network.fit(network.init(), data.train_x, data.train_y)
    np.testing.assert_allclose(flat(page, spec(path)), network.pack(trained), rtol=1e-7)
    assert page.locator("#table .verdict").all_inner_texts() == ["✓"] * 4
