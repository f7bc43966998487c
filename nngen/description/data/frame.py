"""A table in memory, column by column: numbers as NumPy arrays, texts as columns of texts."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.common import files
from nngen.common.diagnostics import SpecError, nearest, show
from nngen.common.records import dataclass
from nngen.description.data.cells import FALSE, TRUE, Expected, as_known, lists_truths
from nngen.description.data.floats import Array, Texts, cells_of, floats
from nngen.description.data.text_columns import SOME, ArrowTexts, Coded, TextColumn, coded, joined, of_texts
from nngen.description.model import Numbered

Column = Array | TextColumn
"""A column in memory."""

NUMBER = 8
"""Bytes of a number, and of the reference to a text."""


@dataclass(frozen=True)
class Frame:
    """A table; all columns have a value or a missing value for each row."""

    where: str
    """The name of the file, for messages."""
    names: tuple[str, ...]
    """The names of the read columns, in the order of the file."""
    _columns: Mapping[str, Column] = field(repr=False)
    _explain: Callable[[Sequence[Expected]], None] | None = field(default=None, repr=False, compare=False)
    """Reports all mistakes in some columns, with their positions."""

    left_out: Mapping[str, str] = field(default_factory=dict)
    """Columns of the file that hold neither numbers nor texts or share a name, and why they were not read: only where
    all columns were asked for."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many rows were left out, by the reason."""
    kept: NDArray[np.intp] | None = None
    """The places of its rows in the table, where rows were left out."""
    said: tuple[str, ...] = ()
    """How the lines above the rows of a text were read, if not as usual: a title, new names of columns."""
    separator: str = ""
    """What is between the cells of a text file; empty for other files."""

    def __len__(self) -> int:
        """The number of rows."""
        return len(next(iter(self._columns.values()), ()))

    @property
    def size(self) -> int:
        """The bytes of the columns, without those of the texts themselves."""
        return NUMBER * len(self) * len(self._columns)

    def numbers(self, name: str, expected: Expected | None = None) -> Array:
        """The numbers of a column, shape ``(rows,)``; missing values are NaN.

        ``expected`` says how its texts write them; by default, plainly.

        Raises:
            SpecError: a cell is neither a number nor a gap; the places of the first ten are shown.
        """
        column = self._columns[name]
        if isinstance(column, np.ndarray):
            return column
        values = column.numbers if expected is None else numbers_of(column, expected)
        if values is None:
            self.explain([expected or Expected(name, "number", gaps=True)])
            raise unexplained(self.where)
        return values

    def texts(self, name: str) -> Texts:
        """The texts of a column; missing values are None. A whole number is written without a point."""
        column = self._columns[name]
        return written(column) if isinstance(column, np.ndarray) else column.texts()

    def coded(self, name: str) -> Coded:
        """The texts of a column, each different one once; of numbers, their texts."""
        column = self._columns[name]
        return coded_numbers(column) if isinstance(column, np.ndarray) else column.coded()

    def counts(self, name: str) -> dict[str, int]:
        """The rows of each text of a column without missing ones, in the order of the rows."""
        column = self.coded(name)
        rows = np.bincount(column.places, minlength=len(column.known)).tolist()
        return {text: count for text, count in zip(column.known, rows, strict=True) if text is not None}

    def without(self, names: Collection[str]) -> "Frame":
        """The table without some columns."""
        return replace(self, names=tuple(name for name in self.names if name not in names))

    def with_truths(self) -> "Frame":
        """The table with one spelling of each truth value in a column that has both: the most frequent one."""
        columns = dict(self._columns)
        for name in self.names:
            texts = () if self.is_numeric(name) else {*self.coded(name)}
            if lists_truths(texts):
                column, rows = self.coded(name), self.counts(name)
                known = [max(words, key=lambda word: rows.get(word, 0)) for words in (TRUE, FALSE)]
                there = (text and as_known(text, known) for text in column.known)
                columns[name] = coded(there, column.places)
        return replace(self, _columns=columns)

    def count(self, name: str) -> int:
        """How many different values a column has; a missing one counts as one."""
        column = self._columns[name]
        return distinct(column) if isinstance(column, np.ndarray) else column.count

    def has_more(self, name: str, count: int) -> bool:
        """Whether a column has more than ``count`` different values; most columns of numbers show it at their begin."""
        if self.is_numeric(name) and distinct(self.numbers(name)[: 2 * count]) > count:
            return True  # different numbers are different texts
        return self.count(name) > count

    def decides(self, one: str, other: str) -> bool:
        """Whether rows with equal texts in one column also have equal texts in the other."""
        if self.count(one) < self.count(other):
            return False
        first, second = self.coded(one), self.coded(other)
        pairs = first.places.astype(np.int64) * len(second.known) + second.places
        return distinct(pairs) == len(first.known)

    def is_numeric(self, name: str) -> bool:
        """Whether every value of the column is a number or missing."""
        column = self._columns[name]
        return isinstance(column, np.ndarray) or column.numbers is not None

    def digits(self, name: str) -> NDArray[np.int64] | None:
        """The texts of a column as whole numbers from 0, shape ``(rows,)``, where that saves time; else None."""
        column = self._columns[name]
        if isinstance(column, np.ndarray):
            whole = column.astype(np.int64) if (column >= 0.0).all() else np.zeros(0, np.int64)
            return whole if np.array_equal(whole, column) else None
        return column.digits if isinstance(column, ArrowTexts) else None

    def code(self, name: str) -> str:
        """A text of a column of whole numbers with a zero in front, such as ``02139``; empty if there is none."""
        column = self._columns[name]
        if isinstance(column, np.ndarray) or (self.numbers(name)[:SOME] % 1 > 0).any():
            return ""
        return column.code

    def has_points(self, name: str) -> bool:
        """Whether the column is held as texts, and one of them has a point."""
        column = self._columns[name]
        return not isinstance(column, np.ndarray) and column.contains(".")

    def has_exponents(self, name: str) -> bool:
        """Whether the column is held as texts, and one of them has an ``e``."""
        column = self._columns[name]
        return not isinstance(column, np.ndarray) and (column.contains("e") or column.contains("E"))

    def different(self, name: str) -> Iterator[str]:
        """The different texts of a column without missing ones; some may come again, and none is made before its turn.

        To see whether all texts are of a kind, that saves most of them.
        """
        column = self._columns[name]
        if not isinstance(column, np.ndarray):
            yield from column
            return
        for start in range(0, len(column), SOME):
            yield from filter(None, written(column[start : start + SOME]))

    def explain(self, expected: Sequence[Expected]) -> None:
        """Report all mistakes in some columns, in the order of their positions.

        Raises:
            SpecError: there are mistakes.
        """
        if self._explain is not None:
            self._explain(expected)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> "Frame":
        """The rows with these indices, from 0."""
        places = np.asarray(rows, np.intp)
        columns: dict[str, Column] = {}
        for name, column in self._columns.items():
            columns[name] = column[places] if isinstance(column, np.ndarray) else column.select(places)
        return replace(self, _columns=columns)


def distinct(values: NDArray[Any]) -> int:
    """How many different numbers there are; NaN counts as one. ``numpy.unique`` takes longer for many."""
    ordered = np.sort(values)
    gaps = np.isnan(ordered[:-1]) & np.isnan(ordered[1:])
    return int(np.sum((ordered[1:] != ordered[:-1]) & ~gaps)) + (len(ordered) > 0)


def frame_of_numbers(where: str, columns: Mapping[str, Array]) -> Frame:
    """A table of numbers in memory; each column has the shape ``(rows,)``."""
    return Frame(where, tuple(columns), columns)


def whole(parts: Sequence[Frame]) -> Frame:
    """The rows of several frames of the same columns, one after another; there is at least one frame."""
    first = parts[0]
    if len(parts) == 1:
        return first
    columns: dict[str, Column] = {}
    for name in first.names:
        pieces = [part._columns[name] for part in parts]
        numbers = [piece for piece in pieces if isinstance(piece, np.ndarray)]
        texts = [piece for piece in pieces if not isinstance(piece, np.ndarray)]
        if numbers and texts:
            texts = [coded_numbers(piece) if isinstance(piece, np.ndarray) else piece for piece in pieces]
        columns[name] = joined(texts) if texts else np.concatenate(numbers)
    return replace(first, _columns=columns)


def coded_numbers(values: Array) -> Coded:
    """Numbers as texts, each different one once."""
    known, places = np.unique(values, return_inverse=True)
    return coded(written(known), places)


def numbers_of(column: TextColumn, expected: Expected) -> Array | None:
    """The numbers of a column of texts; None if a text is wrong."""
    each = column.coded()
    values = floats(cells_of(each.known), expected)
    return None if values is None else values[each.places]


def texts(cells: Sequence[str], expected: Expected) -> Coded | None:
    """The texts of a column, None for missing values; None for the whole column if a cell is wrong."""
    return meant(of_texts(cells), expected)


def meant(written: Coded, expected: Expected) -> Coded | None:
    """A column whose missing values are texts, as these are meant; None if a text is wrong."""
    markers, known = {*expected.markers}, expected.known
    forms: dict[str | None, str | None] = {}
    others: Iterable[str] = written
    if not expected.numeric:  # most texts are right, and need no call
        others = [text for text in written if not text or (text not in known if known else text in markers)]
    for text in others:
        try:
            expected.check(text)
        except ValueError:
            return None
        form = None if expected.gaps and expected.missing(text) else as_known(text, known)
        if form != text:
            forms[text] = form
    return coded((forms.get(text, text) for text in written.known), written.places) if forms else written


def written(values: Array) -> list[str | None]:
    """Numbers as texts, whole numbers without a point; None for NaN."""
    return [
        None if value != value else str(int(value)) if value.is_integer() else repr(value) for value in values.tolist()
    ]


def unexplained(where: str) -> AssertionError:
    """The error for what one reader takes for a mistake and another does not."""
    return AssertionError(f"{where} is wrong, but no mistake was found in it")


def missing_column(where: str, name: str, names: Collection[str]) -> SpecError:
    """The error about a missing column."""
    array = Numbered.among(name, names)
    got = f"{array.names[0]} to {array.names[-1]}" if array else "none"
    help_ = f"`{array}` names them all" if array else nearest(name, names)
    return files.refused(Path(where), f"expected one column {show(name)}, got {got}", help_)
