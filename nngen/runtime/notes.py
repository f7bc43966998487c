"""What is unusual about a cell of a row: a word, or an empty text."""

from nngen.runtime.categories import _is_gap, _place_in
from nngen.runtime.cells import _is_missing, _number_of, _numbered
from nngen.runtime.kit import F64, Cell, Texts, Title


def _note_of_number(column: Title, cell: Cell, low: F64, high: F64) -> Title:
    """Whether a number is missing, or far from those of the training rows: below low or above high."""
    if _is_missing(cell):
        return "missing"
    number = _number_of(column, cell, None)
    return "far" if number < low or number > high else ""


def _note_of_text(column: Title, cell: Cell, listed: Texts) -> Title:
    """Whether a text is missing, or none of those of its column."""
    if _is_gap(cell, listed):
        return "missing"
    place = _place_in(column, cell, listed, len(listed), True)
    return "unknown" if place == len(listed) else ""


def _note_of_id(column: Title, cell: Cell, count: int) -> Title:
    """Whether an id is missing, or none from 0 to below count."""
    if _is_missing(cell):
        return "missing"
    found = _numbered(column, cell, count, True)
    return "unknown" if found == float(count) else ""


def _note_of_gap(cell: Cell) -> Title:
    """Whether a cell is missing."""
    return "missing" if _is_missing(cell) else ""
