"""Cells at the limits of each rule for a column, and what a module reads in them beside the reference."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from nngen.description.data import in_form, in_style
from nngen.description.model import Categorical, Column, Dated, Index, NumberStyle, Numeric

MAX_COLUMNS = 32
"""The most columns whose cells are tried; of more, some with equal distances."""

UNKNOWN = "none of these"
"""A text that is no category, no id, no number and no date."""

GAPS = (None, math.nan, "", " ", "?", "NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "na", "-", "0")

NUMBERS: tuple[Any, ...] = (
    -7,
    0.1,
    1e30,
    " 5\t",
    "-1.5e3",
    "+5E-3",
    ".5",
    "5.",
    ".",
    "1e",
    "--5",
    "0x10",
    "1_000",
    "1,5",
    "inf",
    True,
)
NUMBERS += (math.inf, 1.1e100, -1.1e100, "1.1e100", UNKNOWN)

LARGE = (9.9e99, "-9.9e99")
"""Numbers below the limit of float64."""

DATES: tuple[str, ...] = (
    "2024-05-17",
    " 2024-05-17T23:59 ",
    "2024-05-17 13:45:30.5Z",
    "0001-01-01",
    "9999-12-31 00:00:00+02:00",
)
DATES += ("2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "2024-01-00", "2024-05-17 24:00")
DATES += ("2024-05-17 13:60", "2024-05-17 1:45 PM", "2024-05", UNKNOWN)


def chosen(columns: tuple[Column, ...]) -> Iterator[tuple[int, Column]]:
    """The columns whose cells are tried, with their places."""
    return iter(list(enumerate(columns))[:: math.ceil(len(columns) / MAX_COLUMNS)])


def cells(column: Column, dtype: str) -> Iterator[Any]:
    """Cells that a column reads, and cells that it refuses."""
    if isinstance(column, Index):
        known: Iterable[Any] = (0, column.count - 1) if isinstance(column.ids, int) else column.ids[:: len(column.ids)]
        yield from (*known, column.count, -1, 0.5, 0.0, " 0 ", "0.0", True, UNKNOWN)
    elif isinstance(column, Dated):
        yield from (*DATES, *(in_form(moment, column.date) for moment in (0, 951_831_000, -2_208_988_800)))
    elif isinstance(column, Numeric):
        yield from (*NUMBERS, *(LARGE if dtype == "float64" else ()), *column.missing_texts)
        yield from map(str.swapcase, column.missing_texts)
        yield from () if column.style is None else _styled(column.style)
    elif isinstance(column, Categorical):
        first = column.categories[0]
        yield from (*column.categories[:20], f" {first}\n", first.swapcase(), True, False, 3, 3.0, 0.5, UNKNOWN)
    yield from GAPS


def _styled(style: NumberStyle) -> Iterator[str]:
    """Texts near a style: with its marks and signs in other places, twice, and with groups of other sizes."""
    between, point = style.thousands or "", style.decimal
    for value in (1234567.25, -1234.5, 0.5, -123, 12):
        yield in_style(style, value)
        yield f"  {in_style(style, value)}\u00a0"
    bare = ("5-", "-5", "(5)", "(5", "+(5)", "5.-", "\u22125", f"{point}5", f"5{point}", "1e3", "1234.5", "-1234.5")
    yield from (*bare, f"1{between}23", f"0{between}123", f"12{between}34{between}567", f"1{between}234{between}5")
    for mark in filter(None, (style.prefix, style.suffix)):
        yield from (f"{mark}5", f"5{mark}", f"{mark}{mark}5", f"5{mark}{mark}", f"-{mark} 5", f"{mark} -5", mark)


def same(found: Any, expected: Any) -> bool:
    """Whether two encoded rows agree, as near as constants that are measured twice."""
    return bool(np.allclose(found, expected, rtol=1e-6, atol=1e-6, equal_nan=True))
