"""The course as a learner meets it: questions before answers, activities, memory, any screen, the keyboard alone."""

from __future__ import annotations

import json
import re
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nngen.reading import load
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, PATIENCE
from tests.browser.lessons import (
    COURSE,
    PAGES,
    SAID,
    SEEN,
    answer,
    english,
    give,
    open_lesson,
    questions,
    solve,
    telling,
    visit,
)
from tests.support.modules import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SPECS = [load(path) for path in (ROOT / "nngen" / "learning" / "course" / "lessons").glob("*.yaml")]

SHORT = {
    ("baseline", "predict"): r"3( of 5)?|5 중 3",  # a rating in the table, and the number of the scene
    ("dead_units", "dw"): r"0|.*h1 = 0,.*",  # what h1 says, in the picture
    ("derivatives", "chain_three"): r"−2",  # the least x of the curve beside it
    ("derivatives", "relu"): r"1",  # where the slider for z begins
    ("hidden_layer", "z_h2"): r"2 of 5|5 중 2",  # the number of the scene
    ("inference", "parameters"): r"· 13 / \d+",  # the number of the lesson
    ("learning_rate", "w"): r"rate 1\.0|학습률 1\.0",  # the link to another network
    ("learning_rate_1", "w_two"): r"0|.*\b0(에서|\?).*",  # where w begins
    ("perceptron_rule", "b"): r"0|target 0|목표값 0|.*x2 = 0.*",  # an input and the target
    ("slope", "where"): r"step",  # the names of the curves
    ("dead_units", "slope"): r"0",  # an input
    ("dead_units_leaky", "slope"): r"0",
    ("ratings", "near"): r"Letters",  # the names of the points
    ("ratings", "touched"): r"4 of 8|8 중 4|.*(4 viewers|4명).*",  # the number of viewers, and of the scene
    ("similarity", "who"): r"Ben",  # the name of a row
    ("several_layers", "count"): r".*1\s\u00d7\s2.*",  # the shape of W in the question
}
"""Short answers, one digit or a name, with the texts where they may stand with another meaning."""


WIDE = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789.,-/"})
"""Signs as wide as a syllable of Korean, as its keyboards may write them."""


ASKED = """(form) => {
  const { ask, kind, answer } = form.dataset;
  const right = form.querySelector(".option[data-right='1']");
  const waits = document.querySelector("#go").disabled || form.classList.contains("again");
  return [ask, kind, answer ?? right?.innerText, right?.dataset.hint, waits];
}"""
"""The name of a question, its kind, its answer, what the page says to it, and whether the reader cannot go on."""


@pytest.mark.parametrize(("name", "pressed"), [*zip(PAGES, cycle(["en", "ko"]), strict=False)])
def test_a_lesson_from_start_to_end_shows_no_answer_before_it_is_given(
    page: Page, folder: Path, name: str, pressed: str
) -> None:
    """What the reader sees or hears has no answer in both languages; in one of them, what is printed has none, and
    wrong answers come first."""
    for language in ("en", "ko"):
        open_lesson(page, folder, name, language=language)
        count = page.locator(".scene").count()
        for scene in range(count):
            if language == "ko":
                assert english(page.evaluate(SAID), SPECS) == set(), scene
            for form in questions(page):
                page.evaluate("document.activeElement.blur()")
                page.keyboard.press("ArrowRight")  # would walk on in the network
                asked, kind, right, hint, waits = form.evaluate(ASKED)
                allowed = SHORT.get((name, asked), "(?!)")
                for media in ("print", "screen") if language == pressed else ("screen",):
                    page.emulate_media(media=media)
                    seen = page.evaluate(SEEN)
                    if kind == "number":
                        found = telling(seen, float(right))
                        assert [text for text in found if not re.fullmatch(allowed, text)] == [], (asked, language)
                    elif kind == "choice":
                        assert hint not in seen
                        assert right not in seen or re.fullmatch(allowed, right), (asked, language)
                assert waits
                if language == pressed:
                    solve(form)
                else:
                    give(form)
            if scene < count - 1 and language == pressed:
                page.click("#go")
            elif scene < count - 1:
                page.evaluate("document.querySelector('#go').click()")
        if language == pressed:
            page.reload()
            page.wait_for_selector("html[data-started]")
        assert page.locator(".scene:not([hidden]) .summary").count() == 1
        assert page.locator("form.ask:not([data-state=right])").count() == 0
        page.evaluate("localStorage.clear()")


def test_the_answer_is_shown_after_three_tries_only(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "backpropagation", 4)
    form = page.locator("form[data-ask=delta_y]")
    assert "size is right" in answer(form, "0.26")
    answer(form, "")
    assert form.locator(".show").is_hidden()
    answer(form, "7")
    form.locator(".show").click()
    assert form.locator("output").inner_text() == "The answer is −0.2617."
    assert page.locator("#go").is_enabled()


def test_answers_may_be_fractions_or_words_and_hints_fit_them(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "threshold_neuron", 1)
    form = page.locator("form[data-ask=z]")
    assert answer(form, "7") == "Not yet. Two significant digits are enough."
    answer(form, "½")
    assert form.get_attribute("data-state") == "right"
    open_lesson(page, folder, "backpropagation", 4)
    form = page.locator("form[data-ask=delta_y]")
    for text in ("0.26".translate(WIDE), "0,26", "26/100", " 26 / 100 ".translate(WIDE), "+ 0.26", "2.6e-1"):
        assert "size is right" in answer(form, text), text
    for text in ("- 0.051", "-0,051".translate(WIDE), "−51/1000"):
        assert "You multiplied by the slope" in answer(form, text), text
    for text in ("", "x", "1 1/2", "1/2/3", "0..1", "1,000.5"):
        assert "Please write a number" in answer(form, text), text
    form.locator("input").fill("- 0,26")
    form.locator("input").press("Enter")
    assert form.get_attribute("data-state") == "right"
    open_lesson(page, folder, "dead_units", 2)
    form = page.locator("form[data-ask=dw]")
    assert answer(form, "7") == "Not yet."
    answer(form, "no")
    assert form.get_attribute("data-state") == "right"


def test_an_answer_is_remembered_without_words_of_a_language(page: Page, folder: Path) -> None:
    def said() -> list[str]:
        return [form.locator("output").inner_text() for form in page.locator(".scene:not([hidden]) form.ask").all()]

    for name, scene in (("biology", 1), ("backpropagation", 4), ("own_table", 3)):
        open_lesson(page, folder, name, scene)
        for form in questions(page):
            give(form)
        english = said()
        visit(page, folder / "ko" / f"{name}.html")
        korean = said()
        assert len(korean) == len(english)
        assert all(re.search("[가-힣]", text) and text not in english for text in korean)
        visit(page, folder / "en" / f"{name}.html")
        assert said() == english


def test_show_everything_gives_the_answers_away_only_when_pressed_twice(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "threshold_neuron")
    page.click("#everything")
    assert page.locator("#workbench").is_hidden()
    assert "also shows the answers" in page.inner_text("#warning")
    page.click("#everything")
    assert page.locator("#picture svg").is_visible()
    assert page.locator("#parameters").count() == 1
    page.reload()
    page.wait_for_selector("html[data-started]")
    assert page.locator("#picture svg").is_visible()
    visit(page, folder / "en" / "threshold.html")
    assert page.locator("#workbench").is_hidden(), "it waits for the answers of this lesson"
    open_lesson(page, folder, "threshold", 3)
    assert page.locator("#workbench").is_visible()
    page.click("#everything")
    assert page.locator("#workbench").is_hidden()


@pytest.mark.parametrize(("name", "theme"), [*zip(PAGES, cycle(["light", "dark"]), strict=False)])
def test_a_checker_of_accessibility_finds_nothing_on_any_screen(
    page: Page, folder: Path, name: str, theme: str
) -> None:
    """Also nothing sticks out, whatever the width. The checker takes time: of every second scene it looks at what the
    scene says, and at the whole page where a lesson begins, and where it ends."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    open_lesson(page, folder, name, language="ko" if theme == "dark" else "en")
    count = page.locator(".scene").count()
    for scene in range(count):
        if (whole := scene in (0, count - 1)) or scene % 2 == 0:
            assert violations(page, "document" if whole else ".scene:not([hidden])") == [], scene
        for width in (390, (768, 1366)[scene % 2]):
            page.set_viewport_size({"width": width, "height": 650})
            assert page.evaluate(FRAME) <= width, (scene, width)
        for form in questions(page):
            give(form)
        if page.locator("#go").is_visible():
            page.click("#go")


@pytest.mark.parametrize("name", ["index", "teachers"])
def test_the_overview_and_the_notes(page: Page, folder: Path, name: str) -> None:
    page.goto((folder / "en" / f"{name}.html").as_uri())
    page.evaluate(f"localStorage.setItem('nngen-course', '{json.dumps({'threshold': {'given': {'bias': {}}}})}')")
    page.reload()  # another page may be of a process that knows it a little later
    assert violations(page) == []
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 650})
        assert page.evaluate(FRAME) <= width
        assert page.evaluate("new Set([...document.querySelectorAll('main > *')].map(one => one.offsetLeft)).size") == 1
    if name == "index":
        assert page.inner_text("#progress") == f"Begun: 1 of {len(COURSE)} lessons."


def test_a_lesson_works_without_storage(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })")
    open_lesson(page, folder, "threshold_neuron", 2)
    assert np.isfinite(page.evaluate("performance.now()"))
    assert page.locator("#back").is_enabled()
    page.close()


def test_a_lesson_works_in_a_frame_that_may_only_run_scripts(page: Page, folder: Path, tmp_path: Path) -> None:
    around = tmp_path / "frame.html"
    lesson = (folder / "en" / "threshold_neuron.html").as_uri()
    around.write_text(f'<iframe sandbox="allow-scripts" src="{lesson}" width="1200" height="700"></iframe>')
    page.goto(around.as_uri())
    frame = page.frames[1]
    frame.wait_for_selector("html[data-started]")
    frame.click("#go")
    form = frame.locator("form[data-ask=z]")
    assert "left out the bias" in answer(form, "1")
    form.locator("input").fill("0.5")
    form.locator("input").press("Enter")
    assert form.get_attribute("data-state") == "right"
    assert frame.locator("#go").is_enabled()


def test_without_room_in_storage_a_lesson_loses_only_its_memory(page: Page, folder: Path) -> None:
    full = "void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') })"
    open_lesson(page, folder, "threshold_neuron")
    page.evaluate(full)
    for _ in range(4):
        for form in questions(page):
            give(form)
        page.click("#go")
    page.fill("[data-edit=b_y] input[type=number]", "-1.5")
    for button, text in (("#back", ""), ("#go", "✓ Done.")):
        page.click(button)
        assert text in page.inner_text(".scene:not([hidden])")
    page.reload()
    page.wait_for_selector("html[data-started]")
    assert page.locator("form.ask[data-state=right]").count() == 0
