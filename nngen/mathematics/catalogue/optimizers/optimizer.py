"""An optimizer as data, and the options that several optimizers have."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option


@dataclass(frozen=True)
class Memory:
    """A value that is kept from step to step for each parameter; ``start`` is a number or the name of an option."""

    symbol: str
    start: str = "0.0"


@dataclass(frozen=True)
class Optimizer:
    """An optimizer as its textbook lines; ``loss`` is the only loss that it works with."""

    name: str
    textbook: str
    lines: tuple[str, ...]
    memory: tuple[Memory, ...] = ()
    keeps: bool = True
    """Whether a parameter stays unchanged if its gradient is always 0."""
    loss: str | None = None
    options: tuple[Option, ...] = ()
    source: str = ""


RATE = Option("rate", "The learning rate.", above=0.0)
DECAY = Option("decay", "The weight decay: each step subtracts rate * decay * w.", default=0.0, least=0.0)
BETA1 = Option("beta1", "The decay rate of the running mean of the gradient.", default=0.9, least=0.0, below=1.0)
BETA2 = Option(
    "beta2",
    "The decay rate of the running mean of the squared gradient.",
    default=0.999,
    least=0.0,
    below=1.0,
)
MOMENTUM = Option(
    "momentum", "The share of the last step that is added to this one.", default=0.9, least=0.0, below=1.0
)


def epsilon(default: float) -> Option:
    """The option ``epsilon``."""
    return Option("epsilon", "A small number that avoids division by 0.", default=default, above=0.0)
