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
from nngen.description.data.cells import DATES, MISSING, Expected, stripped
from nngen.description.data.csv_table import CsvTable
from nngen.description.data.frame import Array, Texts, floats, missing_column, texts, valid
from nngen.description.data.parquet_pages import rows_at_once

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 100_000
"""Bytes of a line that all CSV readers accept; Python's limit is 131,072 characters for a cell."""

_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
"""The column of an index without a name, such as the numbers of the rows."""

_Read = tuple[Mapping[str, Array | Texts], Mapping[str, str]]

INSTALL = "install pyarrow: `pip install pyarrow`"


def csv_columns(table: CsvTable, places: Sequence[int], expected: Sequence[Expected]) -> list[Array | Texts] | None:
    """The columns of a block of a table as text, with the results of ``CsvTable.cells`` bit for bit.

    None if pyarrow is not installed, if a cell is wrong, or if readers of CSV may differ: the slow
    reader knows.
    """
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        return None
    if len(table.names) == 1 or not _plain(table.block, table.separator):  # is a blank line a gap?
        return None
    plain = [column.plain for column in expected]
    types = {str(place): pa.float64() for place, is_plain in zip(places, plain, strict=True) if is_plain}
    texts_at = [place for place, is_plain in zip(places, plain, strict=True) if not is_plain]
    if set(types) & set(map(str, texts_at)):  # a column as numbers and as texts
        return None
    types |= {str(place): pa.dictionary(pa.int32(), pa.string()) for place in texts_at}
    try:
        read = csv.read_csv(
            pa.BufferReader(table.block),
            csv.ReadOptions(column_names=[str(place) for place in range(len(table.names))]),
            csv.ParseOptions(delimiter=table.separator),
            csv.ConvertOptions(column_types=types, include_columns=list(types), null_values=list(MISSING)),
        )
    except pa.ArrowInvalid:
        return None
    found: list[Array | Texts] = []
    for place, column, is_plain in zip(places, expected, plain, strict=True):
        cells = read[str(place)]
        values: Array | Texts | None
        if is_plain:
            numbers: Array = cells.to_numpy()
            values = numbers if valid(numbers, column, cells.null_count) else None
        else:
            written = map(stripped, _strings(cells))
            values = floats([*written], column) if column.numeric else texts(written, column)
        if values is None:
            return None
        found.append(values)
    return found


def _plain(content: bytes, separator: str) -> bool:
    """Whether all CSV readers agree on a text.

    They do if it is UTF-8, its lines are not too long and end alike, and each quote opens a cell at its begin or
    closes one at its end, on the same line.
    """
    try:
        content if content.isascii() else content.decode()
    except UnicodeDecodeError:
        return False
    if content.count(b"\r") != content.count(b"\r\n"):
        return False
    codes = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(codes == ord("\n"))
    if np.max(np.diff(ends, prepend=-1, append=len(codes))) > LONGEST:
        return False
    quotes = np.flatnonzero(codes == ord('"'))
    opening, closing = quotes[::2], quotes[1::2]
    if len(opening) != len(closing) or not len(quotes):
        return not len(quotes)
    beside = np.frombuffer(f'{separator}\r\n"'.encode(), np.uint8)  # a quote beside a quote stands for one in a text
    before = codes[opening[opening > 0] - 1]
    after = codes[closing[closing < len(codes) - 1] + 1]
    same_line = np.searchsorted(ends, opening) == np.searchsorted(ends, closing)
    return bool(np.isin(before, beside).all() and np.isin(after, beside).all() and same_line.all())


def _strings(cells: "pa.ChunkedArray") -> Iterator[str]:
    """The texts of a dictionary-encoded column; an empty text for a null."""
    for chunk in cells.chunks:
        known = np.array([*chunk.dictionary.to_pylist(), ""], object)
        places = chunk.indices.fill_null(len(known) - 1).to_numpy()
        yield from known[places]


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


def _columns(table: "pa.Table", where: str, wanted: Sequence[str]) -> Mapping[str, Array | Texts]:
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
            left_out[name] = f"there are {len(places[name])} columns of this name"
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


def _values(column: "pa.ChunkedArray") -> Array | Texts:
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
        return [None] * len(column)
    if types.is_boolean(plain):
        return [None if value is None else str(value) for value in column.to_pylist()]
    if _is_date(plain):  # of a zone, the time on its clocks
        zone = plain.tz if types.is_timestamp(plain) else None
        moments = column.cast(pa.timestamp("us", zone), safe=False) if types.is_timestamp(plain) else column
        return [None if value is None else value.isoformat() for value in moments.to_pylist()]
    if _is_text(plain):
        encoded = column if types.is_dictionary(kind) else column.dictionary_encode()
        for chunk in encoded.chunks:
            _refuse_long(chunk.dictionary)
        return [stripped(text) or None for text in _strings(encoded)]
    if types.is_dictionary(kind):
        column = column.cast(plain)
    numbers: Array = column.cast(pa.float64(), safe=False).to_numpy()
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
