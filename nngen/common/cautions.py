"""What a user should know of a result: the class of these warnings, and the words of some."""

from collections import Counter
from collections.abc import Iterator, Mapping

from nngen.common.text import counted


class Caution(UserWarning):
    """What looks wrong about a result, in the words of the command, which prints it on standard error."""


def unknown_values(columns: Counter[str]) -> Iterator[str]:
    """In how many rows each column has an unknown value."""
    for column, rows in columns.items():
        if rows:
            yield f"unknown values in {column!r}: {counted(rows, 'row')}"


def rows_left_out(reasons: Mapping[str, int]) -> Iterator[str]:
    """How many rows were left out, by the reason."""
    for reason, rows in reasons.items():
        if rows:
            yield f"left out {counted(rows, 'row')} {reason}"
