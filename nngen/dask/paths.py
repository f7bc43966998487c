"""The shards in files: a file, a pattern, or a folder."""

import csv
import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.dask.reading import csv_head, is_blank
from nngen.dask.shards import SUFFIXES, CsvRows, RowGroups

ROWS = 100_000
"""A file is cut after so many rows, one of Parquet between row groups: they take a worker a second or so to read. It is
fixed, since the last bits of a training depend on it."""


def shards_of(*patterns: str | os.PathLike[str]) -> list[str | CsvRows | RowGroups]:
    """The shards of files, in the order of their names within each pattern.

    Files of CSV and Parquet with many rows have several. A file of CSV is read once for that, from begin to end.

    Args:
        patterns: paths of files or folders, or patterns of ``glob``.

    Raises:
        SpecError: there is no such file, it cannot be read, it is of another kind, or it is named twice.
    """
    found = [path for pattern in patterns for path in _matches(os.fspath(pattern))]
    files.remember(*map(Path, found))
    for path in found:
        if found.count(path) > 1:
            raise files.refused("--shards", f"{path} is named twice")
    return [shard for path in found for shard in _cut(path)]


def _matches(pattern: str) -> list[str]:
    if os.path.isdir(pattern):
        names = [name for name in sorted(os.listdir(pattern)) if name.endswith(SUFFIXES) and name[0] not in "._"]
        paths = [os.path.join(pattern, name) for name in names]
    else:
        paths = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern, recursive=True))
    known = f"a file that ends in {', '.join(SUFFIXES)}"
    if not paths:
        raise files.refused("--shards", f"{pattern}: there is no such file, nor {known} within", "quote patterns")
    for path in paths:
        if not path.endswith(SUFFIXES):
            raise files.refused("--shards", f"{path}: expected {known}")
        if not os.path.isfile(path):  # a pipe would hold up a worker for ever
            raise files.refused("--shards", f"{path}: this is not a file")
    return [os.path.abspath(path) for path in paths]


def _cut(path: str) -> Iterable[str | CsvRows | RowGroups]:
    """The whole file, or parts of a large one."""
    if path.endswith((".csv", ".tsv")):
        parts: list[Any] = [*_of_csv(path)]
    else:
        parts = [*_of_parquet(path)] if path.endswith((".parquet", ".pq")) else []
    return parts if len(parts) > 1 else [path]


def _of_parquet(path: str) -> Iterator[RowGroups]:
    counts = _row_groups(path)
    first = rows = 0
    for place, count in enumerate(counts, 1):
        rows += count
        if rows >= ROWS or place == len(counts):
            yield RowGroups(path, first, place)
            first, rows = place, 0


def _of_csv(path: str) -> Iterator[CsvRows]:
    """Only a reader of all lines before a row knows that it begins there: cells in quotes may have line breaks.

    At a mistake it stops: the worker with the last part will find and name it.
    """
    starts = []
    with files.opened(Path(path)) as file, suppress(csv.Error, UnicodeDecodeError):
        _, separator, before = csv_head(file)
        place = file.tell()

        def lines() -> Iterator[str]:
            nonlocal place
            for line in file:
                place += len(line)
                yield line.decode()

        rows, start = 0, (place, before, 0)
        reader = csv.reader(lines(), strict=True, delimiter=separator)
        for row in reader:
            if not is_blank(row):
                if rows % ROWS == 0:
                    starts.append(start)
                rows += 1
                if rows % ROWS == 0:
                    start = (place, before + reader.line_num, rows)
    stops = [*(place for place, _, _ in starts[1:]), -1]
    for (place, before, rows), stop in zip(starts, stops, strict=False):
        yield CsvRows(path, place, stop, before, rows)


def _row_groups(path: str) -> list[int]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        advice = "install it: pip install pyarrow"
        raise files.refused(Path(path), "Parquet needs pyarrow, which is missing", advice) from None
    try:
        known: Any = parquet.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        raise files.refused(Path(path), "the file is damaged or incomplete, or cannot be read") from None
    return [known.row_group(place).num_rows for place in range(known.num_row_groups)]
