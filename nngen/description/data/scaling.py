"""Scaling of inputs: the constants come from the training examples only."""

from dataclasses import dataclass

from nngen.description.model import Row


@dataclass(frozen=True)
class Scaling:
    """The scaling ``(x - subtract) / divide``, with a number for each input."""

    subtract: Row
    divide: Row

    @property
    def divisor(self) -> float | None:
        """The number that divides every input, if scaling does nothing else; otherwise None."""
        return None if any(self.subtract) or len(set(self.divide)) > 1 else self.divide[0]

    def __call__(self, x: Row) -> Row:
        """The scaled inputs of an example."""
        return tuple((v - s) / d for v, s, d in zip(x, self.subtract, self.divide, strict=True))
