"""Layers under construction: weighted sums, or another kind of layer, and what joins them.

They take views: numbers of layers, selected, shifted and scaled, without a layer of their own.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.graph import Activate, Array, BatchNorm, LayerNorm, RmsNorm
from nngen.common.records import dataclass

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Part:
    """``(v[indices] - subtract) / divide``, where ``v`` is the input or the vector of a layer."""

    vector: str
    indices: Indices
    subtract: Array
    divide: Array

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def plain(self) -> bool:
        """Whether the numbers are as they are."""
        return not self.subtract.any() and bool((self.divide == 1.0).all())

    def scaled(self, subtract: Array, divide: Array) -> "Part":
        """``(part - subtract) / divide``."""
        return Part(self.vector, self.indices, self.subtract + subtract * self.divide, self.divide * divide)

    def unscaled(self) -> "Part":
        """The same numbers as they are."""
        return Part(self.vector, self.indices, np.zeros(len(self)), np.ones(len(self)))

    def of(self, places: Sequence[int] | Indices) -> "Part":
        """The numbers at these places of the part."""
        chosen = np.asarray(places, np.intp)
        return Part(self.vector, self.indices[chosen], self.subtract[chosen], self.divide[chosen])


@dataclass(frozen=True)
class View:
    """A vector: parts of other vectors one after another."""

    parts: tuple[Part, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def whole(self) -> str:
        """The name of the vector that this is, except for shifts and scales; empty if it is not a whole one."""
        part = self.parts[0]
        return part.vector if len(self.parts) == 1 and np.array_equal(part.indices, range(len(part))) else ""

    @property
    def plain(self) -> bool:
        """Whether no number is shifted or scaled."""
        return all(part.plain for part in self.parts)

    def scaled(self, subtract: Array, divide: Array) -> "View":
        """``(view - subtract) / divide``."""
        pairs = zip(self._split(subtract), self._split(divide), strict=True)
        return View(tuple(part.scaled(*pair) for part, pair in zip(self.parts, pairs, strict=True)))

    def select(self, indices: Sequence[int]) -> "View":
        """The numbers at these places, in this order; neighbours of one vector stay one part."""
        starts = np.cumsum([0, *map(len, self.parts)])
        owners = np.searchsorted(starts, indices, side="right") - 1
        cuts = [0, *(np.flatnonzero(np.diff(owners)) + 1).tolist(), len(owners)]
        parts = []
        for start, stop in pairwise(cuts):
            owner = owners[start]
            parts.append(self.parts[owner].of(np.asarray(indices[start:stop]) - starts[owner]))
        return View(tuple(parts))

    def columns(self, matrix: Array) -> list[tuple[Part, Array]]:
        """The columns of a matrix that belong to each part."""
        return list(zip(self.parts, self._split(matrix), strict=True))

    def _split(self, numbers: Array) -> list[Array]:
        return np.split(numbers, np.cumsum([len(part) for part in self.parts])[:-1], axis=-1)


def whole(vector: str, width: int) -> View:
    """A whole vector as it is."""
    return View((Part(vector, np.arange(width), np.zeros(width), np.ones(width)),))


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
