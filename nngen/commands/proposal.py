"""The spec that ``nngen init`` proposes for a table, before it is written, and what it says of the table."""

import math
from collections.abc import Iterator
from dataclasses import replace

from nngen.commands.date_columns import Dates
from nngen.commands.held_out_rows import RANDOM
from nngen.commands.inference import LeftOut, Numbers, Used
from nngen.commands.ratings import Ratings
from nngen.commands.target_column import Target
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted, joined
from nngen.description.model import Split


@dataclass(frozen=True)
class Network:
    """The sizes of a network for tables of fewer rows than a number, and how it is trained."""

    below: float
    hidden: int
    dropout: float
    batch_size: int
    validation: float
    """The share of the rows that decides when training ends; 0 where all learn in all epochs."""
    epochs: int
    rate: float = 0.005
    decay: float = 0.01
    scale: str = "standardize"
    activation: str = "relu"

    @property
    def reason(self) -> str:
        """The reason for its activation."""
        return REASONS[self.activation]

    def steps(self, rows: int) -> int:
        """The number of steps in all epochs for a table with this many rows."""
        return self.epochs * math.ceil((1.0 - RANDOM.test) * (1.0 - self.validation) * rows / self.batch_size)


REASONS = {
    "relu": "quick, and its gradient does not fade",
    "silu": "as relu, without a bend: smooth answers suit few rows",
}
"""The reason for each activation, which the spec states in a comment."""

NETWORKS = (
    Network(500, hidden=16, dropout=0.1, batch_size=16, validation=0.0, epochs=100, decay=0.1, activation="silu"),
    Network(1_000, hidden=32, dropout=0.1, batch_size=16, validation=0.0, epochs=100, decay=0.1, activation="silu"),
    Network(1_500, hidden=64, dropout=0.1, batch_size=16, validation=0.15, epochs=100, activation="silu"),
    Network(50_000, hidden=100, dropout=0.0, batch_size=64, validation=0.1, epochs=50),
    Network(math.inf, hidden=100, dropout=0.0, batch_size=256, validation=0.1, epochs=50),
)
"""Small tables have small networks, dropout and an activation without a bend; ``docs/tables.md`` shows what they learn.

With relu and half of the steps, they learned too little of targets that follow their inputs closely. Below 1,000 rows,
all learn: a rule to stop took 15 % of them, and judged by the noise of so few. Instead, a larger decay and fewer epochs
keep the network from learning rows by heart.
"""

FEW, MANY = 50, 500
"""Fewer inputs than ``FEW`` make no table wide; ``MANY`` make it wide whatever its rows are."""

MOST = 100
"""The epochs of a network that has much to learn from each row."""

WIDE, WIDEST = 64, 256
"""The hidden units of a wide table, and of the network that answers it best."""


def network_of(rows: int, inputs: int, *, texts: bool = False, best: bool) -> Network:
    """The network for a table, which is wide if it has many inputs, or more than a fifth of its rows.

    A step changes the first sums by its size times the number of inputs. Small steps and a clip of each input keep a
    wide network from learning single rows by heart. Fewer than ``MANY`` inputs are often alike, as the channels of a
    spectrum: to learn their differences takes larger steps, and all units. Where texts have rows of an embedding,
    few steps change each row: they take more epochs, and the rule to stop ends them where these are too many.
    """
    found = next(each for each in NETWORKS if rows < each.below)
    if texts:
        found = replace(found, epochs=MOST)
    if inputs < FEW or (inputs < MANY and 5 * inputs <= rows):
        return found
    rate, dropout = (0.001, found.dropout) if inputs >= MANY else (0.003, 0.0)
    size = WIDEST if best else WIDE
    return replace(found, hidden=size, epochs=MOST, rate=rate, dropout=dropout, scale="robust")


@dataclass(frozen=True)
class Input:
    """The name of an input, and the column that it is made from."""

    name: str
    column: Used
    tails: bool = False
    """Whether a few of its numbers are far from all others."""


@dataclass(frozen=True)
class Proposal:
    """A spec that fits a table; the template ``init.yaml.jinja`` writes it."""

    name: str
    file: str
    rows: int
    target: Target
    inputs: tuple[Input, ...]
    group: str
    """The name of the whole input, where its columns are ``NAME1`` to ``NAMEn`` and all alike; else empty."""
    left_out: tuple[LeftOut, ...]
    encoding: str
    """The encoding of the file, if it has to be stated; else empty."""
    missing_target: int
    """Rows without a target."""
    rare: tuple[str, ...]
    """Classes of too few rows, which are left out."""
    cautions: tuple[str, ...]
    """What the table may mean otherwise than it is read, a sentence each."""
    said: tuple[str, ...]
    """How the lines above the rows of a text were read, if not as usual."""
    report: str
    """The columns and what they become, as a table."""
    units: tuple[str, ...]
    """The names of the outputs."""
    network: Network
    no_ratings: str = ""
    """Why a table that looks like one of ratings is not factorized; empty for other tables."""
    missing_words: tuple[str, ...] = ()
    """The texts of a target of classes that count as missing, such as ``NA``."""
    split: Split = RANDOM
    """Which rows test what was learned."""

    @property
    def unclear(self) -> tuple[str, ...]:
        """What to know of the columns that can be read in two ways."""
        numbers = [each.column for each in self.inputs if isinstance(each.column, Numbers)]
        found = [(each.column, each.written, "number") for each in numbers]
        found.append((self.target.column, self.target.written, "target_number"))
        dates = [each.column for each in self.inputs if isinstance(each.column, Dates)]
        said = [f"{show(name)}: {how.said(field)}" for name, how, field in found if how and how.unclear]
        return (*said, *(f"{show(each.column)}: {each.unclear}" for each in dates if each.unclear))

    @property
    def low(self) -> float:
        """The smallest number of all inputs."""
        return min(each.column.low for each in self.inputs if isinstance(each.column, Numbers))

    @property
    def high(self) -> float:
        """The largest number of all inputs."""
        return max(each.column.high for each in self.inputs if isinstance(each.column, Numbers))


MAX_RARE = 5
"""Classes of a single row that are named."""


def described(proposal: Proposal | Ratings) -> Iterator[str]:
    """The lines that describe a table, and what its columns become."""
    if isinstance(proposal, Ratings):
        yield from _of_ratings(proposal)
        return
    yield from proposal.report.split("\n")
    if proposal.no_ratings:
        yield f"no factorization, as of a table of ratings: {proposal.no_ratings}; `--ratings USER,ITEM` asks for it"
    if proposal.missing_target:
        words = joined(map(show, proposal.missing_words), "and")
        why = f": the text {words} counts as missing; where it is a class, write another one" if words else ""
        yield f"left out {counted(proposal.missing_target, 'row')} without a target{why}"
    if proposal.rare:
        classes = counted(len(proposal.rare), "class", "classes")
        yield f"left out {classes} of a single row: {', '.join(map(show, proposal.rare[:MAX_RARE]))}"
    yield from (f"caution: {sentence}" for sentence in proposal.cautions)


def _of_ratings(ratings: Ratings) -> Iterator[str]:
    """The lines that describe a table of ratings, or of pairs."""
    users, items = (f"{show(each.column)} ({counted(len(each.ids), 'id')})" for each in (ratings.users, ratings.items))
    what = "pairs that occur" if ratings.negatives else "ratings"
    yield f"a table of {what}: a factorization of {users} and {items}"
    yield from (f"left out {column.column!r}: {column.reason}" for column in ratings.left_out)
    if ratings.missing_target:
        yield f"left out {counted(ratings.missing_target, 'row')} without a rating"
    if ratings.repeated and not ratings.negatives:
        yield f"{counted(ratings.repeated, 'row')} repeat a pair: held-out ratings can be of a pair that is trained on"
