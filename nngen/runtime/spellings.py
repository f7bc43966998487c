"""The texts that stand for a cell."""

from nngen.runtime.cells import _place_of
from nngen.runtime.kit import Cell, Texts, bare, is_text, is_truth, number_texts, text_in, truth_in


def _place_of_cell(cell: Cell, listed: Texts) -> int:
    """The place of a value among the texts that are listed; the one after the last if it is not."""
    for text in _texts_of(cell):
        place = _place_of(text, listed)
        if place < len(listed):
            return place
    return len(listed)


def _texts_of(cell: Cell) -> list[str]:
    """The texts that stand for a value, as Python writes it."""
    if is_text(cell):
        return [bare(text_in(cell))]
    if is_truth(cell):
        if truth_in(cell):
            return ["True", "true"]
        return ["False", "false"]
    return number_texts(cell)
