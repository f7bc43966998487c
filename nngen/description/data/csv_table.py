"""Tables as text (RFC 4180): a line of column names, then the rows, with any of four separators.

This reader knows the place of every cell, so that it explains what is wrong. ``arrow_table`` reads large files faster,
with the same results.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from io import BufferedReader, BytesIO, StringIO
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn, cast

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.common.text import counted, joined
from nngen.description.data import sources
from nngen.description.data.cells import Expected, stripped
from nngen.description.data.csv_head import advice_on_names, distinct, stated_separator, titles
from nngen.description.data.csv_records import NO_UTF8, SEPARATORS, Ahead, Record, is_blank, next_record, records
from nngen.description.data.in_utf8 import OTHER, in_utf8
from nngen.description.data.mistakes import Mistakes
from nngen.description.data.spaced import SAID, spaced, with_tabs

if TYPE_CHECKING:
    from nngen.description.data.floats import Array

_AROUND = ' \r",;|\t'
"""What does not count around a title."""

_MARK = b"\xef\xbb\xbf"
"""The mark of UTF-8, with which some programs begin a file."""


def header(path: Path, encoding: str) -> Sequence[str] | None:
    """The names of the columns; empty for an empty file, and None for a table that is not text.

    Raises:
        SpecError: the file cannot be read, or its first line is no line of such a table.
    """
    with sources.opened(path) as source:
        if sources.kind(source.begin, str(path)) != "csv":
            return None
        begin = in_utf8(source, encoding).read(sources.MAX_LINE)
    if len(begin) == sources.MAX_LINE and b"\n" not in begin:
        raise files.refused(path, f"the first line is longer than {sources.MAX_LINE:,} bytes")
    return csv_table(str(path), BytesIO(begin), begin).names


def csv_table(where: str, file: BinaryIO, begin: bytes, names: Collection[str] = ()) -> "CsvTable":
    """A table as text in UTF-8, which is read once, also one with spaces between its cells.

    ``begin`` are its first bytes. A first line that is one of the wanted ``names`` is no line of several names.

    Raises:
        SpecError: the line of column names cannot be read.
    """
    lacks = spaced(begin[: sources.BEGIN])
    first = begin.removeprefix(_MARK).partition(b"\n")[0].decode(errors="replace")
    if lacks is None or stripped(first) in names:
        return CsvTable(where, file)
    table = CsvTable(where, with_tabs(file, lacks), between=" ")
    table.said.insert(0, SAID)
    return table


class CsvTable:
    """A table as text in UTF-8, which is read once.

    ``where`` names the file in messages; ``between`` is what a user writes between cells, if that is no separator.

    Raises:
        SpecError: the line of column names cannot be read.
    """

    def __init__(self, where: str, file: BinaryIO, between: str = "") -> None:
        self._where, self._file, self._between = where, file, between  # lines are looked at before they are read
        lines = Ahead(chain([next(self._lines(), b"").removeprefix(_MARK)], self._lines()))
        stated = stated_separator(lines)
        number = 1 + len(lines.take(1 if stated else 0))
        above = titles(lines)
        title = b"".join(lines.take(above)).decode(errors="replace").strip().split("\n")[0].strip(_AROUND)
        number += above
        for line in lines:
            if line.strip():
                break
            number += len(lines.take(1))
        found = [(next_record(lines, number, separator), separator) for separator in stated or SEPARATORS]
        parted = [(record, separator) for record, separator in found if record] or [(Record(1, "", lines=0), ",")]
        self._header, self.separator = max(parted, key=lambda pair: (not pair[0].wrong, len(pair[0].cells)))
        if self._header.wrong:
            raise SpecError([self._diagnostic(self._header, self._header.wrong)])
        self._written = tuple(map(str.strip, self._header.cells))
        self.names, self.said = distinct(self._written)
        if above:
            self.said.insert(0, f"the column names are in line {number}, below the title {show(title)}")
        lines.take(self._header.lines)
        self._file, self._number = sources.again(lines.rest(), file), number + self._header.lines
        self.block = b""

    @property
    def _nameless(self) -> str:
        """What to do with a file that has no names of columns; empty for others."""
        return advice_on_names(self._written, self._between or self.separator, Path(self._where).name)

    def places(self, names: Iterable[str]) -> list[int]:
        """The indices of these columns in a row, one for each name.

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
            if len(where.get(name, ())) != 1:
                found = [new for old, new in zip(self._written, self.names, strict=True) if old == name]
                label = nearest(name, () if found else self.names)
                message = f"expected one column {show(name)}, got {len(found) or 'none'}"
                listed = joined(map(show, found), "and")
                advice = f"the columns of this name are read as {listed}: name one of them" if found else self._nameless
                mistakes.add(self._diagnostic(self._header, message, label=label, advice=advice))
        mistakes.report()
        return [where[name][0] for name in wanted]

    def next_lines(self) -> bytes:
        """Some of the next lines, which are not taken."""
        some = cast("BufferedReader", self._file).peek()
        return some[: some.rfind(b"\n") + 1]

    def next_block(self, size: int) -> bytes:
        """Read the next lines, about this many bytes; without bytes, the table has ended.

        Raises:
            SpecError: a line is too long.
        """
        from nngen.description.data.csv_split import count_lines  # it needs NumPy, which a build does not load

        block = (self._file.read(size) or b"") + next(self._lines(), b"")  # adding nothing makes no copy
        self._number += count_lines(self.block) if block else 0
        self.block = block
        return self.block

    def cells(
        self, places: Sequence[int], plain: Collection[int] = (), whole: Collection[int] = ()
    ) -> "list[Sequence[str] | Array] | None":
        """The cells of some columns of this block, column by column; None if a line is wrong.

        A column whose place is among the ``plain`` ones is an array, if its cells are plain numbers or empty, NaN;
        one among the ``whole`` ones only if they are whole numbers as Python writes them.
        Where the last cell goes on after the block, its other lines become part of the block.
        """
        from nngen.description.data.csv_split import HAS_WORDS, cells_of_block, count_lines

        try:
            text = self.block.decode()
        except UnicodeDecodeError:
            return None
        width = len(self.names)
        split = cells_of_block(self.block, self.separator, width) if width > 1 else None
        if split is not None:
            found: dict[int, Sequence[str] | Array] = {**split.numbers(plain, whole)} if plain and HAS_WORDS else {}
            rest = [place for place in dict.fromkeys(places) if place not in found]
            found.update(zip(rest, split.texts(rest) if rest else (), strict=True))
            return [found[place] for place in places]
        count = count_lines(self.block) + (not self.block.endswith(b"\n"))
        lines = chain(StringIO(text, newline="\n"), self._continued())
        reader = csv.reader(lines, strict=True, delimiter=self.separator)
        pick = itemgetter(*places, places[0])  # one more index, so that a single column gives a tuple, too
        rows: list[Sequence[str]] = []
        try:
            for row in reader:
                if len(row) == width and not (width == 1 and is_blank(row)):
                    rows.append(pick(row))
                elif not is_blank(row):
                    return None
                if reader.line_num >= count:
                    break
        except (csv.Error, ValueError):
            return None
        columns = [*zip(*rows, strict=True)] or [()] * (len(places) + 1)
        return [[*map(stripped, column)] for column in columns[:-1]]

    def explain(self, expected: Iterable[Expected]) -> None:
        """Report all mistakes in these columns, and all lines that are wrong as a whole, from this block to the end.

        Raises:
            SpecError: there are such.
        """
        columns = sorted(((self.names.index(column.name), column) for column in expected), key=itemgetter(0))
        mistakes = Mistakes(self._where)
        lines = Ahead(chain(BytesIO(self.block), self._lines()))
        for record in records(lines, self._number, self.separator):
            wrong = self._wrong(record)
            if wrong:
                mistakes.add(None if mistakes.full else self._diagnostic(record, wrong, advice=self._quoted(record)))
                continue
            for place, column in columns:
                text = stripped(record.cells[place])
                try:
                    column.check(text)
                except ValueError as error:
                    make = partial(self._diagnostic, record, f"{column.name}: {error}", place)
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

    def _wrong(self, record: Record) -> str:
        """The mistake of a whole row."""
        if record.wrong or len(record.cells) == len(self.names):
            return record.wrong
        return f"expected {counted(len(self.names), 'cell')}, as there are column names, got {len(record.cells)}"

    def _quoted(self, record: Record) -> str:
        """The advice for a row with too many cells."""
        called = "spaces" if self._between else SEPARATORS[self.separator]
        more = not record.wrong and len(record.cells) > len(self.names)
        return f"a cell that contains {called} needs double quotes" if more else ""

    def _diagnostic(
        self, record: Record, message: str, place: int | None = None, label: str = "", advice: str = ""
    ) -> Diagnostic:
        """A mistake in a cell, or in the whole record."""
        advice = OTHER if message == NO_UTF8 else advice
        line, column, width, text = record.first_line if place is None else record.place(place, self.separator)
        return Diagnostic(self._where, line, column, message, label, advice, text, width)

    def _lines(self) -> Iterator[bytes]:
        """The lines that were not read yet.

        Raises:
            SpecError: a line is too long.
        """
        while line := self._file.readline(sources.MAX_LINE + 1):
            if len(line) > sources.MAX_LINE:
                raise files.refused(Path(self._where), f"a line is longer than {sources.MAX_LINE:,} bytes")
            yield line

    def _continued(self) -> Iterator[str]:
        """The lines that were not read yet, as a part of this block."""
        for line in self._lines():
            self.block += line
            yield line.decode()
