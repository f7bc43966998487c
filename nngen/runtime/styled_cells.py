"""Cells of a column whose numbers are written in a style."""

from nngen.runtime.kit import Cell, Style, Title, bare, contains, is_nan, is_text, refuse, such_as, text_in
from nngen.runtime.network import MISSING, SHOWS
from nngen.runtime.number_styles import _of_style


def _plain_of(column: Title, cell: Cell, form: Style) -> Cell:
    """A cell, or the number that a text in the style of its column stands for."""
    if is_text(cell):
        even = _even(text_in(cell))
        written = bare(even)
        listed = contains(form.missing, written)
        if listed or contains(MISSING, written):
            return None
        found = _of_style(written, form)
        if is_nan(found):
            refuse(column, such_as(form) if SHOWS else "a number in the style of the column", cell)
        return found
    return cell


def _even(text: str) -> str:
    """A text in which every space is the same."""
    even = text
    for space in ("\u00a0", "\u2009", "\u202f"):
        even = even.replace(space, " ")
    return even
