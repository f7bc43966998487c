"""A call of an operator of PyTorch, as ``torch.export`` writes it down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nngen.bridges.importing.entry import Entry
from nngen.bridges.importing.graph import Array, Node
from nngen.bridges.importing.onnx.values import Vector


class UnfitError(Exception):
    """A call of an operator has no equal in a spec."""


@dataclass(frozen=True)
class Ids:
    """Ids, each by the name of its input, and their shape for one example."""

    inputs: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """A call of an operator. Its arguments are vectors, arrays and plain values, by position or by name."""

    name: str
    """The name of its node."""
    place: str
    arguments: Sequence[Any]
    named: Mapping[str, Any]
    shape: tuple[int, ...]
    """The shape of its result for one example."""
    epsilon: float
    """The machine epsilon of its numbers."""
    nodes: dict[str, Node]
    """The nodes that were made before it, by their names."""
    entry: Entry
    """The inputs of the network."""
    trained: bool
    """Whether PyTorch trains any of its parameters."""

    def get(self, position: int, name: str, default: Any = None) -> Any:
        """An argument, or its default."""
        return self.arguments[position] if position < len(self.arguments) else self.named.get(name, default)

    @property
    def input(self) -> Vector:
        """The first argument, or the second one where the first is a constant.

        Raises:
            UnfitError: neither is a vector for each example.
        """
        first = self.get(0, "input")
        first = first if isinstance(first, Vector) else self.get(1, "other")
        if not isinstance(first, Vector) or len(first.shape) > 1:
            raise UnfitError("its input is not a vector for each example: flatten it")
        return first

    def made(self, kind: Callable[..., Node], **fields: Any) -> Node:
        """A node of its input."""
        return kind(name=self.name, place=self.place, source=self.input.node, **fields)

    @property
    def pair(self) -> tuple[Vector, Any]:
        """The two arguments of an operator in which their order does not count, the vector first.

        Raises:
            UnfitError: neither is a vector.
        """
        first, other = self.get(0, "input"), self.get(1, "other")
        return self.input, other if isinstance(first, Vector) else first

    def constants(self, value: Any, default: float | None = None) -> Array:
        """A number for each value of the input, from a number or an array; ``default`` stands for None."""
        value = default if value is None else value
        array = np.asarray(value, np.float64)
        array = array.reshape(array.shape[1:]) if array.ndim == 2 and len(array) == 1 else array
        if array.ndim > 1 or array.size not in (1, self.input.width):
            raise UnfitError("its constants are not numbers for each value")
        return np.broadcast_to(array, (self.input.width,))

    def over_units(self, dimension: Any) -> None:
        """Check that a dimension is that of the units.

        Raises:
            UnfitError: it is another one.
        """
        if dimension not in (1, -1) or not self.input.shape:
            raise UnfitError(f"it is over dimension {dimension}: use dim=-1")


Rule = Callable[[Call], Node | None]
"""Makes the node that a call becomes; None where the call passes its input on.

Raises ``UnfitError`` where it has no equal.
"""


def each(function: Callable[[Any], Any], value: Any) -> Any:
    """Nested arguments with a function of each plain value."""
    if isinstance(value, Mapping):
        return {key: each(function, item) for key, item in value.items()}
    return [each(function, item) for item in value] if isinstance(value, list | tuple) else function(value)


def flat_of(value: Any) -> list[Any]:
    """The plain values of nested arguments."""
    if isinstance(value, Mapping):
        return flat_of([*value.values()])
    return [plain for item in value for plain in flat_of(item)] if isinstance(value, list) else [value]
