"""Lessons in files: the example of the documentation is built, and mistakes have their places."""

import math
import re
import zipfile
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.learning.course import course, package
from nngen.learning.course.lessons import LESSONS, lessons
from nngen.learning.course.pages import Course
from nngen.learning.course.text import MAX_BYTES
from tests.support.modules import ROOT

PAGE = (ROOT / "docs" / "course.md").read_text("utf-8")
SPEC, LESSON = (
    re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]  # type: ignore[index]
    for language in ("yaml", "markdown")
)
HEAD = "---\ntitle: One\nteaches: all\nspec: blame.yaml\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "blame.yaml").write_text(SPEC)
    return tmp_path


def built(folder: Path, text: str, language: str = "en") -> dict[str, str]:
    """The pages of a folder with this lesson."""
    (folder / f"01_one{'' if language == 'en' else '.ko'}.md").write_text(text)
    return dict(course(language, folder=folder, title="Mine").pages)


def refused(folder: Path, text: str, language: str = "en") -> str:
    """What is said about a wrong lesson, without its folder."""
    with pytest.raises(SpecError) as error:
        built(folder, text, language)
    return str(error.value).replace(f"{folder}/", "")


def test_the_example_of_the_documentation_is_a_course(folder: Path, tmp_path: Path) -> None:
    (folder / "01_blame.md").write_text(LESSON)
    done = CliRunner().invoke(
        main, ["course", "--lessons", str(folder), "-o", str(tmp_path / "made"), "--title", "Mine"]
    )
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"index.html", "blame.html", "teachers.html"}
    page = (tmp_path / "made" / "blame.html").read_text()
    asked = re.search(r'data-ask="delta" data-answer="([^"]+)"', page)
    assert asked
    h1, h2 = math.tanh(0.5 + 0.1), math.tanh(1.5 - 0.2)
    delta = 1.0 / (1.0 + math.exp(-(h1 - 2.0 * h2 + 0.3))) - 1.0
    assert float(asked[1]) == pytest.approx(delta * (1.0 - h1**2))
    assert 'data-right="1" data-hint="It gets less, but its tanh is steeper."' in page
    assert "What is <strong>δ</strong> of h1? It receives 1 · −0.7081." in page
    index = (tmp_path / "made" / "index.html").read_text()
    assert "<h1>Mine</h1>" in index
    assert "Blame" in index
    assert "−0.5039" in (tmp_path / "made" / "teachers.html").read_text()


def test_pages_for_students_have_no_notes(tmp_path: Path) -> None:
    """The package has them, too; its manifest names each file, and the same course gives the same bytes."""
    (tmp_path / "l").mkdir()
    for name in ("saturation", "threshold"):
        (tmp_path / "l" / f"{name}.md").write_text(next(LESSONS.glob(f"*_{name}.md")).read_text("utf-8"), "utf-8")
        (tmp_path / "l" / f"{name}.yaml").write_text((LESSONS / f"{name}.yaml").read_text("utf-8"), "utf-8")
    options = ["--lessons", str(tmp_path / "l"), "--students", str(tmp_path / "s"), "--teachers", str(tmp_path / "t")]
    for name in ("one", "two"):
        done = CliRunner().invoke(main, ["course", *options, "--scorm", str(tmp_path / f"{name}.zip")])
        assert done.exit_code == 0, done.output
    students, teachers = ({path.name for path in (tmp_path / name).iterdir()} for name in "st")
    numbers = {"worksheet_saturation_answers.html", "worksheet_saturation.xlsx"}
    assert teachers - students == {"teachers.html", *numbers}
    assert students < teachers
    page = (tmp_path / "s" / "saturation.html").read_text("utf-8")
    assert 'id="everything"' not in page
    assert 'id="everything"' in (tmp_path / "t" / "saturation.html").read_text("utf-8")
    assert "teachers.html" not in (tmp_path / "s" / "index.html").read_text("utf-8")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = {*archive.namelist()} - {"imsmanifest.xml"}
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    assert names == students | {"scorm.html"}
    assert {one.get("href") for one in manifest.iter("{http://www.imsproject.org/xsd/imscp_rootv1p1p2}file")} == names
    refused = CliRunner().invoke(main, ["course", *options[:2]])
    assert refused.exit_code == 2
    assert "Say what to write" in refused.output
    large = Course("T", {f"p{n}": {"asks": ["q"] * 500} for n in range(10)}, {}, "")
    with pytest.raises(SpecError, match=r"keeps 4,096 characters, and this course needs 5,"):
        package(large, tmp_path / "x.zip")


def test_the_package_of_the_course_is_also_in_korean(tmp_path: Path) -> None:
    """Its manifest and its pages, which are as many as in English."""
    kind = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
    found = {}
    for language in ("en", "ko"):
        path = tmp_path / f"{language}.zip"
        done = CliRunner().invoke(main, ["course", "--language", language, "--scorm", str(path)])
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(path) as archive:
            manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
            page, launch = (archive.read(f"{name}.html").decode() for name in ("backpropagation", "scorm"))
        titles = {one.text for one in manifest.iter(f"{kind}title")}
        files = [one.get("href") for one in manifest.iter(f"{kind}file")]
        found[language] = (titles, files)
        assert f'<html lang="{language}"' in page
        assert f'<html lang="{language}"' in launch
        assert ("역전파" in page) is (language == "ko")
    assert found["ko"][0] == {"뉴런 하나에서 역전파까지"}
    assert found["en"][0] == {"From one neuron to backpropagation"}
    assert found["ko"][1] == found["en"][1]


def scene(text: str) -> str:
    """A lesson with one scene."""
    return f"{HEAD}\n# Q\n\n{text}\n\n## Summary\n\nEnd.\n"


@pytest.mark.parametrize(
    ("more", "minutes"),
    [
        ("", 1),
        ("word", 2),
        (f"```ask\nx?\nanswer: 7\nhint: 8\n  {'word ' * 200}\n```", 3),
        ("```activity a {steps=4}\nTry.\n```", 3),
    ],
)
def test_minutes_come_from_what_a_page_shows_before_an_answer(folder: Path, more: str, minutes: int) -> None:
    """120 words are a minute, a number takes another one, an activity half a minute more; hints take none."""
    page = scene("word " * 117 + f"\n\n{more}")
    assert f"<small>{minutes} min</small>" in built(folder, page)["index.html"]
    built(folder, page.replace("word", "한 낱말").replace("Try", "해 보세요"), "ko")
    assert f"<small>{minutes}분</small>" in course("ko", folder=folder).pages["index.html"], "as in English"


BAD = {
    "no head": ("# Q\n", "the head of the lesson is missing", "01_one.md:1:1"),
    "open head": ("---\ntitle: One\n", "the head of the lesson is missing", "01_one.md:1:1"),
    "no YAML": ("---\ntitle: [\n---\n", "this bracket is never closed", "01_one.md:2:"),
    "unknown field": (scene("T").replace("teaches", "teach"), "unknown field 'teach'", "01_one.md:3:1"),
    "a missing field": (HEAD.replace("title: One\n", "") + "# Q\n\n## S\n", "the head has no title:", "01_one.md:1:1"),
    "a wrong type": (
        scene("T").replace("teaches: all", "teaches: 5"),
        "teaches: expected a text, got 5",
        "01_one.md:3:10",
    ),
    "no such spec": (scene("T").replace("blame.yaml", "b.yaml"), "there is no such file", "01_one.md:4:7"),
    "a spec elsewhere": (scene("T").replace("blame.yaml", "../b.yaml"), "there is no such file", "01_one.md:4:7"),
    "no question": (HEAD + "Text.\n", "a lesson begins with its question", "01_one.md:6:1"),
    "no summary": (HEAD + "# Q\n\nText.\n", "a lesson needs a question and a summary", "01_one.md:9:1"),
    "two questions": (scene("# Again"), "a lesson has one question, then scenes", "01_one.md:9:1"),
    "a small heading": (scene("### Small"), "a lesson has one question, then scenes", "01_one.md:9:1"),
    "an unknown look": (scene("## S {untl=a_y}"), "unknown word 'untl'", "01_one.md:9:7"),
    "an unknown value": (scene('## S {until="a_y a_q"}'), "unknown until 'a_q'", "01_one.md:9:18"),
    "an unknown value beside": (scene('## S {beside="layers.0.activation=tanj"}'), "tanj", "01_one.md:9:15"),
    "no bias beside": (scene('## S {beside="layers.0.bias=false"}'), "the same units and biases", "01_one.md:9:15"),
    "no example": (scene("## S {example=3}"), "expected the number of an example, 1 to 2", "01_one.md:9:15"),
    "broken braces": (scene('## S {until="a_y}'), "expected a name or name=value", "01_one.md:9:7"),
    "a wrong flag": (scene("## S {quiet=maybe}"), "expected yes or no for quiet", "01_one.md:9:13"),
    "an unknown block": (scene("```aks\n```"), "unknown block 'aks'", "01_one.md:9:4"),
    "an open block": (scene("```ask a\nWhat?"), "this block is never closed", "01_one.md:9:1"),
    "no answer": (scene("```ask a\nWhat?\n```"), "this question has no answer", "01_one.md:9:4"),
    "two answers": (scene("```ask a\nW?\nanswer: 1\nanswer: 2\n```"), "answer: is there already", "01_one.md:12:1"),
    "no question in it": (scene("```ask a\nanswer: 1\n```"), "the question is missing", "01_one.md:9:4"),
    "a wrong name": (scene("```ask A-1\nW?\nanswer: 1\n```"), "expected a name", "01_one.md:9:8"),
    "a name twice": (
        scene("```ask a\nW?\nanswer: 1\n```\n\n```ask a\nW?\nanswer: 1\n```"),
        "two questions have the name 'a'",
        "01_one.md:14:4",
    ),
    "an unknown variable": (scene("It says {{ a_q }}."), "unknown variable 'a_q'", "01_one.md:9:12"),
    "no formula": (scene("```ask a\nW?\nanswer: 2 a_y\n```"), "an operator is missing", "01_one.md:11:9"),
    "no number": (scene("```ask a\nW?\nanswer: 1 / (a_y - a_y)\n```"), "this has no value", "01_one.md:11:9"),
    "code": (scene("{{ __import__('os') }}"), 'the character "\'" is not allowed', "01_one.md:9:15"),
    "an open value": (scene("It says {{ a_y."), "this value is never closed", "01_one.md:9:9"),
    "a hint that is right": (
        scene("```ask a\nW?\nanswer: a_y\nhint: a_y + 0.0001\n  Near.\n```"),
        "this is the answer",
        "01_one.md:12:7",
    ),
    "a hint without words": (scene("```ask a\nW?\nanswer: 1\nhint: 2\n```"), "what the page says is missing", "12:1"),
    "a stray line": (scene("```ask a\nW?\nanswer: 1\nand so on\n```"), "expected answer: or hint: here", "12:1"),
    "no tolerance": (scene("```ask a\nW?\nanswer: 1\ntolerance: 0\n```"), "a tolerance is above 0", "12:12"),
    "no right option": (
        scene("```choose a\nW?\n[ ] A\n    No.\n[ ] B\n    No.\n```"),
        "exactly one answer must be right",
        "01_one.md:9:4",
    ),
    "two right options": (
        scene("```choose a\nW?\n[x] A\n    No.\n[x] B\n    No.\n```"),
        "exactly one answer must be right",
        "01_one.md:9:4",
    ),
    "one option": (scene("```choose a\nW?\n[x] A\n    No.\n```"), "a choice needs two answers", "01_one.md:9:4"),
    "one step": (scene("```order a\nW?\n1. A\n   No.\n```"), "an order needs two steps", "01_one.md:9:4"),
    "an activity without end": (scene("```activity a\nTrain.\n```"), "an activity needs a name, and when", "9:4"),
    "an unknown curve": (scene("```curves cosine\n```"), "unknown curve 'cosine'", "01_one.md:9:11"),
    "an unknown formula": (scene("```formula e\n```"), "expected the name of a formula", "01_one.md:9:12"),
    "a false sentence": (scene('It is sure. {fact="a_y > 0.5"}'), "this is false for blame.yaml", "01_one.md:9:20"),
    "no claim": (scene("It is sure. {fact=sure}"), "expected a comparison", "01_one.md:9:19"),
    "false for one": (scene('T. {fact="target > 0 for each example"}'), "this is false for blame.yaml", "9:11"),
    "false with one": (scene('T. {fact="rate > 1 with training.optimizer.rate=2|1"}'), "this is false for", "9:11"),
    "false of a weight": (scene('T. {fact="dweight < 0 for each weight"}'), "this is false for blame.yaml", "9:11"),
    "each of nothing": (scene('T. {fact="a_y > 0 for each film"}'), "expected 1 to 200 cases", "9:11"),
    "no setting": (scene('T. {fact="a_y > 0 with training.epochs 5"}'), "expected 1 to 200 cases", "9:11"),
    "many cases": (
        scene(f'T. {{fact="a_y > 0 with training.epochs={"|".join(map(str, range(201)))}"}}'),
        "expected 1 to 200 cases",
        "9:11",
    ),
    "long trainings": (scene('T. {fact="a_y > 0 with training.epochs=40000|40001"}'), "at most 100,000 steps", "9:11"),
    "an unknown value in a spec": (scene('T. {fact="a_y > 0 with training.epoch=5"}'), "unknown field", "9:11"),
    "a long claim": (scene('T. {fact="trained_loss < 1 with training.epochs=50001"}'), "at most 100,000", "9:11"),
    "a number of another network": (scene("It is {{ left_6 }}."), "this has no value: left_6", "01_one.md:9:10"),
    "a part of another network": (scene("## S {parts=points}"), "unknown parts 'points'", "01_one.md:9:13"),
    "an unknown mark": (scene("It is sure. {generl}"), "unknown word 'generl'", "01_one.md:9:14"),
    "deep lists": (scene("\n".join("  " * n + "- a" for n in range(9))), "this is nested more than", "01_one.md:9:1"),
    "many scenes": (scene("## S\n\n" * 60), "a lesson has at most 60 scenes", "01_one.md:"),
    "a hidden character": (scene("T\u202e."), "the control character U+202E is not allowed", "01_one.md:9:2"),
    "a large file": (scene("T. " * MAX_BYTES), "the file is larger than 50,000 bytes", "01_one.md"),
}


@pytest.mark.parametrize(("text", "message", "place"), BAD.values(), ids=BAD)
def test_a_mistake_has_its_place(text: str, message: str, place: str, folder: Path) -> None:
    said = refused(folder, text)
    assert message in said
    assert f"{place}" in said


def test_all_mistakes_are_reported_at_once(folder: Path, tmp_path: Path) -> None:
    (folder / "01_one.md").write_text(scene("It says {{ a_q }}, not {{ 1 / 0 }}.\n\n```ask a\nWhat?\n```"))
    (folder / "02_two.md").write_text(scene("It says {{ w_y_h9 }}."))
    done = CliRunner().invoke(main, ["course", "--lessons", str(folder), "-o", str(tmp_path / "made")])
    assert done.exit_code == 2
    assert not (tmp_path / "made").exists()
    assert done.output.count("error: ") == 4
    assert "did you mean 'w_y_h" in done.output


def test_a_message_shows_the_line(folder: Path) -> None:
    assert refused(folder, scene("It says {{ a_q + 1 }}.")) == (
        "error: unknown variable 'a_q'\n"
        "  --> 01_one.md:9:12\n"
        "   |\n"
        " 9 | It says {{ a_q + 1 }}.\n"
        "   |            ^^^ did you mean 'a_y'?"
    )


def test_what_a_file_says_is_text(folder: Path) -> None:
    """HTML, links that run scripts and pictures are shown as they are written."""
    text = (
        '<script>alert(1)</script> <b onclick="x()">b</b> [l](javascript:x()) ![p](http://p.org/p) [w](https://w.org)'
    )
    choice = f"~~~choose b\n{text}\n[x] {text}\n    {text}\n[ ] B\n    {text}\n~~~"
    ask = f"~~~ask a\nW? {text}\nanswer: 1\nhint: 2\n  {text}\n~~~\n\n{choice}"
    made = built(folder, scene(f"{text}\n\n{ask}").replace("title: One", "title: '<i>One</i>'"))
    for page in made.values():
        assert "<script>alert" not in page
        assert not re.search(r"<(b onclick|img|i>One)|href=\"javascript", page)
    assert '<a href="https://w.org">w</a>' in made["one.html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made["one.html"]


@pytest.mark.parametrize(
    "text",
    [
        "*" * 45_000,
        "[" * 45_000,
        "`" * 45_000,
        "{{" * 45_000,
        "> " * 45_000,
        "- " * 45_000,
        "|a" * 45_000,
        f"{' ' * 45_000}x",
        "{{ a" * 11_000 + "}}",
        ("[" * 3_900 + "\n\n") * 22,
    ],
)
def test_a_hostile_file_takes_no_time(text: str, folder: Path) -> None:
    with suppress(SpecError):
        built(folder, scene(text))


def test_a_translation_keeps_all_but_the_words(folder: Path) -> None:
    (folder / "01_one.md").write_text(LESSON)
    korean = LESSON.replace("title: Blame\nspec: blame.yaml\n", "title: 책임\n").replace("Summary", "정리")
    made = built(folder, korean, "ko")
    assert "<h1>책임</h1>" in made["one.html"]
    for change, place, has in (
        (("answer: dz_h1", "answer: dz_h2"), "13:9", "answer: dz_h1"),
        (("{until=a_y target}", "{until=a_y}"), "5:3", "scene 1 until=a_y target="),
        (("{{ target }}", "1"), "7:1", "paragraph {{ a_y }} {{ target }}"),
        (("{again}", ""), "20:4", "choose larger again"),
        (("Train until both answers are right.", "Train. {fact=a_y>2}"), "", ""),
    ):
        said = korean.replace(*change)
        if has:
            assert f"01_one.md has here: {has}" in refused(folder, said, "ko")
            assert f"01_one.ko.md:{place}" in refused(folder, said, "ko")
        else:
            assert "this is false" in refused(folder, said, "ko")


def test_a_folder_without_lessons_is_refused(folder: Path, tmp_path: Path) -> None:
    for extra, said in (((), "this folder has no lessons"), (("--language", "ko"), "this folder has no lessons in ko")):
        done = CliRunner().invoke(main, ["course", "--lessons", str(folder), "-o", str(tmp_path / "made"), *extra])
        assert done.exit_code == 2
        assert said in done.output


def test_the_lessons_of_the_course_are_numbered_as_the_documentation_lists_them() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert [lesson.name for lesson in lessons(LESSONS, "en")] == listed == [one.name for one in lessons(LESSONS, "ko")]
