"""Tables in files of other programs, as CSV: a sheet of a workbook, a table of a database, records of JSON, an archive.

``FILE#PART`` names a sheet, a table or a file of an archive. All else that nngen knows about cells is said of CSV.
"""

import bz2
import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.text import joined
from nngen.description.data.sources import BUFFER, Source, first_name, source_of, stream

AT_ONCE = 1_000
"""Rows that are written at once."""

MOST_NAMED = 10
"""Parts of a file that a message names."""

_MARK = "\ufeff"
"""The mark of UTF-8, which says more than an expected encoding."""

_SQLITE = b"SQLite format 3\0"

_OLD_SHEET = b"\xd0\xcf\x11\xe0"

_ZIP = b"PK\x03\x04"

_SHEET = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
"""How the names of the first file of a workbook of Excel begin, and of one of LibreOffice."""

_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*"')


@contextmanager
def as_csv(source: Source, part: str) -> Iterator[Source]:
    """A table as CSV, if it is in a file of another program; else as it is.

    Args:
        source: the file.
        part: the sheet, the table, or the file of an archive; empty for the first sheet, or the only one.

    Raises:
        SpecError: the file is damaged or too large, there is no such part, or the library that reads it is missing.
    """
    begin, where = source.begin, source.where
    name = first_name(begin) if begin.startswith(_ZIP) else b""
    if begin.startswith(b"BZh"):
        unpacked = _unpacked(lambda: cast("BinaryIO", bz2.BZ2File(source.file)), where, "bzip2 file")
        with _records(source_of(where, stream(unpacked))) as table:
            yield table
    elif name and not name.startswith(_SHEET) and not name.endswith(b".npy"):
        with source.anywhere() as file:
            unpacked = _unpacked(lambda: _member(file, where, part), where, "zip archive")
            with _records(source_of(where, stream(unpacked))) as table:
                yield table
    elif begin.startswith(_OLD_SHEET) or name.startswith(_SHEET):
        from nngen.description.data.workbook import sheet

        yield source_of(f"{where} (as CSV)", stream(text.encode() for text in sheet(_path(source), part)))
    elif begin.startswith(_SQLITE):
        from nngen.description.data.database import rows

        yield source_of(f"{where} (as CSV)", stream(lines(rows(_path(source), part))))
    elif part:
        raise files.refused(where, f"the file has no parts, so none is {show(part)}")
    else:
        with _records(source) as table:
            yield table


@contextmanager
def _records(source: Source) -> Iterator[Source]:
    """A text as it is, or as CSV if it has records of JSON."""
    if not _JSON.match(source.begin):
        yield source
        return
    from nngen.description.data.json_records import records

    with source.anywhere() as file:
        yield source_of(f"{source.where} (as CSV)", stream(lines(records(file, source.where))))


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows of values as CSV in UTF-8, in parts."""
    mark = _MARK
    left = iter(rows)
    while some := [*islice(left, AT_ONCE)]:
        text = StringIO()
        text.write(mark)
        csv.writer(text, lineterminator="\n").writerows(map(_cells, some))
        yield text.getvalue().encode(errors="replace")
        mark = ""


def _cells(row: Sequence[Any]) -> Sequence[str]:
    """The cells of a row; none for a row without values, so that a blank line keeps its place."""
    cells = [*map(_cell, row)]
    return cells if any(cells) else []


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # a sheet has no other numbers
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if not (value.second or value.microsecond) else "auto")
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def named(where: str, what: str, part: str, known: Sequence[str]) -> str:
    """The name of the part to read: the one that is asked for, or the only one.

    Raises:
        SpecError: it has no such part, or several.
    """
    if part in known or (not part and len(known) == 1):
        return part or known[0]
    listed = joined([*map(show, known[:MOST_NAMED]), *(["more"] if len(known) > MOST_NAMED else [])], "and")
    if not known:
        raise files.refused(where, f"there is no {what} in this file")
    if part:
        advice = nearest(part, known) or f"it has {listed}"
        raise files.refused(where, f"there is no {what} {show(part)} in this file", advice)
    advice = f"write the name of one after the file: `{Path(where).name}#{known[0]}`"
    raise files.refused(where, f"expected one {what}, got {len(known)}: {listed}", advice)


def _member(file: BinaryIO, where: str, part: str) -> BinaryIO:
    """The only file of an archive, or the one that is named, to be read."""
    archive = zipfile.ZipFile(file)
    members = [member.filename for member in archive.infolist() if not member.is_dir()]
    own = [member for member in members if not member.startswith("__MACOSX/")]  # what macOS adds about each file
    return cast("BinaryIO", archive.open(named(where, "file", part, own)))


def _path(source: Source) -> Path:
    """The path of a file that a library reads by itself.

    Raises:
        SpecError: it is packed, or from standard input.
    """
    if source.path is None:
        raise files.refused(
            source.where, "a workbook or a database is read from its own file, not from a stream or a packed file"
        )
    return source.path


def _unpacked(opened: Callable[[], BinaryIO], where: str, called: str) -> Iterator[bytes]:
    """The bytes of a file, in parts.

    Raises:
        SpecError: it is damaged, or encrypted.
    """
    try:
        file = opened()
        while part := file.read(BUFFER):
            yield part
    except (EOFError, OSError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        encrypted = "password" in str(error)
        raise files.refused(where, f"the {called} is {'encrypted' if encrypted else 'damaged or incomplete'}") from None
