"""The course as a learner meets it: questions before answers, activities, memory, any screen, the keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from nngen.learning.course import course
from nngen.learning.course.lessons import LESSONS
from nngen.proof.reference import Network
from nngen.reading import load
from tests.browser.conftest import FRAME, PATIENCE
from tests.browser.lessons import SEEN, answer, answer_of, questions, solve, telling, visit
from tests.support.modules import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SPECS = ROOT / "nngen" / "learning" / "course" / "specs"
NAMES = [outline.name for outline in LESSONS]
PAGES = [name for outline in LESSONS for name in (outline.name, *(variant[0] for variant in outline.variants))]

SHORT = {
    ("dead_units", "dw"): r"0|.*h1 = 0,.*",  # what h1 says, in the picture
    ("derivatives", "relu"): r"1",  # where the slider for z begins
    ("hidden_layer", "z_h2"): r"2 of 5|5 중 2",  # the number of the scene
    ("learning_rate", "w"): r"rate 1\.0|학습률 1\.0",  # the link to another network
    ("learning_rate_1", "w_two"): r"0|.*\b0(에서|\?).*",  # where w begins
    ("perceptron_rule", "b"): r"0|target 0|목표값 0|.*x2 = 0.*",  # an input and the target
    ("ratings", "touched"): r"4 of 6|6 중 4|.*(4 viewers|4명).*",  # the number of viewers, and of the scene
    ("several_layers", "count"): r".*1 \u00d7 2.*",  # the shape of W in the question
}
"""Answers that are one digit, with the texts where this digit may stand with another meaning."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("course")
    for language in ("en", "ko"):
        (made / language).mkdir()
        for name, text in course(language):
            (made / language / name).write_text(text, "utf-8")
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose console must stay silent, and which asks the network for nothing."""
    context = browser.new_context(viewport={"width": 1366, "height": 650})
    made = context.new_page()
    said: list[str] = []
    made.on("console", lambda message: said.append(message.text))
    made.on("pageerror", lambda error: said.append(str(error)))
    made.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
    made.set_default_timeout(PATIENCE)
    yield made
    context.close()
    assert said == []


def open_lesson(page: Page, folder: Path, name: str, scene: int = 0, language: str = "en") -> None:
    """Open a lesson at a scene, with all questions before it answered."""
    visit(page, folder / language / f"{name}.html")
    for _ in range(scene):
        for form in questions(page):
            solve(form)
        page.click("#go")


def last_activity(page: Page) -> int:
    """The scene of a lesson's activity."""
    return int(
        page.evaluate("[...document.querySelectorAll('.scene')].findIndex((one) => one.querySelector('.activity'))")
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_lesson_from_start_to_end_shows_no_answer_before_it_is_given(page: Page, folder: Path, name: str) -> None:
    """Wrong answers first. What the reader sees, prints or hears has no answer; in both languages."""
    for language in ("en", "ko"):
        open_lesson(page, folder, name, language=language)
        count = page.locator(".scene").count()
        for scene in range(count):
            for form in questions(page):
                asked = form.get_attribute("data-ask") or ""
                for media in ("print", "screen"):
                    page.emulate_media(media=media)  # type: ignore[arg-type]
                    seen = page.evaluate(SEEN)
                    if form.get_attribute("data-kind") == "number":
                        found = telling(seen, answer_of(form))
                        allowed = SHORT.get((name, asked), "(?!)")
                        assert [text for text in found if not re.fullmatch(allowed, text)] == [], (asked, language)
                    elif form.get_attribute("data-kind") == "choice":
                        right = form.locator(".option[data-right='1']")
                        assert right.get_attribute("data-hint") not in seen
                        assert right.inner_text() not in seen
                assert page.locator("#go").is_disabled() or "again" in (form.get_attribute("class") or "")
                solve(form)
            if scene < count - 1:
                page.click("#go")
        page.reload()
        page.wait_for_selector("html[data-started]")
        assert page.locator(".scene:not([hidden]) .summary").count() == 1
        assert page.locator("form.ask:not([data-state=right])").count() == 0
        page.evaluate("localStorage.clear()")


def test_the_answer_is_shown_after_two_tries_only(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "backpropagation", 4)
    form = page.locator("form[data-ask=delta_y]")
    assert "size is right" in answer(form, "0.26")
    assert form.locator(".show").is_hidden()
    answer(form, "7")
    form.locator(".show").click()
    assert form.locator("output").inner_text() == "The answer is −0.2617."
    assert page.locator("#go").is_enabled()


def test_answers_may_be_fractions_or_words_and_hints_fit_them(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "threshold_neuron", 1)
    form = page.locator("form[data-ask=z]")
    assert answer(form, "7") == "Not yet. Two significant digits are enough."
    answer(form, "1/2")
    assert form.get_attribute("data-state") == "right"
    open_lesson(page, folder, "dead_units", 2)
    form = page.locator("form[data-ask=dw]")
    assert answer(form, "7") == "Not yet."
    answer(form, "no")
    assert form.get_attribute("data-state") == "right"


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


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("threshold_neuron", {"b_y": "-1.5"}),
        ("threshold", {"b_y": "-0.5"}),
        ("hidden_layer", {"w_y_h2": "-20"}),
        ("one_layer", {"w_y_x1": "5", "w_y_x2": "5", "b_y": "-2"}),
        ("slope", {"w_y_x1": "5", "b_y": "-2"}),
    ],
)
def test_an_activity_by_hand(page: Page, folder: Path, name: str, values: dict[str, str]) -> None:
    visit(page, folder / "en" / f"{name}.html")
    open_lesson(page, folder, name, last_activity(page))
    assert "Done" not in page.inner_text(".scene:not([hidden]) .done")
    for parameter, value in values.items():
        page.fill(f"[data-edit={parameter}] input[type=number]", value)
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")
    page.reload()
    page.wait_for_selector("html[data-started]")
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")


@pytest.mark.parametrize(
    "name",
    [
        *("perceptron_rule", "several_layers", "descent", "saturation", "saturation_log", "dead_units", "symmetry"),
        *("symmetry_broken", "ratings", "own_table"),
    ],
)
def test_an_activity_by_training(page: Page, folder: Path, name: str) -> None:
    visit(page, folder / "en" / f"{name}.html")
    page.select_option("#pace", "fast", force=True)
    open_lesson(page, folder, name, last_activity(page))
    page.evaluate("document.querySelector('#pace').value = 'fast'")
    assert "Done" not in page.inner_text(".scene:not([hidden]) .done")
    page.click("#train")
    expect(page.locator(".scene:not([hidden]) .done")).to_contain_text("Done")


def test_steps_are_drawn_as_a_way(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "learning_rate", 3)
    for _ in range(4):
        page.click("#step")
    assert page.locator("#graph .hop").count() == 4
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")


def test_the_line_follows_the_pointer(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "threshold_neuron", 4)
    box = page.locator("#field canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 3, steps=5)
    page.mouse.up()
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")


def test_a_nudge_is_that_of_the_reference(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "backpropagation", 8)
    network = Network(load(SPECS / "backpropagation.yaml"))
    params = network.init()
    x, y = [[1.0, 0.0]], [[1.0]]
    loss, gradient = network.gradient(params, x, y)
    page.locator(".grip").nth(4).dispatch_event("click")  # the weight from h1 to y
    assert page.inner_text(".nudge label span") == "w_y_h1"
    move = "(field) => { field.value = 5; field.dispatchEvent(new Event('input')) }"
    page.locator(".nudge input").evaluate(move)
    moved = [array.copy() for array in params]
    moved[2][0, 0] += 0.05
    after, _ = network.gradient(moved, x, y)
    said, real = (float(text.replace("−", "-")) for text in page.locator(".bars b").all_inner_texts())
    assert said == pytest.approx(0.05 * float(gradient[2][0, 0]), abs=6e-5)
    assert real == pytest.approx(float(after - loss), abs=6e-5)
    page.click("#go")
    page.click("#back")
    assert page.inner_text(".nudge output") == "0.00", "it is back at its value"


def test_the_story_ends_with_the_change_and_shows_its_code(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "backpropagation", 10)
    page.select_option("#tempo", "fast")
    page.click("#play")
    expect(page.locator("#told")).to_contain_text("Change:")
    network = Network(load(SPECS / "backpropagation.yaml"))
    params = network.init()
    loss, gradient = network.gradient(params, [[1.0, 0.0]], [[1.0]])
    stepped, _ = network.step(params, gradient, network.init_state(params))
    after, _ = network.gradient(stepped, [[1.0, 0.0]], [[1.0]])
    told = page.inner_text("#told")
    assert f"was {loss:.3f}" in told
    assert f"is {after:.3f} now" in told
    lines = {}
    for _ in range(16):
        page.click(".tools [aria-label='previous line']")
    for language in ("Python", "NumPy", "JavaScript", "C"):
        page.select_option(".code-lines select", language)
        lines[language] = page.inner_text(".code-lines code")
    assert len(set(lines.values())) == 4
    assert all("=" in line for line in lines.values())
    assert page.evaluate(
        "document.querySelector('#told').scrollHeight <= document.querySelector('#told').clientHeight + 1"
    )


def test_a_lesson_with_the_keyboard_alone(page: Page, folder: Path) -> None:
    visit(page, folder / "en" / "threshold_neuron.html")
    page.focus("#go")
    page.keyboard.press("Enter")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    assert page.inner_text("#said-z") == "Right: 0.5."
    page.focus("#go")
    for _ in range(2):
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
        for form in questions(page):
            form.locator(".option[data-right='1']").focus()
            page.keyboard.press("Enter")
        page.focus("#go")
    page.keyboard.press("Enter")
    page.focus("[data-edit=b_y] input[type=range]")
    for _ in range(120):
        page.keyboard.press("ArrowLeft")
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")
    page.focus("#go")
    page.keyboard.press("Enter")
    page.focus("#go")
    page.keyboard.press("Enter")
    page.focus("#onward")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-started]")
    assert page.inner_text("h1") == "The threshold is a bias"


@pytest.mark.parametrize(("name", "theme"), [*zip(PAGES, cycle(["light", "dark"]), strict=False)])
def test_a_checker_of_accessibility_finds_nothing_on_any_screen(
    page: Page, folder: Path, name: str, theme: str
) -> None:
    """Also nothing sticks out, whatever the width."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    open_lesson(page, folder, name, language="ko" if theme == "dark" else "en")
    page.evaluate(AXE.read_text("utf-8"))
    for scene in range(page.locator(".scene").count()):
        found = page.evaluate("axe.run().then(result => result.violations)")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], scene
        for width in (390, 768, 1366):
            page.set_viewport_size({"width": width, "height": 650})
            assert page.evaluate(FRAME) <= width, (scene, width)
        for form in questions(page):
            solve(form)
        if page.locator("#go").is_visible():
            page.click("#go")


@pytest.mark.parametrize("name", ["index", "teachers"])
def test_the_overview_and_the_notes(page: Page, folder: Path, name: str) -> None:
    visit_plain(page, folder, "threshold_neuron")
    page.evaluate(f"localStorage.setItem('nngen-course', '{json.dumps({'threshold': {'given': {'bias': {}}}})}')")
    page.goto((folder / "en" / f"{name}.html").as_uri())
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 650})
        assert page.evaluate(FRAME) <= width
    if name == "index":
        assert page.inner_text("#progress") == f"Begun: 1 of {len(LESSONS)} lessons."
        page.click("#copy")
        expect(page.locator("#copied")).not_to_be_empty()


def visit_plain(page: Page, folder: Path, name: str) -> None:
    """Open a lesson, for its storage."""
    visit(page, folder / "en" / f"{name}.html")


def test_a_lesson_works_without_storage(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })")
    open_lesson(page, folder, "threshold_neuron", 2)
    assert np.isfinite(page.evaluate("performance.now()"))
    assert page.locator("#back").is_enabled()
    page.close()
