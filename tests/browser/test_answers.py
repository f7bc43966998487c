"""The page's words about the answers of a network: right, wrong or undecided."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nngen.description.data.examples import read_examples
from nngen.proof.reference import Network
from nngen.reading import parse
from tests.browser.conftest import Open
from tests.support.labels import LABELS
from tests.support.modules import named, spec

pytestmark = pytest.mark.browser


def trained(open_page: Open, name: str) -> Page:
    page = open_page(spec(named(name)), named(name).parent)
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("during epoch")
    return page


def test_answers_in_the_middle_are_undecided(open_page: Open) -> None:
    page = trained(open_page, "xor_slp")
    outputs = page.locator("#table [data-output]").evaluate_all("all => all.map(one => Number(one.dataset.exact))")
    assert outputs == pytest.approx([0.5] * 4, abs=1e-6)
    assert page.locator("#table .verdict").all_inner_texts() == ["?"] * 4
    assert "right on 0 of 4 examples, undecided on 4" in page.inner_text("#status")


def test_of_several_labels_all_are_right(open_page: Open, tmp_path: Path) -> None:
    page = open_page(parse(LABELS, "labels.yaml", tmp_path), tmp_path)
    page.select_option("#pace", "fast")
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("Now all labels right on 2 of 4 examples.")


def test_a_wrong_perceptron_is_said_to_be_wrong(open_page: Open) -> None:
    page = open_page(spec(named("and_perceptron")), named("and_perceptron").parent)
    page.click("#previous")  # the last example, whose target is 1; all weights are 0
    page.click("#forward")
    expect(page.locator("#status")).to_contain_text("Loss 0, though the answer is wrong: z is 0, on the boundary.")
    rule = page.inner_text(".general [data-kind=delta-output]")
    assert "Rosenblatt's rule takes a in L for a constant" in rule


def test_the_curve_of_a_perceptron_counts_its_mistakes(open_page: Open) -> None:
    page = trained(open_page, "and_perceptron")
    assert "mistakes after epoch 10: 0" in page.inner_text("#curve")
    assert page.locator("#curve text").first.text_content() == "3"  # after the first epoch: the most


def test_targets_that_sum_to_1_can_be_changed(open_page: Open) -> None:
    page = open_page(spec(named("iris")), named("iris").parent)
    fields = page.locator("[data-target]")
    exact = "all => all.map(one => Number(one.dataset.exact))"
    for changed, value in ((0, "0"), (0, "0.25"), (1, "1"), (1, "0"), (2, "0.5")):
        fields.nth(changed).fill(value)
        assert page.locator("#alert").is_hidden()
        targets = fields.evaluate_all(exact)
        assert targets[changed] == float(value)
        assert sum(targets) == pytest.approx(1, abs=1e-12)


def test_scaled_inputs_are_told_in_the_units_of_the_data(open_page: Open) -> None:
    page = open_page(spec(named("iris")), named("iris").parent)
    for _ in range(5):
        page.click("#following")
        said = page.locator("[data-original]").all_inner_texts()
        assert len(said) == 4
        assert all(re.fullmatch(r"\d(\.\d)? in the data", one) for one in said), said  # centimetres with one decimal
    assert open_page(spec(named("xor_mlp")), named("xor_mlp").parent).inner_text("[data-original='0']") == ""


def test_one_legend_tells_the_colours(open_page: Open) -> None:
    page = open_page(spec(named("xor_mlp")), named("xor_mlp").parent)
    assert "below 0" in page.inner_text("#picture figcaption")
    assert "blue: the output is above 0.5, orange: below" in page.inner_text("#surface figcaption")


def test_a_missing_target_has_no_error(open_page: Open, tmp_path: Path) -> None:
    text = LABELS.replace("sigmoid", "linear").replace("binary_cross_entropy", "squared_error, missing: ignore")
    given = parse(text.replace("1e-9", "0.1").replace("y: [0, 0]", "y: [null, 0]"), "numbers.yaml", tmp_path)
    page = open_page(given, tmp_path)
    page.click("#train")
    expect(page.locator("#status")).to_contain_text("Now the mean absolute error")
    data, network = read_examples(given, tmp_path), Network(given)
    trained, _ = network.fit(network.init(), data.train_x, data.train_y)
    errors = np.nanmean(np.abs(network.forward(trained, data.train_x) - data.train_y), axis=0)
    said = ", ".join(f"{name} {round(error, 4):g}" for name, error in zip(("either", "both"), errors, strict=True))
    expect(page.locator("#status")).to_contain_text(f"Now the mean absolute error of 4 examples is {said}.")
