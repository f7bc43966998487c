"""Examples from a CSV file (RFC 4180): text in UTF-8, a line of column names, then a line for each example."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import Any

from nngen import files
from nngen.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.spec import MAX_WEIGHT, Row
from nngen.text import counted, joined

MAX_FILE = 64_000_000
"""Bytes of a file: it is read whole, and in Python's floats takes about ten times as much memory."""

MAX_ROWS = 1_000_000
"""Examples of a file: with a hundred inputs each, they take about 3 GB as Python's floats."""

LARGEST = 1e100
"""A number of a file: none that was measured is larger, and the squares of as many cannot overflow a sum."""

MAX_LISTED = 20
"""Classes that a message lists."""

MAX_SHOWN = 10
"""Mistakes of a file that are shown; the others are counted."""

MAX_COUNTED = 1_000
"""Mistakes of a file that are counted: a file of another kind can have millions."""

_FORMATS = (
    (b"\x1f\x8b", "a gzip file", "unpack it before: `gunzip {}`"),
    (b"BZh", "a bzip2 file", "unpack it before: `bunzip2 {}`"),
    (b"\xfd7zXZ", "an xz file", "unpack it before: `unxz {}`"),
    (
        b"PAR1",
        "a Parquet file",
        "write it as CSV before: `pandas.read_parquet(...).to_csv(..., index=False)`",
    ),
    (
        b"ARROW1",
        "a Feather file",
        "write it as CSV before: `pandas.read_feather(...).to_csv(..., index=False)`",
    ),
    (b"\x89HDF", "an HDF5 file", "write its table as CSV before"),
    (b"\x93NUMPY", "an array of NumPy", "write it as CSV before: `numpy.savetxt`, with `delimiter=','` and a `header`"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as CSV, before"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet", "save the sheet as CSV before"),
    (b"SQLite format 3", "a database", "write its table as CSV before"),
    (b"\xff\xfe", "text in UTF-16", "save it with the encoding UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it with the encoding UTF-8"),
)
"""How files of other kinds begin, what they are, and what to do with one of this name."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


class _CellError(Exception):
    """What is wrong with a cell, or with the whole line; the label is made only where it is shown."""

    def __init__(self, message: str, cell: int | None = None, label: Callable[[], str] = str, more: str = "") -> None:
        super().__init__(message)
        self.cell, self.label, self.more = cell, label, more


@dataclass(frozen=True)
class _Line:
    """A line of the file: where it is, how it is written, its cells, and what is wrong with it as a whole."""

    path: Path
    number: int
    text: str
    cells: Sequence[str] = ()
    wrong: str = ""

    def diagnostic(self, mistake: _CellError) -> Diagnostic:
        """Where a mistake in this line is, and what it is."""
        cell = mistake.cell
        start, end = (0, len(self.text)) if cell is None else self._ends(cell)
        width = max(1, end - start)
        place = (str(self.path), self.number, start + 1)
        return Diagnostic(*place, str(mistake), mistake.label(), mistake.more, self.text, width)

    def _ends(self, cell: int) -> tuple[int, int]:
        """Where a cell begins and ends in the text."""
        commas, quoted = [-1], False
        for position, character in enumerate(self.text):
            quoted ^= character == '"'
            if character == "," and not quoted:
                commas.append(position)
        commas.append(len(self.text))
        return commas[cell] + 1, commas[cell + 1]


@dataclass(frozen=True)
class _Column:
    """A column: where its cells are, its name, and how one is read."""

    cell: int
    name: str
    value: Callable[[str], float | Row]
    classes: Iterable[str] = ()
    more: str = ""

    def read(self, line: _Line) -> Any:
        """What the column has in a line: a number, or the targets of a class."""
        text = line.cells[self.cell]
        try:
            return self.value(text)
        except ValueError as error:
            raise _CellError(
                f"{self.name}: {error}", self.cell, lambda: nearest(text, self.classes), self.more or _decimal(text)
            ) from None


class _Mistakes:
    """The mistakes of a file: the first of them, to be shown, and how many there are."""

    def __init__(self, path: Path) -> None:
        self._path, self._count = path, 0
        self._shown: list[Diagnostic] = []

    def add(self, line: _Line, mistake: _CellError) -> None:
        """Take another; the thousandth ends the search."""
        self._count += 1
        if len(self._shown) < MAX_SHOWN:
            self._shown.append(line.diagnostic(mistake))
        if self._count == MAX_COUNTED:
            self.report()

    def report(self) -> None:
        """Raise what was found."""
        left = self._count - len(self._shown)
        if left:
            most = "at least " if self._count == MAX_COUNTED else ""
            self._shown.append(
                Diagnostic(str(self._path), None, None, f"{most}{counted(left, 'more mistake')} in this file")
            )
        if self._shown:
            raise SpecError(self._shown)


def header(path: Path) -> Sequence[str]:
    """The names of the columns, from the first line that is not blank; none where the file is empty.

    Raises:
        SpecError: the file cannot be read, or its first line is no line of such a table.
    """
    first = _first(_lines(path))
    return first.cells if first else ()


def read(
    path: Path,
    inputs: Sequence[str],
    targets: Sequence[str],
    classes: Mapping[str, Row],
    least: int = 1,
    weight: str | None = None,
) -> tuple[list[Row], list[Row], list[float]]:
    """Inputs, targets and weights of all examples, by the names of their columns, in the order of the file.

    ``classes`` holds the targets of each class, or nothing where the targets are numbers; ``least`` is how many
    examples there have to be; without a column of weights, each is 1.

    Raises:
        SpecError: the file is no such table, with the place of each mistake; of many, the first are shown.
    """
    lines, mistakes = _lines(path), _Mistakes(path)
    header = _first(lines)
    if header is None:
        raise SpecError(
            [_Line(path, 1, "").diagnostic(_CellError("expected a line of column names, got an empty file"))]
        )
    cells = _cells_of(header, (*inputs, *targets, *([weight] if weight else [])), mistakes)
    hint = "for two classes, name them: `classes: [first, second]`, for 0 and 1" if len(targets) == 1 else ""
    x = [_Column(cells[name], name, number) for name in inputs]
    w = [_Column(cells[weight], weight, _weight)] if weight else []
    if classes:
        known = f"the classes are {joined(classes, 'and')}" if len(classes) <= MAX_LISTED else ""
        y = [_Column(cells[targets[0]], targets[0], partial(_class, classes), classes, known)]
    else:
        y = [_Column(cells[name], name, number, (), hint) for name in targets]
    xs: list[Row] = []
    ys: list[Row] = []
    weights: list[float] = []
    for count, line in enumerate(lines):
        try:
            if line.wrong:
                raise _CellError(line.wrong)
            if count == MAX_ROWS:
                raise SpecError([line.diagnostic(_CellError(f"expected at most {MAX_ROWS:,} examples"))])
            if len(line.cells) != len(header.cells):
                raise _CellError(
                    f"expected {len(header.cells)} cells, as there are column names, got {len(line.cells)}"
                )
            xs.append(tuple(column.read(line) for column in x))
            weights.append(w[0].read(line) if w else 1.0)
            ys.append(y[0].read(line) if classes else tuple(column.read(line) for column in y))
        except _CellError as mistake:
            if mistake.cell is None:
                mistakes.add(line, mistake)
            else:
                _look(line, sorted((*x, *w, *y), key=attrgetter("cell")), mistakes)
    mistakes.report()
    if len(xs) < least:
        message = f"expected {least} or more examples below the column names, got {len(xs) or 'none'}"
        raise SpecError([header.diagnostic(_CellError(message))])
    return xs, ys, weights


def _look(line: _Line, columns: Iterable[_Column], mistakes: _Mistakes) -> None:
    """Find all mistakes of a line."""
    for column in columns:
        try:
            column.read(line)
        except _CellError as mistake:
            mistakes.add(line, mistake)


def _first(lines: Iterator[_Line]) -> _Line | None:
    """The line of column names; None where the file is empty."""
    line = next(lines, None)
    if line is None:
        return None
    if line.wrong:
        raise SpecError([line.diagnostic(_CellError(line.wrong))])
    for separator, called in _SEPARATORS.items():
        if line.text.count(separator) > line.text.count(","):
            message = f"expected commas between the cells, got {called}"
            advice = "save it again with commas between the cells, and numbers with a point, as in 1.5"
            raise SpecError([line.diagnostic(_CellError(message, more=advice))])
    return line


def _cells_of(header: _Line, names: Iterable[str], mistakes: _Mistakes) -> dict[str, int]:
    """Where the cells of each column are."""
    for name in dict.fromkeys(names):
        count = header.cells.count(name)
        if count != 1:
            near = partial(nearest, name, () if count else header.cells)
            mistakes.add(header, _CellError(f"expected one column {show(name)}, got {count or 'none'}", label=near))
    mistakes.report()
    return {name: cell for cell, name in enumerate(header.cells)}


def number(text: str) -> float:
    """The number that a text is, such as `-1.5e3`, as data have it in a file and on the command line.

    Raises:
        ValueError: it is none, or larger than any that was measured.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"expected a number, got {show(text or None)}")
    found = float(text)
    if abs(found) > LARGEST:
        raise ValueError(f"expected a number up to {LARGEST:g}, got {show(text)}")
    return found


def _decimal(text: str) -> str:
    """What helps where a number is written with a comma."""
    comma = "," in text and _NUMBER.fullmatch(text.replace(",", ".", 1))
    return "write numbers with a point, as in 1.5" if comma else ""


def _weight(text: str) -> float:
    found = number(text)
    if not 0.0 <= found < MAX_WEIGHT:
        raise ValueError(f"expected a weight of at least 0 and less than {MAX_WEIGHT:g}, got {show(text)}")
    return found


def _class(classes: Mapping[str, Row], text: str) -> Row:
    if text not in classes:
        raise ValueError(f"unknown class {show(text)}" if text else "expected a class, got nothing")
    return classes[text]


def _lines(path: Path) -> Iterator[_Line]:
    """The lines that are not blank. No number and no class has a line break, so that a quote closes on its line."""
    content = files.read(path, MAX_FILE)
    for begin, kind, advice in _FORMATS:
        if content.startswith(begin):
            raise files.refused(path, f"expected a CSV file, got {kind}", advice.format(path.name))
    for number, code in enumerate(BytesIO(content), 1):
        try:
            text = code.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            shown = code.decode("utf-8", errors="replace").rstrip("\r\n")
            yield _Line(path, number, shown, wrong="expected text in UTF-8")
            continue
        if text.strip():
            yield _parted(path, number, text)


def _parted(path: Path, number: int, text: str) -> _Line:
    try:
        return _Line(path, number, text, [cell.strip() for cell in next(csv.reader([text], strict=True))])
    except csv.Error:
        return _Line(
            path, number, text, wrong="expected cells with commas between them, each plain or wholly in quotes"
        )
