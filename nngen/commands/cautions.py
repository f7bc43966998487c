"""Warnings about a trained network, by comparison with a constant and a regression."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from nngen.commands.trained import Trained
from nngen.common.text import counted
from nngen.description.data import Array

LEAST = 10
"""Examples that say something about a network."""

FEW = 20
"""Examples of which a network may well have all right."""

PERFECT = 0.9999
"""R² from which on numbers are as good as known."""

WORSE = 1.05
"""How much larger than that of a regression the error of numbers may be."""

LEAK = "look for a column that is known only after the target, and leave it out"
TUNE = "try `nngen train SPEC --search training.optimizer.rate=0.001,0.005,0.02`, or more units"


def cautions(trained: Trained, part: str, outputs: Mapping[str, Array], y: Array) -> Iterator[str]:
    """The warnings about some examples, held-out or validation, one sentence each.

    ``outputs`` are those of the network, of a regression and of a constant, by their names in this order. They and the
    targets have the shape ``(n, outputs)``.
    """
    if len(y) < LEAST:
        return
    name = [*outputs][1]
    network, regression, constant = outputs.values()
    if trained.examples.labels:
        yield from _of_classes(trained, part, (name, network, regression, constant), y)
        return
    errors, linear = trained.metrics(network, y), trained.metrics(regression, y)
    if len(y) >= FEW and errors.get("R²", 0.0) > PERFECT:
        yield f"the answers for {part} examples are nearly exact (R² {errors['R²']:.6f}): {LEAK}"
    elif errors["RMSE"] > WORSE * linear["RMSE"]:
        yield f"the network is worse than {name}, RMSE {errors['RMSE']:.4g} to {linear['RMSE']:.4g} of {part}: {TUNE}"


def _of_classes(trained: Trained, part: str, answers: tuple[str, Array, Array, Array], y: Array) -> Iterator[str]:
    name, *models = answers
    true = trained.classes(y)
    given = trained.classes(models[0])
    network, linear, constant = (float(np.mean(trained.classes(outputs) == true)) for outputs in models)
    if len({*given.tolist()}) == 1 and len({*true.tolist()}) > 1:
        label = trained.examples.labels[int(given[0])]
        every = counted(len(y), f"{part} example")
        yield f"each of {every} gets the answer {label!r}: the network does not tell the classes apart"
    elif network == 1.0 and constant < 1.0 and len(y) >= FEW:
        yield f"all {len(y)} {part} examples are right, which is rare: {LEAK}"
    if network < linear - math.sqrt(linear * (1.0 - linear) / len(y)) or network < linear == 1.0:
        yield f"the network is worse than {name}, {network:.1%} to {linear:.1%} of {part} right: {TUNE}"
