"""The self-test of pages of the target javascript: its text, results and refusals."""

import re
from pathlib import Path

import pytest

from nngen.description.model import Spec
from nngen.proof.selftest import module_numbers
from nngen.targets.modules import texts
from tests.oracle.node import Job, run
from tests.support.modules import named, spec
from tests.support.predictors import NETWORKS, hostile
from tests.support.predictors import page as predictor

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def page() -> str:
    """A page with a self-test."""
    path = named("xor_mlp")
    return texts(spec(path), path.parent, ["javascript"], selftest=module_numbers)["javascript"]


@pytest.mark.parametrize("network", [*NETWORKS.values(), hostile()], ids=[*NETWORKS, "hostile"])
@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_rows_of_the_data_are_encoded_and_answered(network: Spec, unroll: str, tmp_path: Path) -> None:
    text = predictor(network, "javascript", unroll, tested=True)
    pages = [text, text.replace("- 5.35", "- 5.36")]
    right, changed = run([Job(page, "return m.selftest();") for page in pages], tmp_path)
    assert right["gives"] <= 1e-9
    assert ("for the input" in changed.get("throws", "")) == ("- 5.35" in text)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("return [a_y];", "return [NaN];", "expected 0.5686551796 for the output, got NaN"),
        ("return [a_y];", "return [1.0, a_y];", "expected 42 numbers, got 45"),
        ("return [a_y];", "return [];", "expected 42 numbers, got 39"),
        (
            "params[i] - 5.0 * slopes[i]",
            "params[i] - 5.00001 * slopes[i]",
            "expected 0.08071955014 for the parameters after 3 steps, got 0.080719401",
        ),
        ("dz_y = a_y - y_y", "dz_y = y_y - a_y", "expected 0.01371573782 for the gradient, got -0.01371573"),
    ],
)
def test_a_wrong_page_is_refused(before: str, after: str, message: str, page: str, tmp_path: Path) -> None:
    assert before in page
    (found,) = run([Job(page.replace(before, after), "return m.selftest();")], tmp_path)
    assert found["throws"].startswith(f"RangeError: {message}")


def test_it_gives_the_largest_error_relative_to_what_is_expected(page: str, tmp_path: Path) -> None:
    wrong = page.replace("0.5686551796", "0.5786551796")
    (found,) = run([Job(wrong, "return m.selftest(1.0);")], tmp_path)
    error = found["gives"]
    assert error == pytest.approx(0.01 / 1.5786551796, rel=1e-6)
    tolerated, refused = run([Job(wrong, "return m.selftest(given);", one) for one in (error, 0.999 * error)], tmp_path)
    assert tolerated == {"gives": error}  # as much as is tolerated
    assert refused["throws"].startswith("RangeError: expected 0.5786551796 for the output, got 0.5686551")


def test_it_says_what_its_tolerance_means(page: str) -> None:
    comment = re.sub(r"\s+\* ", " ", page.partition("export function selftest")[0].rpartition("/**")[2])
    assert "It is relative to 1 + |number|. Above the tolerance, which allows for exp and tanh of other" in comment
