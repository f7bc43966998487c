"""A table in memory, column by column: numbers as NumPy arrays, texts as lists."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.common import files
from nngen.common.diagnostics import SpecError, nearest, show
from nngen.description.data.cells import LARGEST, Expected
from nngen.description.model import MAX_WEIGHT

Array = NDArray[np.float64]
Texts = list[str | None]

NUMBER = 8
"""Bytes of a number, and of the reference to a text."""


@dataclass(frozen=True)
class Frame:
    """A table; all columns have a value or a missing value for each row."""

    where: str
    """The name of the file, for messages."""
    names: tuple[str, ...]
    """The names of the read columns, in the order of the file."""
    _columns: Mapping[str, Array | Texts] = field(repr=False)
    _explain: Callable[[Sequence[Expected]], None] | None = field(default=None, repr=False, compare=False)
    """Reports all mistakes in some columns, with their positions."""

    left_out: Mapping[str, str] = field(default_factory=dict)
    """Columns of the file that hold neither numbers nor texts or share a name, and why they were not read: only where
    all columns were asked for."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many rows were left out, by the reason."""
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
        expected = expected or Expected(name, "number", gaps=True)
        values = floats(cells_of(column), expected)
        if values is None:
            self.explain([expected])
            raise unexplained(self.where)
        return values

    def texts(self, name: str) -> Texts:
        """The texts of a column; missing values are None. A whole number is written without a point."""
        column = self._columns[name]
        return written(column) if isinstance(column, np.ndarray) else column

    def is_numeric(self, name: str) -> bool:
        """Whether every value of the column is a number or missing."""
        column = self._columns[name]
        return (
            isinstance(column, np.ndarray) or floats(cells_of(column), Expected(name, "number", gaps=True)) is not None
        )

    def has_texts(self, name: str) -> bool:
        """Whether the column is held as texts, be they numbers or not."""
        return not isinstance(self._columns[name], np.ndarray)

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
        columns: dict[str, Array | Texts] = {}
        for name, column in self._columns.items():
            columns[name] = column[places] if isinstance(column, np.ndarray) else [column[i] for i in places]
        return replace(self, _columns=columns)


def frame_of_numbers(where: str, columns: Mapping[str, Array]) -> Frame:
    """A table of numbers in memory; each column has the shape ``(rows,)``."""
    return Frame(where, tuple(columns), columns)


def whole(parts: Sequence[Frame]) -> Frame:
    """The rows of several frames of the same columns, one after another; there is at least one frame."""
    first = parts[0]
    columns: dict[str, Array | Texts] = {}
    for name in first.names:
        pieces = [part._columns[name] for part in parts]
        numbers = [piece for piece in pieces if isinstance(piece, np.ndarray)]
        columns[name] = np.concatenate(numbers) if numbers else [text for piece in pieces for text in piece]
    return replace(first, _columns=columns)


def cells_of(column: Texts) -> list[str]:
    """The texts of a column as a file has them, empty for a gap."""
    return ["" if text is None else text for text in column]


def floats(cells: Sequence[str], expected: Expected) -> Array | None:
    """The numbers in the cells of a column, NaN for missing values; None if a cell is wrong.

    ``float`` takes more than ``cells.number`` does, such as underscores and digits of other scripts; so the characters
    are looked at before.
    """
    if not expected.plain:
        cells = _plain(cells, expected)
    missing = {text for text in expected.markers if expected.gaps and expected.missing(text)}
    gaps = [i for i, text in enumerate(cells) if text in missing]
    numbers = list(cells)
    for i in gaps:
        numbers[i] = ""
    if "".join(numbers).strip("+-.0123456789eE"):
        return None
    for i in gaps:
        numbers[i] = "nan"
    try:
        values = np.array([*map(float, numbers)], np.float64)
    except ValueError:
        return None
    return values if valid(values, expected, len(gaps)) else None


def _plain(cells: Sequence[str], expected: Expected) -> list[str]:
    """Cells in plain writing: empty for a missing value, and no number for what is none."""
    known = {text: "" if expected.missing(text) else expected.written(text) for text in set(cells)}
    return [known[text] for text in cells]


def valid(values: Array, expected: Expected, gaps: int) -> bool:
    """Whether the numbers of a column are allowed; ``gaps`` is the number of missing values."""
    present = values[~np.isnan(values)] if gaps else values
    if len(values) - len(present) != gaps or (gaps and not expected.gaps):
        return False
    if not np.all(np.abs(present) <= LARGEST):  # false for NaN, too
        return False
    if expected.count and not np.all((present >= 0.0) & (present < expected.count) & (present == np.rint(present))):
        return False
    return expected.kind != "weight" or bool(np.all((present >= 0.0) & (present < MAX_WEIGHT)))


def texts(cells: Iterable[str], expected: Expected) -> Texts | None:
    """The texts of a column, None for missing values; None for the whole column if a cell is wrong."""
    meaning: dict[str, str | None] = {}
    result: Texts = []
    for text in cells:
        if text not in meaning:
            try:
                expected.check(text)
            except ValueError:
                return None
            meaning[text] = None if expected.gaps and expected.missing(text) else text
        result.append(meaning[text])
    return result


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
    return files.refused(Path(where), f"expected one column {show(name)}, got none", nearest(name, names))
