"""Equations can be read to their end, and say what the network computes."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from nngen.description.model.spec import Spec
from tests.browser.conftest import Open
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

TOO_LONG = (
    "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => [one.parentElement.dataset.name,"
    " one.tabIndex])"
)


def opened(open_page: Open, name: str, width: int = 1280) -> Page:
    path = named(name)
    return open_page(spec(path), path.parent, viewport={"width": width, "height": 800})


def test_factors_stay_apart_as_numbers(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.fill("[data-input='0']", "2")
    page.locator("#parameters [aria-label=w_h1_x1]").fill("14.8773")
    page.click("#values")
    assert "14.8773·2" in page.inner_text(".row[data-name=z_h1] .equation").replace("\n", "")
    page.click("#symbols")
    assert "·" not in page.inner_text(".row[data-name=z_h1] .equation")


@pytest.mark.parametrize("numbers", [False, True])
def test_long_sums_continue_on_the_next_line(open_page: Open, numbers: bool) -> None:
    page = opened(open_page, "iris")
    if numbers:
        page.click("#values")
        page.wait_for_selector("html[data-ready]")
    assert page.locator(".equation").evaluate_all(TOO_LONG) == []


def test_what_cannot_break_is_scrolled_by_the_keyboard(open_page: Open) -> None:
    page = opened(open_page, "iris", width=360)
    long = page.locator(".equation").evaluate_all(TOO_LONG)
    assert long
    assert {place for _, place in long} == {0}


def test_batch_normalization_is_explained(open_page: Open, tmp_path: Path) -> None:
    document = json.loads(spec(named("xor_mlp")).model_dump_json(by_alias=True, exclude_unset=True))
    document["layers"][0] |= {"normalization": "batch_norm", "bias": False}
    document["training"]["batch_size"] = 4
    page = open_page(Spec.model_validate(document), tmp_path)
    assert "large" not in page.inner_text("#text")
    general = page.locator(".general [data-kind=normalization]")
    assert "the activation takes s for z" in general.inner_text()
    assert "deviation" in (general.text_content() or "")
    assert "running mean" in (page.locator(".row[data-name=mean_hidden] .equation").text_content() or "")
    general.locator("dt").hover()
    assert page.locator(".row.lit").first.get_attribute("data-name") == "mean_hidden"
