"""The living page as a reader meets it: by the pointer, the keyboard, a screen reader, on paper and on a telephone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from nngen.description.model.spec import Spec
from nngen.learning.explain.page import living_page
from nngen.proof.reference import Network
from tests.browser.accessible import COLORS, violations
from tests.browser.conftest import FRAME, PATIENCE, Open, page_of
from tests.support.modules import SPECS, examples_of, named, spec

pytestmark = pytest.mark.browser


def opened(open_page: Open, name: str, **options: Any) -> Page:
    path = named(name)
    return open_page(spec(path), path.parent, **options)


def lit(page: Page, where: str) -> set[str]:
    """The names that are lit, in a part of the page."""
    found = page.locator(f"{where} .lit").evaluate_all("all => all.map(one => one.dataset.name ?? '')")
    return {name.split(" ")[0] for name in found} - {""}


def test_an_edge_lights_its_equations_and_its_code(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.hover("[data-weight=w_y_h1] .hit")
    assert lit(page, "svg") == {"w_y_h1"}
    assert lit(page, ".equation") == {"w_y_h1", "dw_y_h1"}
    assert lit(page, "code") == {"w_y_h1", "dw_y_h1"}
    near = page.locator(".row.near").evaluate_all("rows => rows.map(row => row.dataset.name)")
    assert near == ["z_y", "dw_y_h1", "da_h1"]  # where it is used, and where it is learned
    page.mouse.move(5, 5)
    assert lit(page, "main") == set()


def test_an_equation_lights_its_code_and_what_it_is_made_of(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.locator(".row[data-name=z_h2] .equation > math > mo").first.hover()
    assert lit(page, "code") == {"z_h2"}
    near = page.locator("svg .near").evaluate_all("all => all.map(one => one.dataset.name.split(' ')[0])")
    assert set(near) >= {"w_h2_x1", "w_h2_x2", "b_h2", "x1", "x2"}
    assert "w_h1_x1" not in near
    assert lit(page, "svg") == {"a_h2"}  # the unit whose sum it is


def test_a_line_of_code_lights_its_equation_and_its_edge(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.locator(".row[data-name=dw_h1_x2] code [data-name=dw_h1_x2]").hover()
    assert lit(page, "svg") == {"w_h1_x2"}
    assert lit(page, ".equation") == {"dw_h1_x2"}


def test_a_general_equation_lights_its_cases(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.hover(".general [data-kind=delta-hidden] dt")
    found = page.locator(".row.lit").evaluate_all("rows => rows.map(row => row.dataset.name)")
    assert found == ["da_h1", "da_h2", "dz_h1", "dz_h2"]


def test_an_edge_is_held_and_changed(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.click("[data-weight=w_y_h2] .hit")
    page.fill("#lens input[type=number]", "-3.5")
    assert page.locator("#parameters [aria-label=w_y_h2]").get_attribute("data-exact") == "-3.5"
    assert "negative" in (page.locator("[data-weight=w_y_h2]").get_attribute("class") or "")
    page.fill("#lens input[type=range]", "2")
    assert page.locator("#parameters [aria-label=w_y_h2]").get_attribute("data-exact") == "2"
    page.mouse.move(5, 5)  # otherwise the edge below the pointer is described again
    page.keyboard.press("Escape")
    assert page.locator("#lens input").count() == 0


def test_equations_are_computed_one_by_one(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    shown = "rows => rows.filter(row => row.querySelector('output').textContent).map(row => row.dataset.name)"
    rows = page.locator(".row[data-at]")
    every = rows.evaluate_all("rows => rows.map(row => row.dataset.name)")
    page.click("#next")
    assert rows.evaluate_all(shown) == every[:1]
    page.click("#next")
    assert rows.evaluate_all(shown) == every[:2]
    page.click("#forward")
    expect(page.locator("#status")).to_contain_text("backward pass")
    assert rows.evaluate_all(shown) == every[: every.index("loss") + 1]
    page.click("#backward")
    expect(page.locator("#status")).to_contain_text("All derivatives are known")
    assert rows.evaluate_all(shown) == every


def test_numbers_stand_in_the_place_of_symbols(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.locator("#parameters [aria-label=w_h1_x1]").fill("0.25")
    page.fill("[data-input='0']", "2")
    page.click("#values")
    text = page.locator(".row[data-name=z_h1] .equation mn.shown:visible").all_text_contents()
    assert text[2:4] == ["0.25", "2"]
    page.click("#symbols")
    assert page.locator(".row[data-name=z_h1] .equation mn.shown:visible").count() == 0


def test_the_arrow_keys_read_the_values_of_curves(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    network = Network(spec(named("xor_mlp")))

    def said(curve: str, key: str) -> list[float]:
        page.focus(f"{curve} svg")
        page.keyboard.press(key)
        text = page.inner_text(f"{curve} .under")
        assert page.get_attribute(f"{curve} svg", "aria-valuetext") == text
        return [float(one) for one in re.findall(r"(?<!\w)-?[\d.]*\d", text.replace("−", "-"))]

    page.focus(".edge[data-weight=w_y_h1]")
    page.keyboard.press("Enter")
    for key, weight in (("End", 3.0), ("Home", -3.0), ("ArrowRight", -2.85)):
        params = network.init()
        params[2][0, 0] = weight
        assert said("#slice", key) == pytest.approx([weight, network.gradient(params, [[0, 0]], [[0]])[0]], abs=6e-5)
    assert page.get_attribute("#curve svg", "tabindex") == "-1"
    page.select_option("#pace", "slow")
    page.click("#train")
    page.wait_for_selector("#curve path", state="attached")
    page.click("#train")
    data = examples_of(named("xor_mlp"))
    _, history = network.fit(network.init(), data.train_x, data.train_y, epochs=1)
    assert said("#curve", "Home") == pytest.approx([1, history[0]], abs=6e-5)
    count = page.evaluate("document.querySelector('#status').textContent.match(/epoch (\\d+)/)[1]")
    assert said("#curve", "End")[0] == int(count)


def test_training_can_be_paused_and_begun_anew(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    before = page.locator("#parameters input").evaluate_all("all => all.map(one => one.dataset.exact)")
    page.select_option("#pace", "slow")
    page.click("#train")
    page.wait_for_selector("#curve path", state="attached")  # the loss of an epoch is drawn
    page.click("#train")
    page.hover("#curve svg", position={"x": 1, "y": 20})
    assert page.inner_text("#curve .under").startswith("mean loss during epoch 1: ")
    assert "during epoch" in page.inner_text("#status")
    held = page.locator("#parameters input").evaluate_all("all => all.map(one => one.dataset.exact)")
    page.wait_for_timeout(200)  # another epoch would have been drawn
    assert page.locator("#parameters input").evaluate_all("all => all.map(one => one.dataset.exact)") == held != before
    page.click("#reset")
    assert page.locator("#parameters input").evaluate_all("all => all.map(one => one.dataset.exact)") == before
    page.fill("#seed", "7")
    page.click("#reset")
    assert page.locator("#parameters input").evaluate_all("all => all.map(one => one.dataset.exact)") != before


def test_a_target_that_the_loss_does_not_take_is_said(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.fill("[data-target='0']", "2")
    assert "numbers from 0 to 1" in page.inner_text("#alert")
    page.fill("[data-target='0']", "1")
    assert page.locator("#alert").is_hidden()


def test_the_surface_is_a_place_to_point_at(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.locator("#surface canvas").click(position={"x": 160, "y": 160})
    x = page.locator("[data-input]").evaluate_all("all => all.map(one => Number(one.value))")
    assert x == pytest.approx([0.5, 0.5], abs=0.02)


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "present"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.name ?? document.activeElement.id"
    assert page.evaluate(focused) == "w_h1_x1 dw_h1_x1"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "w_h1_x2 dw_h1_x2"
    assert lit(page, "code") >= {"w_h1_x2", "dw_h1_x2"}
    page.keyboard.press("Enter")  # holds it, and goes to its number
    page.keyboard.press("Control+A")
    page.keyboard.type("1.5")
    assert page.locator("#parameters [aria-label=w_h1_x2]").get_attribute("data-exact") == "1.5"


def test_a_unit_of_a_large_layer_opens(open_page: Open) -> None:
    page = opened(open_page, "digits")
    page.click("[data-says='unit hidden7 of hidden']")
    assert page.locator(".ray").count() == 64 + 10
    panel = page.inner_text("#unit")
    assert "of 64 terms" in panel
    page.keyboard.press("Escape")
    assert page.locator(".ray").count() == 0


def test_a_large_network_opens_soon_and_is_small(open_page: Open) -> None:
    path = named("digits")
    assert len(living_page(spec(path), path.parent).encode()) < 1_000_000
    page = opened(open_page, "digits")
    chromium = page.context.new_cdp_session(page)
    chromium.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.reload()
    page.wait_for_selector("html[data-ready]")
    measured = {one["name"]: one["value"] for one in chromium.send("Performance.getMetrics")["metrics"]}
    assert measured["TaskDuration"] < 2.0  # seconds of a processor; 0.15 is usual


@pytest.mark.parametrize(
    ("name", "themes"),
    [("xor_mlp", ("light", "dark")), ("deep_mlp", ("light",)), ("iris", ("dark",)), ("digits", ("light",))],
)
def test_a_checker_of_accessibility_finds_nothing(open_page: Open, name: str, themes: tuple[str, ...]) -> None:
    page = opened(open_page, name, variants=True, color_scheme=themes[0])
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    assert violations(page) == []
    if themes[1:]:
        page.emulate_media(color_scheme="dark")
        page.wait_for_selector("[data-theme=dark]")
        assert violations(page, **COLORS) == []


@pytest.mark.parametrize("path", SPECS[1::2], ids=lambda path: path.stem)
def test_nothing_sticks_out(open_page: Open, path: Path) -> None:
    page = open_page(spec(path), path.parent, variants=path.stem in ("xor_mlp", "iris"))
    for width in (1280, 800, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(FRAME) <= width, width


def test_it_prints_equations_and_code_and_no_buttons(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 29, 33)"  # dark ink, on paper
    assert page.locator("button:visible").count() == 0
    assert page.locator(".row[data-name=z_h1] .equation").is_visible()
    assert page.locator("svg text.value").first.is_visible()
    assert len(page.pdf()) > 10_000


def test_calm_motion_is_respected(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", reduced_motion="reduce")
    page.click("#forward")
    assert "backward pass" in page.inner_text("#status")


def test_names_of_other_scripts(open_page: Open, tmp_path: Path) -> None:
    loaded = spec(named("xor_mlp"))
    document = json.loads(loaded.model_dump_json(by_alias=True, exclude_unset=True))
    document["inputs"] = ["입력1", "입력2"]
    document["layers"][0]["units"] = ["은닉", "숨은"]
    document["layers"][1]["units"] = ["출력"]
    document["description"] = "배타적 논리합 </script><script>alert(1)</script> {{ 7 * 7 }} <b>&amp;"
    page = open_page(Spec.model_validate(document), tmp_path)
    assert page.inner_text(".lead") == document["description"]
    assert page.locator(".lead b").count() == 0
    assert page.locator("[data-weight=w_숨은_입력1]").count() == 1
    page.fill("[data-input='0']", "1")
    page.click("#step")
    assert "→" in page.inner_text("#status")


def test_what_a_spec_says_is_neither_markup_nor_code(open_page: Open, tmp_path: Path) -> None:
    loaded = spec(named("xor_mlp"))
    document = json.loads(loaded.model_dump_json(by_alias=True, exclude_unset=True))
    document["inputs"] = ["record", "live"]
    document["layers"][1]["units"] = ["state"]
    said = [
        "export function gradient(",
        "export function fit(",
        "if (callback(epoch - 1, loss_of_epoch, [...params], progress)) break;",
        "*/",
        "`${1}",
    ]
    document["description"] = "\n".join(said)
    page = open_page(Spec.model_validate(document), tmp_path)
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("right on 4 of 4")


def test_the_policy_of_the_page_forbids_every_request(browser: Browser, tmp_path: Path, shared: Path) -> None:
    path = named("xor_mlp")
    made = tmp_path / "page.html"
    made.write_text(page_of(spec(path), path.parent, variants=True, shared=shared), "utf-8")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(made.as_uri())
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    ask = "fetch('https://example.org/').then(() => 'answered', () => 'refused')"
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        assert page.evaluate(ask) == "refused"
    page.close()
