"""Activities by hand, by training, with the pointer and the keyboard; a nudge and a story beside the reference."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load
from tests.browser.lessons import last_activity, open_lesson, visit
from tests.support.modules import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SPECS = ROOT / "nngen" / "learning" / "course" / "lessons"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("threshold_neuron", {"b_y": "-1.5"}),
        ("threshold", {"b_y": "-0.5"}),
        ("hidden_layer", {"w_y_h2": "-20"}),
        ("biology", {"w_y_h2": "0"}),
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
        *("symmetry_broken", "baseline", "ratings", "own_table"),
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
    assert page.locator("#graph .hop:not(.other)").count() == 4
    assert "✓ Done." in page.inner_text(".scene:not([hidden]) .done")
    for rate in ("0.25", "0.8", "1.1"):  # each step multiplies the distance to 2 by 1 − 2 · rate
        page.fill("#another", rate)
        distance = 2 * (1 - 2 * float(rate)) ** 8
        found = re.search(r"= (\S+), loss (\S+)", page.inner_text(".another output").replace("−", "-"))
        assert found
        assert [float(one) for one in found.groups()] == pytest.approx([2 - distance, distance**2], rel=2e-2, abs=5e-4)


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
    page.clock.install()
    open_lesson(page, folder, "backpropagation", 11)
    page.select_option("#tempo", "fast")
    page.click("#play")
    page.clock.run_for(60_000)
    expect(page.locator("#told")).to_contain_text("And so for the other 6.")
    network = Network(load(SPECS / "backpropagation.yaml"))
    params = network.init()
    loss, gradient = network.gradient(params, [[1.0, 0.0]], [[1.0]])
    stepped, _ = network.step(params, gradient, network.init_state(params))
    after, _ = network.gradient(stepped, [[1.0, 0.0]], [[1.0]])
    told = page.inner_text("#told")
    assert f"was {loss:.3f}" in told
    assert f"is {after:.3f} now" in told
    flat = [network.pack(one) for one in (params, gradient, stepped)]
    moved = [one for one in zip(*flat, strict=True) if one[1]]
    for was, slope, now in reversed(moved[:3]):
        page.click(".tools [aria-label='previous line']")
        shown = (page.inner_text("#told"), page.inner_text(".statement .values"))
        found = [[float(one) for one in NUMBER.findall(text.replace("−", "-"))] for text in shown]
        assert found[0] == pytest.approx([was, slope, 2.0, was, 2.0, slope, now], abs=6e-5)
        assert found[1] == pytest.approx([was, slope], abs=6e-5)
    lines = {}
    for _ in range(13):
        page.click(".tools [aria-label='previous line']")
    for language in ("Python", "NumPy", "JavaScript", "C"):
        page.select_option(".code-lines select", language)
        lines[language] = page.inner_text(".statement code >> nth=0")
    assert len(set(lines.values())) == 4
    assert all("=" in line for line in lines.values())
    assert page.evaluate(
        "document.querySelector('#told').scrollHeight <= document.querySelector('#told').clientHeight + 1"
    )
    page.close()  # its clock cannot be set back


NUMBER = re.compile(r"(?<!\w)-?[\d.]*\d(?!\w)")

LIT = """[...document.querySelectorAll('.statement .lit, #net .lit')]
  .map((one) => one.closest('.quote, code, svg').className)"""


def test_each_line_of_a_story_has_its_code_and_numbers_and_pointing_at_one_marks_all(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "backpropagation", 11)
    network = Network(load(SPECS / "backpropagation.yaml"))
    params = network.init()
    loss, gradient = network.gradient(params, [[1.0, 0.0]], [[1.0]])
    names = [f"d{name}" for block in plan(network.spec).blocks for row in block.rows for name in row]
    slopes = dict(zip(names, network.pack(gradient), strict=True))
    seen: dict[str, float] = {}
    for _ in range(page.evaluate("document.querySelectorAll('.row[data-at]').length")):
        page.click(".tools [aria-label='next line']")
        numbers = page.locator(".statement .numbers")
        assert "\u2062" not in numbers.inner_text(), "a product of numbers has its sign"
        name, value = page.locator(".statement .values span").first.inner_text().replace("−", "-").split(" = ")
        assert page.locator(".statement code").first.inner_text().startswith(f"{name} = ")
        seen[name] = float(value)
    assert {name: seen[name] for name in slopes} == pytest.approx(slopes, abs=6e-5)
    assert seen["loss"] == pytest.approx(float(loss), abs=6e-5)
    page.hover(".statement code [data-name=dz_h2]")
    pointed = page.evaluate(LIT)
    page.mouse.move(0, 0)
    page.focus(".statement code [data-name=db_h2]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.name") == "dz_h2"
    assert page.evaluate(LIT) == pointed
    page.mouse.move(0, 0)
    page.hover(".statement .quote:not(.numbers) [data-name=dz_h2]")
    assert page.evaluate(LIT) == pointed
    assert len(pointed) == 5  # in both equations, the code, its values, and the picture


def test_curves_of_lessons_say_what_is_at_the_pointer_and_at_a_key(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "derivatives", 4)
    tanh = page.locator(".scene:not([hidden]) .curves svg[aria-label=tanh]")
    tanh.focus()
    page.keyboard.press("Home")
    said = f"z = −4. tanh: value {round(math.tanh(-4.0), 4)}, slope {1 - math.tanh(4.0) ** 2:.4f}".replace("-", "−")
    assert page.locator(".under:visible").inner_text() == said
    assert tanh.get_attribute("aria-valuetext") == said
    box = tanh.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    assert page.locator(".under:visible").inner_text() == "z = 0. tanh: value 0, slope 1"
    open_lesson(page, folder, "learning_rate", 3)
    page.focus("#graph")
    page.keyboard.press("Home")
    assert page.locator(".under:visible").inner_text() == "w_y_x1 = −4, loss 36"  # (w - 2)²


WRITTEN = """{
  const { fillText } = CanvasRenderingContext2D.prototype;
  window.texts = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...spot) {
    window.texts.push(text);
    return fillText.call(this, text, ...spot);
  };
}"""
"""Keeps what is written on the canvases of a page."""


def test_a_plane_has_axes_and_says_what_is_under_the_pointer(page: Page, folder: Path) -> None:
    page.add_init_script(WRITTEN)
    for name, scene, outputs in (("threshold_neuron", 4, (", y = 1", ", y = 0")), ("one_layer", 0, ("", ""))):
        open_lesson(page, folder, name, scene)
        assert {*page.evaluate("window.texts")} == {"x1", "x2", "0", "1"}
        box = page.locator("#field canvas").bounding_box()
        assert box
        for value, output in zip((1, 0), outputs, strict=True):
            share = (1 + 4 * value) / 6  # the examples lie within two thirds of the plane
            page.mouse.move(box["x"] + share * box["width"], box["y"] + (1 - share) * box["height"])
            expect(page.locator("#field .under")).to_have_text(f"x1 = {value}, x2 = {value}{output}")
    open_lesson(page, folder, "learning_rate")
    assert {"loss", "10", "20", "w_y_x1"} <= {*page.locator("#graph text").all_text_contents()}
    page.close()  # its pages would keep the script


PLANE = "document.querySelector('#field canvas').toDataURL()"
MAPS = "[...document.querySelectorAll('#net image')].map((one) => one.getAttribute('href'))"


def test_units_are_maps_of_the_plane_beside_it(page: Page, folder: Path) -> None:
    """Units that begin alike have one map, also in training; others have two, which change."""
    for name, distinct in (("symmetry", 1), ("symmetry_broken", 2)):
        open_lesson(page, folder, name)
        assert page.evaluate(MAPS) == []
        open_lesson(page, folder, name, last_activity(page))
        before = page.evaluate(MAPS)
        assert (len(before), len({*before[:2]})) == (3, distinct)
        plane = page.evaluate(PLANE)
        page.mouse.move(0, 0)
        page.locator("#net .unit-shape:not(.input)").first.hover()
        seen = page.evaluate(PLANE)
        page.locator("#net .unit-shape:not(.input)").nth(1).hover()
        assert len({plane, seen, page.evaluate(PLANE)}) == distinct + 1, "the plane shows the unit under the pointer"
        page.mouse.move(0, 0)
        assert page.evaluate(PLANE) == plane
        page.click("#train")
        expect(page.locator(".scene:not([hidden]) .done")).to_contain_text("Done")
        after = page.evaluate(MAPS)
        assert len({*after[:2]}) == distinct
        assert after[2] != before[2]


def test_a_graph_of_the_loss_says_what_is_under_the_pointer(page: Page, folder: Path) -> None:
    open_lesson(page, folder, "learning_rate", 3)
    box = page.locator("#graph").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    said = page.inner_text("#graph + .under")
    value, loss = (float(one.replace("−", "-")) for one in re.findall(r"[−\d.]+(?=,|$)", said))
    network = Network(load(SPECS / "learning_rate.yaml"))
    [params] = network.init()
    expected, _ = network.gradient([params * 0 + value], [[1.0]], [[2.0]])
    assert said.startswith("w_y_x1 = ")
    assert value != 0
    assert loss == pytest.approx(float(expected), rel=0.02)  # both are shown with some digits
    page.mouse.move(0, 0)
    assert page.locator("#graph + .under").inner_text() == ""


def test_a_lesson_compares_another_loss_and_rate(page: Page, folder: Path) -> None:
    """The network beside is that of the changed spec: after training, its loss is the reference engine's."""
    visit(page, folder / "en" / "saturation.html")
    open_lesson(page, folder, "saturation", last_activity(page))
    page.click(".tools button:has-text('Compare')")
    page.fill("[data-beside='learning rate']", "0.75")
    page.keyboard.press("Tab")
    expect(page.locator("#legend")).to_contain_text("binary_cross_entropy, rate 0.75")
    page.evaluate("document.querySelector('#pace').value = 'fast'")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("B: ")
    shown = float(page.get_attribute("#legend .other", "data-exact") or "nan")
    changed = ["loss.name=binary_cross_entropy", "training.optimizer.rate=0.75"]
    spec = load(SPECS / "saturation.yaml", overrides=changed)
    network = Network(spec)
    examples = [[1.0], [0.5]], [[0.0], [0.0]]
    assert shown == pytest.approx(network.fit(network.init(), *examples, epochs=spec.training.epochs)[1][-1], rel=1e-9)
    page.click(".tools button:has-text('Compare')")
    expect(page.locator("#legend")).to_be_hidden()
