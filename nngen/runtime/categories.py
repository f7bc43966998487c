"""The categories and the listed ids of a column."""

from nngen.runtime.cells import _is_missing, _place_of
from nngen.runtime.kit import Cell, Texts, Title, bare, is_text, is_truth, number_texts, refuse, text_in, truth_in


def _place_in(column: Title, cell: Cell, listed: Texts, fill: int | None, unknown: bool) -> int:
    """The place of a value among the texts of a column, or the fill of a missing one.

    Unknown texts, if the column accepts them, have the place after the last.
    """
    if _is_missing(cell, listed):
        if fill is None:
            refuse(column, "a value, but the value is missing")
        return fill
    for text in _texts_of(cell):
        place = _place_of(text, listed)
        if place < len(listed):
            return place
    if unknown:
        return len(listed)
    refuse(column, "one of the texts that are listed for it")


def _texts_of(cell: Cell) -> list[str]:
    """The texts that stand for a value, as Python writes it."""
    if is_text(cell):
        return [bare(text_in(cell))]
    if is_truth(cell):
        if truth_in(cell):
            return ["True", "true"]
        return ["False", "false"]
    return number_texts(cell)
