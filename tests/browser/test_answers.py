"""What the page says about the answers of a network: right, wrong or undecided."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser


def trained(open_page: Open, name: str) -> Page:
    page = open_page(spec(named(name)), named(name).parent)
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch", timeout=60_000)
    return page


def test_answers_in_the_middle_are_undecided(open_page: Open) -> None:
    page = trained(open_page, "xor_slp")
    outputs = page.locator("#table [data-output]").evaluate_all("all => all.map(one => Number(one.dataset.exact))")
    assert outputs == pytest.approx([0.5] * 4, abs=1e-6)
    assert page.locator("#table .verdict").all_inner_texts() == ["?"] * 4
    assert "right on 0 of 4 examples, undecided on 4" in page.inner_text("#status")


def test_a_wrong_perceptron_is_said_to_be_wrong(open_page: Open) -> None:
    page = open_page(spec(named("and_perceptron")), named("and_perceptron").parent)
    page.click("#previous")  # the last example, whose target is 1; all weights are 0
    page.click("#forward")
    expect(page.locator("#status")).to_contain_text("Loss 0, though the answer is wrong: z is 0, on the boundary.")
    rule = page.inner_text(".general [data-kind=delta-output]")
    assert "Rosenblatt's rule takes a in L for a constant" in rule


def test_the_curve_of_a_perceptron_counts_its_mistakes(open_page: Open) -> None:
    page = trained(open_page, "and_perceptron")
    assert "mistakes after epoch 10: 0" in page.inner_text("#curve")
    assert page.locator("#curve text").first.text_content() == "3"  # after the first epoch: the most
