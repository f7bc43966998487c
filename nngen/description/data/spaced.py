"""Tables with spaces between cells, as in ``.dat`` and ``.data`` files: the same lines with tabs between cells."""

import re
from io import BufferedReader, RawIOBase
from itertools import islice
from typing import Any, BinaryIO, cast

from nngen.description.data import sources
from nngen.description.data.csv_records import SEPARATORS

LINES = 20
"""Lines that show what is between cells."""

SAID = "the cells are separated by spaces"

_CELL = re.compile(rb'"(?:[^"\n]|"")*"|\S+')
_MARK = b"\xef\xbb\xbf"


def spaced(begin: bytes) -> int | None:
    """How many cells the line of names lacks, if the cells of a text have spaces between them; else None.

    The line of names has no other separator, and all lines have as many cells, two or more. R leaves out the name of
    the first column, which has the names of the rows: the line lacks a cell. NumPy writes ``#`` before the names: the
    line has one too many, -1.

    Args:
        begin: the first bytes of the text.
    """
    lines = begin.removeprefix(_MARK).split(b"\n")
    whole = lines if len(begin) < sources.BEGIN else lines[:-1]
    names, *rows = [*islice(filter(bytes.strip, whole), LINES)] or [b""]
    if not rows or any(separator.encode() in names.strip() for separator in SEPARATORS):
        return None
    sizes = {len(_cells(row)) for row in rows}
    lacks = sizes.pop() - len(_cells(names))
    if sizes or len(_cells(rows[0])) < 2 or lacks not in (-1, 0, 1):
        return None
    return lacks if lacks >= 0 or _cells(names)[0] == b"#" else None


def with_tabs(file: BinaryIO, lacks: int) -> BinaryIO:
    """The bytes of such a text with a tab between cells; ``lacks`` is as in ``spaced``."""
    return cast("BinaryIO", BufferedReader(_WithTabs(file, lacks), sources.BUFFER))


def _cells(line: bytes) -> list[bytes]:
    return _CELL.findall(line) if b'"' in line else line.split()


class _WithTabs(RawIOBase):
    """The bytes of a file with tabs between cells."""

    def __init__(self, file: BinaryIO, lacks: int) -> None:
        self._file, self._lacks, self._ready = file, lacks, b""

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into a buffer; returns how many."""
        if not self._ready:
            lines = self._file.readlines(sources.BUFFER)
            self._ready = b"".join(map(self._line, lines))
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _line(self, line: bytes) -> bytes:
        cells = _cells(line)
        if cells and self._lacks:
            cells = [b'""', *cells] if self._lacks > 0 else cells[1:]
            self._lacks = 0
        return b"\t".join(cells) + b"\n" * line.endswith(b"\n")
