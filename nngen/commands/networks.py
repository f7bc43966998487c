"""The sizes of the networks that ``nngen init`` proposes, by the rows of a table."""

import math
from dataclasses import replace

from nngen.commands.held_out_rows import RANDOM
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Network:
    """The sizes of a network for tables of fewer rows than a number, and how it is trained."""

    below: float
    hidden: int
    dropout: float
    batch_size: int
    validation: float
    epochs: int
    rate: float = 0.005
    scale: str = "standardize"
    activation: str = "relu"

    def steps(self, rows: int) -> int:
        """The number of steps in all epochs for a table with this many rows."""
        return self.epochs * math.ceil((1.0 - RANDOM.test) * (1.0 - self.validation) * rows / self.batch_size)


NETWORKS = (
    Network(500, hidden=16, dropout=0.1, batch_size=16, validation=0.15, epochs=300, activation="silu"),
    Network(1_500, hidden=64, dropout=0.1, batch_size=16, validation=0.15, epochs=100, activation="silu"),
    Network(50_000, hidden=100, dropout=0.0, batch_size=64, validation=0.1, epochs=50),
    Network(math.inf, hidden=100, dropout=0.0, batch_size=256, validation=0.1, epochs=50),
)
"""Small tables have small networks, dropout and an activation without a bend; ``docs/tables.md`` shows what they learn.

With relu and half of the steps, they learned too little of targets that follow their inputs closely.
"""

FEW, MANY = 50, 500
"""Fewer inputs than ``FEW`` make no table wide; ``MANY`` make it wide whatever its rows are."""

WIDE, WIDEST = 64, 256
"""The hidden units of a wide table, and of the network that answers it best."""


def network_of(rows: int, inputs: int, *, best: bool) -> Network:
    """The network for a table, which is wide if it has many inputs, or more than a fifth of its rows.

    A step changes the first sums by its size times the number of inputs. Small steps and a clip of each input keep a
    wide network from learning single rows by heart.
    """
    found = next(each for each in NETWORKS if rows < each.below)
    if inputs < FEW or (inputs < MANY and 5 * inputs <= rows):
        return found
    return replace(found, hidden=WIDEST if best else WIDE, epochs=100, rate=0.001, scale="robust")
