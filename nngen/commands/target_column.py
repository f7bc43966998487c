"""The column that is predicted: classes or numbers."""

from nngen.commands.inference import MAX_NUMBERED, in_order, not_in_a_spec
from nngen.commands.number_columns import Written
from nngen.common.choices import Task
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Frame
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

    @property
    def name(self) -> str:
        """The target as users call it."""
        return self.array.name if self.array else self.column


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
