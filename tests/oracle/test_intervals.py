"""Intervals and sets of classes are the same in all languages, and those of the reference."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nngen.description.model import Spec
from nngen.proof.reference import Encoder, Network, bounds
from tests.support.intervals import ROWS, networks
from tests.support.runners import EVERY, Runner, modules, running

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module", params=EVERY)
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """What calls the modules of a language."""
    target = str(request.param)
    with running(target, modules(networks(), target), tmp_path_factory.mktemp(target) / "modules") as made:
        yield made


def judged(spec: Spec) -> tuple[list[float], list[list[float]]]:
    """Parameters, and for each row its interval by the reference."""
    network, encoder = Network(spec), Encoder(spec, {})
    params = network.init(3)
    columns = {name: [row[place] for row in ROWS] for place, name in enumerate(("a", "b"))}
    outputs = network.forward(params, encoder.encode(columns))
    return network.pack(params), bounds(spec, encoder, outputs, classes=bool(spec.data and spec.data.classes)).tolist()


@pytest.mark.parametrize("spec", networks(), ids=lambda spec: spec.name)
def test_the_first_rows_are_those_of_the_reference(runner: Runner, spec: Spec) -> None:
    params, expected = judged(spec)
    found: list[Any] = [runner.numbers(spec.name, "predict_interval", params=params, row=row) for row in ROWS]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert len({*map(tuple, found)}) > 1  # the rows have different intervals
