"""The cells of a record: what a sheet keeps of them, and one near the middle of the training data."""

from typing import Any

from nngen.description.data import CategoryColumn, DateColumn, IndexColumn, NumberColumn, date, in_form, in_style
from nngen.targets.workbook.cells import known_texts, texts_of


def seconds_of(value: object, column: Any) -> int | None:
    """The seconds of a date in a text."""
    if not isinstance(column, DateColumn) or not isinstance(value, str):
        return None
    try:
        return date(value, column.form)
    except ValueError:
        return None


def place_of(column: Any, value: object) -> float:
    """What a sheet keeps of a cell: the place of its category, or the seconds of its date."""
    if isinstance(column, DateColumn):
        seconds = seconds_of(value, column)
        return float(column.fill or 0 if seconds is None else seconds)
    return float(dict(known_texts(texts_of(column))).get(str(value), 0))


def typical(column: Any) -> tuple[str, object]:
    """A cell near the middle of a column of the training data."""
    if isinstance(column, NumberColumn):
        value: object = float(f"{column.subtract:.4g}")
        return column.column, in_style(column.style, value) if column.style else value  # type: ignore[arg-type]
    if isinstance(column, CategoryColumn):
        return column.column, column.categories[0]
    if isinstance(column, IndexColumn):
        return column.column, column.ids[0] if column.ids else 0.0
    days = next((part for part in column.parts if part.part == "days"), None)
    return column.column, in_form(column.since + 86_400 * round(days.subtract if days else 0), column.form)
