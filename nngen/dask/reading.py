"""Reads tables on the workers, column by column. Like ``worker``, it needs nothing of nngen."""

import csv
import gzip
import platform
import re
from typing import Any

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def columns_of(
    where: str, path: str, groups: tuple[int, int] | None, numbers: list[str], texts: dict[str, list[str]]
) -> dict[str, Any]:
    """The columns of a file of CSV, Parquet or Feather.

    Args:
        where: the name of the shard, for messages.
        path: the file; ``.csv`` may be gzipped, ``.csv.gz``.
        groups: of a Parquet file, the first row group and the last but one; None for all.
        numbers: the columns of numbers; a missing value becomes NaN.
        texts: the columns of texts, and for each the texts that stand for a missing value, which becomes None. Those
            of "" hold for numbers.

    Raises:
        ValueError: there is no such file, or it does not have these columns.
    """
    names = [*numbers, *(name for name in texts if name)]
    try:
        if path.removesuffix(".gz").endswith((".csv", ".tsv")):
            return _csv(path, names, numbers, texts)
        return _arrow(path, groups, names, numbers, texts)
    except FileNotFoundError:
        message = f"the worker {platform.node()} has no such file; all workers need the same paths"
        raise ValueError(f"{where}: {message}") from None
    except EOFError:
        raise ValueError(f"{where}: the file ends too early; it is damaged or incomplete") from None
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None


def _csv(path: str, names: list[str], numbers: list[str], texts: dict[str, list[str]]) -> dict[str, Any]:
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        separator = max(",;\t|", key=head.count)
        header = [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]
        places = [_place(header, name) for name in names]
        cells: list[list[str]] = [[] for _ in names]
        reader = csv.reader(file, delimiter=separator)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                message = f", line {reader.line_num + 1}: expected {len(header)} cells, got {len(row)}"
                ends = not next(reader, None)
                raise ValueError(f"{message}; the file ends in the middle of a row" if ends else message)
            for column, place in zip(cells, places, strict=True):
                column.append(row[place].strip())
    found: dict[str, Any] = {}
    for name, column in zip(names, cells, strict=True):
        if name in numbers:
            found[name] = _numbers(name, column, texts[""])
        else:
            found[name] = [None if text in texts[name] else text for text in column]
    return found


def _place(header: list[str], name: str) -> int:
    if header.count(name) != 1:
        how = "no column" if name not in header else f"{header.count(name)} columns"
        raise ValueError(f": there is {how} {name!r}; its columns are {', '.join(header)}")
    return header.index(name)


def _numbers(name: str, texts: list[str], missing: list[str]) -> Any:
    for row, text in enumerate(texts, 1):
        if not NUMBER.fullmatch(text) and text not in missing:
            raise ValueError(f", row {row}: {name}: expected a number, got {text!r:.80}")
    return np.array([np.nan if text in missing else float(text) for text in texts])


def _arrow(
    path: str, groups: tuple[int, int] | None, names: list[str], numbers: list[str], texts: dict[str, list[str]]
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
        if name in numbers:
            if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
                raise ValueError(f": {name}: expected numbers, got values of the type {column.type}")
            found[name] = column.cast(pa.float64()).to_numpy()
        else:
            found[name] = [None if text in (None, "") else str(text) for text in column.to_pylist()]
    return found
