"""The categories and the listed ids of a column."""

from nngen.runtime.cells import _is_missing, _place_of
from nngen.runtime.kit import Cell, Texts, Title, is_object, one_of, refuse
from nngen.runtime.network import SHOWS, TRUTHS, UNTYPED
from nngen.runtime.spellings import _place_of_cell


def _is_gap(cell: Cell, listed: Texts) -> bool:
    """Whether a value is missing in a column of texts: one that is listed is not."""
    return _is_missing(cell) and _place_of_cell(cell, listed) == len(listed)


def _place_in(column: Title, cell: Cell, listed: Texts, fill: int | None, unknown: bool) -> int:
    """The place of a value among the texts of a column; that of a missing one is the fill, if there is one.

    Unknown texts, if the column accepts them, have the place after the last.
    """
    if _is_gap(cell, listed):
        if fill is None:
            refuse(column, "a value, but the value is missing")
        return fill
    place = _place_of_cell(cell, listed)
    if TRUTHS and place == len(listed):
        place = _place_of_truth(cell, listed)
    if place < len(listed) or (unknown and not (UNTYPED and is_object(cell))):
        return place
    refuse(column, one_of(listed) if SHOWS else "one of the texts that are listed for it", cell)


def _place_of_truth(cell: Cell, listed: Texts) -> int:
    """The place of a truth value, however it is spelled, in a column that lists both; else the one after the last."""
    yes = _first_of(["True", "true", "TRUE"], listed)
    no = _first_of(["False", "false", "FALSE"], listed)
    if yes < len(listed) and no < len(listed):
        if _place_of_cell(cell, ["True", "true", "TRUE", "1"]) < 4:
            return yes
        if _place_of_cell(cell, ["False", "false", "FALSE", "0"]) < 4:
            return no
    return len(listed)


def _first_of(texts: Texts, listed: Texts) -> int:
    """The place of the first of some texts that is listed; the one after the last if none is."""
    for text in texts:
        place = _place_of(text, listed)
        if place < len(listed):
            return place
    return len(listed)
