"""Another hidden layer, another learning rate, and two networks side by side: the numbers are the reference's.

A page shows another network in place: it is not loaded again.
"""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from nngen.reading.source import load
from tests.browser.accessible import violations
from tests.browser.agreement import agree, first
from tests.browser.conftest import Open, exact, flat, noted
from tests.browser.variants import opened, shows, with_fragment
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

NETWORKS = {  # the values of a spec that give each network of a page
    ("xor_mlp", "sigmoid 2"): [],
    ("xor_mlp", "tanh 3"): ["layers.0.units=[h1,h2,h3]", "layers.0.activation=tanh"],
    ("xor_mlp", "relu 4"): ["layers.0.units=[h1,h2,h3,h4]", "layers.0.activation=relu"],
    ("xor_mlp", "0"): ["layers=[{name: output, units: [y], activation: sigmoid}]"],
    ("skip_mlp", "sigmoid 2"): ["layers.0.units=[h1,h2]", "layers.0.activation=sigmoid"],
    ("snake", "tanh 3"): ["layers.0.units=3", "layers.0.activation=tanh"],
}


FEW = ("training.epochs=30", "training.batch_size=2", "training.shuffle=true")
"""A training that ends soon, of one page for all tests."""


def other_of(name: str, key: str, *overrides: str) -> Spec:
    return load(named(name), overrides=[*NETWORKS[name, key], *overrides])


def in_address(page: Page, name: str) -> list[float]:
    """Numbers that the address holds."""
    return [float(text) for text in noted(page)[name].split(",")]


@pytest.mark.parametrize(("name", "key"), NETWORKS)
def test_each_network_has_the_numbers_of_the_reference(open_page: Open, name: str, key: str) -> None:
    path = named(name)
    page = opened(open_page, name)
    with_fragment(page, f"net={key}&rate=0.3&seed=3")
    made = other_of(name, key, "training.optimizer.rate=0.3")
    network = Network(made)
    assert flat(page, made) == network.pack(network.init(3))
    x, y = first(page)
    agree(page, made, path.parent, flat(page, made), x, y)
    page.click("#step")
    _, slopes = network.gradient(network.init(3), [x], [y])
    stepped, _ = network.step(network.init(3), slopes, network.init_state(network.init(3)))
    np.testing.assert_allclose(flat(page, made), network.pack(stepped), rtol=1e-12, atol=1e-15)
    assert "rate = 0.3" in page.inner_text(".facts")
    assert "0.3 *" in (page.text_content(".update code") or "")
    assert page.locator("#variant").is_hidden() == (key == "sigmoid 2" and name == "xor_mlp")


def test_two_networks_learn_the_same_examples_in_the_same_order(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", *FEW)
    page.click("#compare")
    expect(page.locator("#other-surface")).to_be_visible()
    for field, value in {"units": "4", "activation": "relu"}.items():
        page.select_option(f"#other-{field}", value)
    page.fill("#other-rate", "0.25")
    page.fill("#other-seed", "5")
    page.keyboard.press("Enter")
    expect(page.locator("#other-surface .name")).to_have_text("B: hidden: 4 relu, rate 0.25, seed 5")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("B: Mean loss during epoch 30")
    data = read_examples(spec(named("xor_mlp")), named("xor_mlp").parent)
    shown = page.locator("#legend .key").evaluate_all("all => all.map(one => one.dataset.exact)")
    networks = (
        (other_of("xor_mlp", "sigmoid 2", *FEW), 1),
        (other_of("xor_mlp", "relu 4", *FEW, "training.optimizer.rate=0.25"), 5),
    )
    for name, last, (made, seed) in zip(("w", "bw"), shown, networks, strict=True):
        network = Network(made)
        trained, history = network.fit(network.init(seed), data.train_x, data.train_y)
        np.testing.assert_allclose(in_address(page, name), network.pack(trained), rtol=1e-9, atol=1e-12)
        assert exact(last) == pytest.approx(history[-1], rel=1e-9)
    curves = page.locator("#curve path").evaluate_all(
        "all => all.map(one => [one.getAttribute('class'), one.getAttribute('d').split('L').length])"
    )
    assert curves == [["mine", 30], ["other", 30]]
    assert page.locator("#curve text:text-is('A'), #curve text:text-is('B')").count() == 2


def test_an_address_keeps_both_networks_and_swap_exchanges_them(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", *FEW)
    page.click("#compare")
    expect(page.locator("#other-surface .name")).to_have_text("B: hidden: 3 sigmoid, rate 5, seed 1")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("B: Mean loss during epoch 30")
    mine, other = in_address(page, "w"), in_address(page, "bw")
    plane = "one => one.toDataURL()"
    planes = [page.locator(f"{figure} canvas").evaluate(plane) for figure in ("#surface", "#other-surface")]
    assert planes[0] != planes[1]
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert [page.locator(f"{figure} canvas").evaluate(plane) for figure in ("#surface", "#other-surface")] == planes
    page.click("#swap")
    shows(page, "3 sigmoid")
    assert page.locator("#parameters input").count() == len(other) == 13
    assert flat(page, other_of("xor_mlp", "sigmoid 2")) == other
    assert in_address(page, "bw") == mine
    expect(page.locator("#variant")).to_contain_text("A variant of xor_mlp")
    assert [page.locator(f"{figure} canvas").evaluate(plane) for figure in ("#other-surface", "#surface")] == planes


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = opened(open_page)
    page.focus("#units")
    page.keyboard.press("ArrowDown")
    shows(page, "3 sigmoid")
    assert page.evaluate("document.activeElement.id") == "units"
    for _ in range(3):  # beyond the buttons that add and remove a layer
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    shows(page, "3 tanh")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    shows(page, "rate = 0.5")
    assert page.evaluate("document.activeElement.id") == "rate"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "penalty"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#other-surface .name")).to_have_text("B: hidden: 4 tanh, rate 0.5, seed 1")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#other-surface .name")).to_have_text("B: hidden: 5 tanh, rate 0.5, seed 1")
    page.focus("#compare")
    page.keyboard.press("Space")
    expect(page.locator("#other-surface")).to_be_hidden()


def test_a_rate_of_nothing_is_said(open_page: Open) -> None:
    page = opened(open_page)
    for text in ("0", "-1", ""):
        page.fill("#rate", text)
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_have_text("A learning rate is a number above 0.")
        assert page.input_value("#rate") == "5"
    with_fragment(page, "net=<b>&rate=-3&b=__proto__,0,x&bw=1")
    assert page.input_value("#rate") == "5"
    assert page.locator("svg [data-says^='unit h']").count() == 2


def test_another_activation_keeps_what_a_reader_has_done(open_page: Open) -> None:
    page = opened(open_page, "xor_mlp", *FEW)
    page.evaluate("window.here = true")
    entries = page.evaluate("history.length")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch 30")
    page.click("#following")
    page.click("#theme")
    page.check("#numbers")
    page.click("#values")
    page.click("#module summary")
    page.click("[data-weight=w_y_h1] .hit")
    page.focus("#activation")
    page.evaluate("scrollTo(0, 40)")
    top = "document.querySelector('#activation').getBoundingClientRect().top"
    before, shown, theme = (
        page.evaluate(top),
        flat(page, spec(named("xor_mlp"))),
        "document.documentElement.dataset.theme",
    )
    dark = page.evaluate(theme)
    page.select_option("#activation", "tanh")
    shows(page, "2 tanh")
    made = other_of("xor_mlp", "sigmoid 2", "layers.0.activation=tanh")
    assert flat(page, made) == shown
    agree(page, made, named("xor_mlp").parent, shown, [0, 1], [1])
    assert page.evaluate("window.here && history.length") == entries
    assert page.evaluate(top) == pytest.approx(before, abs=1)
    assert page.evaluate("document.activeElement.id") == "activation"
    assert page.evaluate(theme) == dark
    assert page.inner_text("#which").startswith("example 2 of 4")
    assert page.input_value("#pace") == "fast"
    assert page.is_checked("#numbers")
    assert page.get_attribute("#values", "aria-pressed") == "true"
    assert page.evaluate("document.querySelector('#module').open")
    assert page.inner_text("#lens .what").startswith("w_y_h1")
    assert page.locator("#slice").is_visible()
    assert in_address(page, "w") == shown
    page.reload()
    shows(page, "2 tanh")
    assert flat(page, made) == shown


def test_a_rate_holds_from_the_next_step_on(open_page: Open) -> None:
    page = opened(open_page)
    network = Network(spec(named("xor_mlp")))
    params = network.init()
    for rate in (0.5, 2.0):
        page.fill("#rate", str(rate))
        page.click("#step")
        _, slopes = network.gradient(params, [[0, 0]], [[0]])
        params = [one - rate * slope for one, slope in zip(params, slopes, strict=True)]
        np.testing.assert_allclose(flat(page, spec(named("xor_mlp"))), network.pack(params), rtol=1e-12, atol=1e-15)
        assert f"rate = {rate}" in page.inner_text(".facts")
        assert f"{rate} *" in (page.text_content(".update code") or "")


def test_own_points_stay_with_another_network(open_page: Open) -> None:
    page = opened(open_page)
    page.select_option("#data", "points")
    for target, x in (("0", 60), ("1", 250)):
        page.fill("[data-target='0']", target)
        page.locator("#surface canvas").click(position={"x": x, "y": 160})
    page.select_option("#units", "3")
    shows(page, "3 sigmoid")
    assert page.input_value("#data") == "points"
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("right on 2 of 2")


def test_another_address_shows_its_network_and_back_the_one_before(open_page: Open) -> None:
    page = opened(open_page)
    page.select_option("#units", "3")
    shows(page, "3 sigmoid")
    weights = in_address(page, "w")
    page.evaluate("location.hash = 'net=relu 4&rate=0.25'")
    shows(page, "4 relu")
    assert page.input_value("#rate") == "0.25"
    page.go_back()
    shows(page, "3 sigmoid")
    assert flat(page, other_of("xor_mlp", "sigmoid 2")) == weights
    page.select_option("#units", "8")
    page.select_option("#units", "1")
    shows(page, "1 sigmoid")
    assert page.locator("svg [data-says^='unit h']").count() == 1
    page.focus("svg .unit >> nth=0")
    page.keyboard.press("ArrowRight")  # each network that is gone has taken its listeners along
    assert page.locator(".lit").count() > 0
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (768, "light"), (1280, "dark"), (1440, "dark")])
def test_two_networks_fit_every_screen(open_page: Open, width: int, theme: str) -> None:
    page = opened(open_page, color_scheme=theme, viewport={"width": width, "height": 720})
    page.click("#compare")
    expect(page.locator("#other-surface")).to_be_visible()
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("B: Mean loss")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = page.locator("#charts canvas:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    if width > 390:
        assert tops[0] == tops[1]
    if width >= 1280:
        bottoms = page.locator("#charts canvas:visible, #curve svg").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().bottom + scrollY)"
        )
        assert max(bottoms) <= 720
    if width in (390, 1280):
        assert violations(page) == []


@pytest.mark.parametrize("name", ["iris", "xor_mlp"])
def test_values_of_many_connections_do_not_overlap(open_page: Open, name: str) -> None:
    page = opened(open_page, name)
    if name == "xor_mlp":
        with_fragment(page, "net=tanh+8")
    page.check("#numbers")
    boxes = """() => [...document.querySelectorAll("svg .edge text")].filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect()).map(({ left, right, top, bottom }) => [left, right, top, bottom])"""
    page.mouse.move(5, 5)
    assert page.evaluate(boxes) == []
    output = spec(named(name)).layers[-1].unit_names[-1]
    page.hover(f"[data-says='unit {output} of output']")
    shown = page.evaluate(boxes)
    assert len(shown) == 8 + 1
    for i, (left, right, top, bottom) in enumerate(shown):
        for other in shown[:i]:
            apart = right <= other[0] or other[1] <= left or bottom - 4 <= other[2] or other[3] - 4 <= top
            assert apart, (shown[i], other)  # the box of a text is some pixels taller than its digits
