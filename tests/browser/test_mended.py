"""Mistakes of living pages that were found by hand once: a cut sentence, a lost line, an error under the mouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nngen.reading import load
from tests.support.modules import ROOT, named, spec

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

COURSE = ROOT / "nngen" / "learning" / "course" / "lessons"

DARK = """(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const dark = (x, y) => data[4 * (y * width + x)] + data[4 * (y * width + x) + 1] < 160;
  let found = 0;
  for (let i = 60; i < width - 60; i++) if ([-2, -1, 0, 1, 2].some((by) => dark(i + by, i))) found++;
  return found / (width - 120);
}"""
"""The share of the diagonal of a canvas, from the left at the top, that is dark."""


def test_no_sentence_of_a_walk_is_cut(open_page: Open) -> None:
    for name in ("xor_mlp", "iris"):
        page = open_page(spec(named(name)), named(name).parent, viewport={"width": 1280, "height": 800})
        count = page.locator(".row[data-at]").count()
        top = page.locator("#next").bounding_box()
        for _ in range(min(count, 40)):
            page.click("#next")
            assert page.locator("#lens").evaluate("(lens) => lens.scrollHeight <= lens.clientHeight")
        after = page.locator("#next").bounding_box()
        assert top
        assert after
        assert abs(top["y"] - after["y"]) < 30, "the buttons stay under the pointer"


def test_the_mouse_moves_during_a_walk_over_ratings(open_page: Open) -> None:
    page = open_page(spec(named("ratings_mf")), named("ratings_mf").parent)
    page.select_option("#pace", "slow")
    page.click("#forward")
    for x, y in ((700, 300), (300, 500), (900, 600), (200, 200)):
        page.mouse.move(x, y)
    page.click("#forward")
    texts = []
    for _ in range(6):
        page.click("#next")
        texts.append(page.inner_text("#lens"))
    assert [text for text in texts if "…\n=\n…" in text] == []


def test_the_line_where_the_answer_changes_is_whole_for_gentle_outputs(open_page: Open, tmp_path: Path) -> None:
    gentle = ["layers.0.weights.initial=[[0.01, 0.01]]", "layers.0.bias.initial=[-0.01]"]
    text = (COURSE / "hidden_layer.yaml").read_text("utf-8")
    (tmp_path / "gentle.yaml").write_text(
        text[: text.index("layers:")].replace("hidden_layer", "gentle")
        + "layers:\n  - name: output\n    units: [y]\n    activation: sigmoid\n"
        + "    weights: {initial: [[1.0, 1.0]]}\n    bias: {initial: [-1.0]}\n"
        + text[text.index("loss:") :],
        "utf-8",
    )
    page = open_page(load(tmp_path / "gentle.yaml", overrides=gentle), tmp_path)
    assert page.locator("#surface canvas").evaluate(DARK) > 0.95


def test_the_field_of_a_clicked_bias_is_in_view(open_page: Open) -> None:
    page = open_page(spec(named("xor_mlp")), named("xor_mlp").parent, viewport={"width": 1280, "height": 800})
    page.locator("[data-weight=b_h1]").dispatch_event("click")
    box = page.locator("#lens input[type=number]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 800
    assert "∂loss/∂b_h1 = " in page.inner_text("#lens .what")
