"""Networks, data and trainings for the JavaScript driver."""

from collections.abc import Iterator
from itertools import cycle, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.proof.reference import Network
from tests.support import penalties, stopping, trainings
from tests.support.cases import examples
from tests.support.modules import SPECS, spec
from tests.support.network import coupled
from tests.support.networks import NETWORKS, weighed
from tests.support.weighting import LATTICE, STOPPED

Array = NDArray[np.float64]


STEPS, COUNT = 10, 12

FITS = [(3, 5, 7), (2, None, None), (1, 5, None), (3, 1, 2**32 - 1)]
"""The number of epochs, the batch size (the last batch may be smaller), and the seed of the order."""

SEEDS = [3, 5, 2**31, 2**32 - 1, 8, 9]

COUNTS = [1.0, 0.5, 2.0, 3.0, 1.0, 0.25, 2.0, 4.0, 1.0, 0.5, 1.0, 2.0]


def _cases() -> Iterator[tuple[str, Network, str]]:
    for path in SPECS:
        yield path.stem, Network(spec(path)), "auto"
    for unroll in ("weights", "layers"):
        for name, network in NETWORKS.items():
            if unroll == "layers" or not coupled(network.spec):
                yield f"{name}, {unroll}", network, unroll
        for case in LATTICE:
            weights: Any = case.values
            yield f"{case.id}, {unroll}", weighed(*weights, training=STOPPED), unroll
        for case in trainings.trainings():
            yield f"{case.id}, {unroll}", Network(trainings.of(case.values[0])), unroll
        for name, biases, batch in product(penalties.PENALTY, (False, True), ("mean", "sum")):
            penalty = {"name": name, "biases": biases, **penalties.PENALTY[name]}
            yield f"{name} {biases} {batch}, {unroll}", Network(penalties.of(penalty, batch, unroll)), unroll
        for name, (what, measured) in product(stopping.STOP, stopping.MEASURED.items()):
            stop = {"name": name, **measured, **stopping.STOP[name]}
            yield f"{name} of {what}, {unroll}", Network(stopping.of(stop)), unroll


CASES = {name: (network, unroll) for name, network, unroll in _cases()}


def _turns() -> Iterator[str]:
    """The specs, and each network at one level: neighbours, such as the mean and the sum of a loss, differ in it."""
    yield from (path.stem for path in SPECS)
    networks = dict.fromkeys(name.rpartition(", ")[0] for name in [*CASES][len(SPECS) :])
    for name, level in zip(networks, cycle(("weights", "layers", "layers", "weights")), strict=False):
        yield f"{name}, {level}" if f"{name}, {level}" in CASES else f"{name}, layers"  # those of batches have no other


TURNS = list(_turns())
"""The cases of tests that take long: half of all."""


def data(network: Network) -> tuple[Array, Array]:
    """Random examples."""
    return examples(network, COUNT)


def fits(network: Network) -> list[tuple[int, int | None, int | None]]:
    """With a stop rule there are enough epochs for it."""
    return FITS if network.spec.training.stop is None else [(60, 4, 7), (20, None, None)]
