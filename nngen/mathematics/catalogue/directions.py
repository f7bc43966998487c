"""The catalogue of directions: how a monotone network keeps the signs of its weights."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Direction:
    """A direction of the output as an input grows, and what its weights ``w`` to the first layer do for it.

    All later weights that the input reaches are those of ``increasing``.
    """

    name: str
    textbook: str
    sign: int
    """That of the weights: 1 or -1."""
    start: str
    """The formula of a weight before training, from a drawn one."""
    line: str
    """The line after those of the optimizer: the nearest weight of the right sign, as in projected gradient descent."""
    says: str
    """What the output does as some inputs grow."""
    options: tuple[Option, ...] = ()
    source: str = "Daniels and Velikova, IEEE Trans. Neural Networks 21 (2010)"


DIRECTIONS = catalogue(
    [
        Direction(
            name="increasing",
            textbook="w = max(w, 0)",
            sign=1,
            start="abs(w)",
            line="w = maximum(w, 0.0)",
            says="never falls",
        ),
        Direction(
            name="decreasing",
            textbook="w = min(w, 0)",
            sign=-1,
            start="-abs(w)",
            line="w = minimum(w, 0.0)",
            says="never rises",
        ),
    ]
)
