"""The shards in files that a command names: a file, a pattern, or a folder."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nngen import files
from nngen.dask.shards import SUFFIXES, RowGroups

ROWS = 100_000
"""A Parquet file is cut between row groups after so many rows: they take a worker a second or so to read. It is fixed,
since the last bits of a training depend on it."""


def shards_of(patterns: Iterable[str]) -> list[str | RowGroups]:
    """The shards of files, in the order of their names within each pattern.

    Raises:
        SpecError: there is no such file, it is of another kind, or it is named twice.
    """
    found = [path for pattern in patterns for path in _matches(pattern)]
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


def _cut(path: str) -> Iterator[str | RowGroups]:
    """The whole file, or parts of a large Parquet file."""
    counts = _row_groups(path) if path.endswith((".parquet", ".pq")) else []
    if sum(counts) <= ROWS:
        yield path
        return
    first = rows = 0
    for place, count in enumerate(counts, 1):
        rows += count
        if rows >= ROWS or place == len(counts):
            yield RowGroups(path, first, place)
            first, rows = place, 0


def _row_groups(path: str) -> list[int]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        advice = "install it: pip install 'nngen-backprop[data]'"
        raise files.refused(Path(path), "Parquet needs pyarrow, which is missing", advice) from None
    try:
        known: Any = parquet.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        raise files.refused(Path(path), "the file is damaged or incomplete, or cannot be read") from None
    return [known.row_group(place).num_rows for place in range(known.num_row_groups)]
