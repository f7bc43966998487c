"""Networks with more than two inputs: a plane of two of them, the matrix of the classes, residuals, rows to choose."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.proof.reference import Network
from nngen.reading.source import load
from tests.browser.conftest import EXACT, FRAME, Open, exact
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

CORNER = "canvas => [...canvas.getContext('2d').getImageData(3, 476, 1, 1).data].slice(0, 3)"


def opened(open_page: Open, name: str = "iris", **options: Any) -> Page:
    return open_page(spec(named(name)), named(name).parent, **options)


def test_a_plane_of_two_inputs_holds_the_others(open_page: Open) -> None:
    page = opened(open_page)
    across, up = page.get_by_label("the input across"), page.get_by_label("the input upward")
    assert [one.input_value() for one in (across, up)] == ["2", "3"]  # the petals tell the species apart
    said = "canvas => canvas.getAttribute('aria-label')"
    board = page.locator("#surface canvas")
    before = board.evaluate(said)
    page.fill("[data-input='0']", "1.5")
    assert board.evaluate(said) != before  # a held input moves the surface
    across.select_option("3")
    assert [one.input_value() for one in (across, up)] == ["3", "2"]  # they change places
    across.select_option("0")
    assert "over sepal_length and petal_length" in board.evaluate(said)
    page.get_by_label("the plotted output").select_option("2")
    assert "Output virginica" in board.evaluate(said)
    held = page.locator("[data-input]").evaluate_all(EXACT)
    board.click(position={"x": 250, "y": 60})
    now = page.locator("[data-input]").evaluate_all(EXACT)
    assert [a == b for a, b in zip(held, now, strict=True)] == [False, True, False, True]
    network = Network(spec(named("iris")))
    corners = board.evaluate(said).split("at the corners ")[1].replace("−", "-").split(", ")
    x = [exact(text) for text in now]
    lows = [float(v) for v in read_examples(spec(named("iris")), named("iris").parent).train_x.min(axis=0)]
    highs = [float(v) for v in read_examples(spec(named("iris")), named("iris").parent).train_x.max(axis=0)]
    span = [(low - 0.25 * (high - low), high + 0.25 * (high - low)) for low, high in zip(lows, highs, strict=True)]
    share = 0.5 / 60
    for corner, (right, top) in zip(corners, [(0, 1), (1, 1), (0, 0), (1, 0)], strict=True):
        at = list(x)
        for i, end in ((0, right), (2, top)):
            at[i] = span[i][0] + (1 - share if end else share) * (span[i][1] - span[i][0])
        assert network.forward(network.init(), [at])[0][2] == pytest.approx(float(corner), abs=1e-3)


def test_the_matrix_counts_the_answers_of_the_reference(open_page: Open) -> None:
    page = opened(open_page)
    network, data = Network(spec(named("iris"))), read_examples(spec(named("iris")), named("iris").parent)
    for button, xs, ys in (("train", data.train_x, data.train_y), ("test", data.test_x, data.test_y)):
        page.click(f"#answers [data-of={button}]")
        counts = np.zeros((3, 3), int)
        for x, y in zip(xs, ys, strict=True):
            counts[int(np.argmax(y)), int(np.argmax(network.forward(network.init(), [x.tolist()])[0]))] += 1
        shown = page.locator("#answers tbody td").all_inner_texts()
        assert [int(text) for text in shown] == counts.ravel().tolist()
    wrong = page.locator("#answers td.wrong button").first
    said = wrong.get_attribute("aria-label") or ""
    wrong.click()
    assert "test example" in page.inner_text("#which")
    row = page.locator("#table tr[aria-current=true]")
    target, answer = row.locator("td").all_inner_texts()[1:3]
    assert said.startswith(f"target {target}, answer {answer}:")


def test_rows_are_chosen_by_the_pointer_and_the_keyboard(open_page: Open) -> None:
    page = opened(open_page)
    page.locator("#table tbody tr").nth(4).click()
    assert page.inner_text("#which").startswith("example 5 of 100")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#which").startswith("example 6 of 100")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    page.keyboard.press("End")
    assert page.inner_text("#which").startswith("test example 50 of 50")
    x = read_examples(spec(named("iris")), named("iris").parent).test_x[-1].tolist()
    shown = [exact(text) for text in page.locator("[data-input]").evaluate_all(EXACT)]
    np.testing.assert_allclose(shown, x, rtol=1e-12)
    assert page.locator("#table tr[tabindex='0']").count() == 1
    page.click("#following")
    assert page.inner_text("#which").startswith("example 1 of 100")


def test_numbers_have_residuals(open_page: Open) -> None:
    path = named("iris")
    rows = ",".join(f"{{x: [{i / 10}, {i % 3}, {-i / 7:.4f}], y: [{i / 5 - 1}]}}" for i in range(12))
    layers = "layers=[{name: hidden, units: 3, activation: tanh}, {name: output, units: [y], activation: linear}]"
    data = [f"data={{rows: [{rows}]}}", "inputs=[a, b, c]", layers, "loss={name: squared_error, outputs: sum}"]
    given = load(path, overrides=[*data, "training.batch_size=full"])
    page = open_page(given, path.parent)
    network, examples = Network(given), read_examples(given, path.parent)
    found = np.asarray([network.forward(network.init(), [x.tolist()])[0][0] for x in examples.train_x])
    root = float(np.sqrt(np.mean((found - examples.train_y[:, 0]) ** 2)))
    assert exact(page.get_attribute("#answers", "data-exact") or "") == pytest.approx(root, rel=1e-12)
    assert (page.get_attribute("#answers path", "d") or "").count("M") == 12
    assert page.locator("#answers table").is_hidden() or page.locator("#answers td").count() == 0
    expect(page.locator("#answers .choice")).to_be_hidden()


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (768, "dark"), (1366, "dark")])
def test_it_fits_every_screen(open_page: Open, width: int, theme: str) -> None:
    page = opened(open_page, variants=True, color_scheme=theme, viewport={"width": width, "height": 700})
    assert page.evaluate(FRAME) <= width
    assert page.locator("#answers").is_visible()
    assert page.locator("#table").evaluate("one => one.clientHeight") <= 220
