"""Tables that pyarrow reads: large CSV files, and the columns of Parquet and Feather files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import joined
from nngen.description.data import sources
from nngen.description.data.arrow_numbers import numbers_in
from nngen.description.data.cells import DATES, MISSING, Expected, stripped
from nngen.description.data.csv_split import agreed, is_spaced
from nngen.description.data.csv_table import CsvTable
from nngen.description.data.floats import Array, cells_of, valid
from nngen.description.data.frame import Column, meant, missing_column, numbers_of
from nngen.description.data.in_utf8 import is_utf8
from nngen.description.data.number_texts import SPACES
from nngen.description.data.parquet_pages import rows_at_once
from nngen.description.data.text_columns import ArrowTexts, coded, from_dictionary, of_texts

if TYPE_CHECKING:
    import pyarrow as pa

_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
"""The column of an index without a name, such as the numbers of the rows."""

_Read = tuple[Mapping[str, Column], Mapping[str, str]]

INSTALL = "install pyarrow: `pip install pyarrow`"

PIECE = 8_000
"""Bytes of a column that come as one array, at least: about a thousand numbers."""


def csv_columns(table: CsvTable, places: Sequence[int], expected: Sequence[Expected]) -> list[Column] | None:
    """The columns of a block of a table as text, with the results of ``CsvTable.cells`` bit for bit.

    None if pyarrow is not installed, if a cell is wrong, or if readers of CSV may differ: the slow reader knows.
    """
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        return None
    is_single = len(table.names) == 1  # is a blank line a gap?
    if is_single or not is_utf8(table.block) or not agreed(table.block, table.separator):
        return None
    kinds = [_type_of(column) for column in expected]
    types = {str(place): kind for place, kind in zip(places, kinds, strict=True)}
    if any(types[str(place)] != kind for place, kind in zip(places, kinds, strict=True)):  # as numbers and as texts
        return None
    nulls = all(column.plain or _is_any_text(column) for column in expected)  # others judge their texts themselves
    try:
        read = csv.read_csv(
            pa.BufferReader(table.block),
            csv.ReadOptions(
                column_names=[str(place) for place in range(len(table.names))],
                block_size=max(1 << 20, PIECE * len(table.names)),
            ),
            csv.ParseOptions(delimiter=table.separator),
            csv.ConvertOptions(
                check_utf8=False,  # it is
                column_types=types,
                include_columns=list(types),
                null_values=list(MISSING),
                strings_can_be_null=nulls,
            ),
        )
    except pa.ArrowInvalid:
        return None
    clean = nulls and not (any(map(_is_any_text, expected)) and is_spaced(table.block, table.separator))
    found: list[Column] = []
    for place, column in zip(places, expected, strict=True):
        values = _column(read[str(place)], column, clean=clean)
        if values is None:
            return None
        found.append(values)
    return found


def _type_of(column: Expected) -> "pa.DataType":
    """How pyarrow reads a column."""
    import pyarrow as pa

    if column.plain:
        return pa.float64()
    return pa.string() if _is_any_text(column) else pa.dictionary(pa.int32(), pa.string())


def _is_any_text(column: Expected) -> bool:
    return column.kind == "text" and column.gaps and not column.known and column.markers == MISSING


def _column(cells: "pa.ChunkedArray", expected: Expected, *, clean: bool) -> Column | None:
    """A column as ``_type_of`` reads it; None if a cell is wrong.

    It is clean if its missing values are nulls and no text begins or ends with a space.
    """
    import pyarrow as pa
    from pyarrow import compute

    if expected.plain:
        numbers: Array = numbers_in(cells, np.float64, np.nan)
        return numbers if valid(numbers, expected, cells.null_count) else None
    if _is_any_text(expected):
        if not clean:
            cells = compute.ascii_trim(cells, SPACES)
            missing = compute.is_in(cells, pa.array(MISSING))
            cells = compute.if_else(missing, pa.scalar(None, pa.string()), cells)
        return ArrowTexts(cells)
    written = from_dictionary(cells)
    bare = [*map(stripped, cells_of(written.known))]
    if bare != written.known:
        written = coded(bare, written.places)
    return numbers_of(written, expected) if expected.numeric else meant(written, expected)


def arrow_batches(
    file: BinaryIO, where: str, kind: Literal["parquet", "feather"], names: Sequence[str]
) -> Iterator[_Read]:
    """The rows of a Parquet or Feather file, in batches.

    A batch has its columns; without names, all that can be read, and why others cannot.

    Raises:
        SpecError: pyarrow is not installed, the file is damaged, or a column is missing or has a type that is no
            number and no text.
    """
    try:
        import pyarrow as pa
    except ImportError:
        called = kind.capitalize()
        raise files.refused(Path(where), f"pyarrow, which reads {called} files, is not installed", INSTALL) from None
    try:
        yield from _parquet(file, where, names) if kind == "parquet" else _feather(file, where, names)
    except (pa.ArrowException, OSError, MemoryError) as error:
        reason = str(error).partition("\n")[0] or "it takes too much memory"
        raise files.refused(Path(where), f"the file cannot be read: {reason}") from None


def _parquet(file: BinaryIO, where: str, names: Sequence[str]) -> Iterator[_Read]:
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet.read_schema(pa.PythonFile(file, "r"))
    wanted, left_out = _checked(schema, where, names)
    strings = [name for name in wanted if _is_text(schema.field(name).type)]
    file.seek(0)
    whole = parquet.ParquetFile(
        pa.PythonFile(file, "r"), read_dictionary=strings, buffer_size=sources.BUFFER, pre_buffer=False
    )
    rows = rows_at_once(file, where, whole.metadata, wanted)
    yield _columns(whole.schema_arrow.empty_table(), where, wanted), left_out
    for batch in whole.iter_batches(rows, columns=list(wanted)):
        yield _columns(pa.Table.from_batches([batch]), where, wanted), left_out


def _feather(file: BinaryIO, where: str, names: Sequence[str]) -> Iterator[_Read]:
    import pyarrow as pa
    from pyarrow import ipc

    whole = ipc.open_file(pa.PythonFile(file, "r"))
    wanted, left_out = _checked(whole.schema, where, names)
    options = ipc.IpcReadOptions(included_fields=sorted(whole.schema.get_field_index(name) for name in wanted))
    file.seek(0)
    whole = ipc.open_file(pa.PythonFile(file, "r"), options=options)
    yield _columns(whole.schema.empty_table(), where, wanted), left_out
    for place in range(whole.num_record_batches):
        table = pa.Table.from_batches([whole.get_batch(place)])
        for start in range(0, len(table), sources.BATCH):
            yield _columns(table.slice(start, sources.BATCH), where, wanted), left_out


def _columns(table: "pa.Table", where: str, wanted: Sequence[str]) -> Mapping[str, Column]:
    """The columns of a table.

    Raises:
        SpecError: a text is too long.
    """
    found = {}
    for name in wanted:
        try:
            found[name] = _values(table[name])
        except ValueError as error:
            raise files.refused(where, f"{name}: {error}") from None
    return found


def _checked(schema: "pa.Schema", where: str, names: Sequence[str]) -> tuple[Sequence[str], Mapping[str, str]]:
    """The names of the columns to read, in the order of the file, and why others are left out if all are asked for.

    Raises:
        SpecError: a column that is asked for by its name is missing, or has the wrong type.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(schema.names, 1):
        places.setdefault(name, []).append(place)
    found: list[SpecError] = []
    left_out: dict[str, str] = {}
    for name in names or places:
        if not names and _PANDAS_INDEX.fullmatch(name):
            left_out[name] = "the index that pandas wrote"
            continue
        if name not in places:
            found.append(missing_column(where, name, places))
            continue
        if len(places[name]) > 1:
            message = f"expected one column {show(name)}, got {len(places[name])}"
            advice = f"columns {joined(map(str, places[name]), 'and')} have this name; rename all but one"
            left_out[name] = f"there are {len(places[name])} columns of this name: rename them"
        else:
            wrong, advice = _unfit(schema.field(name).type)
            message = f"{name}: expected numbers or texts, got {wrong}"
            if wrong:
                left_out[name] = f"it holds {wrong}"
        if name in left_out:
            found.append(files.refused(Path(where), message, advice))
    if found and names:
        raise SpecError([diagnostic for error in found for diagnostic in error.diagnostics])
    return [name for name in places if name not in left_out and (name in names or not names)], left_out


def _unfit(kind: "pa.DataType") -> tuple[str, str]:
    """A description and advice for a type that is neither a number nor a text; otherwise empty."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _unfit(kind.value_type)
    if types.is_temporal(kind) and not _is_date(kind):
        return f"dates or times ({kind})", DATES
    if types.is_nested(kind):
        return f"the nested type {show(str(kind))}", "split it into one column for each part"
    if _is_text(kind) or _is_date(kind) or types.is_null(kind) or types.is_boolean(kind):
        return "", ""
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "", ""
    return f"the type {show(str(kind))}", "write it as numbers or as texts"


def _is_text(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_date(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_date(kind) or types.is_timestamp(kind))


def _values(column: "pa.ChunkedArray") -> Column:
    """A column as numbers or as texts; ``True`` and ``False`` are texts, as pandas writes them into CSV files.

    Dates are texts of ISO 8601, with the time on the clocks of their zone.

    Raises:
        ValueError: a text is too long.
    """
    import pyarrow as pa
    from pyarrow import types

    kind: Any = column.type
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_null(plain):
        return of_texts([None] * len(column))
    if types.is_boolean(plain):
        return of_texts([None if value is None else str(value) for value in column.to_pylist()])
    if _is_date(plain):  # of a zone, the time on its clocks
        zone = plain.tz if types.is_timestamp(plain) else None
        moments = column.cast(pa.timestamp("us", zone), safe=False) if types.is_timestamp(plain) else column
        return of_texts([None if value is None else value.isoformat() for value in moments.to_pylist()])
    if _is_text(plain):
        encoded = column if types.is_dictionary(kind) else column.dictionary_encode()
        for chunk in encoded.chunks:
            _refuse_long(chunk.dictionary)
        texts = from_dictionary(encoded)
        return coded((stripped(text or "") or None for text in texts.known), texts.places)
    if types.is_dictionary(kind):
        column = column.cast(plain)
    numbers: Array = numbers_in(column.cast(pa.float64(), safe=False), np.float64, np.nan)
    return numbers


def _refuse_long(known: "pa.Array") -> None:
    """Refuse a text that would be too long for a line of CSV, before Python copies it.

    Raises:
        ValueError: there is one.
    """
    import pyarrow as pa
    from pyarrow import compute, types

    if types.is_string_view(known.type):  # its lengths cannot be computed
        known = known.cast(pa.large_string())
    longest = compute.max(compute.binary_length(known)).as_py() or 0
    if longest > sources.MAX_LINE:
        raise ValueError(f"a text has {longest:,} bytes, and at most {sources.MAX_LINE:,} are read")
