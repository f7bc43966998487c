"""A layer of another kind than dense: an embedding, or what joins whole vectors unit by unit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nngen.bridges.importing.dense_layer import AFTER, DenseLayer
from nngen.bridges.importing.graph import Array


@dataclass
class KindLayer(DenseLayer):
    """A layer without weighted sums, and so without terms; what joins a dense layer joins it as well."""

    kind: str = ""
    """As a spec has it."""
    size: int = 1
    """The number of units."""
    sources: tuple[str, ...] = ()
    """The names of the vectors that it takes whole; none for an embedding."""
    column: int = 0
    """For an embedding, the position of the column with the ids."""
    table: Array | None = None
    """For an embedding, a row for each id."""

    @property
    def units(self) -> int:
        """The number of units."""
        return self.size

    @property
    def weighted(self) -> bool:
        """Whether it has weights."""
        return self.table is not None

    @property
    def vectors(self) -> set[str]:
        """The names of the vectors that it takes."""
        return set(self.sources)

    def rescaled(self, subtract: Array, divide: Array) -> bool:
        """Let the rows and biases shift and scale what the layer computes, if they can; whether they do."""
        scaled = (divide != 1.0).any()
        if not self.linear or (scaled and self.table is None):
            return False
        if scaled and self.table is not None:
            self.table = self.table / divide
            self.note(AFTER)
        if subtract.any():
            self.bias = ((np.zeros(self.units) if self.bias is None else self.bias) - subtract) / divide
        elif self.bias is not None:
            self.bias = self.bias / divide
        return True

    def matrices(self, widths: Mapping[str, int]) -> dict[str, Array]:
        """The rows of an embedding; others have no weights."""
        return {} if self.table is None else {"": self.table}
