"""Living pages of all recommenders, and of every kind of layer: values and equations."""

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from tests.browser.conftest import Open, traced
from tests.browser.rating_pages import facts_of, pairs, predictions
from tests.support.kinds import NETWORKS
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.browser

RECOMMENDERS = sorted((ROOT / "specs" / "recommend").glob("*.yaml"))


@pytest.mark.parametrize("path", RECOMMENDERS, ids=lambda path: path.stem)
def test_every_recommender_has_a_page(open_page: Open, path: Path) -> None:
    given, network = spec(path), Network(spec(path))
    page = open_page(given, path.parent)
    data = facts_of(page)["data"]
    x, y = (data["train"][part][0] if data else None for part in "xy")
    expect(page.locator("#alert")).to_be_hidden()
    if x and y:
        compared(page, given, path.parent, x, [np.nan if v is None else v for v in y])
    if page.locator("#ratings").count():
        expected = network.forward(network.init(), pairs(given))[:, 0]
        np.testing.assert_allclose(predictions(page), expected, rtol=1e-11)


@pytest.mark.parametrize("name", [name for name, one in NETWORKS.items() if one.indices])
def test_every_kind_of_layer_has_equations(open_page: Open, name: str, tmp_path: Path) -> None:
    given = NETWORKS[name]
    numbers = [0.25, -1.5][: len(given.numbers)]
    x = [1.0, 2.0, *numbers]
    page = open_page(given, tmp_path)
    for place, value in enumerate(x):
        field = page.locator(f"[data-input='{place}']")
        _ = field.select_option(str(int(value))) if place < 2 else field.fill(str(value))
    y = [0.5, 1.25][: len(given.layers[-1].unit_names)]
    for place, value in enumerate(y):
        page.fill(f"[data-target='{place}']", str(value))
    assert page.locator(".row[data-at]:not(:has(math))").count() == 0
    compared(page, given, tmp_path, x, y)


def compared(page: Page, given: Spec, folder: Path, x: list[float], y: list[float]) -> None:
    """Compare all values beside equations with the module in Python, and its result with the reference."""
    network = Network(given)
    params = network.init()
    known = traced(given, folder, "layers", network.pack(params), x, y)
    rows = page.locator(".row[data-at]").evaluate_all(
        "rows => rows.map(row => [row.dataset.name, row.querySelector('output').dataset.exact])"
    )
    last = {name: np.ravel(json.loads(text or "null")) for name, text in rows}
    _, gradient = network.gradient(params, [x], [y])
    blocks = {
        f"d{block['name']}": (block, slopes) for block, slopes in zip(facts_of(page)["blocks"], gradient, strict=True)
    }
    assert "loss" in last
    for name, value in last.items():
        block, expected = blocks.get(name, ({}, known.get(name, np.nan)))
        if "index" in block:
            expected = np.asarray(expected)[int(x[[index.name for index in given.indices].index(block["index"])])]
        if value.size == np.size(expected) and not (value.size == 1 and value[0] is None):
            np.testing.assert_allclose(value.astype(float), np.ravel(expected), rtol=1e-10, atol=1e-12, err_msg=name)
        else:
            assert np.size(expected) >= 1000, name  # too many numbers to keep them beside the equation
