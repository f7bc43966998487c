"""The self-test of headers: right under each compiler, and a mistake is found."""

import re
from pathlib import Path

import pytest

from nngen.plan.planner import plan
from nngen.proof.selftest import module_numbers, selftest
from nngen.reading.source import load
from nngen.targets.modules import texts
from nngen.targets.render import render
from tests.oracle.c_selftests import selftests, with_selftest
from tests.oracle.c_stories import stories
from tests.oracle.compiling import SANITIZED
from tests.support.modules import ROOT
from tests.support.network import layer, network
from tests.support.predictors import NETWORKS, hostile
from tests.support.predictors import page as predictor

pytestmark = pytest.mark.oracle

COMPILERS = ("gcc", "clang", "g++")


@pytest.mark.parametrize("kind", ["specs", "networks"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_selftests_are_as_the_reference_says(kind: str, compiler: str, tmp_path: Path) -> None:
    """Networks by the compilers in turn; the specs by each."""
    turn = COMPILERS.index(compiler)
    chosen = stories(kind) if kind == "specs" else stories(kind)[turn :: len(COMPILERS)]
    pages = {told.name: with_selftest(told) for told in chosen}
    optimized = "-O1" if kind == "specs" else "-O0"  # of many networks, it takes compilers long
    assert selftests(tmp_path, pages, "double", compiler, optimized) == [0] * len(pages)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_rows_of_the_data_are_encoded_and_answered(compiler: str, tmp_path: Path) -> None:
    pages = {}
    for name, described in {**NETWORKS, "hostile": hostile()}.items():
        pages[f"net_{name}"] = predictor(described.model_copy(update={"name": f"net_{name}"}), "c", tested=True)
    assert selftests(tmp_path, pages, "double", compiler) == [0] * len(pages)
    wrong = {name: text.replace("value - 5.35", "value - 5.36") for name, text in pages.items()}
    found = selftests(tmp_path, wrong, "double", compiler)
    assert [place > 0 for place in found] == ["value - 5.35" in text for text in pages.values()]


def test_selftests_in_32_bits(tmp_path: Path) -> None:
    pages = {told.name: with_selftest(told) for told in stories("specs", "float32")}
    assert selftests(tmp_path, pages, "float", "gcc", "-O1") == [0] * len(pages)


@pytest.mark.parametrize(
    ("name", "before", "after", "first"),
    [
        ("xor_mlp", "exp(0.0 < z ? 0.0 : z) /", "exp(0.1 < z ? 0.1 : z) /", 1),
        ("xor_mlp", "gradient[8] += db_y", "gradient[8] -= db_y", 11),
        ("xor_mlp", "5.0 * g", "5.00001 * g", 34),
        ("xor_mlp", "outputs[0] = a_y;", "outputs[0] = a_y + (double)NAN;", 1),
        ("digits", "add_sums(W_hidden[0], x[0],", "add_sums(W_hidden[1], x[0],", 1),
        ("digits", "0.5 * g", "0.5000001 * g", 28),
    ],
)
def test_a_selftest_finds_a_mistake(name: str, before: str, after: str, first: int, tmp_path: Path) -> None:
    loaded = load(ROOT / "specs" / f"{name}.yaml")
    text = texts(loaded, ROOT / "specs", ["c"], selftest=module_numbers)["c"]
    assert before in text
    assert selftests(tmp_path, {name: text}, "double", "gcc") == [0]
    assert selftests(tmp_path, {name: text.replace(before, after)}, "double", "gcc") == [first]


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adagrad", "adam"])
@pytest.mark.parametrize("units", [3, 60])
def test_a_selftest_works_with_the_memory_that_it_asks_for(optimizer: str, units: int, tmp_path: Path) -> None:
    """Initial parameters, trained ones, a gradient, a state, an example and its outputs; large ones are summed up."""
    training = {"optimizer": {"name": optimizer, "rate": 0.1}}
    layers = [layer("h", units, "tanh"), layer("o", 2, "linear")]
    chosen = network(layers, "squared_error", training=training, targets=["c"]).spec
    made = plan(chosen)
    text = render(made, chosen, "c", selftest(made, chosen, "c"))
    assert f"#define NET_SELFTEST {3 * made.size + made.state_size + 3 + 2 * 2}\n" in text
    assert selftests(tmp_path, {"net": text}, "double", "clang", *SANITIZED) == [0]


def test_a_tolerance_is_relative_to_1_and_the_number(tmp_path: Path) -> None:
    text = texts(load(ROOT / "specs" / "xor_mlp.yaml"), ROOT / "specs", ["c"], selftest=module_numbers)["c"]
    (first,) = re.findall(r"meant\[\] = \{\s*([-\d.e]+),", text)
    number = float(first) + 0.01
    changed = text.replace(first, repr(number), 1)
    allowed = 0.01 / (1.0 + abs(number))
    wrong, *right = (
        selftests(tmp_path, {"xor_mlp": changed}, "double", "gcc", tolerance=repr(allowed * part))
        for part in (0.95, 1.05, 1.5)
    )
    assert (wrong, right) == ([1], [[0], [0]])


def test_a_number_that_is_the_same_is_right_without_any_tolerance(tmp_path: Path) -> None:
    text = texts(load(ROOT / "specs" / "and_perceptron.yaml"), ROOT / "specs", ["c"], selftest=module_numbers)["c"]
    (first_wrong,) = selftests(tmp_path, {"and_perceptron": text}, "double", "gcc", tolerance="0.0")
    assert first_wrong > 1, "the output of the first example is 0 or 1"
