"""Living pages of networks with ids: points that move, a table of ratings, equations of a cell, the rows that learn."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.description.model.spec import Spec
from nngen.learning.explain.page import living_page
from nngen.proof.reference import Network
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, Open, exact, fragment
from tests.browser.rating_pages import facts_of, pairs, predictions
from tests.support.kinds import NETWORKS
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

TWO = named("two_factors")
UNCOVERED = """(() => {
  for (const point of document.querySelectorAll(".point.square:not(.current)")) {
    const box = point.querySelector(".mark").getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (top.closest(".point") === point) return [Number(point.dataset.row), point.textContent, box.toJSON()];
  }
})()"""
"""A book whose point lies under no other: its row, its name and its place."""
Arrays = list[NDArray[np.float64]]


def opened(open_page: Open, name: str = "two_factors", **options: Any) -> Page:
    return open_page(spec(named(name)), named(name).parent, **options)


def current(page: Page) -> list[float]:
    """The numbers in the fields of inputs."""
    return [float(text) for text in page.locator("[data-input]").evaluate_all("all => all.map(one => one.value)")]


def points(page: Page, side: int) -> NDArray[np.float64]:
    """The drawn points of an input, by row."""
    shown = page.locator(f".point[data-side='{side}']").evaluate_all(
        "all => all.map(one => [one.dataset.row, one.dataset.exact])"
    )
    return np.array([[float(v) for v in text.split()] for _, text in sorted(shown, key=lambda one: int(one[0]))])


def mean_loss(network: Network, params: Arrays, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    return float(np.mean([network.gradient(params, [a], [b])[0] for a, b in zip(x, y, strict=True)]))


def agree(page: Page, network: Network, params: Arrays) -> None:
    """Compare points, table, dock and the gradient of the current cell with the reference."""
    facts = facts_of(page)
    for side, place in zip(facts["factorization"]["sides"], (0, 1), strict=True):
        names = [block["name"] for block in facts["blocks"]]
        np.testing.assert_allclose(points(page, place), params[names.index(side["block"])], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        predictions(page), network.forward(params, pairs(network.spec))[:, 0], rtol=1e-9, atol=1e-12
    )
    x = current(page)
    predicted = exact(page.locator("#lens .what .number").get_attribute("data-exact") or "")
    assert predicted == pytest.approx(network.forward(params, [x])[0, 0], rel=1e-9)
    _, gradient = network.gradient(params, [x], [[float(page.input_value("[data-target='0']"))]])
    lines = page.locator("#lens .gradient").all_inner_texts()
    assert len(lines) == 2
    for line, slopes, row in zip(lines, gradient, x, strict=False):  # the two matrices of factors come first
        shown = re.findall(r"\(([^()]*)\)", line.replace("−", "-"))[-1]
        np.testing.assert_allclose([float(v) for v in shown.split(",")], slopes[int(row)], rtol=6e-3, atol=1e-9)
        assert np.count_nonzero(np.abs(slopes).sum(axis=1)) == 1


def test_the_first_screen_has_the_numbers_of_the_reference(open_page: Open) -> None:
    network = Network(spec(TWO))
    page = opened(open_page, viewport={"width": 1280, "height": 720})
    agree(page, network, network.init())
    for part in ("#picture svg", "#points", "#curve", "#lens .sum", "#train"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 720, part
    terms = page.locator("#lens .sum math").all_text_contents()
    assert terms[0] == "3.3bias"
    assert sum("·" in text for text in terms) == 1
    right, left = (float(one.replace("−", "-")) for one in page.locator("#points .reach").all_text_contents()[:2])
    assert right == -left > 0
    box = page.locator("#points svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.inner_text("#points .under") == "(0, 0)"


def test_a_point_is_dragged(open_page: Open) -> None:
    network, data = Network(spec(TWO)), read_examples(spec(TWO), TWO.parent)
    page = opened(open_page)
    params = network.init()
    before = mean_loss(network, params, data.train_x, data.train_y)
    row, name, box = page.evaluate(UNCOVERED)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] - 40, steps=4)
    said = page.inner_text("#status")
    page.mouse.up()
    moved = points(page, 1)[row]
    assert np.all(moved - params[1][row] > 0.05)
    params[1][row] = moved
    after = mean_loss(network, params, data.train_x, data.train_y)
    shown = [float(v) for v in re.findall(r"[\d.]*\d", said.partition("ratings: ")[2])]
    assert said.startswith(f"{name} moved: ")
    assert shown == pytest.approx([before, after], abs=6e-5)
    assert current(page)[1] == row
    page.select_option("[data-input='0']", "0")
    page.select_option("[data-input='1']", "3")
    np.testing.assert_allclose(predictions(page), network.forward(params, pairs(network.spec))[:, 0], rtol=1e-12)


def test_arrow_keys_move_a_point(open_page: Open) -> None:
    network = Network(spec(TWO))
    page = opened(open_page)
    params = network.init()
    page.focus(".point.current[data-side='0']")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expected = np.round(params[0][0] + [0.09, 0.05], 3)
    np.testing.assert_allclose(points(page, 0)[0], expected, atol=1.1e-3)
    params[0][0] = points(page, 0)[0]
    agree(page, network, params)
    expect(page.locator(".point.current[data-side='0']")).to_be_focused()
    assert "Mean loss of all ratings" in page.inner_text("#status")


@pytest.mark.parametrize("width", [390, 768])
def test_a_finger_moves_a_point_and_not_the_page(open_page: Open, width: int) -> None:
    page = opened(open_page, viewport={"width": width, "height": 800}, has_touch=True)
    mark = page.locator(".point.current[data-side='0'] .mark")
    mark.scroll_into_view_if_needed()
    box, scrolled, before = mark.bounding_box(), page.evaluate("scrollY"), points(page, 0)[0]
    assert box
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for k in range(1, 6):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - 8 * k, "y": y + 8 * k}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#status")).to_contain_text("Ada moved: ")
    assert np.all(points(page, 0)[0] < before - 0.05)
    assert page.evaluate("scrollY") == scrolled


def test_training_moves_the_points_as_the_reference_does(open_page: Open) -> None:
    network, data = Network(spec(TWO)), read_examples(spec(TWO), TWO.parent)
    page = opened(open_page)
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch 60")
    trained, history = network.fit(network.init(), data.train_x, data.train_y)
    agree(page, network, trained)
    assert exact(page.locator("#curve svg").get_attribute("data-exact") or "") == pytest.approx(history[-1], rel=1e-9)


def test_a_step_changes_two_rows_and_no_other(open_page: Open) -> None:
    network = Network(spec(TWO))
    page = opened(open_page)
    page.locator("#ratings tbody tr").nth(2).locator("td").nth(3).click()
    assert current(page) == [2.0, 3.0]
    params = network.init()
    _, gradient = network.gradient(params, [[2.0, 3.0]], [[4.0]])
    params, _ = network.step(params, gradient, network.init_state(params), np.array([[2.0, 3.0]]))
    page.click("#step")
    agree(page, network, params)
    for side, matrix in enumerate(network.init()[:2]):
        changed = np.flatnonzero(np.abs(points(page, side) - matrix).max(axis=1))
        assert changed.tolist() == [2 + side]


def test_a_cell_without_a_rating_has_a_prediction_and_no_loss(open_page: Open) -> None:
    page = opened(open_page)
    page.locator("#ratings tbody tr").nth(0).locator("td").nth(1).click()
    assert "no rating given" in page.inner_text("#lens .what")
    assert page.locator("#lens .gradient").count() == 0
    assert page.input_value("[data-target='0']") == ""
    for button in ("#step", "#backward"):
        page.click(button)
        assert page.inner_text("#status").startswith("No rating is given here. The network predicts ")
    page.fill("[data-target='0']", "5")
    expect(page.locator("#lens .gradient")).to_have_count(2)


def test_the_walk_says_what_ids_do(open_page: Open) -> None:
    page = opened(open_page)
    said = []
    for _ in range(page.locator(".row[data-at]").count()):
        page.click("#next")
        said.append(page.inner_text("#lens .sentence"))
    told = " ".join(said)
    assert "Ada selects its row of taste." in told
    assert "affinity multiplies taste, content factor by factor" in told
    assert "Only the row of Ada gets a gradient." in told
    assert "Backward, taste receives δ of affinity, times the values of content." in told


@pytest.mark.parametrize("name", ["two_factors", "neumf"])
@pytest.mark.parametrize(("theme", "widths"), [("light", (1280, 1440)), ("dark", (390, 768))])
def test_any_screen(open_page: Open, name: str, theme: str, widths: tuple[int, int]) -> None:
    page = opened(open_page, name, viewport={"width": widths[0], "height": 800}, color_scheme=theme)
    assert violations(page) == []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FRAME) <= width


def test_a_link_restores_the_points_and_refuses_other_ids(open_page: Open, tmp_path: Path) -> None:
    given = NETWORKS["factorization, adam, l2, sum"]
    page = open_page(given, tmp_path)
    page.select_option("[data-input='0']", "3")
    page.focus(".point.current[data-side='0']")
    page.keyboard.press("ArrowUp")
    shown = points(page, 0)
    page.wait_for_url(lambda url: shown[3][1] in map(float, fragment(url).get("w", "nan").split(",")))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("html[data-ready]")
    np.testing.assert_array_equal(points(page, 0), shown)
    assert current(page) == [3.0, 0.0]
    page.goto("about:blank")
    page.goto(link.replace("x=3", "x=7"))
    page.wait_for_selector("html[data-ready]")
    assert "do not fit this network" in page.inner_text("#status")


@pytest.mark.parametrize("name", ["gmf", "neumf", "wide_deep"])
def test_points_of_other_networks_move_their_ratings(open_page: Open, name: str) -> None:
    network = Network(spec(named(name)))
    params, page = network.init(), opened(open_page, name)
    facts = facts_of(page)
    names = [block["name"] for block in facts["blocks"]]
    for number, plane in enumerate(facts["planes"]):
        if number:
            page.get_by_label("the embeddings that are drawn").select_option(str(number))
        page.get_by_label("the factor to the right").select_option("2")
        for side, drawn in enumerate(plane["sides"]):
            rows = params[names.index(drawn["block"])]
            np.testing.assert_array_equal(points(page, side), rows[:, [2, 1]])
            page.focus(f".point.current[data-side='{side}']")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("ArrowRight")
            rows[:, [2, 1]] = points(page, side)
            expected = network.forward(params, pairs(network.spec))[:, 0]
            np.testing.assert_allclose(predictions(page), expected, rtol=1e-12)
        assert ("of their own" in page.inner_text("#points figcaption")) != plane["shared"]
    assert not np.array_equal(expected, network.forward(network.init(), pairs(network.spec))[:, 0])


def test_factors_are_chosen_and_one_factor_is_a_line(open_page: Open, tmp_path: Path) -> None:
    page = opened(open_page, "ratings_mf")
    params = Network(spec(named("ratings_mf"))).init()
    np.testing.assert_array_equal(points(page, 0), params[0][:, :2])
    page.get_by_label("the factor upwards").select_option("2")
    np.testing.assert_array_equal(points(page, 0), params[0][:, [0, 2]])
    described = NETWORKS["factorization, adam, l2, sum"].model_dump(by_alias=True, exclude_unset=True)
    for layer in described["layers"][:2]:
        layer["units"] = 1
    line = Spec.model_validate(described)
    page = open_page(line, tmp_path)
    np.testing.assert_array_equal(points(page, 1), Network(line).init()[1])
    page.focus(".point.current[data-side='1']")
    page.keyboard.press("ArrowRight")
    assert points(page, 1)[0, 0] == pytest.approx(Network(line).init()[1][0, 0] + 0.05, abs=1e-3)


def test_a_page_in_korean(open_page: Open, tmp_path: Path) -> None:
    page = opened(open_page)
    (tmp_path / "ko.html").write_text(living_page(spec(TWO), TWO.parent, language="ko"), "utf-8")
    page.goto((tmp_path / "ko.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    assert "예측" in page.inner_text("#lens .what")
    assert "주어진 평점" in page.inner_text("#charts > .note")
    page.focus(".point.current[data-side='0']")
    page.keyboard.press("ArrowUp")
    assert "모든 평점의 평균 손실" in page.inner_text("#status")
