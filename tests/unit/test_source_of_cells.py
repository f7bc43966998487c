"""The source of cells, categories and dates: as Python it reads them as the reference does, and in linear time."""

from datetime import datetime

import pytest

from nngen.description.model import Categorical, Dated, Divide, FillCategory, Index, Numeric
from nngen.runtime import categories, dates, network, styled_cells
from nngen.runtime import cells as source
from nngen.runtime.kit import Cell, RefusedError, Style
from tests.support import cells, date_texts, hard_cells

Column = Categorical | Dated | Index | Numeric
SINCE, FILL = (
    int((moment - datetime(1970, 1, 1)).total_seconds())
    for moment in (datetime(2000, 2, 29), datetime(1969, 7, 20, 20, 17))
)
USUAL = {"thousands": "", "decimal": ".", "prefix": "", "suffix": "", "minus": "before"}


def read(column: Column, cell: Cell) -> list[float]:
    """The inputs of a column by the source.

    Raises:
        RefusedError: the source refuses the cell.
    """
    match column:
        case Dated():
            return of_date(column, cell)
        case Index(ids=int(count)):
            return [source._numbered(column.name, cell, count, column.unknown == "row")]
        case Index(ids=tuple(ids)):
            return [float(categories._place_in(column.name, cell, ids, None, column.unknown == "row"))]
        case Categorical():
            listed = column.categories
            assert isinstance(listed, tuple)
            bare = [text.strip() for text in listed]
            gap = column.missing
            fill = bare.index(gap.category.strip()) if isinstance(gap, FillCategory) else None
            place = categories._place_in(column.name, cell, listed, fill, column.unknown == "zeros")
            found = [float(i == place) for i in range(len(listed))]
            return found + [float(categories._is_gap(cell, listed))] * column.indicator
        case Numeric():
            return of_number(column, cell)
    raise TypeError(column)


def of_number(column: Numeric, cell: Cell) -> list[float]:
    """The inputs of a column of numbers."""
    if column.number is not None:
        style = USUAL | column.number.model_dump(exclude_none=True)
        texts = [text.strip() for text in column.missing_texts]
        cell = styled_cells._plain_of(column.name, cell, Style(**style, missing=texts))
    found = source._number_of(column.name, cell, column.missing if isinstance(column.missing, float) else None)
    if isinstance(column.scale, Divide):
        found /= column.scale.by
    return [found] + [float(source._is_missing(cell))] * column.indicator


def of_date(column: Dated, cell: Cell, fill: int | None = None) -> list[float]:
    """The inputs of a column of dates, which are not scaled."""
    moment = dates._date_of(column.name, cell, column.date, fill)
    circles = {
        "month": (dates._month_of, 12.0),
        "weekday": (dates._weekday_of, 7.0),
        "hour": (dates._hour_of, 24.0),
    }
    found = []
    for part in column.parts:
        if part in circles:
            value, period = circles[part][0](moment), circles[part][1]
            found += [dates._sine(value, period), dates._cosine(value, period)]
        else:
            found.append(dates._year_of(moment) if part == "year" else dates._days_since(moment, SINCE))
    return found


def test_the_texts_of_missing_values_are_those_of_a_table() -> None:
    assert date_texts.ENCODING
    assert date_texts.ENCODING.missing == network.MISSING


@pytest.mark.parametrize("place", range(len(cells.COLUMNS)), ids=cells.COLUMNS)
def test_cells_are_those_of_the_reference(place: int) -> None:
    columns = cells.SPEC.columns
    start = sum(len(read(column, cell)) for column, cell in zip(columns[:place], cells.ROW, strict=False))
    width = len(read(columns[place], cells.ROW[place]))
    for cell in [*cells.TEXTS, *cells.TYPED]:
        try:
            found: list[float] | str = read(columns[place], cell)
        except RefusedError as error:
            found = cells.kind(str(error).replace(columns[place].name, cells.COLUMNS[place]))
        right = cells.expected(place, cell)
        assert found == (right if isinstance(right, str) else right[start : start + width]), repr(cell)[:80]


def test_dates_are_those_of_the_reference() -> None:
    for row in date_texts.rows(150, seed=8):
        for column, text, right in zip(date_texts.SPEC.columns, row, date_texts.right(row), strict=True):
            assert isinstance(column, Dated)
            try:
                year, days, *others = of_date(column, text, FILL)
            except RefusedError:
                assert right is None, text
            else:
                wanted = right[: 2 + len(others)]
                assert [(year - 2000.0) / 4.0, (days - 7.5) / 100.0, *others] == pytest.approx(wanted, abs=1e-12), text


def test_hard_cells_are_those_of_the_reference() -> None:
    columns = {column.name: column for column in hard_cells.SPEC.columns}
    starts = {"amount": 0, "price": 1, "cost": 2, "day": 3, "city": 6, "member": 8}
    for (name, text), right in zip(hard_cells.cases(), hard_cells.answers(), strict=True):
        try:
            found = read(columns[name], text)
        except RefusedError:
            assert right == "refused", (name, text[:80])
        else:
            assert found == right[starts[name] : starts[name] + len(found)], (name, text[:80])
