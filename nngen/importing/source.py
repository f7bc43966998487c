"""A network as a reader gives it: its graph, and its outputs as its own tool computes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nngen.importing.compare import Judgement, Sample
from nngen.importing.graph import Graph


@dataclass(frozen=True)
class Source:
    """A network that has been read."""

    graph: Graph
    judge: Callable[[Sample], Sequence[Judgement]]
    """Computes the outputs of the source for the inputs of a comparison, in one or more ways."""
