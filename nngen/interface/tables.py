"""Tables in memory become files, which the rest of nngen reads as it reads any other."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Annotated, Any
from weakref import finalize

from nngen.common.diagnostics import MAX_FOUND, Diagnostic, SpecError, nearest, show
from nngen.common.files import refused
from nngen.common.text import counted, joined
from nngen.description.model import known_encoding
from nngen.interface.calls import PREFIX


class _Encoding:
    """Annotates the name of an encoding."""

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and bool(known_encoding(name))
        except ValueError:
            return False

    def __str__(self) -> str:
        return "the name of an encoding, such as cp949"


Encoding = Annotated[str, _Encoding()]

Table = Any
"""A path of a table, a data frame, a mapping of columns or of one row, a list of such rows, or an array with names."""

WHERE = "the table"
"""What messages call a table that came from memory."""

_NOT_A_TABLE = (
    "give a path, a data frame, a mapping of columns, a list of rows such as {'age': 30, 'sex': 'female'}, "
    "or an array with the names of its columns: (array, names)"
)


class Held:
    """A file in a temporary folder, which is deleted with this object; or a file of the user, which stays."""

    def __init__(self, table: Table) -> None:
        """Find or write the file of a table.

        Args:
            table: see ``Table``; data frames are those of pandas, Polars, pyarrow and others with Arrow's interface.

        Raises:
            SpecError: the table is something else, or pyarrow is missing for a data frame.
        """
        self.temporary = not isinstance(table, str | os.PathLike)
        """Whether the table came from memory."""
        if not self.temporary:
            self.path = Path(table)
        elif hasattr(table, "__arrow_c_stream__") and not _is_series(table):
            self.path = self._new("table.feather")
            _write_frame(table, self.path)
        else:
            self.path = self._new("table.csv")
            _write_rows(_rows(table), self.path)

    def _new(self, name: str) -> Path:
        """A file in a folder of its own."""
        folder = mkdtemp(prefix=PREFIX)
        finalize(self, rmtree, folder)
        return Path(folder) / name

    def __getstate__(self) -> Any:
        return self.path, self.path.read_bytes() if self.temporary else None

    def __setstate__(self, state: Any) -> None:
        self.path, content = state
        self.temporary = content is not None
        if self.temporary:
            self.path = self._new(self.path.name)
            self.path.write_bytes(content)


def _write_frame(frame: Any, path: Path) -> None:
    try:
        import pyarrow as pa
        from pyarrow import feather
    except ImportError:
        advice = "install it: pip install pyarrow"
        raise refused("the data frame", "a data frame needs pyarrow, which is missing", advice) from None
    names = [*map(str, getattr(frame, "column_names", getattr(frame, "columns", ())))]  # of Arrow, or of pandas
    again = dict.fromkeys(show(name) for name in names if names.count(name) > 1)
    if again:
        advice = "give each column a name of its own, such as by `frame.columns = [...]`"
        raise refused(WHERE, f"several columns have the name {joined(again, 'and')}", advice)
    try:
        table = pa.table(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise refused(WHERE, f"expected columns of one kind of values each: {_words(error)}", _advice(error)) from None
    feather.write_feather(table, str(path), compression="uncompressed")


def _words(error: Exception) -> str:
    return "; ".join(str(part) for part in error.args)


def _advice(error: Exception) -> str:
    """What to do about values of several kinds."""
    found = str(error.args[-1]).partition("for column ")[2].rpartition(" with type")[0] if error.args else ""
    return f"write them all as texts, or as numbers: `frame[{found!r}].astype(str)`" if found else _NOT_A_TABLE


def _is_series(table: Any) -> bool:
    """Whether it is a column or a row of a data frame."""
    return hasattr(table, "to_list") and not hasattr(table, "columns")


def _rows(table: Any) -> list[Mapping[str, object]]:
    """The rows of a table in memory that is no data frame.

    Raises:
        SpecError: it is no table.
    """
    if _is_series(table) and all(isinstance(name, str) for name in getattr(table, "index", (0,))):
        table = table.to_dict()  # a row: its names are those of the columns
    fields = getattr(getattr(table, "dtype", None), "names", None)
    if fields:
        rows = table.reshape(-1)
        table = {name: rows[name] for name in fields}
    elif isinstance(table, tuple) and len(table) == 2 and len(getattr(table[0], "shape", ())) == 2:
        array, names = table[0], [*map(str, table[1])]
        if len({*names}) != array.shape[1] or len(names) != array.shape[1]:
            different = f"{array.shape[1]} different names of columns"
            raise refused(WHERE, f"expected {different}, got {joined(map(show, names), 'and')}", _NOT_A_TABLE)
        table = dict(zip(names, array.T, strict=True))
    if isinstance(table, Mapping) and table:
        table = _of_columns(table) if any(map(_is_column, table.values())) else [table]
    if isinstance(table, list | tuple):
        table = [row.to_dict() if _is_series(row) else row for row in table]
    if not isinstance(table, list | tuple) or not table or not all(isinstance(row, Mapping) and row for row in table):
        raise refused(WHERE, f"expected a table, got {show(table)}", _NOT_A_TABLE)
    return [*table]


def _is_column(value: object) -> bool:
    """Whether it has several values: a list, an array or a series."""
    return isinstance(value, list | tuple | range) or bool(getattr(value, "shape", ()))


def _of_columns(columns: Mapping[str, Any]) -> list[Mapping[str, object]]:
    """The rows of a mapping from names to columns of the same length.

    Raises:
        SpecError: a column is no list, or has another length.
    """
    count = len(next(filter(_is_column, columns.values())))
    wrong = [
        Diagnostic(WHERE, None, None, f"{name}: expected a list of {counted(count, 'value')}, got {got}")
        for name, values in columns.items()
        if (got := f"{len(values):,}" if _is_column(values) else show(values)) != f"{count:,}"
    ]
    if wrong:
        raise SpecError(wrong[:MAX_FOUND])
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _write_rows(rows: Sequence[Mapping[str, object]], path: Path) -> None:
    wrong = [
        Diagnostic(WHERE, None, None, f"row {number}: {message}", help=advice)
        for number, row in enumerate(rows, 1)
        for message, advice in _mistakes(row, rows[0])
    ]
    if wrong:
        raise SpecError(wrong[:MAX_FOUND])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        writer.writerows([_cell(row[name]) for name in rows[0]] for row in rows)


def _mistakes(row: Mapping[str, object], first: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong about a row, by comparison with the first one; each with its advice."""
    for name in first:
        if name not in row:
            yield f"missing key {show(name)}, which row 1 has", "write None where a value is missing"
    for name, value in row.items():
        if name not in first:
            yield f"unknown key {show(name)}, which row 1 has not", nearest(name, map(str, first))
        if isinstance(value, Mapping | list | tuple | set):
            yield f"{name}: expected a number or a text, got {show(value)}", "give each value a key of its own"
        if isinstance(value, bytes) and "\ufffd" in value.decode(errors="replace"):
            yield f"{name}: expected a text in UTF-8, got {show(value)}", "decode it: `value.decode('latin-1')`"


def _cell(value: object) -> object:
    """A value as CSV has it; what NumPy and pandas write for a missing one is an empty cell."""
    value = value.decode() if isinstance(value, bytes) else value
    return "" if value is None or (not isinstance(value, str) and str(value) in ("nan", "<NA>", "NaT")) else value
