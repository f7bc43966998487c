"""A column of numbers or categories as a spec has it, from what a source does with it."""

from typing import Any

from nngen.description.identifiers import Identifiers
from nngen.description.model import Categorical, FillCategory, Numeric, ValueColumn, category_names


def column(
    title: str,
    names: Identifiers,
    *,
    categories: tuple[str, ...] = (),
    fill: float | str | None = None,
    unknown: bool = False,
    indicator: bool = False,
    scale: Any = None,
) -> ValueColumn:
    """The column.

    Args:
        title: its name in the data.
        names: the names of the columns before it, to which its own is added.
        categories: its categories; none for a column of numbers.
        fill: the replacement of missing values; None if they are an error, an empty text for no category.
        unknown: whether other categories are allowed, which are none.
        indicator: whether an input says where the value is missing.
        scale: the scale of a column of numbers.
    """
    name = names.make(title, "column", lambda made: (made, f"{made}_missing", *category_names(made, categories)))
    given: dict[str, Any] = {"name": name, "column": None if name == title else title, "indicator": indicator}
    missing: Any = "error" if fill is None else fill
    if not categories:
        return Numeric(**given, missing=missing, scale=scale)
    if fill is not None:
        missing = FillCategory(category=str(fill)) if fill else "zeros"
    return Categorical(**given, categories=categories, missing=missing, unknown="zeros" if unknown else "error")
