"""The bytes of a table: unpacked, and recognized by their first bytes."""

import gzip
import io
import os
import re
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from nngen.common import files
from nngen.common.records import dataclass

MAX_FILE = 512_000_000
"""Unpacked bytes of a table that is read as a whole; its numbers need up to four times as much memory in addition."""

MAX_ROWS = 1_000_000
"""Rows of a table that is read as a whole; with a hundred columns of numbers, they take 800 MB."""

MAX_LINE = 1_000_000
"""Bytes of a line, or of a row of arrays."""

BATCH = 20_000
"""Rows of a typed table that are read at once."""

BEGIN = 4_096
"""The number of first bytes that show the kind of a file."""

BUFFER = 65_536
"""Bytes that are copied at once."""

PART = 16_000_000
"""Bytes of a file that is read as a whole that are read at once."""

STANDARD_INPUT = "standard input"

Kind = Literal["csv", "parquet", "feather", "npz"]

_MARK = b"\xef\xbb\xbf"

_GZIP = b"\x1f\x8b"

_KINDS: tuple[tuple[bytes, Kind], ...] = ((b"PAR1", "parquet"), (b"ARROW1", "feather"))

_ZIP = b"PK\x03\x04"


def _as_csv(reader: str, options: str = "") -> str:
    """How pandas writes a file as CSV."""
    return f'write it as CSV: `pandas.read_{reader}("{{}}"{options}).to_csv("table.csv", index=False)`'


_OTHERS = (
    (_GZIP, "a gzip file within a packed file", "unpack it: `gunzip {}`"),
    (b"BZh", "a bzip2 file within a packed file", "unpack it: `bunzip2 {}`"),
    (b"\xfd7zXZ", "an xz file", "unpack it: `unxz {}`"),
    (b"(\xb5/\xfd", "a zstd file", "unpack it: `unzstd {}`"),
    (b"FEA1", "a Feather file of version 1", "write it again: `pandas.read_feather(...).to_feather(...)`"),
    (b"\x89HDF", "an HDF5 file", "write its table as CSV"),
    (b"\x93NUMPY", "a single array of NumPy", "save its columns by name: `numpy.savez('data.npz', x=..., y=...)`"),
    (_ZIP, "an archive or a workbook within a packed file", "unpack it: `unzip {}`"),
    (b"\xd0\xcf\x11\xe0", "a workbook within a packed file", "unpack it"),
    (b"SQLite format 3", "a database within a packed file", "unpack it"),
    *(
        (mark, "a file of Stata", _as_csv("stata"))
        for mark in (b"<stata_dta>", b"s\x01\x01\0", b"s\x02\x01\0", b"r\x02\x01\0")
    ),
    *((mark, "a file of SPSS", _as_csv("spss")) for mark in (b"$FL2", b"$FL3")),
    *((bytes([128, number]), "a pickle", f"if you trust who wrote it: {_as_csv('pickle')}") for number in range(2, 6)),
    *(
        (mark, "a file of R", "write it as CSV: `write.csv(x, 'table.csv', row.names = FALSE)`")
        for mark in (b"RDX", b"X\n\0\0")
    ),
)
"""The first bytes of other kinds of files, their names, and the advice."""

_TEXTS = (
    (re.compile(rb"\s*<(!doctype|html|table|\?xml)", re.IGNORECASE), "a page of HTML or XML", "save its table as CSV"),
    (
        re.compile(rb"\s*(%.*\n\s*)*@relation", re.IGNORECASE),
        "an ARFF file",
        "write the names of its attributes in one line, with commas, and below it the lines after @data",
    ),
)
"""How other kinds of text begin."""


@dataclass(frozen=True)
class Source:
    """The bytes of a table."""

    where: str
    """The name of the file, for messages."""
    begin: bytes
    """The first bytes, which show its kind."""
    file: BinaryIO
    """All bytes, unpacked, to be read once."""
    seekable: BinaryIO | None = None
    """The same bytes if they can be read at any place, as in a file that is not packed."""
    size: int | None = None
    """How many they are, if that is known before they are read."""
    path: Path | None = None
    """The file that has these bytes, if one does."""

    @contextmanager
    def anywhere(self) -> Iterator[BinaryIO]:
        """A file whose bytes can be read at any place; it may be a copy, which is deleted in the end.

        Raises:
            SpecError: they are too many to be copied.
        """
        if self.seekable is not None:
            self.seekable.seek(0)
            yield self.seekable
            return
        with tempfile.TemporaryFile() as copy:
            while part := self.file.read(BUFFER):
                copy.write(part)
                if copy.tell() > MAX_FILE:
                    raise files.refused(self.where, f"the unpacked file is larger than {MAX_FILE:,} bytes")
            copy.seek(0)
            yield cast("BinaryIO", copy)


def source_of(where: str, file: BinaryIO, size: int | None = None) -> Source:
    """A source of ``size`` bytes of a file, which can be read at any place; without it, of all bytes, read once."""
    begin = file.read(BEGIN if size is None else min(BEGIN, size)) or b""
    return Source(where, begin, again(begin, file, size), None if size is None else file, size)


def again(begin: bytes, file: BinaryIO, size: int | None = None) -> BinaryIO:
    """A file from which some bytes were read, which come again; it ends after ``size`` bytes."""
    return cast("BinaryIO", io.BufferedReader(_Again(begin, file, size), BUFFER))


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzipped.

    Raises:
        SpecError: the file cannot be read, is too large, or changes while it is read.
    """
    with opened(path) as source:
        return _content(source)


@contextmanager
def limited(path: Path) -> Iterator[Source]:
    """Open a table whose bytes can be read at any place; those of a gzipped file are unpacked before.

    Raises:
        SpecError: as ``content``.
    """
    with opened(path) as source:
        if source.size is None:
            unpacked = _content(source)
            source = source_of(source.where, io.BytesIO(unpacked), len(unpacked))
        _refuse_large(source.where, "the file", source.size or 0)
        yield source


def _content(source: Source) -> bytes:
    parts, size = [], 0
    while part := source.file.read(PART):  # to read all at once would take the memory of the largest file
        parts.append(part)
        size += len(part)
        _refuse_large(source.where, "the file" if source.seekable else "the unpacked file", size)
    return b"".join(parts)


def _refuse_large(where: str, what: str, size: int) -> None:
    if size > MAX_FILE:
        raise files.refused(where, f"{what} is larger than {MAX_FILE:,} bytes")


@contextmanager
def opened(path: Path | None) -> Iterator[Source]:
    """Open a table in a file, or from standard input for None.

    Raises:
        SpecError: the file cannot be read, is damaged, or changes while it is read; or standard input is closed.
    """
    from nngen.description.data.converted import as_csv

    where, part = STANDARD_INPUT if path is None else str(path), ""
    if path is not None:
        path, part = apart(path)
    if path is None and sys.stdin is None:  # the process began without it, as with `<&-` in a shell
        raise files.refused(where, "there is no standard input: it is closed", "name a file, or give it a table")
    with nullcontext(sys.stdin.buffer) if path is None else files.opened(path) as file:
        before = None if path is None else os.fstat(file.fileno())
        source = replace(source_of(where, file, before and before.st_size), path=path)
        try:
            if source.begin.startswith(_GZIP):
                unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=source.file))
                source = source_of(where, unpacked)
            with as_csv(source, part) as table:
                yield table
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise files.refused(where, "the gzip file is damaged or incomplete") from None
        if path is not None and before is not None:
            _unchanged(path, before, os.fstat(file.fileno()))


def _unchanged(path: Path, before: os.stat_result, after: os.stat_result) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        sizes = f"from {before.st_size:,} to {after.st_size:,} bytes"
        advice = "wait until it is complete, or read a copy of it"
        raise files.refused(path, f"the file changed while it was read, {sizes}", advice)


def stream(parts: Iterator[bytes]) -> BinaryIO:
    """A file that reads these bytes, part by part."""
    return cast("BinaryIO", io.BufferedReader(_Parts(parts), BUFFER))


class _Parts(io.RawIOBase):
    """The bytes of some parts."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._ready = parts, b""

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer; returns how many."""
        self._ready = self._ready or next(filter(None, self._parts), b"")
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


class _Again(io.RawIOBase):
    """A file from which some bytes were read, which come again.

    It ends after ``size`` bytes, where others write to the file faster than it is read.
    """

    def __init__(self, begin: bytes, file: BinaryIO, size: int | None) -> None:
        self._begin, self._file = begin, file
        self._left = sys.maxsize if size is None else size

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer; returns how many."""
        room = buffer[: self._left]
        count = len(self._begin[: len(room)])
        if count:
            room[:count], self._begin = self._begin[:count], self._begin[count:]
        else:
            count = cast("io.BufferedIOBase", self._file).readinto(room) or 0  # no copy of a large block
        self._left -= count
        return count


def kind(begin: bytes, where: str) -> Kind:
    """The kind of a table, by its first bytes.

    Raises:
        SpecError: it is a file of another kind.
    """
    for magic, found in _KINDS:
        if begin.startswith(magic):
            return found
    if begin.startswith(_ZIP) and first_name(begin).endswith(b".npy"):
        return "npz"
    for magic, called, advice in _OTHERS:
        if begin.startswith(magic):
            name = Path(where).name
            raise files.refused(Path(where), f"expected a table, got {called}", advice.format(name))
    for pattern, called, advice in _TEXTS:
        if pattern.match(begin.removeprefix(_MARK)):
            raise files.refused(Path(where), f"expected a table, got {called}", advice.format(Path(where).name))
    return "csv"


def first_name(archive: bytes) -> bytes:
    """The name of the first file in a zip archive (PKWARE's APPNOTE, 4.3.7)."""
    return archive[30 : 30 + int.from_bytes(archive[26:28], "little")]


def apart(path: Path) -> tuple[Path, str]:
    """A file and the part of it that ``FILE#PART`` names, empty for none; a file may also have ``#`` in its name."""
    name, _, part = path.name.partition("#")
    return (path.with_name(name), part) if part and name and not os.path.lexists(path) else (path, "")
