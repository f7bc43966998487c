"""Columns of the data for a spec that encodes them: categories, missing values and scales of their own."""

from collections.abc import Callable, Sequence
from math import isinf
from typing import Any

from nngen.description.data import AnyColumn, DateColumn, NumberColumn, PartOfDate, date, in_form
from nngen.description.model import Column, Dated, DateForm, Spec


def titles(spec: Spec) -> list[str]:
    """The names of the columns in the data."""
    return [column.column or column.name for column in spec.columns]


def rows(spec: Spec, given: Any) -> Any:
    """A DataFrame of pandas as it is, other examples as lists: what ``encode`` of a module takes."""
    if hasattr(given, "keys"):
        return given
    return [list(row) for row in (given[titles(spec)].rows() if hasattr(given, "columns") else given)]  # Polars


def standardized(subtract: Sequence[float], divide: Sequence[float]) -> dict[str, Any]:
    """The scale ``(x - subtract) / divide`` as a spec has it."""
    return {"name": "standardize", "mean": list(subtract), "deviation": list(divide)}


def _by_value(each: Sequence[NumberColumn] | Sequence[PartOfDate]) -> dict[str, Any]:
    """The scale of some numbers of a column as a spec has it."""
    subtract, divide = [one.subtract for one in each], [one.divide for one in each]
    if any(one.clipped for one in each):
        return {"name": "robust", "median": subtract, "spread": [0.0 if isinf(one) else one for one in divide]}
    return standardized(subtract, divide)


def column_by_value(described: Column, found: AnyColumn) -> dict[str, Any]:
    """A column of a spec with all constants that were measured."""
    entry: dict[str, Any] = described.model_dump(mode="json", exclude_unset=True)
    if isinstance(found, NumberColumn):
        entry |= {} if found.fill is None else {"missing": found.fill}
        entry["scale"] = _by_value([found])
    if isinstance(found, DateColumn):
        numbers = [each for each in found.parts if not each.circle]
        entry |= {} if found.fill is None else {"missing": in_form(found.fill)}
        entry["scale"] = _by_value(numbers)
    return entry


def numbers_of(spec: Spec, given: Any) -> Callable[[str], list[float]]:
    """The numbers of a column by its name, or the seconds of its dates; NaN for missing ones.

    Raises:
        ValueError: the examples have other columns.
    """
    names, forms = titles(spec), {column.column: column.date for column in spec.columns if isinstance(column, Dated)}
    if hasattr(given, "columns"):
        absent = [name for name in names if name not in given.columns]
        if absent:
            raise ValueError(f"expected the columns {', '.join(names)}; missing: {', '.join(absent)}")
        return lambda name: [_number(value, forms.get(name)) for value in given[name]]
    if any(len(row) != len(names) for row in given):
        raise ValueError(f"expected rows of {len(names)} values: {', '.join(names)}")
    return lambda name: [_number(row[names.index(name)], forms.get(name)) for row in given]


def _number(value: Any, form: DateForm | None) -> float:
    """A number, or the seconds of a date in a form; NaN for a missing value, as ``encode`` of a module has it."""
    if value is None or str(value) in ("", "nan", "<NA>", "NaT"):
        return float("nan")
    return float(value) if form is None else float(date(str(value), form))
