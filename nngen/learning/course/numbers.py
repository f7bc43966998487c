"""Numbers of lessons that no formula over the values of a network gives."""

import math
from collections.abc import Callable, Mapping
from itertools import takewhile

from nngen.learning.course.given import Given


def flat_epochs(given: Given) -> float:
    """For how many epochs the loss stays nearly what it is at first."""
    start = given.network.loss(given.start, *given.examples)
    return float(max(epoch for epoch, _, _ in takewhile(lambda one: one[1] > 0.99 * start, given.training(100))))


def angle(given: Given) -> float:
    """The angle in degrees between the first rows of two embeddings."""
    one, other = given.start[0][0], given.start[1][0]
    return float(round(math.degrees(math.acos(one @ other / math.sqrt((one @ one) * (other @ other))))))


MORE: Mapping[str, Callable[[Given], float]] = {"flat_epochs": flat_epochs, "angle": angle}
"""These numbers by name; each is computed only where a lesson names it."""
