"""A page of JavaScript finds that its own gradient is wrong; a header of C does by its self-test."""

import pytest

from tests.support.gradient_faults import faults, missed, page
from tests.support.modules import named

pytestmark = pytest.mark.oracle

PAGES = [("xor_mlp", "javascript"), ("digits_batch_norm", "javascript"), ("skip_mlp", "c"), ("digits", "c")]


@pytest.mark.parametrize(("name", "target"), PAGES)
def test_each_wrong_equation_is_found(name: str, target: str) -> None:
    right = page(named(name), target)
    assert [fault.now for fault in missed(right, list(faults(right)))] == []
