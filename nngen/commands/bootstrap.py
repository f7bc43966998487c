"""How far metrics may be from those of all rows: percentiles of the bootstrap (Efron, Annals of Statistics 7, 1979).

Those of the accuracy are Wilson's (JASA 22, 1927): where all examples are right, all samples of them are, too.
"""

import math
import warnings
from collections.abc import Mapping

import numpy as np

from nngen.commands.trained import Trained
from nngen.description.data import Array

SAMPLES = 200
"""Samples of the examples: the bounds vary by a tenth of their distance from one seed to another."""

NORMAL = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""


def bounds(trained: Trained, outputs: Array, y: Array) -> Mapping[str, tuple[float, float]]:
    """The bounds of each metric within which it is for 95 of 100 samples of as many examples, with replacement."""
    random, found = np.random.default_rng(0), dict[str, list[float]]()
    known = np.flatnonzero(~np.isnan(y).all(axis=1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an output may have no target in a sample
        for _ in range(SAMPLES if len(known) else 0):
            places = random.choice(known, len(known))
            for name, value in trained.metrics(outputs[places], y[places]).items():
                found.setdefault(name, []).append(value)
    ends = {name: np.percentile(values, [2.5, 97.5]).tolist() for name, values in found.items()}
    accuracy = {"accuracy": wilson(trained.metrics(outputs, y)["accuracy"], len(y))} if "accuracy" in ends else {}
    return {name: (low, high) for name, (low, high) in ends.items()} | accuracy


def wilson(share: float, count: int) -> tuple[float, float]:
    """The bounds of the share of all examples, of which a sample of so many has this share."""
    spread = NORMAL * math.sqrt(share * (1.0 - share) / count + (NORMAL / count) ** 2 / 4.0)
    middle, by = share + NORMAL**2 / (2.0 * count), 1.0 + NORMAL**2 / count
    return (middle - spread) / by, (middle + spread) / by
