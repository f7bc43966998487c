"""Layers under construction: weighted sums, or another kind of layer, and what joins them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nngen.bridges.importing.graph import Activate, Array, BatchNorm, LayerNorm, RmsNorm
from nngen.bridges.importing.views import Part, View

BEFORE = "the shift and scale before it are in its weights and biases"
AFTER = "the shift and scale after its weighted sums are in its weights and biases"
OF_GAIN = "the shift and scale after its normalization are in its gain and shift"


@dataclass
class DenseLayer:
    """A dense layer: weighted sums, then normalization and activation in either order, then dropout."""

    name: str
    """The name in the source."""
    terms: list[tuple[Part, Array]]
    """The sources, each with a matrix for its numbers."""
    bias: Array | None
    frozen: bool = False
    """Whether its weights are constants that the source does not have."""
    trainable: bool = True
    """Whether the source trains it."""
    normalization: BatchNorm | LayerNorm | RmsNorm | None = None
    after: bool = False
    """Whether the normalization comes after the activation."""
    activation: Activate | None = None
    dropout: float = 0.0
    notes: list[str] = field(default_factory=list)
    """Comments on the layer."""

    @property
    def units(self) -> int:
        """The number of units."""
        return len(self.terms[0][1])

    @property
    def linear(self) -> bool:
        """Whether it has trained weighted sums and nothing else."""
        return not (self.normalization or self.activation or self.dropout or self.frozen)

    @property
    def weighted(self) -> bool:
        """Whether the source has its weights."""
        return not self.frozen

    @property
    def vectors(self) -> set[str]:
        """The names of the vectors that it takes."""
        return {part.vector for part, _ in self.terms}

    def note(self, text: str) -> None:
        """Add a comment, once."""
        if text and text not in self.notes:
            self.notes.append(text)

    def fold(self, vectors: Container[str]) -> None:
        """Let the weights shift and scale the numbers of some sources, which then come as they are."""
        for index, (part, matrix) in enumerate(self.terms):
            if part.vector in vectors and not part.plain:
                weights = matrix / part.divide
                if part.subtract.any():
                    self.bias = (np.zeros(self.units) if self.bias is None else self.bias) - weights @ part.subtract
                self.terms[index] = part.unscaled(), weights
                self.note("" if self.frozen else BEFORE)

    def rescale(self, subtract: Array, divide: Array) -> bool:
        """Let the parameters of what comes last shift and scale its numbers, if it has such; whether it has."""
        last = self.normalization if self.after or self.activation is None else None
        if last is not None and not self.dropout and not (isinstance(last, RmsNorm) and subtract.any()):
            self.note(OF_GAIN if (divide != 1.0).any() and (last.gain != 1.0).any() else "")
            if isinstance(last, RmsNorm):
                self.normalization = replace(last, gain=last.gain / divide)
            else:
                self.normalization = replace(last, gain=last.gain / divide, shift=(last.shift - subtract) / divide)
            return True
        return self.rescaled(subtract, divide)

    def rescaled(self, subtract: Array, divide: Array) -> bool:
        """Let the weights and biases shift and scale the weighted sums, if nothing follows them; whether they do."""
        if not self.linear:
            return False
        self.terms = [(source, matrix / divide[:, None]) for source, matrix in self.terms]
        self.bias = ((np.zeros(self.units) if self.bias is None else self.bias) - subtract) / divide
        self.note(AFTER if (divide != 1.0).any() else "")
        return True

    def matrices(self, widths: Mapping[str, int]) -> dict[str, Array]:
        """A matrix for each source by its name, with a column for each of its numbers."""
        found = {part.vector: np.zeros((self.units, widths[part.vector])) for part, _ in self.terms}
        for part, weights in self.terms:
            np.add.at(found[part.vector].T, part.indices, weights.T)
        return found


def identity(name: str, views: Sequence[View]) -> DenseLayer:
    """A layer that passes on the sum of vectors; its weights are not trained."""
    return DenseLayer(name, [term for view in views for term in view.columns(np.eye(len(view)))], None, frozen=True)


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
