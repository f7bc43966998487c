"""Networks at the edge of training, for pages of other languages: when it ends, and what is exactly at a limit."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.proof.reference import Network, bits
from tests.support.network import layer, network

Array = NDArray[np.float64]

UNROLLS = pytest.mark.parametrize("unroll", ["weights", "layers"])
ONE = [layer("o", 1, "linear")]
SQUARED: Mapping[str, object] = {"name": "squared_error"}

HELD_OUT = pytest.mark.parametrize(
    ("batch", "loss", "y"),
    [
        ("mean", {"name": "squared_error"}, [5.0]),
        ("sum", {"name": "squared_error"}, [5.0]),
        ("mean", {"name": "squared_error", "example_weights": True}, [5.0]),
        ("weighted_mean", {"name": "squared_error", "example_weights": True}, [5.0]),
        ("weighted_mean", {"name": "cross_entropy", "class_weights": [1.0, 2.0]}, [1.0, 0.0]),
    ],
)
"""The reduction of a loss over a batch, the loss, and the target of an example."""


def stopped(
    layers: Sequence[object] = ONE, loss: Mapping[str, object] = SQUARED, batch: str = "mean", **stop: object
) -> Network:
    """A network that learns slowly, from all examples in one step, until a rule ends it."""
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.02}, "epochs": 600, "stop": stop}
    return network(layers, loss, batch=batch, training=training)


def held_out(loss: Mapping[str, object], batch: str) -> Network:
    """One that learns until the loss of what is held out, a quarter, has reached a target."""
    layers = [layer("o", 2, "softmax")] if loss["name"] == "cross_entropy" else ONE
    return stopped(layers, loss, batch, name="target", target=0.1, validation=0.25)


def cut() -> tuple[Network, list[float], float]:
    """A network whose random weights are cut at one of them; and these as they are without the cut, and where it is."""
    inputs = {"name": "x", "size": 20}
    plain = network(ONE, "squared_error", initial={"weights": "normal", "seed": 5}, inputs=inputs)
    values = [abs(value) for value in plain.pack(plain.init())[:20]]
    most = sorted(values)[14]
    initial = {"weights": {"name": "truncated_normal", "cut": most}, "seed": 5}
    return network(ONE, "squared_error", initial=initial, inputs=inputs), values, most


def kept_at_the_rate() -> Network:
    """A network whose dropout rate is the number that seed 5 draws for unit 7."""
    dropout = int(bits(5, 7)) / 2**32
    return network([layer("h", 8, "tanh", dropout=dropout), layer("o", 1, "linear")], "squared_error")
