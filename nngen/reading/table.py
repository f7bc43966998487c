"""Examples from a CSV file (RFC 4180): text in UTF-8, a line of column names, then a line for each example."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from nngen import files
from nngen.diagnostics import Diagnostic, SpecError, joined, nearest, show
from nngen.fields import MAX_WEIGHT, Row

MAX_FILE = 64_000_000
"""Bytes of a file: it is read whole, and in Python's floats takes about ten times as much memory."""

MAX_ROWS = 1_000_000
"""Examples of a file: with a hundred inputs each, they take about 3 GB as Python's floats."""

LARGEST = 1e100
"""A number of a file: none that was measured is larger, and the squares of as many cannot overflow a sum."""

MAX_LISTED = 20
"""Classes that a message lists."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    """A line of the file: where it is, how it is written, and its cells."""

    path: Path
    number: int
    text: str
    cells: Sequence[str] = ()

    def refuse(self, message: str, cell: int | None = None, label: str = "", more: str = "") -> NoReturn:
        """Report a mistake in a cell, or in the whole line."""
        start, end = (0, len(self.text)) if cell is None else self._ends(cell)
        place = Diagnostic(str(self.path), self.number, start + 1, message, label, more, self.text, max(1, end - start))
        raise SpecError([place])

    def _ends(self, cell: int) -> tuple[int, int]:
        """Where a cell begins and ends in the text."""
        commas, quoted = [-1], False
        for position, character in enumerate(self.text):
            quoted ^= character == '"'
            if character == "," and not quoted:
                commas.append(position)
        commas.append(len(self.text))
        return commas[cell] + 1, commas[cell + 1]


def header(path: Path) -> Sequence[str]:
    """The names of the columns, from the first line that is not blank; none where the file is empty.

    Raises:
        SpecError: the file cannot be read, or its first line is no line of such a table.
    """
    first = next(_lines(path), None)
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
        SpecError: the file is no such table; the error names the place of the first mistake.
    """
    lines = _lines(path)
    header = next(lines, None)
    if header is None:
        _Line(path, 1, "").refuse("expected a line of column names, got an empty file")
    columns = {name: _column(header, name) for name in (*inputs, *targets, *([weight] if weight else []))}
    hint = "for two classes, name them: `classes: [first, second]`, for 0 and 1" if len(targets) == 1 else ""
    xs: list[Row] = []
    ys: list[Row] = []
    weights: list[float] = []
    for line in lines:
        if len(xs) == MAX_ROWS:
            line.refuse(f"expected at most {MAX_ROWS:,} examples")
        if len(line.cells) != len(header.cells):
            line.refuse(f"expected {len(header.cells)} cells, as there are column names, got {len(line.cells)}")
        xs.append(tuple(_number(line, columns[name], name) for name in inputs))
        weights.append(_weight(line, columns[weight], weight) if weight else 1.0)
        if classes:
            ys.append(_class(line, columns[targets[0]], targets[0], classes))
        else:
            ys.append(tuple(_number(line, columns[name], name, hint) for name in targets))
    if len(xs) < least:
        header.refuse(f"expected {least} or more examples below the column names, got {len(xs) or 'none'}")
    return xs, ys, weights


def _column(header: _Line, name: str) -> int:
    count = header.cells.count(name)
    if count != 1:
        label = "" if count else nearest(name, header.cells)
        header.refuse(f"expected one column {show(name)}, got {count or 'none'}", label=label)
    return header.cells.index(name)


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


def _number(line: _Line, cell: int, column: str, hint: str = "") -> float:
    try:
        return number(line.cells[cell])
    except ValueError as error:
        line.refuse(f"{column}: {error}", cell, more=hint)


def _weight(line: _Line, cell: int, column: str) -> float:
    number = _number(line, cell, column)
    if not 0.0 <= number < MAX_WEIGHT:
        got = show(line.cells[cell])
        line.refuse(f"{column}: expected a weight of at least 0 and less than {MAX_WEIGHT:g}, got {got}", cell)
    return number


def _class(line: _Line, cell: int, column: str, classes: Mapping[str, Row]) -> Row:
    text = line.cells[cell]
    if text not in classes:
        known = f"the classes are {joined(classes, 'and')}" if len(classes) <= MAX_LISTED else ""
        problem = f"unknown class {show(text)}" if text else "expected a class, got nothing"
        line.refuse(f"{column}: {problem}", cell, nearest(text, classes), known)
    return classes[text]


def _lines(path: Path) -> Iterator[_Line]:
    """The lines that are not blank. No number and no class has a line break, so that a quote closes on its line."""
    for number, code in enumerate(BytesIO(files.read(path, MAX_FILE)), 1):
        try:
            text = code.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            shown = code.decode("utf-8", errors="replace").rstrip("\r\n")
            _Line(path, number, shown).refuse("expected text in UTF-8")
        if text.strip():
            yield _Line(path, number, text, _cells(path, number, text))


def _cells(path: Path, number: int, text: str) -> Sequence[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([text], strict=True))]
    except csv.Error:
        _Line(path, number, text).refuse("expected cells with commas between them, each plain or wholly in quotes")
