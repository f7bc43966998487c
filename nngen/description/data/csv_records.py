"""Records of a text (RFC 4180), one by one, each with its place: a line, or several where a cell has line breaks."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from nngen.common.records import dataclass

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""The separators; the one that splits the line of column names into most cells is used, the first of equals."""

NO_UTF8 = "expected text in UTF-8"
"""The mistake of a line whose bytes are no text."""


@dataclass(frozen=True)
class Record:
    """A record: the number of its first line, its text, its cells, and its mistake if it is wrong as a whole.

    Cells are as they are written, with spaces around them.
    """

    number: int
    text: str
    cells: Sequence[str] = ()
    wrong: str = ""
    lines: int = 1
    """How many lines it takes."""

    @property
    def first_line(self) -> tuple[int, int, int, str]:
        """The line, the column and the width of its first line, and the text of that line."""
        line = self.text.partition("\n")[0].rstrip("\r")
        return self.number, 1, max(1, len(line)), line

    def place(self, cell: int, separator: str) -> tuple[int, int, int, str]:
        """The line, the column and the width of a cell, and the text of that line."""
        start, end = self._ends(cell, separator)
        before = self.text.rfind("\n", 0, start) + 1
        line = self.text[before:].partition("\n")[0].rstrip("\r")
        width = min(end, before + len(line)) - start
        return self.number + self.text.count("\n", 0, start), start - before + 1, max(1, width), line

    def _ends(self, cell: int, separator: str) -> tuple[int, int]:
        """The start and the end of a cell in the text."""
        ends, in_quotes, is_quoted = [-1], False, False
        for position, character in enumerate(self.text):
            is_quoted |= character == '"' and position == ends[-1] + 1  # elsewhere in a cell, a quote is a character
            in_quotes ^= character == '"' and is_quoted
            if character == separator and not in_quotes:
                ends.append(position)
                is_quoted = False
        ends.append(len(self.text))
        return ends[cell] + 1, ends[cell + 1]


class Ahead:
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._seen: deque[bytes] = deque()

    def __iter__(self) -> Iterator[bytes]:
        """The lines that are not taken, from the first one; looking at them does not take them."""
        return chain(list(self._seen), self._new())

    def _new(self) -> Iterator[bytes]:
        for line in self._lines:
            self._seen.append(line)
            yield line

    def take(self, count: int) -> list[bytes]:
        """Take this many of the lines that were read ahead."""
        return [self._seen.popleft() for _ in range(count)]

    def rest(self) -> bytes:
        """Take all lines that were looked at."""
        return b"".join(self.take(len(self._seen)))


def next_record(lines: Ahead, number: int, separator: str) -> Record | None:
    """The record that begins with the next line, which has this number; None after the last line.

    It is looked at, not taken. If a quote in it never closes, it is the next line alone, with its mistake.
    """
    reader = csv.reader(map(bytes.decode, lines), strict=True, delimiter=separator)
    try:
        cells = next(reader)
    except StopIteration:
        return None
    except (csv.Error, ValueError):
        text = next(iter(lines)).decode(errors="replace").rstrip("\r\n")
        called = SEPARATORS[separator]
        wrong = f"expected cells separated by {called}, each plain or completely in quotes"
        return Record(number, text, wrong=wrong if reader.line_num else NO_UTF8)
    taken = [*islice(lines, reader.line_num)]
    return Record(number, b"".join(taken).decode().rstrip("\r\n"), cells, lines=len(taken))


def records(lines: Ahead, number: int, separator: str) -> Iterator[Record]:
    """The records, without blank lines; the first line has this number."""
    while record := next_record(lines, number, separator):
        lines.take(record.lines)
        number += record.lines
        if record.wrong or not is_blank(record.cells):
            yield record


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a line is blank; a line of tabs is a row of empty cells."""
    return not cells or (len(cells) == 1 and cells[0].isspace())
