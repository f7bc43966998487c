"""An ONNX file as data: operators, constants, inputs and outputs, and what a value of its graph is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.expressions import Expression, number
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.nodes import Vector
from nngen.common.diagnostics import show
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Operator:
    """A node of the graph."""

    number: int
    """Its position, from 1."""
    kind: str
    domain: str
    version: int
    """The version of the operators' definitions of its domain."""
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    """Numbers, texts, lists of these, and arrays; None for graphs and other things that dense networks do not have."""
    origin: str = ""
    """The operator of another format that it is a part of, as in a message."""

    @property
    def place(self) -> str:
        """It in a message: its position, its name and its kind."""
        kind = f"{self.domain}.{self.kind}" if self.domain else self.kind
        return self.origin or f"node {self.number} ({f'{show(self.name)}, ' if self.name else ''}{kind})"


@dataclass(frozen=True)
class InputTensor:
    """An input of the graph: its type and its shape, None for a dimension of any size."""

    name: str
    type: str
    """``float32``, ``float64``, ``int64``, ``string`` or another name of ONNX."""
    shape: tuple[int | None, ...] | None


@dataclass(frozen=True)
class Model:
    """A checked file."""

    operators: tuple[Operator, ...]
    constants: Mapping[str, NDArray[Any]]
    inputs: tuple[InputTensor, ...]
    outputs: tuple[str, ...]
    producer: str
    columns: tuple[str, ...] = ()
    """The names of the numbers of its input, as nngen writes them; () if there are none."""
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the units of layers, as nngen writes them."""
    half: bool = False
    """Whether it has numbers of 16 bits."""

    def needed(self, names: Iterable[str]) -> list[Operator]:
        """The operators that these values depend on, in the order of the file."""
        return needed(self.operators, names)


def needed(operators: Sequence[Any], names: Iterable[str]) -> list[Any]:
    """The operators that these values depend on, in their order."""
    wanted, found = set(names), []
    for operator in reversed(operators):
        if wanted.intersection(operator.outputs):
            found.append(operator)
            wanted.update(filter(None, operator.inputs))
    return found[::-1]


def shortest(value: float) -> float:
    """The double of the shortest decimal that gives this float32: 0.3 for 0.30000001192092896."""
    return float(str(np.float32(value)))


def width_of(model: Model, name: str) -> int | None:
    """The width of an input that the file leaves open, by the constants of an operator that takes it."""
    names = {name}
    for operator in model.operators:
        if not names.intersection(operator.inputs):
            continue
        if operator.kind in ("Cast", "Identity"):
            names.update(operator.outputs)
            continue
        given = operator.attributes
        sizes = [
            *_matrix_widths(
                operator, [model.constants[other] for other in operator.inputs if other in model.constants]
            ),
            *(len(given[key]) for key in ("offset", "scale", "imputed_value_floats") if key in given),
        ]
        if "coefficients" in given:
            classes = given.get("classlabels_strings") or given.get("classlabels_ints") or []
            sizes.append(len(given["coefficients"]) // (len(classes) or given.get("targets", 1) or 1))
        if sizes:
            return max(sizes)
    return None


def _matrix_widths(operator: Operator, constants: Sequence[NDArray[Any]]) -> Iterator[int]:
    """The widths of vectors that fit to the constants of an operator."""
    for array in constants[:1]:
        match operator.kind:
            case "MatMul" | "Gemm" if array.ndim == 2:
                yield array.shape[1 if operator.attributes.get("transB") else 0]
            case "Add" | "Sub" | "Mul" | "Div" if array.size > 1:
                yield array.shape[-1]


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
