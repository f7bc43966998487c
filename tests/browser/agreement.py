"""Compares the numbers that a living page shows with the reference."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from tests.browser.conftest import EXACT, exact, traced


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
