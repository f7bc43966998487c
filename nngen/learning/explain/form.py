"""The form of a page that answers: a field for each column of the table, rows of it, and the words of the answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.description.data import (
    AnyColumn,
    CategoryColumn,
    DateColumn,
    NumberColumn,
    ShownRows,
    in_form,
    in_style,
    shown_rows,
)
from nngen.description.model import Group, JavaScriptTarget, NumberStyle, Rows, Spec, Table
from nngen.learning.explain.columns import MOST_CIRCLES
from nngen.plan import Plan, unfit
from nngen.targets import texts

MOST_EXPLAINED = 500_000
"""The most parameters, times outputs, with which a page explains an answer: up to 2,032 Jacobians.

At 90,100 each took 0.08 ms in Node: 0.2 s in all, a second at the bound.
"""

MOST_ROWS = 100
"""The rows that a page offers to begin from."""

DAY = 86_400
"""Seconds of a day."""

SPACE = " \t\n\v\f\r"
"""What does not count around a text."""


@dataclass(frozen=True)
class Field:
    """A field of the form."""

    column: str
    """The name of the column in the data."""
    kind: str
    """``choice``, ``number``, ``date`` or ``datetime-local``."""
    inputs: tuple[str, ...]
    """The names of the network's inputs that it becomes."""
    gap: bool
    """Whether it may be empty."""
    choices: tuple[str, ...] = ()
    """The categories as the data write them."""
    other: str = ""
    """A text that is none of the categories; empty if such texts are refused."""
    decimal: str = "."
    """The decimal sign of its numbers."""
    ends: tuple[str, str] | None = None
    """The least and the greatest value of the training rows, as the data write them."""

    def written(self, value: Any) -> str:
        """A cell of the column as the text that the field holds; empty for a gap."""
        if value is None or value != value:
            return ""
        if self.kind == "number":
            return number_text(value).replace(".", self.decimal)
        text = str(value).strip(SPACE)
        if self.kind == "choice":
            return text if text in self.choices else self.other
        if self.kind == "datetime-local":
            return text.replace(" ", "T") if " " in text else f"{text}T00:00"
        return text


@dataclass(frozen=True)
class Form:
    """What the page needs to ask for a row of the table, and to say the answer."""

    fields: tuple[Field, ...]
    target: str
    """The name of the target in the data; empty if there are several, or without a table."""
    classes: tuple[str, ...]
    """The classes in the words of the data; empty if the answer is a number."""
    outputs: tuple[str, ...]
    """The names of the network's outputs."""
    words: dict[str, str]
    """The names of inputs and outputs in the words of the table, by those of the module."""
    facts: dict[str, Any]
    """What the script needs: rows, ranges, and how numbers of the target are written."""


def form_of(plan: Plan, spec: Spec, folder: Path) -> Form | None:
    """The form of a network whose inputs are columns of data; None for others.

    Networks with ids have fields of their own. A large group of inputs that are all alike is an image or a signal,
    which nobody types.

    Raises:
        SpecError: the file of the data cannot be read.
    """
    encoding = plan.encoding
    if encoding is None or not encoding.predicts or encoding.indices:
        return None
    if isinstance(spec.inputs, Group) and len(plan.inputs) > MOST_CIRCLES:
        return None
    rows = shown_rows(spec, folder, MOST_ROWS) if isinstance(spec.data, Rows | Table) else None
    table = spec.data if isinstance(spec.data, Table) else None
    fields = tuple(_field(column, rows) for column in encoding.columns)
    style = (table.target_style if table else None) or NumberStyle()
    units = plan.output.units
    facts: dict[str, Any] = {
        "style": {"prefix": style.prefix or "", "suffix": style.suffix or "", "decimal": style.decimal},
        "thousands": style.thousands or "",
        "threshold": encoding.threshold,
        "rows": [],
        **_explains(plan, spec, folder),
    }
    if rows:
        cells = ([field.written(value) for value in rows.columns[field.column]] for field in fields)
        facts |= {
            "ranges": [rows.ranges.get(field.column) if field.kind == "number" else None for field in fields],
            "rows": [*zip(*cells, strict=True)],
            "targets": [[None if value != value else value for value in row] for row in rows.targets],
            "heldOut": rows.held_out,
        }
    return Form(
        fields=fields,
        target=table.targets[0] if table and len(table.targets) == 1 else "",
        classes=encoding.classes,
        outputs=units,
        words=dict(pair for column in encoding.columns for pair in _inputs(column))
        | (dict(zip(units, encoding.classes, strict=False)) if len(units) > 1 else {}),
        facts=facts,
    )


def _explains(plan: Plan, spec: Spec, folder: Path) -> dict[str, Any]:
    """A module that says what each column adds to an answer, and the shapes of its parameters; nothing without one."""
    if unfit(plan) or plan.size * len(plan.output.units) > MOST_EXPLAINED:
        return {}
    by_layer = spec.model_copy(update={"targets": (JavaScriptTarget(name="javascript", unroll="layers"),)})
    text = texts(by_layer, folder, ["javascript"], contents=["sensitivity"], measured=plan.encoding)["javascript"]
    shapes = [(len(block.rows), len(block.rows[0])) for block in plan.blocks]
    return {"explains": text, "shapes": shapes} if "function contributions(" in text else {}


def number_text(value: float) -> str:
    """A number in the fewest digits that give it again; a whole one without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _field(column: AnyColumn, rows: ShownRows | None) -> Field:
    inputs = tuple(name for name, _ in _inputs(column))
    if isinstance(column, CategoryColumn):
        other = "(other)"
        while other in column.categories:
            other = f"({other})"
        choices = tuple(category.strip(SPACE) for category in column.categories)
        return Field(column.column, "choice", inputs, column.fill is not None, choices, other * column.unknown)
    ends = rows.ranges.get(column.column) if rows else None
    gap = isinstance(column, NumberColumn | DateColumn) and column.fill is not None
    if isinstance(column, DateColumn):
        values = [text for text in rows.columns[column.column] if text] if rows else []
        timed = any(part.part == "hour" for part in column.parts) or any(" " in text for text in values)
        timed = timed or bool(ends and (ends[0] % DAY or ends[1] % DAY))
        shown = (in_form(ends[0]), in_form(ends[1])) if ends else None
        return Field(column.column, "datetime-local" if timed else "date", inputs, gap, ends=shown)
    style = column.style if isinstance(column, NumberColumn) else None
    shown = None
    if ends:
        least, most = (end if end.is_integer() else float(f"{end:.6g}") for end in ends)
        shown = (in_style(style, least), in_style(style, most)) if style else (number_text(least), number_text(most))
    return Field(column.column, "number", inputs, gap, decimal=style.decimal if style else ".", ends=shown)


def _inputs(column: AnyColumn) -> Iterator[tuple[str, str]]:
    """The names of the inputs of a column, each with its words."""
    if isinstance(column, CategoryColumn):
        yield from (
            (name, f"{column.column}: {text}") for name, text in zip(column.inputs, column.categories, strict=True)
        )
    elif isinstance(column, DateColumn):
        for part in column.parts:
            ends = (", sin", ", cos") if part.circle else ("",)
            yield from (
                (name, f"{column.column}: {part.part}{end}") for name, end in zip(part.inputs, ends, strict=True)
            )
    else:
        yield column.name, column.column
    if column.indicator:
        yield column.indicator, message("{column}: missing", column=column.column)
