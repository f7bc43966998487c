"""The shards in files: a file, a pattern, or a folder, also at an address for fsspec."""

import csv
import glob
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.dask.reading import csv_head, is_address, is_blank, opened, unread, version_of
from nngen.dask.shards import SUFFIXES, Source, of_row_groups

ROWS = 100_000
"""A file is cut after so many rows, one of Parquet between row groups: they take a worker a second or so to read. It is
fixed, since the last bits of a training depend on it."""


PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


def shards_of(*patterns: str | os.PathLike[str]) -> list[Source]:
    """The shards of files, in the order of their names within each pattern.

    Files of CSV and Parquet with many rows have several. A file of CSV is read once for that, from begin to end.

    Args:
        patterns: paths of files or folders, or patterns of ``glob``; or addresses for fsspec such as
            ``s3://bucket/part-*.parquet``.

    Raises:
        SpecError: there is no such file, it cannot be read, it is of another kind, or it is named twice.
    """
    found = [pair for pattern in patterns for pair in _found(os.fspath(pattern))]
    paths = [path for path, _ in found]
    for path in paths:
        if paths.count(path) > 1:
            raise files.refused("--shards", f"{path} is named twice")
    return [shard for pair in found for shard in _cut(*pair)]


def _found(pattern: str) -> list[tuple[str, str]]:
    """The files of a pattern; of objects, also their versions."""
    if not is_address(pattern):
        paths = _matches(pattern)
        files.remember(*map(Path, paths))
        return [(path, "") for path in paths]
    if PASSWORD.search(pattern):
        advice = "give it to fsspec by its environment variables or files, on the client and on the workers"
        raise files.refused("--shards", f"{PASSWORD.sub('://...@', pattern)}: this address has a password", advice)
    with _explained(pattern):
        found = _listed(pattern)
    if not found:
        raise _none(pattern)
    return found


def _listed(pattern: str) -> list[tuple[str, str]]:
    from fsspec.core import url_to_fs

    storage, name = url_to_fs(pattern)
    storage.invalidate_cache()
    if glob.has_magic(name):
        found = storage.glob(name, detail=True)
    elif name.endswith(SUFFIXES):
        found = {name: storage.info(name)}
    else:
        found = {info["name"]: info for info in storage.ls(name, detail=True)}
    named = {storage.unstrip_protocol(one): one for one in sorted(found) if one.endswith(SUFFIXES)}
    return [(path, version_of(storage.info(one))) for path, one in named.items()]


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Explain why an object cannot be read: each storage has errors of its own."""
    if not is_address(path):
        yield
        return
    try:
        yield
    except ImportError as error:
        advice = "install the package of this storage on the client and on the workers: pip install s3fs, gcsfs, adlfs"
        raise files.refused("--shards", f"{path}: {error}", f"{advice} or aiohttp") from None
    except SpecError:
        raise
    except Exception as error:
        if isinstance(error, FileNotFoundError) and not error.__cause__:
            raise _none(path) from None
        advice = "fsspec takes credentials from its environment variables and files"
        raise files.refused("--shards", f"{path} cannot be read: {unread(error)}", advice) from None


def _none(pattern: str) -> SpecError:
    known = f"a file that ends in {', '.join(SUFFIXES)}"
    return files.refused("--shards", f"{pattern}: there is no such file, nor {known} within", "quote patterns")


def _matches(pattern: str) -> list[str]:
    if os.path.isdir(pattern):
        names = [name for name in sorted(os.listdir(pattern)) if name.endswith(SUFFIXES) and name[0] not in "._"]
        paths = [os.path.join(pattern, name) for name in names]
    else:
        paths = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern, recursive=True))
    if not paths:
        raise _none(pattern)
    for path in paths:
        if not path.endswith(SUFFIXES):
            raise files.refused("--shards", f"{path}: expected a file that ends in {', '.join(SUFFIXES)}")
        if not os.path.isfile(path):  # a pipe would hold up a worker for ever
            raise files.refused("--shards", f"{path}: this is not a file")
    return [os.path.abspath(path) for path in paths]


def _cut(path: str, version: str) -> Iterable[Source]:
    """The whole file, or parts of a large one."""
    with _explained(path):
        if path.endswith((".csv", ".tsv")):
            parts = [*_of_csv(path, version)]
        else:
            parts = [*_of_parquet(path, version)] if path.endswith((".parquet", ".pq")) else []
    return parts if len(parts) > 1 else [Source(path, path, version=version)]


def _of_parquet(path: str, version: str) -> Iterator[Source]:
    counts = _row_groups(path)
    first = rows = 0
    for place, count in enumerate(counts, 1):
        rows += count
        if rows >= ROWS or place == len(counts):
            yield of_row_groups(path, first, place, version)
            first, rows = place, 0


def _of_csv(path: str, version: str) -> Iterator[Source]:
    """Only a reader of all lines before a row knows that it begins there: cells in quotes may have line breaks.

    At a mistake it stops: the worker with the last part will find and name it.
    """
    starts = []
    reader_of = opened(path) if is_address(path) else files.opened(Path(path))
    with reader_of as file, suppress(csv.Error, UnicodeDecodeError):
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
        yield Source(f"{path}, from row {rows + 1} on", path, part=(place, stop, before, rows), version=version)


def _row_groups(path: str) -> list[int]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        advice = "install it: pip install pyarrow"
        raise files.refused(Path(path), "Parquet needs pyarrow, which is missing", advice) from None
    try:
        with opened(path) as file:
            known: Any = parquet.read_metadata(file)
    except (OSError, pa.ArrowInvalid):
        raise files.refused(Path(path), "the file is damaged or incomplete, or cannot be read") from None
    return [known.row_group(place).num_rows for place in range(known.num_row_groups)]
