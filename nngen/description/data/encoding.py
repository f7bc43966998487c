"""How a row of the data becomes the inputs of a network, and how its outputs become an answer."""

from functools import cached_property
from typing import ClassVar

from nngen.common.records import dataclass
from nngen.description.data.cells import MISSING
from nngen.description.data.encoded_columns import AnyColumn, CategoryColumn, DateColumn, IndexColumn, NumberColumn
from nngen.description.data.scaling import MAX_EXPONENT, Scaling, unscaled
from nngen.description.model import Row
from nngen.mathematics.formulas import Formula


@dataclass(frozen=True)
class Encoding:
    """The encoding of rows to inputs, and of outputs to answers."""

    says_notes: ClassVar[tuple[str, str]] = (
        "What is unusual about the cell of each column.",
        "A number may be `far` from those of the training rows, a value `missing`, and a category or an id `unknown`.",
    )
    """What the comment of a module says of ``notes``, in two paragraphs."""

    columns: tuple[AnyColumn, ...]
    predicts: bool
    """Whether a module takes raw rows: the data are a table, or the spec describes columns, classes or targets."""
    plain: bool
    """Whether each column is an input without missing values, categories or its own scaling."""
    classes: tuple[str, ...]
    """The display names of the classes, in the order of the outputs; empty if targets are numbers."""
    threshold: float
    """For one output and two classes: an output above it means the second class."""
    probabilities: bool
    """Whether the outputs are probabilities of the classes."""
    targets: Scaling | None
    """The scaling of numeric targets, or None."""
    scaling: Scaling | None
    """The scaling of the inputs if ``plain``, or None."""
    ends: tuple[tuple[float, float], ...] = ()
    """The least and the greatest numeric answer of each output; empty if any number is one."""
    of_inputs: bool = False
    """Whether the inputs are the targets, so that a row has an anomaly score."""
    percentile: float = 99.0
    """The share of the training rows, in percent, whose scores are not above the limit."""
    limit: float | None = None
    """The score above which a row is an anomaly; None before parameters are known."""
    level: float | None = None
    """The share of new rows whose interval holds the true answer; None without intervals."""
    scores: Row = ()
    """Half the width of the interval of each output, or the ratio of its ends to an answer ``in_logs``; of classes the
    largest ``1 - p`` of one in the set. Empty until they are measured on a trained network."""
    typical: tuple[float | str | None, ...] = ()
    """A typical row of the training examples, where contributions are asked for."""

    @property
    def in_logs(self) -> bool:
        """Whether the network learns logarithms of the targets."""
        return self.targets is not None and self.targets.log

    @cached_property
    def numeric(self) -> tuple[NumberColumn, ...]:
        """The columns of numbers."""
        return tuple(column for column in self.columns if isinstance(column, NumberColumn))

    @cached_property
    def categorical(self) -> tuple[CategoryColumn, ...]:
        """The columns of categories."""
        return tuple(column for column in self.columns if isinstance(column, CategoryColumn))

    @cached_property
    def dates(self) -> tuple[DateColumn, ...]:
        """The columns of dates."""
        return tuple(column for column in self.columns if isinstance(column, DateColumn))

    @cached_property
    def indices(self) -> tuple[IndexColumn, ...]:
        """The columns of ids."""
        return tuple(column for column in self.columns if isinstance(column, IndexColumn))

    @property
    def in_units(self) -> str:
        """What the numbers of answers are, as a part of a sentence."""
        if self.of_inputs:
            return "encoded as the inputs are"
        return f"in the units of the data{', within the answer_range of the spec' if self.ends else ''}"

    @property
    def holds(self) -> str:
        """What an interval or a set of classes is, as a part of a sentence; empty without intervals."""
        if self.level is None:
            return ""
        share = f"{100.0 * self.level:g}% of new rows"
        if self.classes:
            return f"classes that a row may have, as truth values; {share} have one of them"
        each = "each answer in turn" if len(self.scores) > 1 else "the answer"
        return f"lower and the upper bound of {each}; {share} are within"

    @property
    def alike(self) -> bool:
        """Whether all columns are numbers with the same limits, beyond which one is far."""
        return self.plain and len({column.usual for column in self.numeric}) == 1

    @property
    def says_anomaly(self) -> str:
        """What the comment of a module says of the function that finds anomalies, without a point."""
        most = f"{self.percentile:g} % of the training rows have at most the score {self.limit}"
        return f"Whether a row of the data is an anomaly: {most}"

    @property
    def listed(self) -> tuple[CategoryColumn | IndexColumn, ...]:
        """The columns whose texts are listed: categories and ids."""
        listed = (column for column in self.indices if column.ids)
        return (*self.categorical, *listed)

    @property
    def has_texts(self) -> bool:
        """Whether texts of the data stand for a category, an id, a date, or a number in a style."""
        return bool(self.listed or self.dates or any(column.style for column in self.numeric))

    @property
    def numbered(self) -> tuple[IndexColumn, ...]:
        """The columns of ids that are whole numbers from 0."""
        return tuple(column for column in self.indices if not column.ids)

    @property
    def missing(self) -> tuple[str, ...]:
        """The texts that stand for a missing value."""
        return MISSING

    @property
    def answers(self) -> tuple[Formula, ...]:
        """Numeric answers in the units of the data, each a formula of its output ``a``."""
        if not self.ends:
            return self.unscaled
        found = self.unscaled or (Formula("a"),) * len(self.ends)
        kept = zip(found, self.ends, strict=True)
        return tuple(Formula(f"minimum(maximum({one.text}, {low!r}), {high!r})") for one, (low, high) in kept)

    @property
    def bounds(self) -> tuple[Formula, ...]:
        """The lower and the upper bound of each numeric answer, formulas of its output ``a``; empty without any."""
        if self.classes:
            return ()
        pairs = zip(self.answers or (Formula("a"),) * len(self.scores), self.scores, strict=False)
        signs = "/*" if self.in_logs else "-+"
        return tuple(Formula(f"{one.text} {sign} {score!r}") for one, score in pairs for sign in signs)

    @property
    def unscaled(self) -> tuple[Formula, ...]:
        """The same without a range; empty if targets are not scaled."""
        if not self.in_logs:
            return self.learned
        return tuple(Formula(f"exp(minimum({one.text}, {MAX_EXPONENT!r}))") for one in self.learned)

    @property
    def learned(self) -> tuple[Formula, ...]:
        """The targets, or their logarithms, as formulas of the output ``a``; empty if they are not scaled."""
        if self.targets is None:
            return ()
        return tuple(unscaled(*pair) for pair in zip(self.targets.subtract, self.targets.divide, strict=True))
