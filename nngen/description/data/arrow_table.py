"""Tables that pyarrow reads: large CSV files, and the columns of Parquet and Feather files."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import joined
from nngen.description.data import sources
from nngen.description.data.arrow_numbers import numbers_in
from nngen.description.data.arrow_values import is_text, unfit, values_of
from nngen.description.data.cells import MISSING, Expected, stripped
from nngen.description.data.csv_head import distinct
from nngen.description.data.csv_split import agreed, is_spaced
from nngen.description.data.csv_table import CsvTable
from nngen.description.data.floats import Array, cells_of, valid
from nngen.description.data.frame import Column, meant, missing_column, numbers_of
from nngen.description.data.in_utf8 import is_utf8
from nngen.description.data.number_texts import SPACES
from nngen.description.data.parquet_pages import rows_at_once
from nngen.description.data.text_columns import ArrowTexts, coded, from_dictionary

if TYPE_CHECKING:
    import pyarrow as pa

_Read = tuple[Mapping[str, Column], Mapping[str, str], Sequence[str]]

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
    nulls = all(column.plain or column.any_text for column in expected)  # others judge their texts themselves
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
    clean = nulls and not (any(column.any_text for column in expected) and is_spaced(table.block, table.separator))
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
    return pa.string() if column.any_text else pa.dictionary(pa.int32(), pa.string())


def _column(cells: "pa.ChunkedArray", expected: Expected, *, clean: bool) -> Column | None:
    """A column as ``_type_of`` reads it; None if a cell is wrong.

    It is clean if its missing values are nulls and no text begins or ends with a space.
    """
    import pyarrow as pa
    from pyarrow import compute

    if expected.plain:
        numbers: Array = numbers_in(cells, np.float64, np.nan)
        return numbers if valid(numbers, expected, cells.null_count) else None
    if expected.any_text:
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

    A batch has its columns, without names all that can be read, why others cannot be read, and which names are new.

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
    wanted, left_out, said = _checked(schema, where, names)
    read = [*dict.fromkeys(schema.names[place] for place in wanted.values())]
    strings = [name for name in read if all(is_text(schema.field(i).type) for i in schema.get_all_field_indices(name))]
    file.seek(0)
    whole = parquet.ParquetFile(
        pa.PythonFile(file, "r"), read_dictionary=strings, buffer_size=sources.BUFFER, pre_buffer=False
    )
    rows = rows_at_once(file, where, whole.metadata, read)
    places = _places_of(schema, wanted)
    yield _columns(whole.schema_arrow.empty_table().select([*wanted.values()]), where, wanted), left_out, said
    for batch in whole.iter_batches(rows, columns=read):
        yield _columns(pa.Table.from_batches([batch]).select(places), where, wanted), left_out, said


def _feather(file: BinaryIO, where: str, names: Sequence[str]) -> Iterator[_Read]:
    import pyarrow as pa
    from pyarrow import ipc

    whole = ipc.open_file(pa.PythonFile(file, "r"))
    wanted, left_out, said = _checked(whole.schema, where, names)
    options = ipc.IpcReadOptions(included_fields=[*wanted.values()])
    file.seek(0)
    whole = ipc.open_file(pa.PythonFile(file, "r"), options=options)
    yield _columns(whole.schema.empty_table(), where, wanted), left_out, said
    for place in range(whole.num_record_batches):
        table = pa.Table.from_batches([whole.get_batch(place)])
        for start in range(0, len(table), sources.BATCH):
            yield _columns(table.slice(start, sources.BATCH), where, wanted), left_out, said


def _places_of(schema: "pa.Schema", wanted: Mapping[str, int]) -> list[int]:
    """The places of columns in a batch that has all columns of their names in the file."""
    read = {schema.names[place] for place in wanted.values()}
    there = [place for place, name in enumerate(schema.names) if name in read]
    return [there.index(place) for place in wanted.values()]


def _columns(table: "pa.Table", where: str, wanted: Iterable[str]) -> Mapping[str, Column]:
    """The columns of a table, by the names that they are read with.

    Raises:
        SpecError: a text is too long.
    """
    found = {}
    for place, name in enumerate(wanted):
        try:
            found[name] = values_of(table.column(place))
        except ValueError as error:
            raise files.refused(where, f"{name}: {error}") from None
    return found


def _checked(
    schema: "pa.Schema", where: str, names: Sequence[str]
) -> tuple[Mapping[str, int], Mapping[str, str], Sequence[str]]:
    """The columns to read with their places, in the order of the file; why others are left out; what names are new.

    Columns without a name, or with the same, get names as in CSV.

    Raises:
        SpecError: a column that is asked for by its name is missing, or has the wrong type.
    """
    known, said = distinct(schema.names)
    places = {name: place for place, name in enumerate(known)}
    found: list[SpecError] = []
    left_out: dict[str, str] = {}
    index = () if names else _index(schema)
    for name in names or places:
        if not names and name in index:
            left_out[name] = "the index that pandas wrote"
        elif name not in places:
            again = [new for old, new in zip(schema.names, known, strict=True) if old == name]
            advice = f"the columns of this name are read as {joined(map(show, again), 'and')}: name one of them"
            message = f"expected one column {show(name)}, got {len(again)}"
            found.append(files.refused(where, message, advice) if again else missing_column(where, name, places))
        else:
            wrong, advice = unfit(schema.field(places[name]).type)
            if wrong:
                left_out[name] = f"it holds {wrong}"
                found.append(files.refused(Path(where), f"{name}: expected numbers or texts, got {wrong}", advice))
    if found and names:
        raise SpecError([diagnostic for error in found for diagnostic in error.diagnostics])
    kept = {name: place for name, place in places.items() if name not in left_out and (name in names or not names)}
    return kept, left_out, said


def _index(schema: "pa.Schema") -> set[str]:
    """The columns of an index, as pandas names them in its metadata: they name rows, and say nothing about them."""
    unnamed = {name for name in schema.names if re.fullmatch(r"__index_level_\d+__", name)}
    try:
        said = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
        return unnamed | {name for name in said.get("index_columns", ()) if isinstance(name, str)}
    except (AttributeError, RecursionError, TypeError, ValueError):  # something else wrote them
        return unnamed
