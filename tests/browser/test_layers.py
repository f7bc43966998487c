"""Networks of up to four hidden layers, which the page makes itself: their code and numbers are those of nngen."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.description.model.spec import Spec
from nngen.learning.explain.deep import with_layers, with_rate
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.targets.modules import texts
from tests.browser.agreement import agree, first
from tests.browser.conftest import Open, fragment
from tests.browser.variants import opened, shows, with_fragment
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser

CODE = """() => [...document.querySelectorAll("code[data-part]")]
  .sort((one, other) => one.dataset.part - other.dataset.part).map((part) => part.textContent).join("")"""


def made_of(name: str, key: str, rate: float, strength: float) -> Spec:
    """The spec of a key such as ``tanh 3-2 l2``."""
    words = key.split()
    activation, sizes = ("", []) if words[0] == "0" else (words[0], [int(size) for size in words[1].split("-")])
    penalty = words[-1] if words[-1] in ("l1", "l2") else ""
    made = with_layers(spec(named(name)), activation, sizes, (penalty, strength) if penalty else None)
    assert made is not None
    return with_rate(made, rate)


def weights(page: Page, expected: Sequence[float] | None = None) -> list[float]:
    """The parameters in the address, which follows a change after a pause: as many as the page says, or like these."""
    count = int(re.findall(r"(\d+) parameters", page.inner_text(".facts"))[0])

    def found(url: str) -> list[float]:
        return [float(text) for text in fragment(url).get("w", "nan").split(",")]

    def follows(url: str) -> bool:
        return len(found(url)) == count and (expected is None or np.allclose(found(url), expected, 1e-9, 1e-12))

    page.wait_for_url(follows)
    return found(page.url)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("xor_mlp", "tanh 8-6-3 l2"),
        ("xor_mlp", "relu 1-8-2-5"),
        ("xor_mlp", "0 l1"),
        ("xor_slp", "sigmoid 7"),
        ("skip_mlp", "tanh 2-3"),
        ("snake", "linear 3-1-4-8 l1"),
        ("iris", "relu 5-3 l2"),
    ],
)
def test_each_network_has_the_code_and_the_numbers_of_nngen(open_page: Open, name: str, key: str) -> None:
    page = opened(open_page, name)
    with_fragment(page, f"net={key}&rate=0.3&strength=0.02&seed=3")
    made = made_of(name, key, 0.3, 0.02)
    ours, theirs = page.evaluate(CODE), texts(made, named(name).parent, ["javascript"])["javascript"]
    bare = str.maketrans("", "", ' \n*"+')  # lines of other lengths break elsewhere
    assert ours.translate(bare) == theirs.translate(bare)
    params = Network(made).pack(Network(made).init(3))
    expect(page.locator(".facts")).to_contain_text(f" {len(params)} parameters")
    assert weights(page) == params
    x, y = first(page)
    agree(page, made, named(name).parent, params, x, y)
    boxes = page.locator("svg .unit .body").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == 1 + len(made.input_names) + sum(len(layer.unit_names) for layer in made.layers)
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            assert (
                one["right"] <= other["left"] + 1
                or other["right"] <= one["left"] + 1
                or (one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1)
            )


@pytest.mark.parametrize("name", ["xor_mlp", "iris"])
def test_a_deep_network_trains_as_the_reference_does(open_page: Open, name: str) -> None:
    page = opened(open_page, name, "training.epochs=10")
    with_fragment(page, "net=tanh 4-3 l2&rate=0.5&strength=0.01&batch=3")
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch 10")
    made = made_of(name, "tanh 4-3 l2", 0.5, 0.01)
    changed = made.model_copy(update={"training": made.training.model_copy(update={"batch_size": 3, "epochs": 10})})
    network, data = Network(changed), read_examples(made, named(name).parent)
    trained, _ = network.fit(network.init(), data.train_x, data.train_y)
    assert len(weights(page, network.pack(trained))) == plan(changed).size


def test_layers_are_added_and_removed_by_the_keyboard(open_page: Open) -> None:
    page = opened(open_page)
    page.locator("#parameters [aria-label=w_h1_x1]").fill("3.25")
    page.focus("#add")
    page.keyboard.press("Enter")
    shows(page, "hidden: 2 sigmoid → second: 2 sigmoid")
    assert "Layers whose shape stays keep their weights" in page.inner_text("#status")
    assert weights(page)[0] == 3.25
    assert page.evaluate("document.activeElement.id") == "add"
    page.focus("#units-2")
    page.keyboard.press("End")
    shows(page, "second: 8 sigmoid")
    assert weights(page)[0] == 3.25
    page.focus("#add")
    page.keyboard.press("Enter")
    shows(page, "third: 8")
    page.keyboard.press("Enter")
    shows(page, "fourth: 8")
    assert page.is_disabled("#add")
    page.select_option("#penalty", "l1")
    shows(page, "penalty l1: strength = 0.001")
    assert weights(page)[0] == 3.25
    page.fill("#strength", "0.25")
    page.keyboard.press("Enter")
    shows(page, "penalty l1: strength = 0.25")
    assert "0.25 * Math.sign(w)" in page.evaluate(CODE)
    page.wait_for_url("**strength=0.25**")
    page.reload()
    shows(page, "penalty l1: strength = 0.25")
    assert weights(page)[0] == 3.25
    for last in ("third: 8 sigmoid", "second: 8 sigmoid", "hidden: 2 sigmoid", "x: 2"):
        page.focus("#fewer")
        page.keyboard.press("Enter")
        shows(page, f"{last} → output")
    shows(page, "x: 2 → output: 1 sigmoid")
    assert page.is_disabled("#fewer")
    assert page.is_disabled("#activation")


def test_training_goes_on_while_the_network_changes(open_page: Open) -> None:
    page = opened(open_page)
    page.select_option("#data", "circles")
    page.select_option("#pace", "slow")
    page.click("#train")
    page.click("#add")
    shows(page, "second: 2")
    assert page.inner_text("#train") == "Pause"
    page.wait_for_selector("#curve path", state="attached")
    assert page.locator("#curve .held").count() == 1
    page.select_option("#penalty", "l2")
    shows(page, "penalty l2")
    assert page.inner_text("#train") == "Pause"
    page.click("#compare")
    page.click("#other-add")
    expect(page.locator("#other-surface .name")).to_have_text("B: hidden: 3-2-2 sigmoid, rate 5, L2 0.001, seed 1")
