"""Vectors as numbers of layers, selected, shifted and scaled, without a layer of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.graph import Array

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
