"""The target of a table: classes, or numbers of one or more columns; and the rows that have one."""

from pathlib import Path

import numpy as np

from nngen.commands.inference import MAX_NUMBERED, in_order, not_in_a_spec
from nngen.commands.number_columns import Written
from nngen.common import files
from nngen.common.choices import Task
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import MISSING, Array, Expected, Frame, frame_of, logarithms
from nngen.description.model import Numbered

MAX_CLASSES = 200
"""Classes of a target."""


@dataclass(frozen=True)
class Target:
    """The target: one of some classes, or a number if there are no classes."""

    column: str
    classes: tuple[str, ...]
    rows: tuple[int, ...]
    """The rows of each class."""
    written: Written | None = None
    """How it writes numbers, where they are not plain or can be read in two ways."""
    array: Numbered | None = None
    """All columns that are predicted, where ``column`` is the first one of several."""
    encoded: int = 0
    """Where the inputs are the target, how many there are; else 0."""

    long_tail: bool = False
    """Whether its numbers are positive, and their logarithms far less skewed than they are, as those of prices."""

    @property
    def name(self) -> str:
        """The target as users call it."""
        return self.array.name if self.array else self.column


def has_long_tail(numbers: Array) -> bool:
    """Whether some numbers are positive, and skewed to the right, their logarithms at most half as much."""
    if not (numbers > 0.0).all():
        return False
    plain, log = (_skewness(values) for values in (numbers, logarithms(numbers)))
    return plain > 1.0 and abs(log) < plain / 2.0


def _skewness(values: Array) -> float:
    """The mean cube of standardized numbers; 0 if they are equal."""
    apart = values - values.mean()
    squares = apart * apart
    return float((squares * apart).mean() / (squares.mean() or 1.0) ** 1.5)


def has_classes(frame: Frame, name: str, task: Task | None, written: Written | None) -> bool:
    """Whether a target has classes, not numbers, by its values or as requested; ``written`` as in ``target_of``."""
    if task is not None:
        return task == "classes"
    if not frame.is_numeric(name):
        return written is None
    different = frame.counts(name)
    return len(different) <= MAX_NUMBERED and all(float(text).is_integer() for text in different)  # numbered classes


def target_of(frame: Frame, name: str, task: Task | None, written: Written | None) -> Target:
    """The role of a column as the target: classes or numbers, by its values or as requested.

    ``written`` says how it writes numbers, if they are not plain.

    Raises:
        SpecError: a value is no number where numbers are asked for.
        ValueError: the column cannot be learned; the message says why, and its second argument what to do.
    """
    counts = frame.counts(name)
    if not counts:
        raise ValueError(f"{name}: every value is missing", "name another column as the target")
    if not has_classes(frame, name, task, written):
        frame.numbers(name, written.expected(name) if written else None)
    if len(counts) == 1:
        raise ValueError(f"{name}: every value is {show(next(iter(counts)))}", "name another column as the target")
    if not has_classes(frame, name, task, written):
        return Target(name, (), (), written)
    if len(counts) > MAX_CLASSES:
        message = f"{name}: {len(counts):,} different texts are too many classes, {MAX_CLASSES} are possible"
        raise ValueError(message, "name a column with fewer classes as the target")
    wrong = next((text for text in counts if not_in_a_spec(text)), None)
    if wrong is not None:
        raise ValueError(
            f"{name}: a spec cannot have the class {show(wrong)}: {not_in_a_spec(wrong)}", "rename it in the data"
        )
    single = [text for text, count in counts.items() if count == 1]
    if single:
        more = f", and {counted(len(single) - 1, 'more class', 'more classes')}" if len(single) > 1 else ""
        message = f"{name}: the class {show(single[0])} has a single row{more}, too few to learn and to test"
        raise ValueError(message, "remove such rows, or give them another class")
    classes = in_order(counts)
    return Target(name, classes, tuple(counts[text] for text in classes))


def target_array(frame: Frame, target: str, task: Task | None) -> Numbered | None:
    """The columns of numbers that are predicted together; None if the target is one column.

    Raises:
        SpecError: they are no numbers, have gaps, or classes are asked for.
    """
    found = None if target in frame.names else Numbered.among(target, frame.names)
    if found is None:
        return None
    if task == "classes":
        message = f"expected one column of classes, got {found.names[0]} to {found.names[-1]}"
        raise files.refused(Path(frame.where), message, "name one column as the target")
    for name in found.names:
        if not frame.is_numeric(name) or np.isnan(frame.numbers(name)).any():
            message = f"{show(name)} has no number in some rows, and a target of several columns has one in each"
            raise files.refused(Path(frame.where), message, "fill the gaps, or name one column as the target")
    return found


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
