"""How far metrics may be from those of all rows: percentiles of the bootstrap (Efron, Annals of Statistics 7, 1979)."""

import warnings
from collections.abc import Mapping

import numpy as np

from nngen.commands.trained import Trained
from nngen.description.data import Array

SAMPLES = 200
"""Samples of the examples: the bounds vary by a tenth of their distance from one seed to another."""


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
    return {name: (low, high) for name, (low, high) in ends.items()}
