"""A class with the course: a learning platform by SCORM 1.2, a result to hand in, a computer that several share."""

from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from nngen.learning.course import LESSONS, course, package
from tests.browser.conftest import PATIENCE
from tests.browser.lessons import answer, give, questions, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

pytestmark = pytest.mark.browser

NAMES = ("threshold", "saturation")
"""Two lessons: three questions of one count, and one has a variant."""

PLAYERS = ("platform", "again")
"""Two runtimes of SCORM 1.2: a small one as strict as the standard, and scorm-again from npm."""

SAID = {
    "en": ("other side", "Continue: The threshold is a bias, scene 5"),
    "ko": ("다른 쪽", "이어서 하기: 문턱값은 편향이다, 장면 5"),
}
"""A part of a hint, and where to go on, in each language."""

COUNT = "Number(API.LMSGetValue('cmi.interactions._count'))"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of platforms with a course, in English or in the language of a test, and the folder of the course."""
    top = tmp_path_factory.mktemp("platform")
    own = top / "lessons"
    own.mkdir()
    for name in NAMES:
        for file in (*LESSONS.glob(f"*_{name}.*md"), LESSONS / f"{name}.yaml"):
            copy(file, own / f"{name}{''.join(file.suffixes)}")
    language = getattr(request, "param", "en")
    archive = package(course(language, folder=own, title="Two", students=True), top / "course.zip")
    zipfile.ZipFile(io.BytesIO(archive)).extractall(top / "course")
    here = Path(__file__).parent
    for file in (*(here / f"{one}.html" for one in PLAYERS), here / "node_modules/scorm-again/dist/scorm12.js"):
        copy(file, top)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(top)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", top / "course"
    server.shutdown()
    server.server_close()


@pytest.fixture
def room(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own, which may ask the platform."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    made = context.new_page()
    said: list[str] = []
    made.on("console", lambda message: said.append(message.text) if "favicon" not in message.text else None)
    made.on("pageerror", lambda error: said.append(str(error)))
    made.set_default_timeout(60_000)
    yield made
    context.close()
    assert [one for one in said if "404" not in one] == []


def inner(room: Page, name: str) -> Frame:
    """The frame of a page of the course, when it is ready."""
    end = monotonic() + PATIENCE / 1000
    while (frame := room.frame(url=f"**/{name}.html*")) is None:
        assert monotonic() < end, name
        room.wait_for_timeout(100)
    frame.wait_for_load_state()
    if name not in ("index", "scorm"):
        frame.wait_for_selector("html[data-started]")
    return frame


def state(room: Page) -> dict[str, str]:
    found: dict[str, str] = room.evaluate("({ ...state })")
    return found


def play(frame: Frame | Page) -> None:
    """Play a lesson to its end, from where it is."""
    for _ in range(20):
        for form in questions(frame):
            if form.get_attribute("data-state") != "shown":
                give(form)
        if not frame.locator("#go").is_visible():
            return
        frame.click("#go")


@pytest.mark.parametrize(
    ("served", "language", "player"),
    [("en", "en", "platform"), ("en", "en", "again"), ("ko", "ko", "platform")],
    indirect=["served"],
)
def test_a_platform_keeps_scores_and_states(room: Page, served: tuple[str, Path], language: str, player: str) -> None:
    hint, onward = SAID[language]
    room.goto(f"{served[0]}/{player}.html")
    index = inner(room, "index")
    assert index.locator("a[href='teachers.html']").count() == 0
    index.click("a[href='threshold.html']")
    lesson = inner(room, "threshold")
    assert lesson.locator("#everything").count() == 0
    lesson.click("#go")
    form = lesson.locator("form[data-ask=bias]")
    assert lesson.locator("html").get_attribute("lang") == language
    assert hint in answer(form, "1.5")
    answer(form, "")  # no number is no try
    answer(form, "-1.5")
    play(lesson)
    found = state(room)
    assert found["cmi.core.lesson_status"] == "incomplete"
    assert [found[f"cmi.interactions.{n}.{part}"] for n in range(2) for part in ("id", "result")] == [
        *("threshold.bias", "wrong"),
        *("threshold.bias", "correct"),
    ]
    assert found["cmi.interactions.1.student_response"] == "-1.5"
    assert found["cmi.suspend_data"].startswith("1;2;")
    assert room.evaluate("said") == []
    room.reload()
    index = inner(room, "index")
    assert index.inner_text("#continue") == onward
    index.click("#continue")
    lesson = inner(room, "threshold")
    assert lesson.locator("form.ask[data-state=right]").count() == 3
    assert lesson.locator(".scene:not([hidden]) .summary").count() == 1
    count = room.evaluate(COUNT)
    lesson.click("nav a[href='index.html']")
    inner(room, "index").click("a[href='saturation.html']")
    play(inner(room, "saturation"))
    found = state(room)
    assert found["cmi.core.lesson_status"] == "completed"
    assert found["cmi.core.score.raw"] == "80"  # of bias, larger; slope, delta, speed: one was wrong at first
    assert room.evaluate(COUNT) > count
    assert found["cmi.core.exit"] == "suspend"
    assert len(found["cmi.suspend_data"]) < 60
    assert room.evaluate("said") == []


def test_a_platform_without_interactions_keeps_the_rest(room: Page, served: tuple[str, Path]) -> None:
    address = f"{served[0]}/platform.html"
    room.goto(f"{address}?bare")
    inner(room, "index").click("a[href='threshold.html']")
    play(inner(room, "threshold"))
    assert state(room)["cmi.core.score.raw"] == "40"
    assert "cmi.interactions._count" not in state(room)
    room.goto("about:blank")
    room.goto(address)
    assert room.evaluate("JSON.parse(localStorage.getItem('state'))['cmi.core.exit']") == "suspend"


def test_the_package_works_from_disk_without_a_platform(page: Page, served: tuple[str, Path]) -> None:
    _, folder = served
    page.goto((folder / "scorm.html").as_uri())
    frame = inner(page, "index")
    frame.click("a[href='threshold.html']")
    play(inner(page, "threshold"))


def test_the_package_works_in_a_frame_that_may_only_run_scripts(room: Page, served: tuple[str, Path]) -> None:
    address, folder = served
    frame = '<iframe sandbox="allow-scripts" src="course/scorm.html" width="1300" height="800"></iframe>'
    (folder.parent / "frame.html").write_text(f"<script>window.API = {{}}</script>{frame}", "utf-8")
    room.goto(f"{address}/frame.html")  # the frame may not see the page around it, nor storage
    inner(room, "index").click("a[href='threshold.html']")
    lesson = inner(room, "threshold")
    play(lesson)
    assert lesson.locator("form.ask[data-state=right]").count() == 3
    assert lesson.locator(".scene:not([hidden]) .summary").count() == 1


def test_a_result_can_be_handed_in_and_a_computer_shared(page: Page, served: tuple[str, Path]) -> None:
    _, folder = served
    page.goto((folder / "index.html").as_uri())
    assert page.locator("#continue").is_hidden()
    page.fill("#name", "=Ada, L.")
    page.press("#name", "Enter")
    visit(page, folder / "threshold.html")
    page.click("#go")
    form = page.locator("form[data-ask=bias]")
    for text in ("3", "2", "1.5"):
        answer(form, text)
    form.locator(".show").click()
    visit(page, folder / "threshold.html")
    play(page)
    page.click("nav a[href='index.html']")
    with page.expect_download() as waiting:
        page.click("#result")
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    assert [*csv.reader(io.StringIO(text))] == [
        ["name", " =Ada, L."],
        ["first tries right in %", "20"],
        ["lesson", "question", "answer", "wrong tries"],
        ["saturation", "slope", "open", "0"],
        ["saturation", "delta", "open", "0"],
        ["saturation", "speed", "open", "0"],
        ["threshold", "bias", "shown", "3"],
        ["threshold", "larger", "right", "0"],
    ]
    assert page.input_value("#name") == "=Ada, L."
    page.click("#reset")
    assert page.inner_text("#said") == "Press again: this erases all that has been done here."
    assert "threshold" in json.loads(page.evaluate("localStorage.getItem('nngen-course')"))
    page.click("#reset")
    assert page.evaluate("localStorage.getItem('nngen-course')") == "{}"
    assert page.locator("#continue").is_hidden()
    assert page.input_value("#name") == ""
