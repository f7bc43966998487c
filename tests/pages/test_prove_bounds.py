"""Bounds of boxes: what is proven by them holds for all rows, and what fails has a row, in many kinds of networks."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nngen.description.model import Between, Never, Property, Robust
from nngen.integers import Codes, Integers, run
from nngen.proof.proving import Verdict, question
from nngen.proof.proving.boxes import searched
from nngen.proof.proving.questions import Question, Values
from tests.support.integers import network_of, path_of, trained
from tests.support.modules import spec


def asked(network: Integers, draw: random.Random) -> Iterator[Property]:
    """Some properties about a part of the rows."""
    for _ in range(12):
        ends: dict[str, Any] = {}
        for one in draw.sample(network.inputs.columns, min(3, len(network.inputs.columns))):
            if isinstance(one, Codes):
                ends[one.column] = draw.choice(one.categories)
            else:
                low, high = sorted(draw.uniform(one.low, one.high) * one.resolution + one.offset for _ in range(2))
                ends[one.column] = (low, low + (high - low) * draw.choice([0.05, 0.3, 1.0]))
        if network.classes:
            yield Never(kind="never", answer=draw.choice(network.classes), where=ends)
        else:
            unit = draw.randrange(network.output.units)
            name = spec(path_of(network.name)).layers[-1].unit_names[unit]
            low = draw.uniform(-0.5, 0.7)
            yield Between(kind="range", output=name, low=low, high=low + draw.uniform(0.1, 1.5), where=ends)


def broken(network: Integers, wanted: Question, rows: list[list[int]]) -> np.ndarray:
    """Which rows break a property, by the network itself."""
    answers = run(network, rows).answers
    places = answers if network.classes else answers[:, wanted.output]
    inside = (places >= wanted.low) & (places <= wanted.high)
    return inside if wanted.other else ~inside


def drawn(columns: tuple[Values, ...], draw: random.Random) -> list[int]:
    return [draw.choice(values.all) for values in columns]


@pytest.mark.parametrize("name", ["iris", "penguins", "skip_mlp", "deep_mlp", "and_slp", "xor_mlp"])
def test_bounds_say_what_rows_say(name: str) -> None:
    described, path = spec(path_of(name)), path_of(name)
    network, draw = network_of(described, path, trained(name)), random.Random(name)
    found = {Verdict.PROVEN: 0, Verdict.FAILS: 0, Verdict.UNDECIDED: 0}
    for one in asked(network, draw):
        wanted = question(one, network, described.layers[-1].unit_names)
        verdict, rows, count = searched(network, wanted, 60.0, 3_000)
        found[verdict.verdict] += 1
        if verdict.verdict is Verdict.FAILS:
            assert broken(network, wanted, rows).all(), wanted.says
            assert all(n in values.all for n, values in zip(rows[0], wanted.columns, strict=True))
        if verdict.verdict is Verdict.PROVEN:
            assert not broken(network, wanted, [drawn(wanted.columns, draw) for _ in range(3_000)]).any(), wanted.says
            assert count > 0
    assert found[Verdict.PROVEN], found


def test_a_single_row_is_decided_at_once() -> None:
    network = network_of(spec(path_of("iris")), path_of("iris"), trained("iris"))
    row: dict[str, float | str] = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
    wanted = question(Robust(kind="robust", row=row, within={}), network, ())
    verdict, rows, count = searched(network, wanted, 60.0)
    assert (verdict.verdict, rows, count) == (Verdict.PROVEN, [], 1)
