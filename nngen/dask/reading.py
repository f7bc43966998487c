"""Reads tables on the workers, column by column. Like ``worker``, it needs nothing of nngen."""

import csv
import gzip
import platform
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from itertools import chain
from typing import Any, BinaryIO, TextIO

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
SPACES = " \t\n\v\f\r"
"""What does not count around a text, as in ``nngen.description.data.cells``."""


def columns_of(
    where: str, path: str, part: tuple[int, ...], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    """The columns of a file of CSV, Parquet or Feather.

    Args:
        where: the name of the shard, for messages.
        path: the file; ``.csv`` may be gzipped, ``.csv.gz``.
        part: of a Parquet file, the first row group and the last but one. Of a CSV file, the bytes before the first row
            and those before the row that follows, or -1 for all to the end; then the lines and the rows before it.
            Empty for the whole file.
        numbers: the columns of numbers; a missing value becomes NaN.
        texts: the columns of texts, and for each the texts that stand for a missing value, which becomes None. Those
            of "" hold for numbers. A column of both has numbers only where the file has their type.

    Raises:
        ValueError: there is no such file, or it does not have these columns.
    """
    names = [*dict.fromkeys([*numbers, *filter(None, texts)])]
    try:
        if path.removesuffix(".gz").endswith((".csv", ".tsv")):
            where = path  # lines and rows are counted from the beginning of the file
            return _csv(path, part, names, numbers, texts)
        return _arrow(path, part, names, numbers, texts)
    except FileNotFoundError:
        message = f"the worker {platform.node()} has no such file; all workers need the same paths"
        raise ValueError(f"{where}: {message}") from None
    except EOFError:
        raise ValueError(f"{where}: the file ends too early; it is damaged or incomplete") from None
    except (gzip.BadGzipFile, zlib.error):
        raise ValueError(f"{where}: the file is damaged or incomplete") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{where}: expected text in UTF-8, got the byte 0x{error.object[error.start]:02x}") from None
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None


def csv_head(file: BinaryIO) -> tuple[list[str], str, int]:
    """The names of the columns of a CSV file, what separates them, and how many lines end with them.

    The file is at its first row then.
    """
    line, before = file.readline().removeprefix(BOM_UTF8), 0
    while line.isspace():
        line, before = file.readline(), before + 1
    text = line.decode()
    separator = max(",;\t|", key=lambda one: len(next(csv.reader([text], delimiter=one), ())))
    reader = csv.reader(chain([text], map(bytes.decode, file)), strict=True, delimiter=separator)
    names = [name.strip() for name in next(reader, [])]
    return names, separator, before + reader.line_num


def is_blank(row: list[str]) -> bool:
    """Return True if a line of a CSV file is blank; a line of tabs is a row of empty cells."""
    return not row or (len(row) == 1 and not row[0].strip())


def _csv(
    path: str, part: tuple[int, ...], names: list[str], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    opened: Any = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as file:
        try:
            header, separator, lines = csv_head(file)
        except csv.Error:
            raise ValueError(": expected names of columns, each plain or completely in quotes") from None
        places = [_place(header, name) for name in names]
        start, end, lines, before = part or (0, -1, lines, 0)
        if part:
            file.seek(start)
        given = file if end < 0 else BytesIO(file.read(end - start))
        cells: list[list[str]] = [[] for _ in names]
        with TextIOWrapper(given, "utf-8", newline="\n") as text:
            for row in _rows(text, separator, len(header), lines, end < 0):
                for column, place in zip(cells, places, strict=True):
                    column.append(row[place].strip(SPACES))
    found: dict[str, Any] = {}
    for name, column in zip(names, cells, strict=True):
        if name not in texts:
            found[name] = _numbers(name, column, texts[""], before)
        else:
            found[name] = [None if text in texts[name] else text for text in column]
    return found


def _rows(lines: TextIO, separator: str, width: int, before: int, last: bool) -> Iterator[list[str]]:
    """The rows of some lines of a CSV file, each with ``width`` cells.

    ``before`` counts the lines before these, and ``last`` is true if no lines follow.

    Raises:
        ValueError: a row is wrong as a whole.
    """
    reader = csv.reader(lines, strict=True, delimiter=separator)
    line = before + 1
    try:
        for row in reader:
            if not is_blank(row):
                if len(row) != width:
                    wrong = f"expected {width} cells, got {len(row)}"
                    break
                yield row
            line = before + reader.line_num + 1
        else:
            return
    except csv.Error:
        wrong = f"expected cells that {separator!r} separates, each plain or completely in quotes"
    ends = last and not any(map(str.strip, lines))
    raise ValueError(f", line {line}: {wrong}{'; the file ends in the middle of a row' if ends else ''}")


def _place(header: list[str], name: str) -> int:
    if header.count(name) != 1:
        how = "no column" if name not in header else f"{header.count(name)} columns"
        raise ValueError(f": there is {how} {name!r}; its columns are {', '.join(header)}")
    return header.index(name)


def _numbers(name: str, texts: list[str], missing: list[str], before: int) -> Any:
    for row, text in enumerate(texts, before + 1):
        if not NUMBER.fullmatch(text) and text not in missing:
            raise ValueError(f", row {row}: {name}: expected a number, got {text!r:.80}")
    return np.array([np.nan if text in missing else float(text) for text in texts])


def _arrow(
    path: str, groups: tuple[int, ...], names: list[str], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import feather, parquet

    is_parquet = path.endswith((".parquet", ".pq"))
    try:
        header = (parquet.read_schema(path) if is_parquet else feather.read_table(path, memory_map=False).schema).names
        for name in names:
            _place(header, name)
        wanted = [*dict.fromkeys(names)]
        if groups:
            with parquet.ParquetFile(path) as file:
                table = file.read_row_groups([*range(*groups)], columns=wanted)
        else:
            read = parquet.read_table if is_parquet else feather.read_table
            table = read(path, columns=wanted, memory_map=False)
    except pa.ArrowInvalid:
        raise ValueError(": the file is damaged or incomplete") from None
    found: dict[str, Any] = {}
    for name in names:
        column = table[name]
        typed = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        if name in numbers and (typed or name not in texts):
            if not typed:
                raise ValueError(f": {name}: expected numbers, got values of the type {column.type}")
            found[name] = column.cast(pa.float64()).to_numpy()
        else:
            found[name] = [None if text in (None, "") else str(text) for text in column.to_pylist()]
    return found
