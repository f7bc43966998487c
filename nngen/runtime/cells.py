"""Cells of a row, as tables and programs have them: missing ones, numbers, ids and categories."""

from nngen.runtime.kit import (
    F64,
    Cell,
    Num,
    Texts,
    Title,
    bare,
    contains,
    is_nan,
    is_none,
    is_number,
    is_text,
    is_whole,
    nan,
    number_in,
    parsed,
    refuse,
    text_in,
    whole_below,
)
from nngen.runtime.network import LARGEST, MISSING, SHOWS


def _is_missing(cell: Cell) -> bool:
    """Whether a value is missing."""
    if is_text(cell):
        return contains(MISSING, bare(text_in(cell)))
    if is_number(cell):
        return is_nan(number_in(cell))
    return is_none(cell)


def _place_of(text: str, listed: Texts) -> int:
    """The place of a text among those that are listed; the one after the last if it is not."""
    for place, one in enumerate(listed):
        if bare(one) == text:
            return place
    return len(listed)


def _number_of(column: Title, cell: Cell, fill: F64 | None) -> F64:
    """The number of a column, also one written as a text, or what replaces a missing one."""
    if _is_missing(cell):
        if fill is None:
            refuse(column, "a value, but the value is missing")
        return fill
    found = nan()
    if is_number(cell):
        found = number_in(cell)
    elif is_text(cell):
        found = parsed(bare(text_in(cell)))
    if abs(found) <= LARGEST:
        return found
    refuse(column, "a number up to SAYS_LARGEST", cell)


def _numbered(column: Title, cell: Cell, count: int, unknown: bool) -> F64:
    """An id from 0 to below count. Unknown ids share the row after the last, if there is one for them."""
    found = _number_of(column, cell, None)
    if found >= 0.0 and found < float(count) and is_whole(found):
        return found + 0.0  # -0 is 0
    if unknown:
        return float(count)
    refuse(column, whole_below(count) if SHOWS else "a whole number from 0 to below its number of ids", cell)


def _row_of_id(value: Num, count: int, name: Title) -> int:
    """The row of an id, if it is a whole number below count."""
    if value >= 0.0 and value < Num(count) and is_whole(value):
        return int(value)
    refuse(name, "a whole number from 0 to below the number of its rows")
