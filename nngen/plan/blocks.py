"""The blocks of parameters: a matrix of weights for each source of a layer, a vector for its biases."""

from dataclasses import dataclass
from functools import cached_property

from nngen.formulas import Formula
from nngen.plan.names import full_name


@dataclass(frozen=True)
class Block:
    """A matrix or a vector of parameters; its rows, one after the other, are ``start`` to ``stop`` of the flat list."""

    name: str
    units: tuple[str, ...]
    inputs: tuple[str, ...]
    """The units that its columns come from; none for biases, which are a single row."""
    start: int
    initial: Formula | None
    """The formula of an initial value, where it is not given by value."""
    cut: str
    """The greatest size of a normal number in that formula, where it has one."""
    values: tuple[float, ...]
    seed: int | None
    """The seed of its initial values, where it has one of its own."""
    trainable: bool
    symbol: str = "b"
    """What the names of a vector's numbers begin with."""
    running_statistic: bool = False
    """Whether it follows what is measured in training, and is no part of what the gradient changes."""

    @property
    def frozen_reason(self) -> str:
        """Why a step leaves it as it is, where it does."""
        return "measured, not trained" if self.running_statistic else "frozen"

    @property
    def matrix(self) -> bool:
        """Whether it is a matrix of weights, and not a vector of biases."""
        return bool(self.inputs)

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns; for biases, their number."""
        return (len(self.units), len(self.inputs)) if self.matrix else (len(self.units),)

    @property
    def size(self) -> int:
        """How many parameters it holds."""
        return len(self.units) * max(1, len(self.inputs))

    @property
    def stop(self) -> int:
        """The index behind its last parameter."""
        return self.start + self.size

    @property
    def random(self) -> bool:
        """Whether its initial values are drawn."""
        return self.initial is not None and bool(self.initial.variables)

    @property
    def orthogonal(self) -> bool:
        """Whether its initial values are drawn together, as an orthogonal matrix."""
        return self.initial is not None and "q" in self.initial.variables

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The parameters' names, one by one, a row for each unit; biases are one row."""
        if not self.matrix:
            return (tuple(full_name(self.symbol, unit) for unit in self.units),)
        return tuple(tuple(full_name("w", unit, feeder) for feeder in self.inputs) for unit in self.units)
