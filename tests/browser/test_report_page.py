"""The report of a training in a browser: it fits narrow screens, and a checker of accessibility finds nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from nngen.cli import main
from tests.browser.accessible import COLORS, violations
from tests.browser.conftest import FRAME, PATIENCE, foreign
from tests.support.answering import houses
from tests.support.modules import named

pytestmark = pytest.mark.browser

FILLS = "all => all.map((one) => getComputedStyle(one).fill)"


@pytest.mark.parametrize("name", ["penguins", "houses"])
def test_a_report_in_both_themes(browser: Browser, tmp_path: Path, name: str) -> None:
    spec = houses(tmp_path) if name == "houses" else named(name)
    path = tmp_path / "report.html"
    done = CliRunner().invoke(main, ["train", str(spec), "--epochs", "3", "--report", str(path)])
    assert done.exit_code == 0, done.output
    context = browser.new_context(color_scheme="light", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if foreign(request.url) else None)
    page.goto(path.as_uri())
    for width in (360, 800, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FRAME) <= width
    drawn = page.locator("svg text")
    light = {*drawn.evaluate_all(FILLS)}
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    dark = {*drawn.evaluate_all(FILLS)}
    assert len(light) == len(dark) == 1, "texts of pictures have the color of the page"
    assert light != dark
    assert violations(page, **COLORS) == []
    assert asked == []
    context.close()
