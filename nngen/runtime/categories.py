"""The categories and the listed ids of a column."""

from nngen.runtime.cells import _is_missing
from nngen.runtime.kit import Cell, Texts, Title, refuse
from nngen.runtime.spellings import _place_of_cell


def _place_in(column: Title, cell: Cell, listed: Texts, fill: int | None, unknown: bool) -> int:
    """The place of a value among the texts of a column; that of a missing one is the fill, if there is one.

    Unknown texts, if the column accepts them, have the place after the last.
    """
    if _is_missing(cell, listed):
        if fill is None:
            refuse(column, "a value, but the value is missing")
        return fill
    place = _place_of_cell(cell, listed)
    if place < len(listed) or unknown:
        return place
    refuse(column, "one of the texts that are listed for it")
