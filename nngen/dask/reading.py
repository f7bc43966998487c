"""Reads tables on the workers, column by column. Like ``worker``, it needs nothing of nngen."""

import csv
import gzip
import platform
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from itertools import chain
from typing import Any, BinaryIO, TextIO

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
SPACES = " \t\n\v\f\r"
"""What does not count around a text, as in ``nngen.description.data.cells``."""


VERSIONS = ("etag", "generation", "md5hash", "content-md5", "digest", "last-modified", "lastmodified", "last_modified")
"""What storages call that which tells versions of an object apart, the best first."""


def is_address(path: str) -> bool:
    """Return True for an address for fsspec, such as ``s3://bucket/name``, and False for a path."""
    return "://" in path


def version_of(info: Mapping[str, Any]) -> str:
    """The size of an object, and what else tells its versions apart, from its ``info`` by fsspec."""
    known = {name.lower(): value for name, value in info.items()}
    named = [name for name in VERSIONS if known.get(name)]
    texts = [f"{known.get('size')} bytes", *(f"the {name} {known[name]}" for name in named[:1])]
    return " and ".join(texts).replace('"', "")


@contextmanager
def opened(path: str, version: str = "") -> Iterator[Any]:
    """Open a file, or an object at an address for fsspec, to read bytes.

    Args:
        path: the path or the address.
        version: what ``version_of`` said of an object when it was listed; empty for any.

    Raises:
        ValueError: the object is of another version, or changes within the block.
    """
    if not is_address(path):
        with open(path, "rb") as file:
            yield file
        return
    from fsspec.core import url_to_fs

    storage, name = url_to_fs(path)

    def now(known: str) -> str:
        storage.invalidate_cache()
        has = version_of(storage.info(name))
        if has != (known or has):
            raise ValueError(f": it has changed: it had {known}, and now has {has}; train anew")
        return has

    version = now(version)
    try:
        with storage.open(name, "rb") as file:
            yield file
    finally:
        now(version)


def columns_of(
    where: str, path: str, version: str, part: tuple[int, ...], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    """The columns of a file of CSV, Parquet or Feather.

    Args:
        where: the name of the shard, for messages.
        path: the file, or its address; ``.csv`` may be gzipped, ``.csv.gz``.
        version: as in ``opened``.
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
        is_csv = path.removesuffix(".gz").endswith((".csv", ".tsv"))
        where = path if is_csv else where  # lines and rows are counted from the beginning of the file
        with opened(path, version) as file:
            return (_csv if is_csv else _arrow)(file, path, part, names, numbers, texts)
    except Exception as error:
        why = _why(error, path)
    raise ValueError(f"{where}{why}")  # here, as an error of a storage does not travel, not even as a context


def _why(error: Exception, path: str) -> str:
    """Why a file is not read; errors that are none of the file are raised again."""
    if isinstance(error, FileNotFoundError):
        if is_address(path):
            return f": the worker {platform.node()} finds no such object: {unread(error)}"
        return f": the worker {platform.node()} has no such file; all workers need the same paths"
    if isinstance(error, EOFError):
        return ": the file ends too early; it is damaged or incomplete"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return ": the file is damaged or incomplete"
    if isinstance(error, UnicodeDecodeError):
        return f": expected text in UTF-8, got the byte 0x{error.object[error.start]:02x}"
    if isinstance(error, ValueError):
        return f"{'' if str(error)[:1] in ',:' else ': '}{error}"
    if is_address(path):
        return f": the worker {platform.node()} cannot read it: {unread(error)}"
    raise error


def unread(error: Exception) -> str:
    """Why a storage gives no object; that of the web calls each failure an absent file, and says its cause."""
    error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    return f"{type(error).__name__}: {error}".replace("\n", " ")


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
    file: Any, path: str, part: tuple[int, ...], names: list[str], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    file = gzip.GzipFile(fileobj=file) if path.endswith(".gz") else file
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
    file: Any, path: str, groups: tuple[int, ...], names: list[str], numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import feather, parquet

    try:
        if path.endswith((".parquet", ".pq")):
            table = parquet.ParquetFile(file)
            for name in names:
                _place(table.schema_arrow.names, name)
            table = table.read_row_groups([*range(*(groups or (0, table.num_row_groups)))], columns=names)
        else:
            table = feather.read_table(file)
            for name in names:
                _place(table.column_names, name)
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
