"""The course: its pages are current, complete in each language, and ask what the reference can answer."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.cli.options import LANGUAGES as OFFERED
from nngen.learning.course.lessons import LESSONS
from nngen.learning.course.pages import course
from nngen.learning.translation import LANGUAGES, LOCALE, catalogue
from tests.support.modules import ROOT

PLACE = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w+>")


def agree(given: float, exact: float) -> bool:
    """Whether two numbers agree to two significant digits, as on the page."""
    return f"{given:.1e}" == f"{exact:.1e}"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dict(course())


def test_the_command_writes_these_pages(pages: dict[str, str], tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["course", "-o", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == pages


def test_every_question_has_an_answer_and_hints_of_other_numbers(pages: dict[str, str]) -> None:
    for outline in LESSONS:
        page = pages[f"{outline.name}.html"]
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        assert forms, outline.name
        for form in forms:
            answer = float(re.search(r'data-answer="([^"]+)"', form)[1])  # type: ignore[index]
            hints = [float(hint) for hint in re.findall(r'data-hint="([^"]+)"', form)]
            assert all(not agree(hint, answer) for hint in hints), form
        assert len(re.findall(r'class="activity"', page)) == 1


def test_links_lead_to_pages_of_the_course(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert set(re.findall(r'href="([^"]+)"', page)) <= pages.keys()


def test_the_first_screen_shows_no_answer_of_the_derivation(pages: dict[str, str]) -> None:
    held_back = re.findall(r'<mn data-number="(\w+)" data-after="\w+">', pages["backpropagation.html"])
    assert set(held_back) == {"dz_y", "dz_h1", "dw_h1_x1"}


def test_catalogues_are_complete_and_current() -> None:
    import runpy

    collected = runpy.run_path(str(ROOT / "docs" / "messages.py"))
    for language in LANGUAGES[1:]:
        for path, content in collected["files"](language).items():
            assert path.read_bytes() == content, "to collect the messages: make messages"
        other = catalogue(language)
        for text in dict.fromkeys(collected["messages"]()):
            translated = other.gettext(text)
            assert translated or not text
            assert sorted(PLACE.findall(translated)) == sorted(PLACE.findall(text)), text
        untranslated = re.findall(
            r'msgid "(.+)"\nmsgstr ""', (LOCALE / language / "LC_MESSAGES" / "nngen.po").read_text()
        )
        assert untranslated == []


def test_a_page_in_korean(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["course", "-o", str(tmp_path / "ko"), "--language", "ko"])
    assert answer.exit_code == 0, answer.output
    page = (tmp_path / "ko" / "backpropagation.html").read_text("utf-8")
    assert '<html lang="ko">' in page
    for word in ("역전파", "은닉층", "시그모이드"):
        assert word in page
    facts = re.search(r'id="facts">(.*?)</script>', page, re.DOTALL)
    assert facts
    assert json.loads(facts[1])["messages"]["Pause"] == "멈춤"
    assert "경사 하강법" in (tmp_path / "ko" / "slope.html").read_text("utf-8")
    assert OFFERED == LANGUAGES


def test_files_of_others_are_kept(tmp_path: Path) -> None:
    (tmp_path / "symmetry.html").write_text("mine")
    answer = CliRunner().invoke(main, ["course", "-o", str(tmp_path)])
    assert answer.exit_code == 2
    assert "the file exists already" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["symmetry.html"]
