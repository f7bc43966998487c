"""The numbers in the cells of a column, many at once."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.cells import Expected
from nngen.description.model import MAX_WEIGHT

Array = NDArray[np.float64]
Texts = list[str | None]

PLAIN = Expected("", "number", gaps=True)
"""Numbers without a style, and gaps."""


def percentile(values: NDArray[Any], percent: float) -> float:
    """The least of some values that so many percent of them are not above."""
    rank = math.ceil(percent / 100.0 * len(values) * (1.0 - 1e-12))  # 99 % of 100 are 99, whatever the rounding
    return float(np.sort(values)[max(rank, 1) - 1])


def cells_of(column: Texts) -> list[str]:
    """The texts of a column as a file has them, empty for a gap."""
    return ["" if text is None else text for text in column]


def is_plain(expected: Expected) -> bool:
    """Whether plain numbers are what they say, and only other cells may be gaps, empty ones among them."""
    return (
        expected.plain
        and "" in expected.markers
        and not any(_is_number(marker) for marker in expected.markers if marker)
    )


def floats(cells: Sequence[str], expected: Expected) -> Array | None:
    """The numbers in the cells of a column, NaN for missing values; None if a cell is wrong.

    ``float`` takes more than ``cells.number`` does, such as underscores and digits of other scripts; so the characters
    are looked at before.
    """
    values = _with_gaps(cells, expected)
    if values is not None:
        return allowed(values, expected)
    if not expected.plain:
        cells = _plain(cells, expected)
    missing = {text for text in expected.markers if expected.gaps and expected.missing(text)}
    numbers = [*cells]
    gaps = [] if missing.isdisjoint(cells) else [i for i, text in enumerate(cells) if text in missing]
    for i in gaps:
        numbers[i] = ""
    if not _is_number("".join(numbers)):
        return None
    for i in gaps:
        numbers[i] = "nan"
    try:
        values = np.fromiter(map(float, numbers), np.float64, len(numbers))
    except ValueError:
        return None
    return values if valid(values, expected, len(gaps)) else None


def _is_number(text: str) -> bool:
    """Whether a text has only characters of numbers."""
    return not text.encode().translate(None, b"+-.0123456789eE")


def _with_gaps(cells: Sequence[str], expected: Expected) -> Array | None:
    """Plain numbers, with NaN for empty cells; None if other cells may be gaps or no numbers."""
    if not is_plain(expected) or not _is_number("".join(cells)):
        return None
    try:
        return np.fromiter(map(float, [text or "nan" for text in cells]), np.float64, len(cells))
    except ValueError:
        return None


def _plain(cells: Sequence[str], expected: Expected) -> list[str]:
    """Cells in plain writing: empty for a missing value, and no number for what is none."""
    known = {text: "" if expected.missing(text) else expected.written(text) for text in set(cells)}
    return [known[text] for text in cells]


def allowed(values: Array, expected: Expected) -> Array | None:
    """Numbers with NaN for gaps; None if one is not allowed."""
    return values if valid(values, expected, int(np.isnan(values).sum())) else None


def valid(values: Array, expected: Expected, gaps: int) -> bool:
    """Whether the numbers of a column are allowed; ``gaps`` is the number of missing values."""
    present = values[~np.isnan(values)] if gaps else values
    if len(values) - len(present) != gaps or (gaps and not expected.gaps):
        return False
    if len(present) and not max(abs(present.min()), abs(present.max())) <= expected.largest:  # NaN is not, either
        return False
    if expected.count and not np.all((present >= 0.0) & (present < expected.count) & (present == np.rint(present))):
        return False
    if expected.positive and not np.all(present > 0.0):
        return False
    return expected.kind != "weight" or bool(np.all((present >= 0.0) & (present < MAX_WEIGHT)))
