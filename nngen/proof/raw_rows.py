"""Rows of the data that a self-test makes up, with the answers of the reference."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nngen.description.data import CategoryColumn, DateColumn, Encoding, IndexColumn, in_form, in_style
from nngen.plan import Plan
from nngen.targets import c_cell, literal

if TYPE_CHECKING:
    from nngen.proof.reference import Array, Encoder

MAX_COLUMNS = 20
"""The most columns of such rows: with more, a page would be mostly numbers, and a row in C may be an array."""

Row = Mapping[str, float | str | None]
"""The values of the columns by their names; None is a missing value."""


def raw_rows(encoding: Encoding) -> list[Row]:
    """Two rows: the first with all values, the second without those that may be missing.

    Numbers of a column that writes them in its own style are texts.
    """
    if not encoding.predicts or len(encoding.columns) > MAX_COLUMNS:
        return []
    first: dict[str, float | str | None] = {}
    second: dict[str, float | str | None] = {}
    for place, column in enumerate(encoding.columns):
        name = column.column
        if isinstance(column, CategoryColumn):
            first[name], second[name] = column.categories[place % len(column.categories)], column.categories[-1]
        elif isinstance(column, IndexColumn):
            first[name], second[name] = (column.ids[0], column.ids[-1]) if column.ids else (0, column.count - 1)
            continue
        elif isinstance(column, DateColumn):
            first[name], second[name] = (
                in_form(at, column.form) for at in (951_831_000 + 86_400 * place, 1_735_603_200)
            )
        else:
            distance = (place % 5 - 2) / 4.0 * column.divide
            numbers = (float(f"{column.subtract + d:.6g}") for d in (distance, -0.5 * distance))
            first[name], second[name] = (in_style(column.style, n) if column.style else n for n in numbers)
        if column.fill is not None:
            second[name] = None
    return [first, second]


def answer(outputs: "Array", plan: Plan, encoder: "Encoder") -> list[float]:
    """The answer for the outputs of one row, shape ``(1, outputs)``: numbers, or the place of a class."""
    if plan.encoding is None or not plan.encoding.classes:
        return [float(value) for value in encoder.answers(outputs)[0]]
    [values] = outputs.tolist()
    if len(values) > 1:
        return [float(values.index(max(values)))]
    return [float(values[0] > (1.0 + plan.loss.negative_target) / 2.0)]


def cells(row: Row, nothing: str) -> tuple[str, ...]:
    """The values of a row as constants of Python or JavaScript; ``nothing`` stands for a missing value."""
    return tuple(
        nothing if value is None else literal(value) if isinstance(value, str) else repr(value)
        for value in row.values()
    )


def members(row: Row, plan: Plan) -> tuple[str, ...]:
    """The values of a row as assignments to its members in C."""
    if plan.encoding is None or plan.encoding.dates:  # C takes numbers
        return ()
    return tuple(f"{one.name} = {c_cell(one, row[one.column], plan.name)}" for one in plan.encoding.columns)
