"""The page in the oldest browsers, on narrow screens, by the keyboard and on paper."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nngen.learning.explain.page import living_page
from tests.browser.conftest import FRAME, PATIENCE, Open, page_of
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

NEWER = "delete Map.groupBy; delete Object.groupBy; delete window.OffscreenCanvas; delete Array.prototype.toSorted;"
SMALL = """() => [...document.querySelectorAll("body *")].filter((one) => {
  if (![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) return false;
  if (!one.checkVisibility({ visibilityProperty: true })) return false;
  const scale = one.closest("svg") ? one.closest("svg").getScreenCTM().a : 1;
  return parseFloat(getComputedStyle(one).fontSize) * scale < 9.99;
}).map((one) => `${one.localName}: ${one.textContent.slice(0, 30)}`)"""


def opened(open_page: Open, name: str, width: int) -> Page:
    path = named(name)
    return open_page(spec(path), path.parent, variants=True, viewport={"width": width, "height": 800})


def after(browser: Browser, folder: Path, shared: Path, script: str) -> Page:
    """A page in a browser that a script has made poorer."""
    path = folder / "page.html"
    path.write_text(page_of(spec(named("xor_mlp")), named("xor_mlp").parent, variants=True, shared=shared), "utf-8")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(script)
    page.goto(path.as_uri())
    return page


def test_it_needs_nothing_newer_than_it_says(browser: Browser, tmp_path: Path, shared: Path) -> None:
    page = after(browser, tmp_path, shared, NEWER)
    page.wait_for_selector("html[data-ready]")
    assert "It needs Chromium 109, Firefox 115 or Safari 16.4" in page.inner_text("footer")
    expect(page.locator("#needs")).to_be_hidden()
    page.close()


def test_a_browser_that_lacks_something_is_told(browser: Browser, tmp_path: Path, shared: Path) -> None:
    page = after(browser, tmp_path, shared, "delete Array.prototype.flatMap;")
    expect(page.locator("#needs")).to_be_visible()
    page.close()


@pytest.mark.parametrize("width", [390, 768])
def test_a_tap_stays_beside_its_slider(open_page: Open, width: int) -> None:
    page = opened(open_page, "xor_mlp", width)
    page.locator("[data-weight=w_y_h2] .hit").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    page.locator("[data-weight=w_y_h2]").dispatch_event("click")
    page.wait_for_timeout(600)  # a smooth scroll would have begun
    assert page.evaluate("scrollY") == before
    page.locator("#next").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    for _ in range(12):
        page.locator("#next").dispatch_event("click")
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") == before


@pytest.mark.parametrize("name", ["xor_mlp", "skip_mlp", "iris", "deep_mlp"])
def test_text_of_narrow_screens_can_be_read(open_page: Open, name: str) -> None:
    page = opened(open_page, name, 1087)
    page.locator("[data-weight]").first.dispatch_event("click")
    for width in (1087, 768, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FRAME) <= width
        assert page.evaluate(SMALL) == [], width


def test_enter_selects_the_field_and_escape_returns(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", 1280)
    page.locator("[data-weight=w_h1_x2]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("1.5")  # replaces the number
    assert page.locator("#parameters [aria-label=w_h1_x2]").get_attribute("data-exact") == "1.5"
    page.keyboard.press("Escape")
    assert page.locator("#lens input").count() == 0
    assert page.evaluate("document.activeElement.dataset.weight") == "w_h1_x2"


@pytest.mark.parametrize("name", ["xor_mlp", "iris"])
def test_paper_is_light_and_holds_whole_equations(open_page: Open, name: str) -> None:
    page = open_page(spec(named(name)), named(name).parent, variants=True, color_scheme="dark")
    corner = "[...document.querySelector('canvas').getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3)"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    outside = page.locator(".equation math, .general math").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right >"
        " one.closest('.equation, dd').getBoundingClientRect().right + 1).map(one => one.textContent)"
    )
    assert outside == []
    assert page.locator("#module").is_hidden()
    if name == "xor_mlp":
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert min(page.evaluate(corner)) > 20
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


SAID = """() => [...document.querySelectorAll("[aria-label], [title], figcaption, caption")].flatMap((one) =>
  [one.ariaLabel, one.title, /caption$/i.test(one.localName) ? one.textContent : ""]).filter(Boolean)"""


@pytest.mark.parametrize("name", ["xor_mlp", "digits", "snake"])
def test_what_a_screen_reader_says_in_korean_is_korean(browser: Browser, tmp_path: Path, name: str) -> None:
    given = spec(named(name))
    (tmp_path / "ko.html").write_text(living_page(given, named(name).parent, language="ko", variants=False), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((tmp_path / "ko.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    page.locator("svg .unit:not(.loss)").last.click()
    page.click("#as-slopes")
    said = page.evaluate(SAID)
    page.close()
    assert any("층의 유닛" in text for text in said)
    assert any("에 대한 손실의 미분" in text for text in said)
    names = [given.name, *given.input_names, *(unit for layer in given.layers for unit in layer.unit_names)]
    names += [name for layer in given.layers for name in (layer.name, layer.activation.name)]
    words = re.compile("[A-Za-z]{2,}")
    assert set(words.findall(" ".join(said))) <= set(words.findall(" ".join(names)))
