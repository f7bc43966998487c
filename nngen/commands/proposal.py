"""The spec that ``nngen init`` proposes for a table, before it is written."""

from nngen.commands.date_columns import Dates
from nngen.commands.held_out_rows import RANDOM
from nngen.commands.inference import LeftOut, Numbers, Used
from nngen.commands.networks import Network
from nngen.commands.target_column import Target
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.description.model import Split


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
