"""Numbers at the ends of what floats hold, by the pages in JavaScript and C."""

import math
from itertools import product
from pathlib import Path

import pytest

from tests.extremes import LOGITS, SOFTMAX_LOSSES, equal_logits
from tests.oracle.c import Told, told
from tests.oracle.node import Job, javascript, run
from tests.oracle.training import UNROLLS

pytestmark = pytest.mark.oracle

EQUAL = [equal_logits(loss, logit) for loss, logit in product(SOFTMAX_LOSSES, LOGITS)]


@UNROLLS
def test_the_loss_of_equal_logits_in_javascript(unroll: str, tmp_path: Path) -> None:
    body = "return m.loss(m.unpack(given[0]), given[1], given[2]);"
    jobs = [
        Job(javascript(case.network.spec, unroll), body, [case.start, case.x[0].tolist(), case.y[0].tolist()])
        for case in EQUAL
    ]
    found = [one["gives"] for one in run(jobs, tmp_path)]
    assert found == pytest.approx([math.log(3.0)] * len(EQUAL), rel=1e-15)


@UNROLLS
def test_the_loss_of_equal_logits_in_c(unroll: str, tmp_path: Path) -> None:
    stories = [
        Told(f"net{number}", case.network, case.x, case.y, case.start, [(1, 1, None)], [3], [], unroll, steps=1)
        for number, case in enumerate(EQUAL)
    ]
    told(stories, tmp_path, "gcc", "-O0")
