"""From an equation between numbers to the formula of a cell."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from nngen.common.records import dataclass
from nngen.plan import Assignment, UnitForm
from nngen.targets.workbook.words import VARIABLE, filled

MAX_FORMULA = 8_192
"""The characters that Excel takes in a formula."""

FEW = 12
"""The most terms of a sum that a formula spells out, if ranges can hold them."""

_PRODUCT = re.compile(f"{VARIABLE.pattern} \\* {VARIABLE.pattern}")


@dataclass(frozen=True)
class Place:
    """A cell."""

    sheet: str
    row: int
    """From 0."""
    column: int

    @property
    def address(self) -> str:
        """Such as ``$B$7``."""
        return f"${letters(self.column)}${self.row + 1}"

    def __sub__(self, other: "Place") -> tuple[int, int]:
        return self.row - other.row, self.column - other.column


def letters(column: int) -> str:
    """The name of a column: ``A``, ``Z``, ``AA``."""
    return (letters(column // 26 - 1) if column > 25 else "") + chr(ord("A") + column % 26)


def span(first: Place, last: Place, sheet: str) -> str:
    """A range as a formula of a sheet writes it."""
    return f"{'' if first.sheet == sheet else first.sheet + '!'}{first.address}:{last.address}"


@dataclass(frozen=True)
class Formulas:
    """Writes the formulas of a sheet."""

    sheet: str
    places: Mapping[str, Place]
    """The cells of the values that have one."""
    shown: Callable[[str], str]
    """The name of a value's cell, or its address."""

    def of(self, equation: Assignment) -> str:
        """The formula of an equation, without the sign of equality. It may be too long."""
        match equation.form:
            case UnitForm.SUM:
                return self._sum(equation.terms)
            case UnitForm.MEAN:
                return f"({self._sum(equation.terms)}) / {len(equation.terms)}"
            case UnitForm.MAX:
                parts = list(self._parts(equation.terms, "MAX"))
                return parts[0] if len(parts) == 1 and len(equation.terms) > 1 else f"MAX({', '.join(parts)})"
        return self.text(equation.terms[0])

    def text(self, term: str) -> str:
        """A text in the words of spreadsheets with its cells."""
        return filled(term, self.shown)

    def _sum(self, terms: Sequence[str]) -> str:
        return " + ".join(self._parts(terms, "SUM"))

    def _parts(self, terms: Sequence[str], function: str) -> Iterator[str]:
        """The terms; of many, those whose cells stand in a row or a column together."""
        rest = list(map(self._cells, terms))
        at = 0
        while at < len(terms):
            end = self._end(rest, at) if len(terms) > FEW else at + 1
            firsts, lasts = rest[at], rest[end - 1]
            if end - at < 3:
                yield from map(self.text, terms[at:end])
            else:
                ranges = [span(*pair, self.sheet) for pair in zip(firsts, lasts, strict=True)]
                yield _over(function, ranges, [last - first for first, last in zip(firsts, lasts, strict=True)])
            at = end

    def _cells(self, term: str) -> tuple[Place, ...]:
        """The cells of a term that is a single one, or the product of two; none for any other term."""
        found = VARIABLE.fullmatch(term) or _PRODUCT.fullmatch(term)
        names = found.groups() if found else ()
        return tuple(self.places[name] for name in names if name in self.places) if found else ()

    @staticmethod
    def _end(cells: Sequence[tuple[Place, ...]], at: int) -> int:
        """The end of a run of terms whose cells follow each other, each in a row or in a column."""
        first = cells[at]
        steps: list[tuple[int, int]] | None = None
        end = at + 1
        while first and end < len(cells) and len(cells[end]) == len(first):
            now = [after - before for before, after in zip(cells[end - 1], cells[end], strict=True)]
            if (steps is not None and now != steps) or not set(now) <= {(0, 1), (1, 0)}:
                break
            steps, end = now, end + 1
        return end


def _over(function: str, ranges: Sequence[str], sides: Sequence[tuple[int, int]]) -> str:
    """The sum of the products of two ranges, or a function of one."""
    if len(ranges) == 1:
        return f"{function}({ranges[0]})"
    across = [not rows for rows, _ in sides]
    if across[0] == across[1]:
        return f"SUMPRODUCT({', '.join(ranges)})"
    one, other = ranges if across[0] else ranges[::-1]
    return f"SUMPRODUCT(MMULT({one}, {other}))"  # a row times a column; the outer function makes it an array in all
