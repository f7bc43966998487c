"""The course and the living page on a wall: one scene or part that can be read from the last row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from nngen.learning.explain.page import living_page
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, Open
from tests.browser.lessons import visit
from tests.support.modules import named, spec

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from nngen.common.choices import Scene

pytestmark = pytest.mark.browser

SMALL = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement: around } = walker.currentNode;
    if (!data.trim() || around.closest("script, style, option, template, noscript")) continue;
    const least = around.closest("math") ? 20 : around.closest("code") ? 24 : 28;
    const size = parseFloat(getComputedStyle(around).fontSize) * (around.getScreenCTM?.().a ?? 1);
    if (size < least - 0.01 && around.checkVisibility({ visibilityProperty: true })) found.push([data.trim(), size]);
  }
  return found;
}"""
"""The texts of a page that are too small for a wall, with their pixels."""

THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
CONTRAST = {"runOnly": ["color-contrast-enhanced"], "rules": {"color-contrast-enhanced": {"enabled": True}}}


@pytest.mark.parametrize(
    ("name", "theme"),
    [("backpropagation", "light"), ("delta", "dark"), ("derivatives", "dark"), ("learning_rate", "light")],
)
def test_a_scene_fills_a_wall(page: Page, folder: Path, name: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto((folder / "ko" / f"{name}.html").as_uri() + "#present&scene=2")
    page.wait_for_selector("html[data-started]")
    page.keyboard.press("PageUp")
    count = page.locator(".scene").count()
    for scene in range(count):
        assert page.url.endswith(f"#present=&scene={scene + 1}")
        assert page.locator("form.ask:visible").count() == 0
        assert page.evaluate(SMALL) == [], scene
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080, scene
        assert page.evaluate(FRAME) <= 1920, scene
        assert violations(page, **CONTRAST) == [], scene
        page.keyboard.press(("PageDown", " ", "ArrowRight")[scene % 3])
    page.wait_for_url("**/*.html#present=&scene=1")
    assert f"/{name}.html" not in page.url, "the next lesson follows"


PARTS = ("picture", "charts", "general", "forward", "backward")
PART = f"""{[*PARTS]}.find((name) =>
  [...document.querySelectorAll(`[data-scene=${{name}}]`)].some((one) => !one.classList.contains('away')))"""
"""The part that is shown."""

LINES = """() => [...document.querySelectorAll('.step :is(.row, .update, caption, tr)')]
  .map((line, place) => [line, place])
  .filter(([line]) => line.checkVisibility({ visibilityProperty: true }))
  .map(([line, place]) => [place, line.getBoundingClientRect().top, line.getBoundingClientRect().bottom])"""
"""The lines of equations on a screen: the number, the top and the bottom of each."""

ON_CANVAS = """() => {
  const board = document.querySelector("#surface canvas");
  return parseFloat(board.getContext("2d").font) * board.clientWidth / board.width;
}"""
"""The pixels of a text on a canvas."""


@pytest.mark.parametrize("name", ["xor_mlp", "iris"])
def test_each_part_of_the_living_page_fills_a_wall(open_page: Open, name: str) -> None:
    path = named(name)
    page = open_page(spec(path), path.parent, variants=True, viewport={"width": 1920, "height": 1080})
    page.keyboard.press("p")
    seen: dict[str, list[int]] = {}
    last: list[int] = []
    while True:
        page.wait_for_selector("html[data-ready]")
        part = page.evaluate(PART)
        lines = page.evaluate(LINES)
        if last == (last := [place for place, *_ in lines]) and part == PARTS[-1]:
            break  # the end
        if part not in seen:
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                page.wait_for_selector(f"[data-theme={theme}]")
                assert violations(page, **CONTRAST) == [], (part, theme)
        seen.setdefault(part, []).extend(last)
        assert page.evaluate(SMALL) == [], part
        assert page.evaluate(FRAME) <= 1920, part
        if part in PARTS[:3]:
            assert page.evaluate("document.documentElement.scrollHeight") <= 1080, part
        assert all(top >= 0 and bottom <= 1080.5 for _, top, bottom in lines), (part, lines)
        if part == "charts":
            assert page.evaluate(ON_CANVAS) >= 28
        page.keyboard.press("PageDown")
    assert tuple(seen) == PARTS
    shown = [place for part in ("forward", "backward") for place in seen[part]]
    assert shown == [*range(page.locator(".step :is(.row, .update, caption, tr)").count())][-len(shown) :]
    page.wait_for_url(lambda url: url.endswith("&present=&scene=5"))
    page.keyboard.press("Escape")
    assert page.locator("#bench, .general, #module").evaluate_all("all => all.every(one => one.checkVisibility())")
    page.wait_for_url(lambda url: "present" not in url)


@pytest.mark.parametrize("parts", [("picture", "backward"), ("charts",), ("general",), ("forward",)], ids=",".join)
def test_a_short_page_works_with_its_parts_only(page: Page, tmp_path: Path, parts: tuple[Scene, ...]) -> None:
    path = named("xor_mlp")
    short = tmp_path / "short.html"
    short.write_text(living_page(spec(path), path.parent, parts=parts, variants=False), "utf-8")
    page.goto(short.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.click("#next")
    assert page.inner_text("#status").startswith("z_h1 = ")
    page.click("#backward")
    page.click("#reset")
    page.click("#step")
    assert "→" in page.inner_text("#status")
    page.select_option("#pace", "fast")
    page.click("#train")
    page.locator("#status", has_text="right on 4 of 4").wait_for()
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url.endswith("&present=&scene=1"))


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
