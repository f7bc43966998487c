"""Weights of examples and classes."""

from itertools import product

import numpy as np
import pytest

from tests.support.network import DESCENT
from tests.support.networks import WEIGHED

BATCHES = ["mean", "sum", "weighted_mean"]

WAYS = [["class"], ["example"], ["class", "example"]]

LATTICE = [
    pytest.param(name, ways, batch, id=f"{name}-{' and '.join(ways)}-{batch}")
    for name, ways, batch in product(WEIGHED, WAYS, BATCHES)
    if WEIGHED[name][3] or ways == ["example"]
]

TRAINING = {**DESCENT, "penalty": {"name": "l2", "strength": 0.1}, "batch_size": 4}

STOPPED = {**TRAINING, "stop": {"name": "patience", "epochs": 2, "validation": 0.3, "seed": 3}}

COUNTS = np.array([1.0, 0.0, 2.0, 3.0, 1.0, 0.5, 2.0, 0.0, 1.0, 4.0])
"""Weights of ten examples; in no batch of four that the tests take are all of them 0."""
