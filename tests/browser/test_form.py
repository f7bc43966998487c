"""The form of a page that answers, in Chromium and Firefox: its answers are those of `nngen predict`."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from nngen.cli import main
from nngen.description.data import encoding, read_examples
from nngen.learning.explain.page import living_page
from nngen.plan import plan
from nngen.reading.parameter_files import stored
from nngen.reading.source import load
from nngen.targets import as_module, texts
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, Tabs
from tests.browser.firefox import Firefox
from tests.support.answering import houses, initial, meters
from tests.support.modules import named

pytestmark = pytest.mark.browser

WIDTHS = (360, 800, 1280)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path, Path]]:
    """For each spec: its file, its parameters and its page."""
    made: dict[str, tuple[Path, Path, Path]] = {}
    for name in ("houses", "logs", "meters", "penguins"):
        folder = tmp_path_factory.mktemp(name)
        spec = {"houses": houses, "logs": logs, "meters": meters}[name](folder) if name != "penguins" else named(name)
        params = initial(spec, folder)
        page = folder / f"{name}.html"
        page.write_text(living_page(load(spec), spec.parent, params), "utf-8")
        made[name] = spec, params, page
    return made


def logs(folder: Path) -> Path:
    """The spec of houses, which learns logarithms of prices."""
    spec = houses(folder)
    text = spec.read_text("utf-8")
    assert "scale_targets: standardize" in text
    spec.write_text(text.replace("scale_targets: standardize", "scale_targets: log"), "utf-8")
    return spec


@pytest.fixture
def opened(tabs: Tabs) -> Iterator[Page]:
    with tabs.opened(viewport={"width": 1280, "height": 900}) as page:
        yield page


def show(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")


def predicted(spec: Path, params: Path, columns: list[str], row: list[str]) -> list[str]:
    """The line of `nngen predict` for a row."""
    table = io.StringIO()
    csv.writer(table).writerows([columns, row])
    asked = ["predict", str(spec), "-", "--params", str(params)]
    done = CliRunner().invoke(main, asked, input=table.getvalue())
    assert done.exit_code == 0, done.output
    return list(csv.reader(io.StringIO(done.stdout)))[1]


def form(page: Page) -> tuple[list[str], list[str]]:
    """The columns and the values of the form."""
    values: list[str] = page.locator("[data-cell]").evaluate_all("all => all.map((one) => one.value)")
    return page.locator(".cell label").all_inner_texts(), values


def shares(page: Page) -> list[float]:
    """The probabilities that a page shows."""
    exact: list[float] = page.locator("#shares [data-exact]").evaluate_all(
        "all => all.map((one) => +one.dataset.exact)"
    )
    return exact


@pytest.mark.parametrize("name", ["houses", "logs", "penguins"])
def test_the_answer_is_that_of_the_command(opened: Page, pages: dict[str, tuple[Path, Path, Path]], name: str) -> None:
    spec, params, path = pages[name]
    show(opened, path)
    for step in range(4):
        columns, row = form(opened)
        answer, *expected = predicted(spec, params, columns, row)
        said = opened.locator("#said").get_attribute("data-exact") or ""
        if expected:
            assert said == answer
            assert shares(opened) == pytest.approx([float(share) for share in expected], rel=1e-12)
        else:
            assert float(said) == pytest.approx(float(answer), rel=1e-12)
        if step == 0:
            opened.click("#row-after")
            expect(opened.locator("#row-which")).to_contain_text("row 2 of")
        elif step == 1:  # a reader empties a number, and chooses an empty category
            opened.locator("[data-cell][inputmode=decimal]").first.fill("")
            opened.locator("select[data-cell]").first.select_option("Dream" if name == "penguins" else "")
            expect(opened.locator("#row-which")).to_have_text("a row of your own")
        elif step == 2:
            opened.locator("[data-cell][inputmode=decimal]").first.fill("900.5" if name == "penguins" else "900,5")
            expect(opened.locator("#beyond")).to_be_visible()


def test_several_numbers_at_once(opened: Page, pages: dict[str, tuple[Path, Path, Path]]) -> None:
    spec, params, path = pages["meters"]
    show(opened, path)
    for place in range(1, 4):
        assert f"row {place} of 12" in opened.inner_text("#row-which")
        assert opened.inner_text("#truth").startswith("The table says ")
        expected = [float(text) for text in predicted(spec, params, *form(opened))]
        assert shares(opened) == pytest.approx(expected, rel=1e-12)
        opened.click("#row-after")
    opened.locator("#known input").first.fill("5")
    before = opened.locator("#shares td").all_inner_texts()
    opened.locator("[data-cell]").first.fill("")
    assert opened.inner_text("#wrong-0") == "Please fill in this field."
    opened.locator("[data-cell]").first.fill("0.95")
    assert opened.locator("#shares td").all_inner_texts() != before


def test_a_wrong_number_is_said_at_its_field(opened: Page, pages: dict[str, tuple[Path, Path, Path]]) -> None:
    show(opened, pages["houses"][2])
    field = opened.locator("[data-cell]").first
    assert opened.locator("#said").get_attribute("data-exact")
    field.fill("very large")
    assert field.get_attribute("aria-invalid") == "true"
    assert "Please write a number" in opened.inner_text("#wrong-0")
    assert opened.locator("#said").get_attribute("data-exact") == ""
    field.fill("80,5")
    assert field.get_attribute("aria-invalid") is None
    assert opened.locator("#said").get_attribute("data-exact")


def test_training_changes_the_answer_and_the_trained_numbers_come_back(
    opened: Page, pages: dict[str, tuple[Path, Path, Path]]
) -> None:
    show(opened, pages["penguins"][2])
    before = shares(opened)
    expect(opened.locator("#altered")).to_be_hidden()
    opened.click("#step")
    expect(opened.locator("#altered")).to_be_visible()
    assert shares(opened) != before
    opened.click("#trained")
    expect(opened.locator("#altered")).to_be_hidden()
    assert shares(opened) == before


@pytest.mark.parametrize(("name", "scheme"), [("houses", "light"), ("penguins", "dark")])
def test_nothing_sticks_out_and_a_checker_finds_nothing(
    opened: Page, pages: dict[str, tuple[Path, Path, Path]], name: str, scheme: str
) -> None:
    opened.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(opened, pages[name][2])
    for width in WIDTHS:
        opened.set_viewport_size({"width": width, "height": 800})
        assert opened.evaluate(FRAME) <= width
        cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0).length"
        opened.wait_for_selector("html[data-ready]")
        if width == 1280:
            assert opened.locator(".general dd").evaluate_all(cut) == 0
    expect(opened.locator("#moves")).to_be_visible()
    assert violations(opened) == []


def test_the_keyboard_reaches_each_field_in_order(opened: Page, pages: dict[str, tuple[Path, Path, Path]]) -> None:
    show(opened, pages["penguins"][2])
    opened.focus("#row-after")
    seen = []
    for _ in range(6):
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate("document.activeElement.labels?.[0]?.textContent"))
    assert seen == form(opened)[0]
    before = shares(opened)
    opened.focus("select[data-cell]")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    assert shares(opened) != before


@pytest.mark.parametrize("name", ["houses", "penguins"])
def test_firefox_answers_the_same(
    opened: Page, other: Firefox, pages: dict[str, tuple[Path, Path, Path]], name: str
) -> None:
    show(opened, pages[name][2])
    other.open(pages[name][2])
    other.click("#row-after")
    opened.click("#row-after")
    exact = "document.querySelector('#said').dataset.exact"
    shown, expected = other.run(exact), opened.evaluate(exact)
    assert shown == expected or float(shown) == pytest.approx(float(expected), rel=1e-12)
    for width in WIDTHS:
        other.resize(width, 800)
        assert other.run(f"({FRAME})()") <= width
    assert violations(other) == []


@pytest.mark.parametrize("ends", [False, True])
def test_training_says_how_far_the_answers_are_from_the_targets(opened: Page, tmp_path: Path, ends: bool) -> None:
    """In the units of the data, as the module in Python trains; of two ends, how many targets they hold."""
    path = meters(tmp_path)
    text = path.read_text("utf-8").replace("rate: 0.05}", "rate: 0.05}, epochs: 30")
    if ends:
        text = text.replace("target: [y1, y2]", "target: [y1, y1]").replace(
            "squared_error, outputs: mean", "two_quantiles"
        )
    path.write_text(text, "utf-8")
    spec, page = load(path), tmp_path / "page.html"
    page.write_text(living_page(spec, tmp_path), "utf-8")
    module: Any = as_module("meters", texts(spec, tmp_path, ["python"])["python"])
    data = read_examples(spec, tmp_path)
    params, _ = module.fit(module.init(), data.train_x.tolist(), data.train_y.tolist())
    expected: list[tuple[str, list[float]]] = []
    for what, xs, ys in (("examples", data.train_x, data.train_y), ("test examples", data.test_x, data.test_y)):
        answers = np.array([module.forward(params, x) for x in xs.tolist()])
        if ends:
            held = sum(min(a) <= y[0] <= max(a) for a, y in zip(answers.tolist(), ys.tolist(), strict=True))
            expected.append((f"{held} of {len(xs)} {what} are between the outputs", []))
        else:
            assert data.target_scaling is not None
            errors = np.abs(answers - ys).mean(axis=0) * data.target_scaling.divide
            expected.append((f"the mean absolute error of {len(xs)} {what} is y1", errors.tolist()))
    show(opened, page)
    opened.click("#train")
    expect(opened.locator("#status")).to_contain_text("Now ")
    said = opened.inner_text("#status").partition("Now ")[2].removesuffix(".").split("; ")
    for sentence, (words, errors) in zip(said, expected, strict=True):
        assert sentence.startswith(words)
        shown = [float(number) for number in re.findall(r" y\d ([\d.]+)", sentence)]
        assert shown == pytest.approx(errors, rel=1e-3)


@pytest.mark.parametrize("name", ["houses", "logs", "penguins", "meters"])
def test_bars_say_how_much_each_column_moves_the_answer(
    opened: Page, pages: dict[str, tuple[Path, Path, Path]], name: str
) -> None:
    """They are those of the module in Python, before and after a change; a wrong number takes them away."""
    spec, params, path = pages[name]
    loaded = load(spec)
    module: Any = as_module(name, texts(loaded, spec.parent, ["python"], contents=["sensitivity", "files"])["python"])
    trained = module.unpack(stored(params, plan(loaded)).of(loaded, encoding(loaded, spec.parent)))
    show(opened, path)
    for _ in range(2):
        expect(opened.locator("#moves")).to_be_visible()
        columns, row = form(opened)
        found = module.contributions(trained, dict(zip(columns, row, strict=True)))
        several = [one if isinstance(one, tuple) else (one,) for one in found.values()]
        shown = bars(opened)
        assert len(shown) == len(several[0])
        for k, listed in enumerate(shown):
            numbers = [number for _, number, _ in listed]
            assert numbers == sorted(numbers, key=abs, reverse=True)
            assert sorted(numbers) == pytest.approx(sorted(one[k] for one in several), rel=1e-9, abs=1e-12)
            most = max(map(abs, numbers))
            for text, number, share in listed:
                assert share == pytest.approx(number / most, abs=1e-3)
                [place] = [i for i, column in enumerate(columns) if text.startswith(f"{column} ")]
                assert number == pytest.approx(several[place][k], rel=1e-9, abs=1e-12)
                assert text == f"{columns[place]} {row[place] or '(empty)'}"
        bar = opened.query_selector("#moves tr")
        opened.click("#row-after")
        opened.wait_for_function("bar => !bar.isConnected", arg=bar)
    field = opened.locator("[data-cell][inputmode=decimal]").first
    field.fill("very large")
    opened.wait_for_timeout(400)
    expect(opened.locator("#moves")).to_be_hidden()
    field.fill("1")
    expect(opened.locator("#moves")).to_be_visible()


def bars(page: Page) -> list[list[tuple[str, float, float]]]:
    """The bars of each answer: column and cell, number, and length with its sign as a share of the longest."""
    found: list[list[tuple[str, float, float]]] = page.evaluate(
        """() => [...document.querySelector("#moves").tBodies].map((body) =>
          [...body.rows].filter((row) => row.cells.length === 3).map(({ cells: [head, bar, number] }) => {
            const mark = bar.firstChild.getBoundingClientRect();
            const room = bar.getBoundingClientRect();
            const sign = bar.firstChild.className.includes("down") ? -1 : 1;
            const share = mark.width <= 1 ? 0 : mark.width / (room.width / 2);
            return [head.textContent, +number.dataset.exact, sign * share];
          }))"""
    )
    return found


def test_bars_of_a_korean_page(opened: Page, pages: dict[str, tuple[Path, Path, Path]], tmp_path: Path) -> None:
    spec, params, _ = pages["penguins"]
    page = tmp_path / "ko.html"
    page.write_text(living_page(load(spec), spec.parent, params, language="ko"), "utf-8")
    show(opened, page)
    expect(opened.locator("#moves caption")).to_contain_text("확률을 움직이는 정도")
    expect(opened.locator("#from-typical")).to_contain_text("대표 행")
