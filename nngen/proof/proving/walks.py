"""Walks along a column from rows that are drawn: they prove nothing, but often find at once what breaks a property."""

import math
import random

import numpy as np

from nngen.integers import Integers, run
from nngen.proof.proving.questions import Question

WALKS = 256
"""Walks, and the most steps of each: they take some seconds where a network has 13,000 weights."""


def broken(network: Integers, asked: Question) -> list[tuple[int, ...]]:
    """Two rows that break a monotone or an equal property, as exhaustion gives them; none if the walks find none."""
    assert asked.walked is not None  # noqa: S101 (asked only for these)
    draw, along = random.Random(1), asked.columns[asked.walked].all  # noqa: S311 (the same proof in each run)
    along = along[:: math.ceil(len(along) / WALKS)]
    starts = [[draw.choice(values.all) for values in asked.columns] for _ in range(WALKS)]
    rows = np.repeat(np.array(starts, np.int64), len(along), axis=0)
    rows[:, asked.walked] = along * WALKS
    answers = run(network, rows).answers
    found = (answers if network.classes else answers[:, asked.output]).reshape(WALKS, len(along))
    equal = asked.kind == "equal"
    moved = found[:, 1:] - (found[:, :1] if equal else found[:, :-1])
    wrong = moved != 0 if equal else moved < 0 if asked.rises else moved > 0
    if not wrong.any():
        return []
    walk, step = map(int, np.argwhere(wrong)[0])
    first = walk * len(along)
    pair = rows[first + step + 1], rows[first + (0 if equal else step)]
    return [tuple(map(int, row)) for row in pair]
