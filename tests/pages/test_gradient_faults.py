"""A page of Python or NumPy finds that its own gradient is wrong; ``tests/oracle`` has JavaScript and C."""

import pytest

from tests.support.gradient_faults import Fault, faults, missed, page
from tests.support.modules import named

PAGES = [("xor_mlp", "python"), ("deep_mlp", "numpy"), ("digits_batch_norm", "numpy"), ("digits", "python")]


@pytest.mark.parametrize(("name", "target"), PAGES)
def test_each_wrong_equation_is_found(name: str, target: str) -> None:
    right = page(named(name), target)
    made = list(faults(right))
    assert len(made) >= len(right.equations) > 5
    assert [fault.now for fault in missed(right, made)] == []


@pytest.mark.parametrize("name", ["and_slp", "skip_mlp", "xor_mlp"])
def test_a_target_that_is_left_out_is_found(name: str) -> None:
    """With targets of 0 it would be no mistake."""
    right = page(named(name), "python")
    wrong = right.text.replace("dz_y = a_y - y_y", "dz_y = a_y")
    assert wrong != right.text
    assert missed(right, [Fault(right, wrong, "", "")]) == []
