"""The course: its pages are current, complete in each language, and ask what the reference can answer."""

import json
import math
import re
import runpy
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.choices import Tongue
from nngen.learning.course.code_lines import TARGETS, code_lines
from nngen.learning.course.given import Given
from nngen.learning.course.lessons import LESSONS, lessons
from nngen.learning.course.shown import Part, Shower
from nngen.learning.course.values import FACTORS, errors, values
from nngen.learning.explain.page import _environment
from nngen.learning.translation import LANGUAGES, LOCALE, catalogue
from nngen.reading import load
from nngen.targets import as_module, as_workbook, texts, workbook_of
from tests.browser.lessons import Shown, agree, english
from tests.support.modules import ROOT

PLACE = re.compile(r"\{\w+\}|%\(\w+\)s|</?\w+>")
COURSE = lessons(LESSONS, "en")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("course")
    done = CliRunner().invoke(main, ["course", "-o", str(made)])
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.html")}


@pytest.fixture(scope="module")
def korean(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("ko/*.html")}


def forms(page: str) -> dict[str, str]:
    """The questions of a page by name."""
    found = re.findall(r"<form.*?</form>", page, re.DOTALL)
    return {re.search(r'data-ask="(\w+)"', form)[1]: form for form in found}  # type: ignore[index]


def answer(page: str, question: str) -> float:
    return float(re.search(r'data-answer="([^"]+)"', forms(page)[question])[1])  # type: ignore[index]


def right(page: str, question: str) -> str:
    """The right option of a choice."""
    found = re.findall(r'data-right="1" data-hint="[^"]*">([^<]*)<', forms(page)[question])
    assert len(found) == 1
    return str(found[0])


def questions(name: str) -> list[Part]:
    """The questions of a lesson in English."""
    lesson = next(one for one in COURSE if one.name == name)
    return Shower(lesson, Given(lesson.spec)).show().questions


def test_the_command_writes_these_pages(pages: dict[str, str], korean: dict[str, str], tmp_path: Path) -> None:
    assert pages.keys() == korean.keys() >= {"index.html", "teachers.html", "worksheet_backpropagation.html"}
    assert 'href="ko/index.html"' in pages["index.html"]
    assert 'href="../index.html"' in korean["index.html"]
    (tmp_path / "symmetry.html").write_text("mine")
    refused = CliRunner().invoke(main, ["course", "-o", str(tmp_path), "--language", "ko"])
    assert refused.exit_code == 2
    assert "the file exists already" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["symmetry.html"]


def test_every_question_has_an_answer_and_hints_of_other_numbers(pages: dict[str, str]) -> None:
    kinds: set[str] = set()
    for lesson in COURSE:
        page = pages[f"{lesson.name}.html"]
        assert forms(page), lesson.name
        for name, form in forms(page).items():
            kind = re.search(r'data-kind="(\w+)"', form)[1]  # type: ignore[index]
            kinds.add(kind)
            if kind == "choice":
                assert right(page, name)
                assert form.count('data-right="0"') >= 1
            if kind == "number":
                exact = answer(page, name)
                hints = [float(hint) for hint in re.findall(r'data-hint="([^"]+)"', form)]
                assert all(not agree(hint, exact) for hint in hints), (lesson.name, name)
    assert kinds == {"number", "choice", "order"}
    assert sum(len(re.findall("data-activity=", page)) for page in pages.values()) >= 15


def test_a_page_is_about_its_own_network(pages: dict[str, str], korean: dict[str, str]) -> None:
    """The variants of a lesson have the answers and the words of their network, in both languages."""
    assert [answer(pages[f"learning_rate{which}.html"], "w") for which in ("", "_1", "_1_1")] == [
        1.0, 4.0, pytest.approx(4.4)
    ]  # fmt: skip
    assert [right(pages[f"learning_rate{which}.html"], "fate")[:5] for which in ("", "_1", "_1_1")] == [
        "w com", "w jum", "w fli"
    ]  # fmt: skip
    slope = answer(pages["saturation.html"], "slope")
    assert answer(pages["saturation.html"], "delta") == pytest.approx(2 * slope, rel=1e-3)
    assert right(pages["saturation_log.html"], "delta") == "nearly 1"
    assert answer(pages["dead_units.html"], "dw") == 0
    assert 0 < -answer(pages["dead_units_leaky.html"], "dw") < 0.02
    assert (right(pages["symmetry.html"], "same"), right(pages["symmetry_broken.html"], "same")) == ("yes", "no")
    for made, squared, log in (
        (pages, "The loss is the squared error", "The loss is the log loss"),
        (korean, "손실은 제곱 오차", "손실은 로그 손실"),
    ):
        assert [squared in made[f"saturation{which}.html"] for which in ("", "_log")] == [True, False]
        assert [log in made[f"saturation{which}.html"] for which in ("", "_log")] == [False, True]
        assert "1.1" in re.search(r"w ← w − ([\d.]+)", made["learning_rate_1_1.html"])[1]  # type: ignore[index]


def test_no_script_takes_a_name_that_another_has(pages: dict[str, str]) -> None:
    """The scripts of a page are one function: the second of two functions with one name would replace the first."""
    for name in ("backpropagation", "ratings"):
        named = re.findall(r"^(?:async )?(?:function|const|let) (\w+)", pages[f"{name}.html"], re.MULTILINE)
        assert len(named) > 300
        assert sorted(named) == sorted(set(named))


def test_worksheets_are_also_workbooks(folder: Path, pages: dict[str, str]) -> None:
    listed = [path.name for path in sorted(folder.glob("*.xlsx"))]
    assert listed == sorted(f"worksheet_{one.name}.xlsx" for one in COURSE if one.outline.worksheet)
    for name in listed:
        assert {f'href="{name}"' in pages[page] for page in ("index.html", "teachers.html")} == {True}
        assert workbook_of((folder / name).read_bytes()) == name.removeprefix("worksheet_").removesuffix(".xlsx")
        assert (folder / "ko" / name).read_bytes() == (folder / name).read_bytes()
    spec = LESSONS / "backpropagation.yaml"
    assert (folder / "worksheet_backpropagation.xlsx").read_bytes() == as_workbook(load(spec), LESSONS)
    again = CliRunner().invoke(main, ["course", "-o", str(folder)])  # over its own files
    assert again.exit_code == 0, again.output


def test_students_get_no_numbers_of_worksheets(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["course", "--students", str(tmp_path), "--language", "en"])
    assert done.exit_code == 0, done.output
    assert list(tmp_path.glob("*.xlsx")) == list(tmp_path.glob("*_answers.html")) == []
    assert "xlsx" not in (tmp_path / "index.html").read_text("utf-8")


def test_links_lead_to_pages_of_the_course(folder: Path, pages: dict[str, str]) -> None:
    known = pages.keys() | {path.name for path in folder.glob("*.xlsx")} | {"ko/index.html"}
    for name, page in pages.items():
        assert set(re.findall(r'href="([^"]+)"', page)) <= known, name
    index = pages["index.html"]
    assert all(f'href="{lesson.name}.html"' in index for lesson in COURSE)
    assert len(re.findall(r'href="worksheet_\w+\.html', index)) == sum(lesson.outline.worksheet for lesson in COURSE)
    assert not re.search(r"(src|action)=|@import|url\(|https?://", index + pages["teachers.html"])


def test_notes_for_teachers_have_all_answers(pages: dict[str, str]) -> None:
    notes = pages["teachers.html"]
    found = questions("backpropagation")
    assert [question.answers for question in found][:3] == [["1.2"], ["−0.2617"], ["−0.6"]]
    assert any(question.answers[0] == "the values of the hidden units" for question in found)
    assert "You left out the bias: add it, with its sign." in found[0].mistakes
    for lesson in COURSE:
        assert len(questions(lesson.name)) == len(forms(pages[f"{lesson.name}.html"]))
    assert notes.count("<li>") >= sum(len(forms(pages[f"{lesson.name}.html"])) for lesson in COURSE)


def test_lines_of_code_are_those_of_the_modules() -> None:
    for name, step in {
        "backpropagation": ("w_h1_x1 - 2.0 * dw_h1_x1", "params[i] = params[i] - 2.0 * slopes[i];"),
        "inference": ("w_h1_x1 - dw_h1_x1", "params[i] = params[i] - slopes[i];"),
        "squared_error": ("w_h1_x1 - dw_h1_x1", "params[i] = params[i] - slopes[i];"),
        "several_layers": ("return [w - g for w, g in zip(params, gradient)]", "params[i] = params[i] - slopes[i];"),
    }.items():
        lines = code_lines(Given(LESSONS / f"{name}.yaml"))
        assert (lines["Python"]["step"], lines["JavaScript"]["step"]) == step
    given = Given(LESSONS / "backpropagation.yaml")
    lines = code_lines(given)
    assert {language: found["dz_h1"] for language, found in lines.items()} == {
        "Python": "dz_h1 = da_h1 * a_h1 * (1.0 - a_h1)",
        "NumPy": "dz_hidden = da_hidden * a_hidden * (1.0 - a_hidden)",
        "JavaScript": "const dz_h1 = da_h1 * a_h1 * (1.0 - a_h1);",
        "C": "const double dz_h1 = da_h1 * a_h1 * (1.0 - a_h1);",
    }
    for language, found in lines.items():
        module = texts(given.spec, LESSONS, [TARGETS[language]])[TARGETS[language]]
        assert found.keys() >= {"z_h1", "a_h1", "loss", "dz_y", "dw_h1_x1", "db_y", "step"}
        assert all(line.partition("\n")[0] in module for line in found.values())


def test_the_four_commands_of_the_last_lesson_run_on_a_table_of_that_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: dict[str, str]
) -> None:
    """The order of the lesson, with as many rows as it asks for."""
    steps = next(question for question in questions("own_table") if question.answers[0].startswith("nngen init"))
    rows = re.search(r"with at least (\d+) rows as a CSV file", pages["own_table.html"])
    assert rows
    grid = [(sleep, study) for sleep in range(4, 9) for study in range(4)]
    lines = [f"{sleep},{study},{'yes' if sleep + 2 * study > 9 else 'no'}" for sleep, study in grid]
    runner = CliRunner()
    monkeypatch.chdir(tmp_path)
    for count, code in ((int(rows[1]) - 1, 2), (int(rows[1]), 0)):
        Path("exam.csv").write_text("\n".join(["sleep,study,passed", *lines[:count]]))
        assert runner.invoke(main, steps.answers[0].split()[1:]).exit_code == code
    for command in steps.answers[1:]:
        done = runner.invoke(main, command.split()[1:])
        assert done.exit_code == 0, done.output


def test_similarities_of_a_lesson_are_those_of_the_recommenders(pages: dict[str, str]) -> None:
    """The numbers of its table beside the matrices of ``specs/recommend/write.py``."""
    write = runpy.run_path(str(ROOT / "specs" / "recommend" / "write.py"))
    given = Given(LESSONS / "baseline.yaml")
    table = np.full((4, 5), np.nan)
    for (viewer, film), (rating,) in zip(given.examples[0].astype(int), given.examples[1], strict=True):
        table[viewer, film] = rating
    found = values(given, 0)
    names = [index.ids for index in given.spec.indices]
    assert given.data.test_x.tolist() == [[0.0, 1.0]]
    assert np.isnan(table[0, 1])
    count = 0
    for ids, sides in zip(names, (table.T, table), strict=True):
        assert isinstance(ids, tuple)
        cosines, correlations = write["cosine"](sides), write["pearson"](sides)
        for i, one in enumerate(ids):
            for j, other in list(enumerate(ids))[i + 1 :]:
                assert found[f"cosine_{one}_{other}"] == pytest.approx(cosines[i, j])
                if correlations[i, j]:  # 0 where fewer than three have both
                    assert found[f"correlation_{one}_{other}"] == pytest.approx(correlations[i, j])
                    count += 1
    assert count == 7
    assert answer(pages["similarity.html"], "cosine") == pytest.approx(22 / math.sqrt(30 * 36))
    assert answer(pages["similarity.html"], "viewers") == pytest.approx(8 / 3 + (1.5 + 0.970725) / 1.970725)


def test_errors_of_factorizations_are_those_of_modules() -> None:
    """A module that is trained without a rating misses it by as much as the lesson says."""
    for factors, more in FACTORS.values():
        rows = "{initial: {name: normal, deviation: 0.5}}"
        changes = [f"layers.{layer}.{one}" for layer in (0, 1) for one in (f"units={factors}", f"weights={rows}")]
        steps = ("batch_size=full", "optimizer.rate=1.0", *more)
        given = Given(LESSONS / "ratings.yaml", (*changes, "initial={seed: 1}", *(f"training.{one}" for one in steps)))
        module: Any = as_module("ratings", texts(given.spec, LESSONS, ["python"])["python"])
        x, y = (one.tolist() for one in given.examples)
        misses = []
        for left in range(len(x)):
            rest = [k for k in range(len(x)) if k != left]
            start = [*module.init()[:-1], [[sum(y[k][0] for k in rest) / len(rest)]]]
            params, _ = module.fit(start, [x[k] for k in rest], [y[k] for k in rest], 200)
            misses.append(abs(module.forward(params, x[left])[0] - y[left][0]))
        assert errors(Given(LESSONS / "ratings.yaml"), factors, more)[1] == pytest.approx(
            sum(misses) / len(misses), rel=1e-6
        )


def test_no_english_is_on_a_korean_page(korean: dict[str, str]) -> None:
    """Also not on the overview, in hints, on worksheets and in the notes for teachers."""
    specs = [load(path) for path in LESSONS.glob("*.yaml")]
    assert {name: found for name, page in korean.items() if (found := english(Shown(page).texts, specs))} == {}
    assert english(["뉴런 h1은 the sum", "w_y_h2 relu"], specs) == {"the", "sum"}


def test_catalogues_are_complete_and_current() -> None:
    collected = runpy.run_path(str(ROOT / "docs" / "messages.py"))
    for language in LANGUAGES[1:]:
        for path, content in collected["files"](language).items():
            assert path.read_bytes() == content, "to collect the messages: make messages"
        other = catalogue(language)
        for text in dict(collected["messages"]()):
            translated = other.gettext(text)
            assert translated or not text
            assert sorted(PLACE.findall(translated)) == sorted(PLACE.findall(text)), text
        untranslated = re.findall(
            r'msgid "(.+)"\nmsgstr ""', (LOCALE / language / "LC_MESSAGES" / "nngen.po").read_text()
        )
        assert untranslated == []


def test_a_message_without_translation_is_named_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = runpy.run_path(str(ROOT / "docs" / "messages.py"))["main"].__globals__
    template = tmp_path / "templates" / "course" / "new.html.jinja"
    template.parent.mkdir(parents=True)
    template.write_text('{{ _("a %(b)s", b=1) }}{% trans c=1 %}d{% endtrans %}{{ _("Check") }}{{ _(page.title) }}')
    monkeypatch.setitem(names, "ROOT", tmp_path)
    monkeypatch.setitem(names, "TEMPLATES", ("course",))
    monkeypatch.setitem(names, "LOCALE", tmp_path)
    (tmp_path / "ko" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ko" / "LC_MESSAGES" / "nngen.po").write_bytes(
        (LOCALE / "ko" / "LC_MESSAGES" / "nngen.po").read_bytes()
    )
    with pytest.raises(SystemExit) as ended:
        names["main"]()
    place = "templates/course/new.html.jinja: no translation to ko of"
    assert str(ended.value).splitlines() == [f'{place} "a %(b)s"', f'{place} "d"']
    page = _environment("ko").from_string(template.read_text())
    with pytest.raises(LookupError, match=r'ko/LC_MESSAGES/nngen.po has no translation of "a %\(b\)s": make messages'):
        page.render(page={"title": "Check"})


def test_korean_has_the_words_of_its_textbooks(korean: dict[str, str]) -> None:
    page = korean["backpropagation.html"]
    assert '<html lang="ko"' in page
    for word in ("역전파", "은닉", "시그모이드"):
        assert word in page
    facts = re.search(r'id="facts">(.*?)</script>', page, re.DOTALL)
    assert facts
    messages = json.loads(facts[1])["messages"]
    assert messages["Pause"] == "멈춤"
    assert "경사 하강법" in korean["slope.html"]
    assert "단층 퍼셉트론(SLP)" in korean["inference.html"]
    assert "다층 퍼셉트론(MLP)" in korean["inference.html"]
    other = catalogue("ko")
    assert other.gettext("Gradient") == "그래디언트"
    assert "기울기" in korean["slope.html"]
    assert "word-break: keep-all" in page
    assert get_args(Tongue) == LANGUAGES
