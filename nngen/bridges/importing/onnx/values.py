"""What a value of an ONNX graph is: a constant, a vector for each example, or a part of a classifier's answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.expressions import Expression, number
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.model import shortest


@dataclass(frozen=True)
class Constant:
    """A constant, with the numbers of its type."""

    array: NDArray[Any]

    @property
    def expression(self) -> Expression:
        """Its only number. Without dimensions, one of float32 is that of its shortest decimal."""
        value = float(self.array.item())
        return number(shortest(value) if self.array.dtype == np.float32 and not self.array.shape else value)

    def doubles(self) -> Array:
        """Its numbers in float64."""
        return np.asarray(self.array, np.float64)


@dataclass(frozen=True)
class Dimensions:
    """The shape of a value; None is the size of the batch."""

    sizes: tuple[int | None, ...]
    scalar: bool = False
    """Whether it is a single size without dimensions."""


@dataclass(frozen=True)
class RawColumns:
    """Columns of the data as they come: numbers or texts, which may be missing."""

    places: tuple[int, ...]
    """Their positions among all columns."""
    shape: tuple[int, ...]
    """The shape for one example."""


@dataclass(frozen=True)
class Ids:
    """The row of an embedding for the id of each example."""

    place: int
    """The position of the column among all."""
    shape: tuple[int, ...]
    """The shape for one example: only ones."""
    ids: int | tuple[str, ...]
    """The ids by name, or how many there are; 0 for as many as the embedding has rows."""
    other: int | None = None
    """The row of all other ids; None if these have none."""


@dataclass(frozen=True)
class Label:
    """The class of each example, or its position: that of the largest score."""

    scores: str
    """The value that has the scores."""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """Scores by the names of their classes."""

    scores: str
    """The value that has the scores."""
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Whether a value is missing."""

    place: int | None
    """The position of the column; None for a score, which is then not a number."""


@dataclass(frozen=True)
class Unknown:
    """What an operator gives that has been refused."""


Value = Constant | Vector | Dimensions | RawColumns | Ids | Label | Named | Gap | Unknown
