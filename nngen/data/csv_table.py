"""Tables as text (RFC 4180): UTF-8, a line of column names, then a line for each row, with any of four separators.

This reader knows the place of every cell, so that it explains what is wrong. ``nngen.data.arrow_table`` reads large
files faster, with the same results.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import NoReturn

from nngen import files
from nngen.data import sources
from nngen.data.cells import Expected
from nngen.data.mistakes import Mistakes
from nngen.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.text import counted, joined

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""The separators; the one that splits the line of column names into most cells is used, the first of equals."""


@dataclass(frozen=True)
class _Line:
    """A line: its number, its text, its cells, and its mistake if it is wrong as a whole."""

    number: int
    text: str
    cells: Sequence[str] = ()
    wrong: str = ""


def header(path: Path) -> Sequence[str] | None:
    """The names of the columns; empty for an empty file, and None for a table that is not text.

    Raises:
        SpecError: the file cannot be read, or its first line is no line of such a table.
    """
    begin = sources.start(path)
    if sources.kind(begin, str(path)) != "csv":
        return None
    if len(begin) == sources.MAX_HEADER and b"\n" not in begin:
        raise files.refused(path, f"the first line is longer than {sources.MAX_HEADER:,} bytes")
    return CsvTable(str(path), begin).names


class CsvTable:
    """A table as text.

    Args:
        where: the name of the file, for messages.
        content: what it holds.

    Raises:
        SpecError: the line of column names cannot be read.
    """

    def __init__(self, where: str, content: bytes) -> None:
        self._where, self.content = where, content
        self.separator = ","
        line = next(self._texts(), None)
        if line is not None and not line.wrong:
            parted = [(self._parted(line.number, line.text, separator), separator) for separator in SEPARATORS]
            line, self.separator = max(parted, key=lambda pair: (not pair[0].wrong, len(pair[0].cells)))
        if line is not None and line.wrong:
            raise SpecError([self._diagnostic(line, line.wrong)])
        self._header = line or _Line(1, "")
        self.names = tuple(self._header.cells)

    @property
    def body(self) -> int:
        """The offset in bytes of the line after the column names."""
        place = 0
        for _ in range(self._header.number):
            place = self.content.find(b"\n", place) + 1 or len(self.content)
        return place

    def places(self, names: Iterable[str]) -> list[int]:
        """The indices of these columns in a line, one for each name.

        Raises:
            SpecError: there is no such column, or more than one; or the file is empty.
        """
        if not self.names:
            self._refuse("expected a line of column names, got an empty file")
        mistakes = Mistakes(self._where)
        where: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            where.setdefault(name, []).append(place)
        wanted = [*names]
        for name in dict.fromkeys(wanted):
            found = where.get(name, [])
            if len(found) != 1:
                label = nearest(name, () if found else self.names)
                message = f"expected one column {show(name)}, got {len(found) or 'none'}"
                listed = joined((str(place + 1) for place in found), "and")
                advice = f"columns {listed} have this name; rename all but one" if found else ""
                mistakes.add(self._diagnostic(self._header, message, label=label, advice=advice))
        mistakes.report()
        return [where[name][0] for name in wanted]

    def cells(self, places: Sequence[int]) -> list[Sequence[str]] | None:
        """The cells of some columns, column by column; None if a line is wrong."""
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None
        lines = filter(self._is_row, (line.rstrip("\r") for line in text.split("\n")))
        reader = csv.reader(lines, strict=True, delimiter=self.separator)
        pick = itemgetter(*places, places[0])  # one more index, so that a single column gives a tuple, too
        rows: list[Sequence[str]] = []
        try:
            next(reader)
            for row in reader:
                if len(row) != len(self.names) or len(rows) == sources.MAX_ROWS:
                    return None
                rows.append(pick(row))
        except csv.Error:
            return None
        if reader.line_num != len(rows) + 1:  # a quote closes on a later line
            return None
        columns = [*zip(*rows, strict=True)] or [()] * (len(places) + 1)
        return [[*map(str.strip, column)] for column in columns[:-1]]

    def explain(self, expected: Iterable[Expected]) -> None:
        """Report all mistakes in these columns, and all lines that are wrong as a whole.

        Raises:
            SpecError: there are such.
        """
        columns = sorted(((self.names.index(column.name), column) for column in expected), key=itemgetter(0))
        mistakes = Mistakes(self._where)
        for count, line in enumerate(self._rows()):
            wrong = self._wrong(line, count)
            if wrong:
                mistakes.add(None if mistakes.full else self._diagnostic(line, wrong))
                if count == sources.MAX_ROWS:
                    mistakes.report()
                continue
            for place, column in columns:
                text = line.cells[place]
                try:
                    column.check(text)
                except ValueError as error:
                    make = partial(self._diagnostic, line, f"{column.name}: {error}", place)
                    mistakes.add(None if mistakes.full else make(column.label(text), column.advice(text)))
        mistakes.report()

    def too_few(self, least: int, rows: int) -> NoReturn:
        """Report that there are too few rows.

        Raises:
            SpecError: always.
        """
        self._refuse(f"expected {least} or more examples below the column names, got {rows or 'none'}")

    def _refuse(self, message: str) -> NoReturn:
        raise SpecError([self._diagnostic(self._header, message)])

    def _wrong(self, line: _Line, count: int) -> str:
        """The mistake of a whole row; ``count`` is the number of rows before it."""
        if line.wrong:
            return line.wrong
        if count >= sources.MAX_ROWS:
            return f"expected at most {sources.MAX_ROWS:,} examples"
        if len(line.cells) != len(self.names):
            return f"expected {counted(len(self.names), 'cell')}, as there are column names, got {len(line.cells)}"
        return ""

    def _diagnostic(
        self, line: _Line, message: str, place: int | None = None, label: str = "", advice: str = ""
    ) -> Diagnostic:
        """A mistake in a cell, or in the whole line."""
        start, end = (0, len(line.text)) if place is None else self._ends(line.text, place)
        width = max(1, end - start)
        return Diagnostic(self._where, line.number, start + 1, message, label, advice, line.text, width)

    def _ends(self, text: str, place: int) -> tuple[int, int]:
        """The start and the end of a cell in the text of a line."""
        ends, in_quotes, is_quoted = [-1], False, False
        for position, character in enumerate(text):
            is_quoted |= character == '"' and position == ends[-1] + 1  # elsewhere in a cell, a quote is a character
            in_quotes ^= character == '"' and is_quoted
            if character == self.separator and not in_quotes:
                ends.append(position)
                is_quoted = False
        ends.append(len(text))
        return ends[place] + 1, ends[place + 1]

    def _rows(self) -> Iterator[_Line]:
        """The lines below the column names."""
        lines = self._texts()
        next(lines, None)
        for line in lines:
            yield line if line.wrong else self._parted(line.number, line.text, self.separator)

    def _texts(self) -> Iterator[_Line]:
        """The lines that are not blank, not yet split into cells; a quote closes on its line."""
        for number, code in enumerate(BytesIO(self.content), 1):
            try:
                text = code.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                shown = code.decode("utf-8", errors="replace").rstrip("\r\n")
                yield _Line(number, shown, wrong="expected text in UTF-8")
                continue
            if self._is_row(text):
                yield _Line(number, text)

    def _is_row(self, text: str) -> bool:
        """Whether a line is not blank; a line of tabs is a row of empty cells."""
        return bool(text.strip()) or (self.separator == "\t" and "\t" in text)

    def _parted(self, number: int, text: str, separator: str) -> _Line:
        try:
            [cells] = csv.reader([text], strict=True, delimiter=separator)
        except (csv.Error, ValueError):
            called = SEPARATORS[separator]
            wrong = f"expected cells separated by {called}, each plain or completely in quotes"
            return _Line(number, text, wrong=wrong)
        return _Line(number, text, [cell.strip() for cell in cells])
