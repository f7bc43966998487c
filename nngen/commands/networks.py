"""The sizes of the networks that ``nngen init`` proposes, by the rows of a table."""

import math

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

    def steps(self, rows: int) -> int:
        """The number of steps in all epochs for a table with this many rows."""
        return self.epochs * math.ceil((1.0 - RANDOM.test) * (1.0 - self.validation) * rows / self.batch_size)


NETWORKS = (
    Network(500, hidden=16, dropout=0.1, batch_size=32, validation=0.15, epochs=300),
    Network(1_500, hidden=64, dropout=0.1, batch_size=32, validation=0.15, epochs=50),
    Network(50_000, hidden=100, dropout=0.0, batch_size=64, validation=0.1, epochs=50),
    Network(math.inf, hidden=100, dropout=0.0, batch_size=256, validation=0.1, epochs=50),
)
"""Small tables have small networks, and dropout; ``docs/tables.md`` shows what they learn."""
