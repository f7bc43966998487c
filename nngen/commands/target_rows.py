"""The rows of a table that a network can learn its target from."""

from pathlib import Path

import numpy as np

from nngen.commands.number_columns import Written
from nngen.commands.target_column import has_classes
from nngen.common.choices import Task
from nngen.common.records import dataclass
from nngen.description.data import MISSING, Expected, Frame, frame_of

MIN_CLASS = 2
"""Rows of a class that a split needs: one to learn from, and one to test."""


@dataclass(frozen=True)
class TargetRows:
    """The rows with a target that can be learned, and how many others there are."""

    frame: Frame
    missing: int
    """Rows without a target."""
    rare: tuple[str, ...]
    """Classes of fewer than ``MIN_CLASS`` rows, which are left out."""


def target_rows(frame: Frame, target: str, task: Task | None, written: Written | None) -> TargetRows:
    """Leave out rows without a target, and those of classes that a split cannot divide."""
    texts = frame.coded(target)
    counts = frame.counts(target)
    classes = has_classes(frame, target, task, written)
    missing = np.array([text is None for text in texts.known], bool)[texts.places]
    if written is not None and not classes:
        missing |= np.isnan(frame.numbers(target, written.expected(target)))
        counts = {text: count for text, count in counts.items() if not written.expected(target).missing(text)}
    rare = {text for text, count in counts.items() if classes and count < MIN_CLASS}
    if len(counts) - len(rare) < MIN_CLASS:  # the whole column is no target, and a message says why
        rare = set()
    kept = ~missing & ~np.array([text in rare for text in texts.known], bool)[texts.places]
    if kept.all() or not kept.any():
        return TargetRows(frame, 0, ())
    return TargetRows(frame.select(np.flatnonzero(kept)), int(missing.sum()), tuple(sorted(rare)))


def missing_words(read: bytes, path: Path, target: str, encoding: str) -> tuple[str, ...]:
    """The texts of a target in a file of text that count as missing values, such as ``NA``."""
    expected = Expected(target, "text", gaps=True, markers=("",))
    there = frame_of(read, str(path), [expected], encoding=encoding).counts(target)
    return tuple(word for word in MISSING if word in there)
