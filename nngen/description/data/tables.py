"""Tables of all kinds as frames, in batches or as a whole: CSV, gzipped CSV, Parquet, Feather, and ``.npz`` files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import Diagnostic
from nngen.description.data import sources
from nngen.description.data.cells import Expected, of_type
from nngen.description.data.csv_table import CsvTable, csv_table
from nngen.description.data.floats import allowed, cells_of, floats, is_plain
from nngen.description.data.frame import (
    Column,
    Frame,
    coded_numbers,
    meant,
    numbers_of,
    texts,
    unexplained,
    whole,
    written,
)
from nngen.description.data.in_utf8 import in_utf8
from nngen.description.data.mistakes import Mistakes
from nngen.description.data.text_columns import coded

LARGE = 2_000_000
"""Bytes of a CSV file from which pyarrow reads it, if installed; for smaller files its import takes longer."""

BLOCK = 8_000_000
"""Bytes of a CSV file that pyarrow reads at once: few enough for any machine, and enough for its threads."""

WHOLE = 32_000_000
"""The same for a file that is read as a whole: few blocks, since they have to be joined."""

PLAIN = 500_000
"""Bytes that the plain reader reads at once: its cells, which are Python objects, should stay in the cache."""

FEW = 4
"""Columns of a table that the plain reader may read, where it is large."""

_Columns = Mapping[str, Column]


def frames(path: Path | None, expected: Sequence[Expected] = (), least: int = 0, encoding: str = "") -> Iterator[Frame]:
    """Read a table in batches: memory does not grow with the number of rows.

    Args:
        path: the file, whose kind is recognized by what it holds; None for standard input.
        expected: the columns to read, and what they have to hold; without any, all columns as they are.
        least: how many rows there have to be.
        encoding: that of a file of text; empty for UTF-8.

    Raises:
        SpecError: the file is no such table, or a column does not hold what it has to hold; of many mistakes from
            the first wrong batch on, the first ten are shown with their places. Batches before it are given.
    """
    with sources.opened(path) as source:
        yield from _frames(source, expected, least, encoding, BLOCK)


def read_frame(path: Path, expected: Sequence[Expected] = (), least: int = 0, encoding: str = "") -> Frame:
    """Read a table from a file as a whole; arguments are those of ``frames``.

    Raises:
        SpecError: as ``frames``, or the table is too large.
    """
    return _frame_of(lambda: sources.limited(path), str(path), expected, least, encoding)


def frame_of(
    content: bytes, where: str, expected: Sequence[Expected] = (), least: int = 0, encoding: str = ""
) -> Frame:
    """Read a table from bytes; arguments and errors are those of ``read_frame``."""
    opened = lambda: nullcontext(sources.source_of(where, BytesIO(content), len(content)))  # noqa: E731
    return _frame_of(opened, where, expected, least, encoding)


def _frame_of(
    opened: Callable[[], AbstractContextManager[sources.Source]],
    where: str,
    expected: Sequence[Expected],
    least: int,
    encoding: str,
) -> Frame:
    def batches(expected: Sequence[Expected], least: int = 0) -> Iterator[Frame]:
        with opened() as source:
            yield from _frames(source, expected, least, encoding, WHOLE)

    def explain(expected: Sequence[Expected]) -> None:
        for _ in batches(expected):
            pass

    parts, count, size = [], 0, 0
    for part in batches(expected, least):
        parts.append(part)
        count, size = count + len(part), size + part.size
        if count > sources.MAX_ROWS:
            advice = "take a part of them, or train on their shards with Dask (docs/scale.md)"
            raise files.refused(where, f"expected at most {sources.MAX_ROWS:,} examples", advice)
        if size > sources.MAX_FILE:
            raise files.refused(where, f"the unpacked columns are larger than {sources.MAX_FILE:,} bytes")
    return replace(whole(parts), _explain=explain)


def _frames(
    source: sources.Source, expected: Sequence[Expected], least: int, encoding: str, block: int
) -> Iterator[Frame]:
    kind, where = sources.kind(source.begin, source.where), source.where
    if kind == "csv":
        table = csv_table(where, in_utf8(source, encoding), source.begin, {column.name for column in expected})
        yield from _csv(table, where, expected, least, block)
        return
    names = [*dict.fromkeys(column.name for column in expected)]
    with source.anywhere() as file:
        if kind == "npz":
            from nngen.description.data.npz_table import npz_batches

            batches = npz_batches(file, where, names)
        else:
            from nngen.description.data.arrow_table import arrow_batches

            batches = arrow_batches(file, where, kind, names)
        yield from _typed(batches, where, expected, least)


def _csv(table: CsvTable, where: str, expected: Sequence[Expected], least: int, block: int) -> Iterator[Frame]:
    wanted = expected or [Expected(name, "text", gaps=True) for name in table.names]
    places = table.places(column.name for column in wanted)
    order = sorted(range(len(wanted)), key=places.__getitem__)
    size = block if find_spec("pyarrow") and not _is_few_numbers(table, places, wanted) else min(block, PLAIN)
    rows, large = 0, len(table.next_block(size)) >= LARGE and size == block
    while True:
        columns = _from_csv(table, places, wanted, large=large)
        if columns is None:
            table.explain(wanted)
            raise unexplained(where)
        rows += len(columns[0])
        yield replace(_frame(where, [(wanted[i], columns[i]) for i in order], table.said), separator=table.separator)
        if not table.next_block(size):
            break
    if rows < least:
        table.too_few(least, rows)


def _is_few_numbers(table: CsvTable, places: Sequence[int], wanted: Sequence[Expected]) -> bool:
    """Whether few columns, wanted as texts, begin with whole numbers, as ids do.

    Then the plain reader takes as long as to load pyarrow, and less memory.
    """
    if len(table.names) > FEW or not all(column.any_text for column in wanted):
        return False
    from nngen.description.data.csv_split import cells_of_block

    cells = cells_of_block(table.next_lines(), table.separator, len(table.names))
    return cells is not None and len(cells.numbers({*places}, places)) == len({*places})


def _from_csv(
    table: CsvTable, places: Sequence[int], wanted: Sequence[Expected], *, large: bool
) -> list[Column] | None:
    """The columns of a block of lines; None if one of them is wrong."""
    if large:
        from nngen.description.data.arrow_table import csv_columns

        columns = csv_columns(table, places, wanted)
        if columns is not None:
            return columns
    pairs = [*zip(places, wanted, strict=True)]
    others = {place for place, column in pairs if not (is_plain(column) or column.any_text)}
    cells = table.cells(places, {*places} - others, {place for place, column in pairs if column.any_text})
    if cells is None:
        return None
    found: list[Column] = []
    for column, listed in zip(wanted, cells, strict=True):
        values: Column | None
        if isinstance(listed, np.ndarray):
            values = allowed(listed, column)
        else:
            values = floats(listed, column) if column.numeric else texts(listed, column)
        if values is None:
            return None
        found.append(values)
    return found


def _typed(
    batches: Iterator[tuple[_Columns, Mapping[str, str], Sequence[str]]],
    where: str,
    expected: Sequence[Expected],
    least: int,
) -> Iterator[Frame]:
    """Frames of columns with types and nulls.

    Where a column of texts lists none, only the empty one is a missing value: a file with types has nulls for them.
    """
    rows = 0
    wanted = [column if column.known or column.numeric else replace(column, markers=("",)) for column in expected]
    for columns, left_out, said in batches:
        if not expected:
            yield Frame(where, tuple(columns), columns, left_out=left_out, said=tuple(said))
            continue
        order = [*columns]
        wanted.sort(key=lambda column: order.index(column.name))
        found = [(column, _as_expected(columns[column.name], column)) for column in wanted]
        if any(values is None for _, values in found):
            _explain(chain([columns], (later for later, *_ in batches)), where, wanted, rows)
            raise unexplained(where)
        frame = _frame(where, [(column, values) for column, values in found if values is not None])
        rows += len(frame)
        yield frame
    if rows < least:
        raise files.refused(where, f"expected {least} or more examples, got {rows or 'none'}")


def _frame(where: str, columns: Iterable[tuple[Expected, Column]], said: Sequence[str] = ()) -> Frame:
    """A frame of columns; a column that was read as numbers and as texts has its texts."""
    named: dict[str, Column] = {}
    for column, values in columns:
        if column.name not in named or not column.numeric:
            named[column.name] = values
    return Frame(where, tuple(named), named, said=tuple(said))


def _as_expected(values: Column, expected: Expected) -> Column | None:
    """The values of a column in the expected form; None if a value is wrong."""
    if isinstance(values, np.ndarray) and expected.numeric and expected.kind != "date":
        return allowed(values, expected)
    each = coded_numbers(values) if isinstance(values, np.ndarray) else values.coded()
    if expected.numeric:
        return numbers_of(each, expected)
    typed = ("True", "False") if not isinstance(values, np.ndarray) else each.known
    cells = [of_type(text, expected.known) if text in typed else text for text in cells_of(each.known)]
    return meant(coded(cells, each.places), expected)


def _explain(batches: Iterable[_Columns], where: str, wanted: Sequence[Expected], rows: int) -> None:
    """Report all mistakes in some columns, by rows and columns; ``rows`` is the number of rows before the first batch.

    Raises:
        SpecError: there are mistakes.
    """
    mistakes = Mistakes(where)
    for columns in batches:
        cells = [columns[column.name] for column in wanted]
        listed = [written(values) if isinstance(values, np.ndarray) else values.texts() for values in cells]
        for row, values in enumerate(zip(*listed, strict=True), rows + 1):
            for column, value in zip(wanted, values, strict=True):
                text = value or ""
                try:
                    column.check(text)
                except ValueError as error:
                    message = f"{column.name}, row {row:,}: {error}"
                    advice = "; ".join(filter(None, (column.label(text), column.advice(text))))
                    mistakes.add(Diagnostic(where, None, None, message, help=advice))
        rows += len(listed[0])
    mistakes.report()
