"""What a module compares itself with, if it was built with ``--selftest``."""

from nngen.common.records import dataclass


@dataclass(frozen=True)
class SelfTest:
    """The numbers that a page compares itself with, as rows.

    Each example has three rows: its outputs, its loss and its gradient, all with the same parameters; and perhaps the
    derivatives of its loss and of its outputs with respect to the inputs. The next row has
    the parameters after a step by each gradient. Then each row of ``raw`` has two: the inputs that it becomes, and the
    answer, for classes its place among them. With ``sums``, four sums with random signs replace each long row.
    """

    seed: int
    rows: tuple[tuple[str, ...], ...]
    sums: bool
    steps: int
    """The number of training steps."""
    raw: tuple[tuple[str, ...], ...] = ()
    """Rows of the data, made up: the values of their columns as constants of Python or JavaScript."""
    members: tuple[tuple[str, ...], ...] = ()
    """The same rows as assignments to their members in C."""
