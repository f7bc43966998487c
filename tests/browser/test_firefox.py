"""The living page and the course in Firefox: the numbers of the reference, the walk, training, a lesson."""

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from nngen.description.data.examples import read_examples
from nngen.proof.reference import Network
from nngen.reading.source import load
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, page_of
from tests.browser.firefox import Firefox
from tests.browser.lessons import GIVE, PAGES
from tests.browser.readers import ASKED, SCENE, SETTINGS, Fingers, Keys, Reader
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser


@pytest.fixture
def browser(other: Firefox) -> Firefox:
    return other


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, folder: Path, shared: Path) -> Path:
    """Living pages, and the course in Korean beside them and in English below them."""
    made: Path = tmp_path_factory.mktemp("pages")
    for name in ("xor_mlp", "iris", "digits", "two_factors", "neumf"):
        text = page_of(spec(named(name)), named(name).parent, variants=True, shared=shared)
        (made / f"{name}.html").write_text(text, "utf-8")
    copytree(folder / "ko", made, dirs_exist_ok=True)
    copytree(folder / "en", made / "en")
    return made


def test_the_numbers_are_those_of_the_reference(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "xor_mlp.html")
    network = Network(spec(named("xor_mlp")))
    params = network.init()
    shown = browser.run("[...document.querySelectorAll('[data-parameter]')].map((one) => Number(one.dataset.exact))")
    assert shown == network.pack(params)
    loss, gradient = network.gradient(params, [[0.0, 0.0]], [[0.0]])
    assert browser.run("Number(document.querySelector('.row[data-name=loss] output').dataset.exact)") == pytest.approx(
        loss, rel=1e-15
    )
    slopes = browser.run("[...document.querySelectorAll('[data-slope]')].map((one) => Number(one.dataset.exact))")
    assert slopes == pytest.approx(network.pack(gradient), rel=1e-13, abs=1e-17)


def test_training_ends_where_it_ends_in_other_browsers(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "xor_mlp.html")
    browser.run("void (document.querySelector('#pace').value = 'fast')")
    browser.click("#train")
    browser.wait("document.querySelector('#status').textContent.includes('right on 4 of 4')")
    trained = browser.run("[...document.querySelectorAll('[data-parameter]')].map((one) => Number(one.dataset.exact))")
    network = Network(spec(named("xor_mlp")))
    rows = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    expected, *_ = network.fit(network.init(), [x for x, _ in rows], [y for _, y in rows])
    assert trained == pytest.approx(network.pack(expected), rel=1e-9)


PARAMETERS = "[...document.querySelectorAll('[data-parameter]')].map((one) => one.dataset.exact).join()"


@pytest.mark.parametrize("width", [390, 1280])
def test_two_networks_side_by_side(browser: Firefox, folder: Path, width: int) -> None:
    browser.open(folder / "xor_mlp.html", width, 720)
    browser.click("#compare")
    browser.wait("document.querySelector('#other-surface .name').textContent.startsWith('B: hidden: 3 sigmoid')")
    assert browser.run("document.documentElement.scrollWidth") <= width
    if width != 1280:
        return
    browser.run("void (document.querySelector('#pace').value = 'fast')")
    browser.click("#train")
    browser.wait("document.querySelector('#status').textContent.includes('B: Mean loss during epoch 2000')")
    browser.wait(f"new URLSearchParams(location.hash.slice(1)).get('w') === {PARAMETERS}")  # it follows the page
    trained = browser.run("new URLSearchParams(location.hash.slice(1)).get('bw').split(',').map(Number)")
    network = Network(load(named("xor_mlp"), overrides=["layers.0.units=[h1,h2,h3]"]))
    rows = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    expected, *_ = network.fit(network.init(), [x for x, _ in rows], [y for _, y in rows])
    assert trained == pytest.approx(network.pack(expected), rel=1e-9)
    assert violations(browser) == []


def test_another_activation_and_rate(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "xor_mlp.html")
    browser.run("document.querySelector('#activation').focus()")
    browser.type("\ue015")
    browser.wait(
        "document.documentElement.dataset.ready && document.querySelector('.facts').textContent.includes('2 tanh')"
    )
    assert browser.run("document.activeElement.id") == "activation"
    shown = browser.run("[...document.querySelectorAll('[data-slope]')].map((one) => Number(one.dataset.exact))")
    network = Network(load(named("xor_mlp"), overrides=["layers.0.activation=tanh"]))
    _, gradient = network.gradient(network.init(), [[0.0, 0.0]], [[0.0]])
    assert shown == pytest.approx(network.pack(gradient), rel=1e-13, abs=1e-17)


def test_the_walk_turns_the_picture(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "xor_mlp.html")
    browser.run("void (document.querySelector('#pace').value = 'fast')")
    browser.click("#backward")
    browser.wait("document.querySelector('#as-slopes').ariaPressed === 'true'")
    assert browser.run("document.querySelector('.sentence').textContent").startswith(
        "How the loss changes with the bias"
    )
    browser.click("#as-values")
    assert browser.run("document.querySelector('#as-values').ariaPressed") == "true"


@pytest.mark.parametrize(
    "name", ["xor_mlp", "iris", "digits", "two_factors", "neumf", "backpropagation", "slope", "ratings"]
)
def test_nothing_sticks_out(browser: Firefox, folder: Path, name: str) -> None:
    browser.open(folder / f"{name}.html")
    for width in (1440, 1280, 768, 390):
        browser.resize(width, 800)
        assert browser.run(f"({FRAME})()") <= width, width


@pytest.mark.parametrize("name", ["xor_mlp", "iris", "two_factors", "neumf", "backpropagation", "ratings", "index"])
def test_a_checker_of_accessibility_finds_nothing(browser: Firefox, folder: Path, name: str) -> None:
    browser.open(folder / f"{name}.html")
    assert violations(browser) == []


PREDICTED = "[...document.querySelectorAll('#ratings td[data-exact]')].map((one) => Number(one.dataset.exact))"


def predicted(network: Network, params: list[np.ndarray]) -> list[float]:
    pairs = [[float(reader), float(book)] for reader in range(24) for book in range(30)]
    return [float(one) for one in network.forward(params, pairs)[:, 0]]


def test_a_point_moves_by_mouse_and_keyboard_and_training(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "two_factors.html")
    path = named("two_factors")
    network, data = Network(spec(path)), read_examples(spec(path), path.parent)
    params = network.init()
    assert browser.run(PREDICTED) == pytest.approx(predicted(network, params), rel=1e-12)
    browser.drag(".point.current[data-side='0'] .mark", 40, -30)
    browser.run("void document.querySelector(`.point.current[data-side='0']`).focus()")
    browser.type("\ue014\ue013")  # right and up
    spot = "document.querySelector(`.point[data-side='0'][data-row='0']`).dataset.exact.split(' ').map(Number)"
    moved = browser.run(spot)
    assert moved[0] > params[0][0, 0] + 0.1
    assert moved[1] > params[0][0, 1] + 0.1
    params[0][0] = moved
    assert browser.run(PREDICTED) == pytest.approx(predicted(network, params), rel=1e-12)
    assert browser.run("document.querySelector('#status').textContent").startswith("Ada moved: Ada ")

    browser.click("#reset")
    browser.run("void (document.querySelector('#pace').value = 'fast')")
    browser.click("#train")
    browser.wait("document.querySelector('#status').textContent.includes('during epoch 60')")
    trained, _ = network.fit(network.init(), data.train_x, data.train_y)
    assert browser.run(PREDICTED) == pytest.approx(predicted(network, trained), rel=1e-9)


def settled(name: str) -> str:
    return f"document.querySelector('form[data-ask={name}]').dataset.state"


def test_a_lesson_by_mouse_and_keyboard(browser: Firefox, folder: Path) -> None:
    browser.open(folder / "ratings.html")
    browser.click("form[data-ask=near] .option[data-right='1']")
    browser.click("#go")
    browser.click("#ask-rating")
    browser.type("0.6\ue007")
    assert "평균(3.2)을 더하세요" in browser.run("document.querySelector('#said-rating').textContent")
    browser.run("void document.querySelector('#ask-rating').select()")
    browser.type("3,8\ue007")
    assert browser.run("document.querySelector('#said-rating').textContent").startswith("맞습니다")


PLAYED = [("threshold_neuron", Keys), ("one_layer", Fingers), ("own_table", Keys)]
PLAYED += [("en/baseline", Fingers), ("en/similarity", Keys), ("en/ratings", Keys)]


@pytest.mark.parametrize(("lesson", "hands"), PLAYED)
def test_a_lesson_from_start_to_end(browser: Firefox, folder: Path, lesson: str, hands: type[Reader]) -> None:
    browser.open(folder / f"{lesson}.html", *((390, 780) if hands is Fingers else (1366, 650)))
    browser.run("localStorage.clear()")
    browser.open(folder / f"{lesson}.html", *((390, 780) if hands is Fingers else (1366, 650)))
    reader = hands(browser)
    scenes = browser.run("document.querySelectorAll('.scene').length")
    for scene in range(scenes):
        while browser.run(f"Boolean({ASKED})"):
            reader.answer()
        if browser.run(f"Boolean(document.querySelector(`{SCENE} .activity`))"):
            settings = SETTINGS.get(lesson, {})
            for parameter, value in settings.items():
                reader.set(parameter, value)
            if not settings:
                reader.press("#train")
            browser.wait(f"document.querySelector(`{SCENE} .done`).textContent.includes('✓')")
        if scene < scenes - 1:
            reader.go()
    assert browser.run(f"Boolean(document.querySelector(`{SCENE} .summary`))")
    reader.press("#onward")
    browser.wait(f"!location.pathname.endsWith('/{lesson}.html')")  # the page before has started, too
    browser.wait("document.documentElement.dataset.started || document.documentElement.matches('.plain')")


PLAY = f"""(async () => {{
  const give = {GIVE};
  for (let scenes = document.querySelectorAll(".scene").length; ; scenes--) {{
    while ({ASKED}) if (give({ASKED}) !== "right") return {ASKED}.dataset.ask;
    if (scenes === 1) return document.querySelector(`{SCENE} .summary`) ? "the end" : "no end";
    document.querySelector("#go").click();
    await new Promise((done) => setTimeout(done));
  }}
}})()"""
"""Answer all questions of a lesson, one after the other; the last one that is not right."""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_lesson_can_be_played_to_its_end(browser: Firefox, folder: Path, language: str) -> None:
    browser.open(folder / "index.html")
    browser.run("localStorage.clear()")
    for name in PAGES:
        browser.open((folder / "en" if language == "en" else folder) / f"{name}.html")
        assert browser.run("document.documentElement.lang") == language
        assert browser.run(PLAY) == "the end", name
        browser.run("localStorage.clear()")
