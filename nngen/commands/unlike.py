"""In which columns rows are unlike those of the training: numbers far outside, and missing values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

import numpy as np

from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Array, Encoding, Frame, NumberColumn

FAR = 10.0
"""How large a scaled number is that is far outside: 10 deviations from the mean, or 10 times the range."""


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
            if isinstance(column, NumberColumn):
                numbers = rows.numbers(name)
                self.missing[name] += int(np.isnan(numbers).sum())
                if (column.subtract, column.divide) != (0.0, 1.0):
                    self._measure(name, numbers, np.abs((numbers - column.subtract) / column.divide))
            elif column in how.categorical:
                texts = rows.coded(name)
                gaps = np.array([text is None for text in texts.known], bool)
                self.missing[name] += int(gaps[texts.places].sum())

    def _measure(self, name: str, numbers: Array, scaled: Array) -> None:
        """Count numbers of a column by their scaled sizes, both of shape ``(rows,)``, and keep the first ones."""
        far = scaled > FAR
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
