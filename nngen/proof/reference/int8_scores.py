"""The anomaly score of a row in integers, by docs/int8.md."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from nngen.proof.reference.generator import Array
from nngen.proof.reference.int8_steps import eight_digits, near, steps

Score = Callable[[Sequence[int], Sequence[int]], int]
"""The score of the sums of the output and the activations of the inputs."""


def score(unit: float, reach: int, values: Sequence[tuple[float, float]], errors: Array) -> Score:
    """The function that scores rows.

    Args:
        unit: the value of 1 in a sum.
        reach: how far a sum of the output can be from 0.
        values: for each input, the values of 1 and of 0 in its activation.
        errors: those of the training rows in floating point, ``(rows, inputs)``.
    """
    largest, bits = max(s for s, _ in values), 8
    while reach * 2**bits + 127 * (largest * 2**bits / unit + 1) >= 2**30:
        bits -= 1
    factors = [near(s * 2**bits / unit) for s, _ in values]
    most = min(math.isqrt((2**32 - 1) // len(values)), 8191)
    step = 4 * eight_digits(float(np.max(np.abs(errors)))) / most
    ratio = unit / 2**bits / step
    by = steps(ratio, -near(most / ratio), 2 * most + 1)

    def scored(totals: Sequence[int], x: Sequence[int]) -> int:
        triples = zip(totals, x, factors, strict=True)
        return sum((by.place(total * 2**bits - q * m) - most) ** 2 for total, q, m in triples)

    return scored


def limit(scores: Sequence[int], percent: float) -> int:
    """The least score that so many percent of the scores are not above."""
    for one in sorted(scores):
        if sum(other <= one for other in scores) >= percent / 100 * len(scores) * (1 - 1e-12):
            return one
    raise ValueError("there are no scores")
