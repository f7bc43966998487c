"""Which rows of a table test what was learned."""

from collections.abc import Iterator, Sequence

from nngen.commands.date_columns import Dates
from nngen.commands.target_column import Target
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.description.data import Frame, is_in_order
from nngen.description.model import Split

RANDOM = Split(test=0.2, seed=1)
"""A fifth of the rows, whatever they are."""

FEW = 25
"""Rows of the rarest class: of fewer, a fifth that nobody looks at can have none."""


def split_of(groups: str | None, time: str | None) -> Split:
    """The split that a user asks for.

    Raises:
        SpecError: both are given.
    """
    if groups and time:
        raise files.refused("--split-time", "expected either `--split-by` or `--split-time`")
    return RANDOM.model_copy(update={"groups": groups, "time": time})


def for_classes(frame: Frame, target: Target) -> Split:
    """A fifth of the rows, or of each class where one is rare."""
    counts = frame.counts(target.column) if target.classes else {}
    rare = any(count < FEW for count in counts.values())
    return RANDOM.model_copy(update={"stratify": True}) if rare else RANDOM


def in_time(frame: Frame, dates: Sequence[Dates]) -> Iterator[str]:
    """A caution about rows in the order of a date, of which a random fifth tells less than the last one."""
    for column in dates:
        if is_in_order(frame, column.column):
            hold = f"`--split-time {column.column}` holds out the last fifth"
            yield f"the rows are in the order of {show(column.column)}: {hold}, since rows to predict will come later"
            return
