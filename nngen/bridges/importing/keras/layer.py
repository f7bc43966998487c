"""A layer of Keras, and the call of it that becomes nodes of a graph."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.entry import Entry
from nngen.bridges.importing.graph import Array, Node
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.model import MAX_UNITS


@dataclass(frozen=True)
class Tensor:
    """The output of a layer: the name of its node, and its shape for one example."""

    node: str
    shape: tuple[int, ...]

    @property
    def width(self) -> int:
        """The number of values."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Layer:
    """A layer as the description of a model has it."""

    kind: str
    name: str
    config: Mapping[str, Any]
    path: tuple[tuple[str, str], ...]
    """The models around it and itself, each by its name among the weights and in the description."""
    label: str
    """Its name, after those of the models around it."""
    number: int
    """Its place among all layers, from 1."""
    shared: bool = False
    """Whether this is another call of the layer, whose weights are a copy."""

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"layer {self.number}, {self.kind} {self.label!r}"


class Weights(Protocol):
    """Reads the weights of layers."""

    def __call__(self, layer: Layer, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Array]:
        """Finite numbers of these shapes by their names, in the order in which Keras makes them.

        Raises:
            UnfitError: there are others, or of other shapes.
        """

    def vocabulary(self, layer: Layer) -> Any:
        """The ids that a lookup has found in data, in their order; None if they are not kept.

        Raises:
            UnfitError: they cannot be read.
        """


Made = tuple[tuple[Node, ...], tuple[int, ...]]
"""The nodes that a layer becomes, and the shape of its output; without nodes it passes its input on."""


@dataclass(frozen=True)
class Call:
    """The call of a layer with its inputs. ``version`` is that of Keras, 2 or 3; ``nodes`` are those before it."""

    layer: Layer
    inputs: tuple[Tensor, ...]
    weights: Weights
    version: int
    entry: Entry
    nodes: Sequence[Node]

    @property
    def input(self) -> Tensor:
        """The only input, or the first of several."""
        return self.inputs[0]

    def get(self, option: str, default: Any = None) -> Any:
        """An option of the layer."""
        return self.layer.config.get(option, default)

    def number(self, option: str, default: float) -> float:
        """An option that is a finite number."""
        value = self.get(option, default)
        if type(value) not in (int, float) or not math.isfinite(value):
            raise UnfitError(f"expected a number as {option!r}")
        return float(value)

    def read(self, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Array]:
        """The weights of the layer; errors as in ``Weights``."""
        return self.weights(self.layer, shapes)

    def made(self, kind: Callable[..., Node], **fields: Any) -> Made:
        """A node of the layer, made of its input and of the same shape."""
        return (kind(name=self.label, source=self.input.node, **fields),), self.input.shape

    @property
    def label(self) -> str:
        """The name of the layer, which its last node has."""
        return self.layer.label

    @property
    def trains(self) -> bool:
        """Whether Keras trains the layer."""
        return self.get("trainable") is not False

    def vector(self, advice: str = "put a Flatten layer before it") -> int:
        """The width of the input."""
        if len(self.input.shape) != 1:
            raise UnfitError(f"its input has the shape {self.input.shape}", advice)
        return self.input.width

    def last_axis(self) -> None:
        """Check that the layer works along the last axis of vectors."""
        self.vector()
        if self.get("axis", -1) not in (-1, 1, [-1], [1]):
            raise UnfitError(f"its axis is {self.get('axis')!r:.40}", "use axis=-1")


def shape_of(given: Any, where: str) -> tuple[int, ...]:
    """The shape of one example, from that of a batch such as ``[null, 4]``; ``[null]`` is that of a single number.

    Raises:
        SpecError: a size is unknown, or there are too many inputs.
    """
    sizes = given[1:] if isinstance(given, list) else [0]
    if not all(type(size) is int and 0 < size <= MAX_UNITS for size in sizes):
        advice = "build the model with `keras.Input` of a known shape"
        raise refused(where, "expected the shape of the input, such as [null, 4]", advice)
    if math.prod(sizes) > MAX_UNITS:
        raise refused(where, f"the input has more than {MAX_UNITS:,} numbers")
    return tuple(sizes)
