"""The bytes of a table: read once, unpacked, and recognized by their first bytes."""

import gzip
import os
import sys
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from nngen import files

MAX_FILE = 512_000_000
"""Unpacked bytes of a table; it is read at once, and its numbers need up to four times as much memory in addition."""

MAX_ROWS = 1_000_000
"""Rows of a table; with a hundred columns of numbers, they take 800 MB."""

MAX_HEADER = 1_000_000
"""Bytes of the line of column names."""

STANDARD_INPUT = "standard input"

Kind = Literal["csv", "parquet", "feather", "npz"]

_GZIP = b"\x1f\x8b"

_KINDS: tuple[tuple[bytes, Kind], ...] = ((b"PAR1", "parquet"), (b"ARROW1", "feather"))

_ZIP = b"PK\x03\x04"

_OTHERS = (
    (_GZIP, "a gzip file within a gzip file", "unpack it: `gunzip {}`"),
    (b"BZh", "a bzip2 file", "unpack it: `bunzip2 {}`"),
    (b"\xfd7zXZ", "an xz file", "unpack it: `unxz {}`"),
    (b"(\xb5/\xfd", "a zstd file", "unpack it: `unzstd {}`"),
    (b"FEA1", "a Feather file of version 1", "write it again: `pandas.read_feather(...).to_feather(...)`"),
    (b"\x89HDF", "an HDF5 file", "write its table as CSV"),
    (b"\x93NUMPY", "a single array of NumPy", "save its columns by name: `numpy.savez('data.npz', x=..., y=...)`"),
    (_ZIP, "a zip archive or a spreadsheet", "unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet", "save the sheet as CSV"),
    (b"SQLite format 3", "a database", "write its table as CSV"),
    (b"\xff\xfe", "text in UTF-16", "save it in UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it in UTF-8"),
)
"""The first bytes of other kinds of files, their names, and the advice."""


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzipped.

    Raises:
        SpecError: the file cannot be read, is too large, or changes while it is read.
    """
    with files.opened(path) as file:
        before = os.fstat(file.fileno())
        packed = file.read(MAX_FILE + 1) or b""
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        sizes = f"from {before.st_size:,} to {after.st_size:,} bytes"
        advice = "wait until it is complete, or read a copy of it"
        raise files.refused(path, f"the file changed while it was read, {sizes}", advice)
    return _unpacked(packed, str(path))


def standard_input() -> bytes:
    """The bytes of standard input, unpacked if they are gzipped.

    Raises:
        SpecError: they are too many.
    """
    return _unpacked(sys.stdin.buffer.read(MAX_FILE + 1), STANDARD_INPUT)


def start(path: Path) -> bytes:
    """The first bytes of a file, unpacked if it is gzipped; enough for the line of column names.

    Raises:
        SpecError: the file cannot be read.
    """
    with files.opened(path) as file:
        begin = file.read(MAX_HEADER) or b""
        if not begin.startswith(_GZIP):
            return begin
        file.seek(0)
        return _unzipped(file, str(path), MAX_HEADER)


def kind(begin: bytes, where: str) -> Kind:
    """The kind of a table, by its first bytes.

    Raises:
        SpecError: it is a file of another kind.
    """
    for magic, found in _KINDS:
        if begin.startswith(magic):
            return found
    if begin.startswith(_ZIP) and _first_name(begin).endswith(b".npy"):
        return "npz"
    for magic, called, advice in _OTHERS:
        if begin.startswith(magic):
            name = Path(where).name
            raise files.refused(Path(where), f"expected a table, got {called}", advice.format(name))
    return "csv"


def _first_name(archive: bytes) -> bytes:
    """The name of the first file in a zip archive (PKWARE's APPNOTE, 4.3.7)."""
    return archive[30 : 30 + int.from_bytes(archive[26:28], "little")]


def _unpacked(packed: bytes, where: str) -> bytes:
    if len(packed) > MAX_FILE:
        raise files.refused(Path(where), f"the file is larger than {MAX_FILE:,} bytes")
    if not packed.startswith(_GZIP):
        return packed
    unpacked = _unzipped(BytesIO(packed), where, MAX_FILE + 1)
    if len(unpacked) > MAX_FILE:
        raise files.refused(Path(where), f"the unpacked file is larger than {MAX_FILE:,} bytes")
    return unpacked


def _unzipped(file: BinaryIO | BytesIO, where: str, most: int) -> bytes:
    """The first unpacked bytes of a gzip file."""
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            return unpacked.read(most)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise files.refused(Path(where), "the gzip file is damaged or incomplete") from None
