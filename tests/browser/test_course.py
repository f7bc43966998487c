"""The course as a learner meets it: wrong and right answers, activities, memory, any screen, the keyboard alone."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nngen.learning.course import course
from nngen.learning.course.lessons import LESSONS
from tests.browser.conftest import FRAME, PATIENCE

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
NAMES = [outline.name for outline in LESSONS]


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
    """A page whose console must stay silent."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    made = context.new_page()
    said: list[str] = []
    made.on("console", lambda message: said.append(message.text))
    made.on("pageerror", lambda error: said.append(str(error)))
    made.set_default_timeout(PATIENCE)
    yield made
    context.close()
    assert said == []


def visit(page: Page, folder: Path, name: str, language: str = "en") -> None:
    page.goto((folder / language / f"{name}.html").as_uri())
    page.wait_for_selector("html[data-ready]")


def answer(page: Page, question: str, text: str) -> str:
    page.fill(f"#ask-{question}", text)
    page.click(f"[data-ask={question}] button:not(.show)")
    said: str = page.inner_text(f"#said-{question}")
    return said


def train(page: Page) -> None:
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#train")).to_have_text("Train")


@pytest.mark.parametrize("name", NAMES)
def test_each_question_takes_its_answer_and_hints_at_mistakes(page: Page, folder: Path, name: str) -> None:
    visit(page, folder, name)
    for form in page.locator("form.ask").all():
        question = form.get_attribute("data-ask") or ""
        for hint in form.locator("[data-hint]").all():
            assert answer(page, question, hint.get_attribute("data-hint") or "") == (hint.text_content() or "").strip()
        assert "number" in answer(page, question, "many")
        exact = float(form.get_attribute("data-answer") or "nan")
        assert answer(page, question, f"{exact:.1e}".replace("-", "−", 1)).startswith("Right: ")
    assert page.locator(f".pages li.visited[data-page={name}]").count() == 1


def test_the_answer_is_shown_after_two_tries_only(page: Page, folder: Path) -> None:
    visit(page, folder, "backpropagation")
    show = page.locator("[data-ask=delta_y] .show")
    derivation = page.locator("[data-after=delta_y]").first
    assert "sign" in answer(page, "delta_y", "0.28")
    expect(show).to_be_hidden()
    assert derivation.text_content() == "…"
    answer(page, "delta_y", "7")
    show.click()
    assert page.inner_text("#said-delta_y") == "The answer is −0.2765."
    assert derivation.text_content() == "−0.2765"


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [("threshold_neuron", "b_y", "-1.5"), ("hidden_layer", "w_y_h2", "-20"), ("one_layer", "w_y_x1", "5")],
)
def test_an_activity_by_hand(page: Page, folder: Path, name: str, parameter: str, value: str) -> None:
    visit(page, folder, name)
    expect(page.locator(".done")).to_be_hidden()
    page.click(f"[data-weight={parameter}] .hit", force=True)
    page.fill("#lens input[type=number]", value)
    if name == "one_layer":
        page.locator("#parameters [aria-label=w_y_x2]").fill("5")
        page.locator("#parameters [aria-label=b_y]").fill("-2")
    expect(page.locator(".done")).to_be_visible()


@pytest.mark.parametrize(
    "name",
    [
        *("perceptron_rule", "slope", "several_layers", "learning_rate", "saturation_log", "dead_units"),
        *("symmetry_broken", "ratings"),
    ],
)
def test_an_activity_by_training(page: Page, folder: Path, name: str) -> None:
    visit(page, folder, name)
    train(page)
    expect(page.locator(".done")).to_be_visible()
    page.reload()
    expect(page.locator(".pages li.visited").first).to_be_visible()  # remembered


@pytest.mark.parametrize("name", ["symmetry", "saturation", "learning_rate_1_1"])
def test_what_goes_wrong_does_go_wrong(page: Page, folder: Path, name: str) -> None:
    visit(page, folder, name)
    train(page)
    expect(page.locator(".done")).to_be_hidden()


def test_predictions_of_ratings_wait_for_an_answer(page: Page, folder: Path) -> None:
    visit(page, folder, "ratings")
    held_back = [
        page.locator("#lens .sum"),
        page.locator("#ratings td span").first,
        page.locator("#lens .gradient").first,
    ]
    for part in held_back:
        expect(part).to_be_hidden()
    assert answer(page, "rating", "3.6").startswith("Right")
    expect(page.locator("#lens .sum")).to_be_visible()
    expect(page.locator("#ratings td span").first).to_have_text("3.6")
    expect(held_back[-1]).to_be_hidden()
    assert answer(page, "dp", "−1.12").startswith("Right")
    expect(held_back[-1]).to_be_visible()
    assert "∂L/∂taste (Ada) = δ · Comet = −1.4 · (0.8, −0.4) = (−1.12, 0.56)" in page.inner_text("#lens")


def test_points_are_moved_until_the_loss_is_small(page: Page, folder: Path) -> None:
    visit(page, folder, "ratings")
    page.focus(".point.current[data-side='0']")
    before = page.inner_text("#status")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#status") != before
    assert "Mean loss of all ratings: 1.3155 → " in page.inner_text("#status")
    expect(page.locator(".done")).to_be_hidden()
    train(page)
    expect(page.locator(".done")).to_be_visible()
    assert page.locator(".turn .next").count() == 0
    assert page.locator(".turn [rel=prev]").inner_text() == "← Units that stay the same"


def test_walking_backward_is_an_activity(page: Page, folder: Path) -> None:
    visit(page, folder, "backpropagation")
    page.select_option("#pace", "fast")
    page.click("#backward")
    expect(page.locator(".done")).to_be_visible()


def test_the_course_is_done_with_the_keyboard_alone(page: Page, folder: Path) -> None:
    visit(page, folder, "threshold_neuron")
    page.focus("#ask-z")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    assert page.inner_text("#said-z") == "Right: 0.5."
    page.focus("[data-weight=b_y]")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("-1.5")
    expect(page.locator(".done")).to_be_visible()
    page.focus(".turn .next")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text("h1") == "The perceptron learns from mistakes"
    assert page.locator(".pages li.visited").count() == 1


@pytest.mark.parametrize(("name", "theme"), [*zip(NAMES, cycle(["light", "dark"]), strict=False)])
def test_a_checker_of_accessibility_finds_nothing(page: Page, folder: Path, name: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    visit(page, folder, name, "ko" if theme == "dark" else "en")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_sticks_out_of_any_screen(page: Page, folder: Path, language: str) -> None:
    for name in NAMES:
        visit(page, folder, name, language)
        for width in (1440, 1280, 768, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(FRAME) <= width, name


def test_a_lesson_prints(page: Page, folder: Path) -> None:
    visit(page, folder, "backpropagation")
    page.emulate_media(media="print")
    assert page.locator(".question").is_visible()
    assert page.locator("form button:visible").count() == 0
    assert len(page.pdf()) > 10_000
