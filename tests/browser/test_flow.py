"""The walk through the equations: what the picture shows forward and backward, and what a learner can try."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from tests.browser.conftest import Open, exact, flat
from tests.support.kinds import NETWORKS as KINDS
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

FIRST = """() => Object.fromEntries(["#picture svg", "#lens", "#controls", "#surface canvas", "#curve svg"].map(
  (one) => [one, document.querySelector(one).getBoundingClientRect().bottom]))"""


def opened(open_page: Open, name: str = "xor_mlp", **options: object) -> Page:
    path = named(name)
    return open_page(spec(path), path.parent, **options)


def step_to(page: Page, name: str) -> None:
    """Walk with the right arrow key until the equation of a name is the current one."""
    rows = page.locator(".row[data-at]").evaluate_all("rows => rows.map(row => row.dataset.name)")
    for _ in range(rows.index(name) + 1):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".row.now")).to_have_attribute("data-name", name)


def dark(page: Page, y: int) -> list[int]:
    """Where the plane is black in one row of pixels."""
    read = f"""one => {{
      const row = one.getContext("2d").getImageData(0, {y}, one.width, 1).data;
      return Array.from({{ length: one.width }}, (_, x) => x).filter(
        (x) => Math.max(...row.slice(4 * x, 4 * x + 3)) < 110);
    }}"""
    found: list[int] = page.locator("#surface canvas").evaluate(read)
    return found


def unit(page: Page, name: str) -> float:
    return exact(page.locator(f"svg [data-says^='unit {name} ']").get_attribute("data-exact") or "nan")


def test_the_picture_turns_to_derivatives_on_the_way_back(open_page: Open) -> None:
    page = opened(open_page)
    network = Network(spec(named("xor_mlp")))
    parameters = flat(page, spec(named("xor_mlp")))
    step_to(page, "loss")
    assert page.locator("#as-values").get_attribute("aria-pressed") == "true"
    activation = unit(page, "y")
    step_to_next = page.locator(".row[data-name=da_h1]")
    while "now" not in (step_to_next.get_attribute("class") or ""):
        page.keyboard.press("ArrowRight")
    assert page.locator("#as-slopes").get_attribute("aria-pressed") == "true"
    delta = unit(page, "y")
    assert delta == pytest.approx(activation - 0.0, abs=1e-15)  # the first example has the target 0
    weight = parameters[6]  # w_y_h1
    assert unit(page, "h1") == pytest.approx(delta * weight, abs=1e-15)  # received, δ is not known yet
    gradient = network.gradient(network.unpack(parameters), [[0.0, 0.0]], [[0.0]])[1]
    label = page.locator("[data-weight=w_y_h1]").get_attribute("aria-label") or ""
    assert label.startswith("the derivative of the loss with respect to the weight")
    assert f"{network.pack(gradient)[6]:.4f}" in label
    assert "unknown" in (page.locator("[data-weight=w_h1_x1]").get_attribute("class") or "")


def test_a_sentence_says_what_flows(open_page: Open) -> None:
    page = opened(open_page)
    page.fill("[data-input='0']", "1")
    page.locator("h1").click()
    step_to(page, "z_h1")
    page.keyboard.press("ArrowRight")  # edits start from the end, so the walk starts anew
    values = {name: page.locator(f"[data-parameter][aria-label={name}]").input_value() for name in ("w_h1_x1",)}
    page.keyboard.press("ArrowLeft")
    weight = f"{float(values['w_h1_x1']):.4f}".rstrip("0").replace("-", "−")
    total = page.inner_text(".row.now output")
    times = "\N{MULTIPLICATION SIGN}"
    terms = f"{weight} {times} 1 from x1, \N{MINUS SIGN}0.3319 {times} 0 from x2"
    said = f"h1 receives {terms}, and its bias 0: {total} in all."
    assert page.inner_text(".sentence") == said
    assert page.text_content("#status") == f"z_h1 = {total} {said}"
    for name, words in {
        "a_y": "y applies sigmoid",
        "da_h2": "from y",
        "dw_h1_x1": "δ of h1 times the value of x1",
    }.items():
        while page.locator(".row.now").get_attribute("data-name") != name:
            page.keyboard.press("ArrowRight")
        assert words in page.inner_text(".sentence")


def test_a_step_is_told_by_weights_with_the_numbers_of_the_reference(open_page: Open) -> None:
    page = opened(open_page)
    page.click("#following")
    page.click("#step")
    network = Network(spec(named("xor_mlp")))
    params = network.init()
    _, gradient = network.gradient(params, [[0.0, 1.0]], [[1.0]])
    stepped, _ = network.step(params, gradient, network.init_state(params))
    moved = [one for one in zip(*map(network.pack, (params, gradient, stepped)), strict=True) if one[1]]
    said = page.locator("#lens .sentence").all_inner_texts()
    for sentence, (was, slope, now) in zip(said, moved[:3], strict=False):
        numbers = [float(one) for one in re.findall(r"(?<!\w)-?[\d.]*\d", sentence.replace("−", "-"))]
        assert numbers == pytest.approx([was, slope, 5.0, was, 5.0, slope, now], abs=6e-5)
    assert said[3:] == ["And so for the other 6."]
    assert (page.text_content("#status") or "").endswith(" ".join(said))


def test_the_equation_of_a_step_stands_beside_the_picture_with_its_numbers(open_page: Open) -> None:
    for width in (390, 768, 1280):
        page = opened(open_page, viewport={"width": width, "height": 800})
        page.locator("#next").dispatch_event("click")
        assert page.locator("#lens .quote").count() == 2
        shown = page.locator("#lens .quote.numbers mn.shown").all_text_contents()
        assert shown[0] == page.locator(".row.now output").text_content()


def test_a_sentence_about_layers_that_join_others(open_page: Open, tmp_path: Path) -> None:
    """Also in a network without ids."""
    page = open_page(KINDS["ties"], tmp_path)
    said = []
    for _ in range(page.locator(".row[data-at]").count()):
        page.click("#next")
        said.append(page.inner_text(".sentence"))
    assert "top takes the greater value of u, v, unit by unit." in said
    assert "Backward, u receives δ of top where its value is the greater one." in said


def test_a_walk_pauses_and_goes_back(open_page: Open) -> None:
    page = opened(open_page)
    page.clock.install()
    page.select_option("#pace", "slow")
    page.click("#forward")
    assert page.inner_text("#forward") == "Pause"
    page.click("#forward")
    at = page.locator(".row.now").get_attribute("data-at")
    page.clock.run_for(1600)  # the walk would have gone on
    assert page.locator(".row.now").get_attribute("data-at") == at
    page.click("#next")
    page.click("#last")
    assert page.locator(".row.now").get_attribute("data-at") == at
    page.close()  # its clock cannot be set back


@pytest.mark.parametrize("name", ["xor_mlp", "and_perceptron"])
def test_the_first_screen_has_all_that_a_lesson_needs(open_page: Open, name: str) -> None:
    page = opened(open_page, name, variants=True, viewport={"width": 1280, "height": 720})
    assert {what: bottom for what, bottom in page.evaluate(FIRST).items() if not 0 < bottom <= 720} == {}
    assert page.locator("#surface canvas").evaluate("one => one.getBoundingClientRect().width") >= 320


def test_units_show_what_they_do(open_page: Open) -> None:
    page = opened(open_page)
    maps = page.locator("svg image.map")
    assert maps.count() == 5
    before = maps.evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(set(before)) >= 4
    page.locator("#parameters [aria-label=w_h1_x1]").fill("6")
    after = maps.evaluate_all("all => all.map(one => one.getAttribute('href'))")
    changed = [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert 2 in changed  # h1
    assert not {0, 1} & set(changed)  # the inputs


def test_the_loss_along_a_weight_has_its_derivative_as_slope(open_page: Open) -> None:
    page = opened(open_page)
    page.click("[data-weight=w_y_h1] .hit")
    tangent = page.locator("#slice .tangent").get_attribute("d") or ""
    (x0, y0), (x1, y1) = (map(float, point.split(",")) for point in tangent.strip("M").split("L"))
    assert (y1 - y0) / (x1 - x0) < 0  # the loss grows to the right, and y counts from the top
    slope = page.locator(".row[data-name=dw_y_h1] output").inner_text()
    assert f"the derivative, {slope}." in page.inner_text("#slice figcaption")
    page.keyboard.press("Escape")
    expect(page.locator("#slice")).to_be_hidden()


@pytest.mark.parametrize("data", ["clouds", "circles", "moons", "spirals"])
def test_other_data_can_be_learned(open_page: Open, data: str) -> None:
    page = opened(open_page)
    page.select_option("#data", data)
    assert "of 60" in page.inner_text("#which")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("of 30 test examples")
    assert page.locator("#curve .held").count() == 1
    page.select_option("#data", "spec")
    assert "of 4" in page.inner_text("#which")
    assert page.locator("#table tbody tr:visible").count() == 4


def test_points_of_ones_own(open_page: Open) -> None:
    page = opened(open_page)
    page.select_option("#data", "points")
    assert page.locator("#train").is_disabled()
    for target, x in (("0", 60), ("1", 250)):
        page.fill("[data-target='0']", target)
        page.locator("#surface canvas").click(position={"x": x, "y": 160})
    assert "2 examples" in page.inner_text("#status")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("right on 2 of 2")


def test_an_address_keeps_the_state(open_page: Open) -> None:
    page = opened(open_page)
    page.locator("#parameters [aria-label=w_y_h2]").fill("-3.25")
    page.fill("[data-input='1']", "0.75")
    page.wait_for_url("**#*0.75*-3.25*")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#parameters [aria-label=w_y_h2]").get_attribute("data-exact") == "-3.25"
    assert page.locator("[data-input='1']").get_attribute("data-exact") == "0.75"
    address = page.url.partition("#")[0]
    page.goto("about:blank")  # the page itself would write over another fragment
    page.goto(f"{address}#x=1&y=2&w=<b>")
    page.wait_for_selector("html[data-ready]")
    assert "do not fit" in page.inner_text("#status")


def test_the_line_of_a_threshold_is_straight(open_page: Open) -> None:
    page = opened(open_page, "and_perceptron")
    for name, value in {"w_y_x1": "1", "w_y_x2": "1", "b_y": "-0.5"}.items():
        page.locator(f"[data-parameter][aria-label={name}]").fill(value)
    black = dark(page, 180)  # x1 + x2 = ½ on a plane from −¼ to 1¼ in 480 pixels
    assert black
    assert all(abs(x - 20) < 4 for x in black)


def test_classes_meet_where_the_answer_changes(open_page: Open, tmp_path: Path) -> None:
    document = {
        "name": "three",
        "inputs": ["u", "v"],
        "layers": [{"name": "output", "units": ["p", "q", "r"], "activation": "softmax"}],
        "loss": "cross_entropy",
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.5}, "epochs": 50},
        "data": {
            "rows": [{"x": x, "y": y} for x, y in (([0, 0], [1, 0, 0]), ([1, 0], [0, 1, 0]), ([0, 1], [0, 0, 1]))]
        },
    }
    page = open_page(Spec.model_validate(document), tmp_path)
    for name in page.locator("[data-parameter]").evaluate_all("all => all.map(one => one.ariaLabel)"):
        page.locator(f"[data-parameter][aria-label={name}]").fill({"w_p_u": "4", "b_p": "-2"}.get(name, "0"))
    # p is the answer from u = ½ on, where the three classes have the probability one third
    black = dark(page, 100)
    assert black
    assert all(abs(x - 240) < 4 for x in black)
