"""Blocks of parameters: a weight matrix for each source of a layer, and a vector for its biases."""

import math
from functools import cached_property

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.mathematics.formulas import Formula
from nngen.plan.names import full_name


@dataclass(frozen=True)
class Block:
    """A matrix or vector of parameters. Its rows follow each other in the flat list, from ``start`` to ``stop``."""

    name: str
    units: tuple[str, ...]
    inputs: tuple[str, ...]
    """The units or inputs of its columns; empty for a vector."""
    start: int
    initial: Formula | None
    """The formula of an initial value; None if the spec lists the values."""
    cut: str
    """The largest absolute value of a truncated normal number in that formula; empty if there is none."""
    values: tuple[float, ...]
    seed: int | None
    """The seed of its initial values; None for the seed of the network."""
    trainable: bool
    symbol: str = "b"
    """The first part of the names of a vector's numbers."""
    running_statistic: bool = False
    """Whether it is a running statistic, such as a mean. Training updates these without a gradient."""
    index: str = ""
    """The name of the input that selects a row of an embedding; empty for other blocks."""
    count: int = 0
    """The number of rows of an embedding, which have no names; 0 for other blocks."""
    zeros: int = 0
    """How many of its last numbers begin at 0: the row of unknown ids, which no example may have taught yet."""

    @property
    def frozen_reason(self) -> str:
        """The reason why a step does not change it, if it is not trainable."""
        return message("measured, not trained") if self.running_statistic else message("frozen")

    @property
    def matrix(self) -> bool:
        """Whether it is a matrix and not a vector."""
        return bool(self.inputs)

    @property
    def row(self) -> str:
        """The name that equations have for the row of an embedding that an id selects."""
        return f"row_{self.index}"

    @property
    def shape(self) -> tuple[int, ...]:
        """The numbers of rows and columns; for a vector its length."""
        return (self.count or len(self.units), len(self.inputs)) if self.matrix else (len(self.units),)

    @property
    def size(self) -> int:
        """The number of its parameters."""
        return math.prod(self.shape)

    @property
    def stop(self) -> int:
        """The index after its last parameter."""
        return self.start + self.size

    @property
    def random(self) -> bool:
        """Whether its initial values are random."""
        return self.initial is not None and bool(self.initial.variables)

    @property
    def empty(self) -> bool:
        """Whether all its initial values are 0."""
        return self.initial is not None and self.initial.text == "0.0"

    @property
    def orthogonal(self) -> bool:
        """Whether its initial values are a random orthogonal matrix."""
        return self.initial is not None and "q" in self.initial.variables

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of its parameters: a row for each unit; one row for a vector, none for an embedding."""
        if not self.matrix:
            return (tuple(full_name(self.symbol, unit) for unit in self.units),)
        return tuple(tuple(full_name("w", unit, feeder) for feeder in self.inputs) for unit in self.units)
