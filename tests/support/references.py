"""Reference networks and examples."""

import numpy as np

from nngen.proof.reference import Array, Network
from tests.support.modules import targets
from tests.support.network import layer, network


def examples(net: Network, count: int = 5) -> tuple[Array, Array]:
    """Random inputs, and targets that each loss can take."""
    random = np.random.default_rng(4)
    x = random.normal(size=(count, len(net.spec.input_names)))
    return x, targets(net.spec, count, random)


def perceptron(rate: float = 0.5, **more: object) -> Network:
    training = {"optimizer": {"name": "perceptron", "rate": rate}, **more}
    return network([layer("o", 1, "step")], "perceptron", inputs=["x1", "x2"], training=training)
