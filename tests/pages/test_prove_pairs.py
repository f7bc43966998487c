"""Bounds of pairs of rows: what they say of monotone and equal is what all rows say, in many kinds of networks."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.model import Monotone
from nngen.integers import Codes, Integers, Value, run
from nngen.integers.network import Rescale
from nngen.integers.running import _values
from nngen.proof.proving import Verdict, question
from nngen.proof.proving.bounds import Ends, Reached, _place
from nngen.proof.proving.boxes import _column, _inputs, searched
from nngen.proof.proving.questions import Question, Values
from nngen.reading import load
from tests.support.integer_networks import network
from tests.support.integers import network_of
from tests.support.small_integers import small


def asked(made: Integers, draw: random.Random) -> Question:
    """A property of walks along a column, about so few rows that all can be tried."""
    walked, kind = draw.randrange(len(made.inputs.columns)), draw.choice(["monotone", "equal"])
    if isinstance(made.inputs.columns[walked], Codes):
        kind = "equal"
    columns = []
    for place, column in enumerate(made.inputs.columns):
        if isinstance(column, Codes):
            columns.append(Values(1, 0, tuple(draw.sample(range(-2, len(column.categories)), 2))))
            continue
        low = draw.randint(column.low, column.high)
        high = min(column.high, low + (draw.choice([1, 40, 400]) if place == walked else draw.choice([0, 1, 2])))
        more = () if kind == "monotone" and place == walked else draw.choice([(), (-32768,)])
        columns.append(Values(low, high, more))
    output = 0 if made.classes else draw.randrange(made.output.units)
    return Question(kind, "", tuple(columns), output, walked, rises=draw.random() < 0.5)


def coarse(made: Integers, by: int) -> Integers:
    """The network with an output whose sums move by little."""
    weights = tuple(tuple(tuple(w // by for w in unit) for unit in rows) for rows in made.output.weights)
    threshold = None if made.output.threshold is None else made.output.threshold % 5
    output = replace(made.output, weights=weights, biases=tuple(b % 5 for b in made.output.biases), threshold=threshold)
    return replace(made, output=output)


def networks(folder: Path) -> Iterator[tuple[int, Integers]]:
    """Random networks; each second one in two variants whose outputs move by little."""
    for seed in range(100):
        drawn = network(seed, folder, clipped=seed % 4 == 0)
        if drawn is None:
            continue
        try:
            made = network_of(drawn.spec, drawn.path, drawn.flat, drawn.size)
        except SpecError:  # answers in units that its sums cannot reach
            continue
        yield from ((seed, one) for one in ([made] if seed % 2 else [coarse(made, 9_000), coarse(made, 20_000)]))


def fruit(folder: Path) -> Integers:
    """The small network of two columns and two classes."""
    files = small(folder)
    return network_of(load(files.spec), files.spec, json.loads(files.params.read_text())["parameters"])


def breaks(made: Integers, wanted: Question) -> bool:
    """Whether some rows break it, by the answers of all."""
    assert wanted.walked is not None
    rows = np.array([*product(*(values.all for values in wanted.columns))])
    answers = run(made, rows).answers
    found = answers if made.classes else answers[:, wanted.output]
    counts = [len(values.all) for values in wanted.columns]
    walks = np.moveaxis(found.reshape(counts), wanted.walked, -1).reshape(-1, counts[wanted.walked])
    if wanted.kind == "equal":
        return bool((walks != walks[:, :1]).any())
    steps = np.diff(walks, axis=1)
    return bool(((steps < 0) if wanted.rises else (steps > 0)).any())


def test_bounds_of_pairs_say_what_all_rows_say(tmp_path: Path) -> None:
    found = {Verdict.PROVEN: 0, Verdict.FAILS: 0, Verdict.UNDECIDED: 0}
    split = 0
    for seed, made in networks(tmp_path):
        draw = random.Random(seed)
        for _ in range(6):
            wanted = asked(made, draw)
            if np.prod([len(values.all) for values in wanted.columns]) > 10_000:
                continue
            verdict, rows, count = searched(made, wanted, 60.0)
            found[verdict.verdict] += 1
            split += count > 1 and verdict.verdict is Verdict.PROVEN
            assert (verdict.verdict is Verdict.FAILS) == breaks(made, wanted), (seed, wanted)
            if verdict.verdict is Verdict.FAILS:
                assert wanted.walked is not None
                assert [sum(a != b for a, b in zip(*rows, strict=True)), len(rows)] == [1, 2]
                shown = Values(1, 0, tuple(row[wanted.walked] for row in reversed(rows)))
                pair = tuple(shown if k == wanted.walked else Values(n, n) for k, n in enumerate(rows[0]))
                assert breaks(made, Question(wanted.kind, "", pair, wanted.output, wanted.walked, wanted.rises))
    assert min(found[Verdict.PROVEN], found[Verdict.FAILS], split) > 50, (found, split)


@pytest.mark.parametrize("weight", [1, -1])
@pytest.mark.parametrize("rises", [True, False])
def test_a_sum_that_moves_by_1_changes_the_class(weight: int, rises: bool, tmp_path: Path) -> None:
    """From a tie, where the first class is the answer, or to it."""
    made = fruit(tmp_path)
    sizes = made.inputs.wholes[0]
    first = run(made, [(n, 0) for n in range(sizes.low, sizes.high + 1)]).vectors["hidden"][:, 0]
    place = int(np.flatnonzero(np.abs(np.diff(first)) == 1)[0])
    bias = -weight * int(first[place]) + (weight * (first[place + 1] - first[place]) < 0)
    output = replace(made.output, weights=(((0, 0, 0), (weight, 0, 0)),), biases=(0, int(bias)))
    made, number = replace(made, output=output), sizes.low + place
    wanted = Question("monotone", "", (Values(number, number + 1), Values(0, 0)), 0, 0, rises)
    assert len({*run(made, [(number, 0), (number + 1, 0)]).answers}) == 2
    assert (searched(made, wanted, 60.0)[0].verdict is Verdict.FAILS) == breaks(made, wanted)


def test_values_are_apart_as_their_sums_are() -> None:
    draw, exact = random.Random(1), 0
    for _ in range(2_000):
        before, after, places = draw.choice([0, 0, 1, 2]), draw.randint(0, 4), 16
        multiplier = draw.randint(1, 2 ** (after + 1))
        step = Rescale(-7, -7 + (places << before + after) // multiplier, before, multiplier, after)
        first = draw.randint(step.low - 9, step.high)
        last = min(first + draw.randint(0, 9), step.high + 9)
        least = draw.randint(-9, 9)
        most = least + draw.randint(0, 4)
        size = 1 + max(_place(Value(step, (), 0), np.array([float(step.high)])))
        table = draw.choice([(), tuple(draw.randint(-9, 9) for _ in range(max(size, 2)))])
        one = Value(step, table, 0)
        z, d = np.meshgrid(np.arange(first, last + 1.0), np.arange(least, most + 1.0))
        found = _values(one, (z + d).astype(np.int64)) - _values(one, z.astype(np.int64))
        sums = [Ends(np.array([float(a)]), np.array([float(b)])) for a, b in ((first, last), (least, most))]
        low, high = Reached(one).apart(sums[0], sums[0].plus(sums[1]), sums[1])
        assert low[0] <= found.min(), (one, first, last, least, most)
        assert high[0] >= found.max(), (one, first, last, least, most)
        exact += low[0] == found.min() and high[0] == found.max()
    assert exact > 500, exact


def test_inputs_of_a_box_are_the_least_and_the_greatest_of_its_pairs(tmp_path: Path) -> None:
    made, draw = fruit(tmp_path), random.Random(1)
    asked = question(Monotone(kind="monotone", input="size"), made, ())
    columns = [_column(made, asked, place) for place in range(2)]
    numbers, place = columns[0].activations[:, :, 0], columns[0].places[0]
    expected = [*numbers, numbers[1] - numbers[0]]
    assert len({*expected[2]}) > 1
    ends = np.zeros((2, 50, 2), np.int64)
    ends[:, :, 0] = np.sort([[draw.randrange(20) for _ in range(50)] for _ in range(2)], axis=0)
    for found, values in zip(_inputs(made, columns, *ends), expected, strict=True):
        for low, high, first, last in zip(*found, *ends[:, :, 0], strict=True):
            part = values[first : last + 1]
            assert (low[place], high[place]) == (part.min(), part.max())
