"""Networks and examples at the ends of what floats hold, for the pages of all languages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nngen.reference import Network
from tests.network import layer, network

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Extreme:
    """A network with its parameters and examples, ``(n, inputs)`` and ``(n, outputs)``."""

    network: Network
    start: list[float]
    x: Array
    y: Array


LOGITS = (0.0, 1e8, 1e17, -1e17)
"""Three equal weighted sums, the biases, under softmax: whatever they are, the loss is that of three equal outputs."""

SOFTMAX_LOSSES = ("cross_entropy", "smoothed_cross_entropy", "kl_divergence")


def equal_logits(loss: str, logit: float) -> Extreme:
    """A network whose three logits are equal, and an example of the first class."""
    made = network([layer("o", 3, "softmax")], loss)
    return Extreme(made, [0.0] * 9 + [logit] * 3, np.ones((1, 3)), np.eye(3)[:1])
