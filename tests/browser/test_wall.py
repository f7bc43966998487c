"""The course on a wall: one scene that can be read from the last row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import AXE, FRAME
from tests.browser.lessons import visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SMALL = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement: around } = walker.currentNode;
    if (!data.trim() || around.closest("script, style, option, template, noscript")) continue;
    const least = around.closest("math") ? 20 : around.closest("code") ? 24 : 28;
    const size = parseFloat(getComputedStyle(around).fontSize);
    if (size < least - 0.01 && around.checkVisibility({ visibilityProperty: true })) found.push([data.trim(), size]);
  }
  return found;
}"""
"""The texts of a page that are too small for a wall, with their pixels."""


@pytest.mark.parametrize(
    ("name", "theme"), [("backpropagation", "light"), ("delta", "dark"), ("learning_rate", "light")]
)
def test_a_scene_fills_a_wall(page: Page, folder: Path, name: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto((folder / "ko" / f"{name}.html").as_uri() + "#present&scene=2")
    page.wait_for_selector("html[data-started]")
    page.evaluate(AXE.read_text("utf-8"))
    page.keyboard.press("PageUp")
    count = page.locator(".scene").count()
    for scene in range(count):
        assert page.url.endswith(f"#present=&scene={scene + 1}")
        assert page.locator("form.ask:visible").count() == 0
        assert page.evaluate(SMALL) == [], scene
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080, scene
        assert page.evaluate(FRAME) <= 1920, scene
        contrast = (
            "axe.run({ runOnly: ['color-contrast-enhanced'], rules: { 'color-contrast-enhanced': { enabled: true } } })"
        )
        found = page.evaluate(f"{contrast}.then(result => result.violations)")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], scene
        page.keyboard.press(("PageDown", " ", "ArrowRight")[scene % 3])
    page.wait_for_url("**/*.html#present=&scene=1")
    assert f"/{name}.html" not in page.url, "the next lesson follows"


def test_a_teacher_may_want_the_questions_on_the_wall(page: Page, folder: Path) -> None:
    visit(page, folder / "en" / "threshold_neuron.html")
    page.click("#present")
    page.keyboard.press("PageDown")
    assert page.locator("form.ask:visible").count() == 0
    page.keyboard.press("q")
    assert page.locator("form.ask:visible").count() == 1
    assert page.locator("#go").is_disabled()
    page.keyboard.press("Escape")
    assert page.locator("#everything").is_visible()
    assert page.url.endswith("#scene=2")
