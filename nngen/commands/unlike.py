"""In which columns rows are unlike those of the training: numbers far outside, and missing values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

import numpy as np

from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Array, DateColumn, Encoding, Frame, NumberColumn


@dataclass(frozen=True)
class Unlike:
    """How many rows are unlike, by column."""

    far: Counter[str] = field(default_factory=Counter)
    such: dict[str, float] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)

    def look(self, how: Encoding, rows: Frame) -> None:
        """Count in some rows of a table."""
        for column in how.columns:
            name = column.column
            if isinstance(column, NumberColumn | DateColumn):
                numbers = rows.numbers(name)
                self.missing[name] += int(np.isnan(numbers).sum())
                if isinstance(column, NumberColumn) and column.usual:
                    self._measure(name, numbers, *column.usual)
            elif column in how.categorical:
                texts = rows.coded(name)
                gaps = np.array([text is None for text in texts.known], bool)
                self.missing[name] += int(gaps[texts.places].sum())

    def _measure(self, name: str, numbers: Array, low: float, high: float) -> None:
        """Count numbers of a column, of shape ``(rows,)``, that are beyond its limits, and keep the first ones."""
        far = (numbers < low) | (numbers > high)
        if far.any():
            self.far[name] += int(far.sum())
            self.such.setdefault(name, float(numbers[np.argmax(far)]))

    def lines(self) -> Iterator[str]:
        """What there is to know, a line for each column."""
        for name, count in self.far.items():
            such = f"{counted(count, 'row')}, such as {self.such[name]:.15g}"
            yield f"numbers far from those of the training in {name!r}: {such}"
        for name, count in self.missing.items():
            if count:
                yield f"missing values in {name!r}: {counted(count, 'row')}"
