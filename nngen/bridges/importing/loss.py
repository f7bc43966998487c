"""The loss of an imported network: asked for, that of its source, or the usual one for its outputs."""

from collections.abc import Mapping
from typing import Any

from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.layers import Network
from nngen.common.records import dataclass

LOG_SOFTMAX = "log_softmax"
"""The activation whose outputs are logarithms of those of softmax. A spec has softmax in its place."""

USUAL = {
    "softmax": "cross_entropy",
    LOG_SOFTMAX: "cross_entropy",
    "sigmoid": "binary_cross_entropy",
    "step": "perceptron",
    "bipolar_step": "perceptron",
    "undecided_step": "perceptron",
}
"""The usual losses of output activations; for others it is the squared error."""


@dataclass(frozen=True)
class ChosenLoss:
    """A loss as a spec has it, and the reason for it."""

    options: Mapping[str, Any]
    reason: str

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        return str(self.options["name"])


def choose(graph: Graph, made: Network, asked: str) -> ChosenLoss:
    """The loss of a network; ``asked`` is the name that a user asks for, or empty."""
    if asked:
        return ChosenLoss({"name": asked}, "the one asked for")
    if graph.loss is not None:
        return ChosenLoss(graph.loss, "that of the source")
    last = made.layers[-1]
    output = last.activation.activation if last.activation else "linear"
    if graph.classes and output == "linear":  # scores, of which the largest decides, or the sign of the only one
        name = "hinge" if last.units == 1 else "categorical_hinge"
        return ChosenLoss({"name": name}, "the usual one for scores of classes")
    return ChosenLoss({"name": USUAL.get(output, "squared_error")}, f"the usual one for outputs by {output}")
