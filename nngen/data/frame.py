"""A table in memory, column by column: numbers as NumPy arrays, texts as lists."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen import files
from nngen.data import sources
from nngen.data.cells import LARGEST, Expected
from nngen.data.csv_table import CsvTable
from nngen.data.mistakes import Mistakes
from nngen.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.spec import MAX_WEIGHT

Array = NDArray[np.float64]
Texts = list[str | None]

LARGE = 2_000_000
"""Bytes of a CSV file from which pyarrow reads it, if installed; for smaller files its import takes longer."""


@dataclass(frozen=True)
class Frame:
    """A table; all columns have a value or a missing value for each row."""

    where: str
    """The name of the file, for messages."""
    names: tuple[str, ...]
    """The names of the read columns, in the order of the file."""
    _columns: Mapping[str, Array | Texts] = field(repr=False)
    _count: int
    _explain: Callable[[Sequence[Expected]], None] = field(repr=False, compare=False)
    """Reports all mistakes in some columns, with their positions."""

    left_out: Mapping[str, str] = field(default_factory=dict)
    """Columns of the file that hold neither numbers nor texts or share a name, and why they were not read: only where
    all columns were asked for."""

    def __len__(self) -> int:
        """The number of rows."""
        return self._count

    def numbers(self, name: str) -> Array:
        """The numbers of a column, shape ``(rows,)``; missing values are NaN.

        Raises:
            SpecError: a cell is neither a number nor a gap; the places of the first ten are shown.
        """
        column = self._columns[name]
        if isinstance(column, np.ndarray):
            return column
        expected = Expected(name, "number", gaps=True)
        values = floats(_cells(column), expected)
        if values is None:
            self.explain([expected])
            raise _unexplained(self.where)
        return values

    def texts(self, name: str) -> Texts:
        """The texts of a column; missing values are None. A whole number is written without a point."""
        column = self._columns[name]
        return written(column) if isinstance(column, np.ndarray) else column

    def is_numeric(self, name: str) -> bool:
        """Whether every value of the column is a number or missing."""
        column = self._columns[name]
        return isinstance(column, np.ndarray) or floats(_cells(column), Expected(name, "number", gaps=True)) is not None

    def explain(self, expected: Sequence[Expected]) -> None:
        """Report all mistakes in some columns, in the order of their positions.

        Raises:
            SpecError: there are mistakes.
        """
        self._explain(expected)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> "Frame":
        """The rows with these indices, from 0."""
        places = np.asarray(rows, np.intp)
        columns: dict[str, Array | Texts] = {}
        for name, column in self._columns.items():
            columns[name] = column[places] if isinstance(column, np.ndarray) else [column[i] for i in places]
        return replace(self, _columns=columns, _count=len(places))


def read_frame(path: Path, expected: Sequence[Expected] = (), least: int = 0) -> Frame:
    """Read a table from a file: CSV, gzipped CSV, Parquet, Feather, or NumPy arrays in an ``.npz`` file.

    Args:
        path: the file; its kind is recognized by what it holds.
        expected: the columns to read, and what they have to hold; without any, all columns as they are.
        least: how many rows there have to be.

    Raises:
        SpecError: the file is no such table, or a column does not hold what it has to hold; of many mistakes, the
            first ten are shown with their places.
    """
    return frame_of(sources.content(path), str(path), expected, least)


def read_standard_input(expected: Sequence[Expected] = (), least: int = 0) -> Frame:
    """Read a table from standard input; arguments and errors are those of ``read_frame``."""
    return frame_of(sources.standard_input(), sources.STANDARD_INPUT, expected, least)


def frame_of(content: bytes, where: str, expected: Sequence[Expected] = (), least: int = 0) -> Frame:
    """Read a table from bytes; arguments and errors are those of ``read_frame``."""
    kind = sources.kind(content, where)
    if kind == "csv":
        return _csv(CsvTable(where, content), where, expected, least)
    names = [*dict.fromkeys(column.name for column in expected)]
    if kind == "npz":
        from nngen.data.npz_table import npz_columns

        columns, left_out = npz_columns(content, where, names)
    else:
        from nngen.data.arrow_table import arrow_columns

        columns, left_out = arrow_columns(content, where, kind, names)
    frame = _typed(columns, where, expected, least)
    return frame if expected else replace(frame, left_out=left_out)


def frame_of_numbers(where: str, columns: Mapping[str, Array]) -> Frame:
    """A table of numbers in memory; each column has the shape ``(rows,)``."""
    count = len(next(iter(columns.values()), ()))
    return Frame(where, tuple(columns), columns, count, lambda expected: None)


def _cells(column: Texts) -> list[str]:
    """The texts of a column as a file has them, empty for a gap."""
    return ["" if text is None else text for text in column]


def floats(cells: Sequence[str], expected: Expected) -> Array | None:
    """The numbers in the cells of a column, NaN for missing values; None if a cell is wrong.

    ``float`` takes more than ``cells.number`` does: underscores and digits of other scripts, which are looked for
    before, and ``nan`` and ``inf``, which are looked for in the result.
    """
    whole = "".join(cells)
    if "_" in whole or not whole.isascii():
        return None
    missing = {text for text in expected.markers if expected.gaps and expected.missing(text)}
    gaps = [i for i, text in enumerate(cells) if text in missing]
    numbers = list(cells)
    for i in gaps:
        numbers[i] = "nan"
    try:
        values = np.array([*map(float, numbers)], np.float64)
    except ValueError:
        return None
    return values if valid(values, expected, len(gaps)) else None


def valid(values: Array, expected: Expected, gaps: int) -> bool:
    """Whether the numbers of a column are allowed; ``gaps`` is the number of missing values."""
    present = values[~np.isnan(values)] if gaps else values
    if len(values) - len(present) != gaps or (gaps and not expected.gaps):
        return False
    if not np.all(np.abs(present) <= LARGEST):  # false for NaN, too
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


def _csv(table: CsvTable, where: str, expected: Sequence[Expected], least: int) -> Frame:
    counts = Counter(table.names)
    twice = {} if expected else {name: count for name, count in counts.items() if count > 1}
    wanted = expected or [Expected(name, "text", gaps=True) for name in counts if name not in twice]
    places = table.places(column.name for column in wanted)
    columns = _from_csv(table, places, wanted)
    if columns is None:
        table.explain(wanted)
        raise _unexplained(where)
    count = len(columns[0])
    if count < least:
        table.too_few(least, count)
    by_place = sorted(zip(places, wanted, columns, strict=True), key=lambda column: column[0])
    frame = _frame(where, [(column, values) for _, column, values in by_place], count, table.explain)
    return replace(frame, left_out={name: f"there are {count} columns of this name" for name, count in twice.items()})


def _unexplained(where: str) -> AssertionError:
    return AssertionError(f"{where} is wrong, but no mistake was found in it")


def _frame(
    where: str,
    columns: Iterable[tuple[Expected, Array | Texts]],
    count: int,
    explain: Callable[[Sequence[Expected]], None],
) -> Frame:
    """A frame of columns; a column that was read as numbers and as texts has its texts."""
    named: dict[str, Array | Texts] = {}
    for column, values in columns:
        if column.name not in named or not column.numeric:
            named[column.name] = values
    return Frame(where, tuple(named), named, count, explain)


def _typed(columns: Mapping[str, Array | Texts], where: str, expected: Sequence[Expected], least: int) -> Frame:
    """A frame of columns with types and nulls, in which only empty texts are missing values."""
    order = [*columns]
    expected = sorted((replace(column, markers=("",)) for column in expected), key=lambda e: order.index(e.name))
    count = len(next(iter(columns.values()), ()))
    if count > sources.MAX_ROWS:
        raise files.refused(Path(where), f"expected at most {sources.MAX_ROWS:,} examples, got {count:,}")
    explain = partial(_explain, columns, where)
    if not expected:
        return Frame(where, tuple(columns), columns, count, explain)
    if count < least:
        raise files.refused(Path(where), f"expected {least} or more examples, got {count or 'none'}")
    found = []
    for column in expected:
        values = _as_expected(columns[column.name], column)
        if values is None:
            explain(expected)
            raise _unexplained(where)
        found.append((column, values))
    return _frame(where, found, count, explain)


def _as_expected(values: Array | Texts, expected: Expected) -> Array | Texts | None:
    """The values of a column in the expected form; None if a value is wrong."""
    if not isinstance(values, np.ndarray):
        cells = _cells(values)
        return floats(cells, expected) if expected.numeric else texts(cells, expected)
    if expected.numeric:
        return values if valid(values, expected, int(np.isnan(values).sum())) else None
    return texts(("" if text is None else text for text in written(values)), expected)


def _explain(columns: Mapping[str, Array | Texts], where: str, expected: Sequence[Expected]) -> None:
    """Report all mistakes in some columns, by rows and columns.

    Raises:
        SpecError: there are mistakes.
    """
    mistakes = Mistakes(where)
    expected = [replace(column, markers=("",)) for column in expected]
    cells = [columns[column.name] for column in expected]
    listed = [written(values) if isinstance(values, np.ndarray) else values for values in cells]
    for row, values in enumerate(zip(*listed, strict=True), 1):
        for column, value in zip(expected, values, strict=True):
            text = value or ""
            try:
                column.check(text)
            except ValueError as error:
                message = f"{column.name}, row {row:,}: {error}"
                advice = "; ".join(filter(None, (column.label(text), column.advice(text))))
                mistakes.add(Diagnostic(where, None, None, message, help=advice))
    mistakes.report()


def missing_column(where: str, name: str, names: Collection[str]) -> SpecError:
    """The error about a missing column."""
    return files.refused(Path(where), f"expected one column {show(name)}, got none", nearest(name, names))


def _from_csv(table: CsvTable, places: Sequence[int], wanted: Sequence[Expected]) -> list[Array | Texts] | None:
    if len(table.content) >= LARGE:
        from nngen.data.arrow_table import csv_columns

        columns = csv_columns(table, places, wanted)
        if columns is not None:
            return columns
    cells = table.cells(places)
    if cells is None:
        return None
    found: list[Array | Texts] = []
    for column, texts_of in zip(wanted, cells, strict=True):
        values = floats(texts_of, column) if column.numeric else texts(texts_of, column)
        if values is None:
            return None
        found.append(values)
    return found
