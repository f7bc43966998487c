"""The data and the training of a page, changed while it trains: noise, test data, batches, a surface of two colours."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.reading.source import load
from nngen.targets.modules import as_module, texts
from tests.browser.conftest import Open, flat, fragment
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

TWO = """canvas => {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const count = { "101,157,208": 0, "226,149,92": 0 };
  for (let i = 0; i < data.length; i += 4) count[data.slice(i, i + 3).join()]++;
  return [count["101,157,208"], count["226,149,92"]].map((some) => some / copy.width / copy.height);
}"""
"""The shares of the plane with the two colours of an output that is not graded."""


def rows(page: Page) -> list[str]:
    texts: list[str] = page.locator("#table tbody tr").all_inner_texts()
    return texts


def test_noise_and_test_data_are_set_live(open_page: Open) -> None:
    page = open_page(spec(named("xor_mlp")), named("xor_mlp").parent)
    expect(page.locator("#noise-choice")).to_be_hidden()
    page.select_option("#data", "gauss")
    assert "of 60" in page.inner_text("#which")
    clean = rows(page)
    assert len(clean) == 90
    page.fill("#noise", "30")
    noisy = rows(page)
    assert len(noisy) == 90
    assert sum(one == other for one, other in zip(clean, noisy, strict=True)) == 0
    page.fill("#noise", "0")
    assert [row.split("\t")[4:] for row in rows(page)] == [row.split("\t")[4:] for row in clean]
    page.select_option("#pace", "slow")
    page.click("#train")
    page.focus("#share")
    page.keyboard.press("End")
    assert page.inner_text("#train") == "Pause"  # it goes on with the other examples
    page.click("#train")
    assert page.inner_text("#share-choice output") == "90 %"
    page.click("#following")
    assert page.inner_text("#which").endswith("of 8")  # as many of each class
    page.wait_for_url("**share=90**")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("#share") == "90"
    assert page.input_value("#data") == "gauss"
    assert len(rows(page)) == 90
    page.select_option("#data", "spec")
    expect(page.locator("#share-choice")).to_be_hidden()  # four examples are not divided


def test_the_examples_of_a_table_are_divided_anew(open_page: Open) -> None:
    page = open_page(spec(named("iris")), named("iris").parent)
    assert page.input_value("#share") == "33"
    page.fill("#share", "50")
    page.click("#following")
    assert "of 75" in page.inner_text("#which")
    page.click("#answers [data-of=test]")
    counts = [int(text) for text in page.locator("#answers tbody td").all_inner_texts()]
    assert [sum(counts[i : i + 3]) for i in (0, 3, 6)] == [25, 25, 25]
    assert fragment(page.url).get("share", "50") == "50"


def test_a_batch_is_as_large_as_the_reader_says(open_page: Open) -> None:
    given = load(named("iris"), overrides=["training.epochs=3"])
    page = open_page(given, named("iris").parent)
    assert page.input_value("#batch") == "10"
    page.fill("#batch", "7")
    page.keyboard.press("Enter")
    assert "takes 7 examples" in page.inner_text("#status")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch 3")
    module = as_module("iris", texts(given, named("iris").parent, ["python"])["python"])
    data = read_examples(given, named("iris").parent)
    params, _ = module.fit(module.init(), data.train_x.tolist(), data.train_y.tolist(), batch_size=7)
    np.testing.assert_allclose(flat(page, given), module.pack(params), rtol=1e-9, atol=1e-11)
    page.fill("#batch", "")
    page.keyboard.press("Enter")
    assert "all examples" in page.inner_text("#status")
    page.wait_for_url("**batch=*")


def test_the_plane_shows_test_data_and_two_colours(open_page: Open) -> None:
    page = open_page(spec(named("xor_mlp")), named("xor_mlp").parent)
    expect(page.locator("#show-test")).to_be_hidden()  # the spec holds nothing out
    page.select_option("#data", "circles")
    board = page.locator("#surface canvas")
    picture = "canvas => canvas.toDataURL()"
    before = board.evaluate(picture)
    page.check("#show-test")
    assert board.evaluate(picture) != before
    page.locator("#parameters [aria-label=w_y_h1]").fill("30")
    page.locator("#parameters [aria-label=w_h1_x1]").fill("3")
    page.locator("#parameters [aria-label=b_y]").fill("-15")
    assert sum(board.evaluate(TWO)) < 0.1
    page.focus("#discretize")
    page.keyboard.press("Space")
    shares = board.evaluate(TWO)
    assert min(shares) > 0.1  # a line divides the plane
    assert sum(shares) > 0.7  # the rest are points and lines
