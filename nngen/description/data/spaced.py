"""Tables with spaces between cells, as in ``.dat`` and ``.data`` files: the same lines with tabs between cells."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from nngen.description.data import sources
from nngen.description.data.csv_records import SEPARATORS

LINES = 20
"""Lines that show what is between cells."""

SAID = "the cells are separated by spaces"

_CELL = re.compile(rb'"(?:[^"\n]|"")*"|\S+')
_MARK = b"\xef\xbb\xbf"


def spaced(begin: bytes) -> int | None:
    """How many cells the line of names lacks, if the cells of a text have spaces between them; else None.

    The first bytes tell. The line of names has no other separator, and all lines have as many cells, two or more. R
    leaves out the name of the first column, which has the names of the rows: the line lacks a cell. NumPy writes ``#``
    before the names: the line has one too many, -1.
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
    return sources.stream(_with_tabs(file, lacks))


def _with_tabs(file: BinaryIO, lacks: int) -> Iterator[bytes]:
    while lines := file.readlines(sources.BUFFER):
        rows = [_cells(line) for line in lines]
        names = next((place for place, row in enumerate(rows) if row), None)
        if lacks and names is not None:
            rows[names] = [b'""', *rows[names]] if lacks > 0 else rows[names][1:]
            lacks = 0
        yield b"".join(b"\t".join(row) + b"\n" * line.endswith(b"\n") for row, line in zip(rows, lines, strict=True))


def _cells(line: bytes) -> list[bytes]:
    return _CELL.findall(line) if b'"' in line else line.split()
