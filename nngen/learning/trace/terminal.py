"""Worksheets as text for a terminal."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import click

from nngen.common.text import columns, filled, padded
from nngen.learning.trace.worksheet import Line, Section, Worksheet
from nngen.learning.typeset import Digits, Symbol, Text, matrix_width, tree, with_matrices, wrapped

WIDTH = 100
"""Columns of a line. A longer sum continues on the next line."""

STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "underline": True},
    "title": {"fg": "cyan"},
    "rule": {"fg": "magenta"},
    "result": {"bold": True},
    "aside": {"dim": True},
}
"""Terminal styles of the parts of a worksheet."""


def terminal(sheet: Worksheet, digits: Digits, *, colour: bool = False) -> str:
    """Write the whole worksheet as text."""
    style = (lambda part, text: click.style(text, **STYLES[part])) if colour else _plain
    text = Lines(digits, style)
    return "\n".join(_lines(sheet, text)) + "\n"


def _lines(sheet: Worksheet, text: "Lines") -> Iterator[str]:
    yield text.style("head", text.digits.says(sheet.title))
    for says in (sheet.plan.summary, *sheet.says(text.digits)):
        yield from text.fill(says)
    for kind, part in sheet.parts(text.digits):
        yield ""
        if isinstance(part, Section):
            yield from (text.style("title", line) for line in text.fill(part.title))
            yield from text.section(part)
        else:
            yield from text.fill(part) if kind == "outcome" else [text.style("head", part)]


def _plain(_: str, text: str) -> str:
    return text


class Lines:
    """Writes equations as lines of text. ``style`` marks a text as a part of a worksheet."""

    def __init__(self, digits: Digits, style: Callable[[str, str], str] = _plain) -> None:
        self.digits, self.style = digits, style

    def fill(self, words: str) -> list[str]:
        """A sentence on as many lines as it needs."""
        return filled(self.digits.says(words), WIDTH)

    def section(self, section: Section) -> Iterator[str]:
        """The equations of a section."""
        if section.beside:
            yield from self._given(section)
        for note in section.notes:
            yield from (self.style("aside", f"  {line}") for line in self.fill(note))
        for place, line in enumerate(section.lines if not section.beside else ()):
            if place or section.notes:
                yield ""
            yield from self._matrices(line) if line.matrices else self._line(line)
        if section.left:
            yield self.style("aside", f"  ... {self.digits.says(section.left_out)}")

    def _given(self, section: Section) -> Iterator[str]:
        """Given numbers, with those of a unit side by side."""
        cells = [(line.symbol, f"{Text().symbol(line.symbol)} = {line.result(self.digits)}") for line in section.lines]
        width = max((columns(cell) for _, cell in cells), default=0) + 3
        most = max(1, WIDTH // width)
        for _, group in groupby(cells, lambda cell: _row(cell[0])):
            row = [cell for _, cell in group]
            for start in range(0, len(row), most):
                yield f"  {''.join(padded(cell, width) for cell in row[start : start + most])}".rstrip()

    def _matrices(self, line: Line) -> Iterator[str]:
        """An equation of matrices, which are blocks of lines beside others."""
        name, sign = Text().symbol(line.symbol), "←" if line.again else "="
        lead = f"  {name} {sign} "
        room = WIDTH - columns(lead)
        line = line.fitted(lambda matrix: matrix_width(matrix, self.digits), room)
        for node in (*line.right_sides, line.shown or tree.Name(Symbol(tree.ROOM, tree.ROOM))):
            yield from with_matrices(lead, node, self.digits, room)
            lead = " " * (columns(name) + 3) + "= "

    def _line(self, line: Line) -> Iterator[str]:
        name = Text().symbol(line.symbol)
        value = line.result(self.digits)
        forms = line.right_sides
        written = wrapped(forms, self.digits, WIDTH - columns(name) - 5)
        if value and written and written[-1] == [value]:
            written.pop()
        sign = "←" if line.again else "="
        lead = f"  {name} {sign} "
        for form, rows in zip(forms, written, strict=False):
            for place, row in enumerate(rows):
                yield (lead if place == 0 else " " * columns(lead)) + (
                    self.style("rule", row) if form is line.rule else row
                )
                lead = " " * (columns(name) + 3) + "= " if place == 0 else lead
        if value:
            yield lead + self.style("result", value)


def _row(symbol: Symbol) -> tuple[str, ...]:
    """The common part of symbols that are side by side."""
    return (f"{symbol.example}", symbol.base, *symbol.indices[:-1]) if symbol.indices else (f"{symbol.example}",)
