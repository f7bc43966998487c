"""A table about the columns that a network learns from: what each holds, and what it becomes."""

from pathlib import Path

import numpy as np

from nngen.common.text import counted, joined
from nngen.description.data import Frame, classes_of, expected_columns, header, in_form, read_frame
from nngen.description.model import Categorical, Column, Dated, Index, Numeric, Spec, Table

HEAD = ("column", "kind", "values", "missing", "what it becomes")

MAX_TEXT = 60
"""Characters of a name or of values."""


def columns_report(spec: Spec, folder: Path) -> list[tuple[str, ...]]:
    """A row for each column of the table of a spec, the target first, see ``HEAD``; none without a table.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = spec.data
    if not isinstance(data, Table):
        return []
    path, written = folder / data.file, data.encoding or ""
    classes = classes_of(spec, data)
    frame = read_frame(path, expected_columns(spec, data, classes), encoding=written)
    target = f"the target: {counted(len(classes), 'class', 'classes')}" if classes else "the target"
    rows = [
        (name, *_holds(frame, name, None if classes else "numbers"), target) for name in dict.fromkeys(data.targets)
    ]
    for column in spec.columns:
        name = column.column or column.name
        rows.append((name, *_holds(frame, name, _KINDS.get(type(column))), _becomes(column)))
    if data.weight:
        rows.append((data.weight, *_holds(frame, data.weight, "numbers"), "how much a row counts"))
    known = {row[0] for row in rows}
    rows += [
        (name, "", "", "", "nothing: the spec leaves it out")
        for name in header(path, written) or ()
        if name not in known
    ]
    return [(short(name), *rest) for name, *rest in rows]


_KINDS: dict[type, str] = {Numeric: "numbers", Dated: "dates"}


def _holds(frame: Frame, name: str, kind: str | None) -> tuple[str, str, str]:
    """The kind of a column, its values in a few words, and how many are missing; of texts where no kind is given."""
    if kind is None:
        texts = [text for text in frame.texts(name) if text is not None]
        different = sorted(set(texts))
        values = ", ".join(different)
        listed = values if len(different) <= 5 and len(values) <= MAX_TEXT else f"{len(different):,} different"
        return "texts", listed, str(len(frame) - len(texts) or "")
    numbers = frame.numbers(name)
    there = numbers[~np.isnan(numbers)]
    ends = (float(there.min()), float(there.max())) if len(there) else ()
    values = " to ".join(in_form(end).partition(" ")[0] if kind == "dates" else f"{end:g}" for end in ends)
    return kind, values, str(len(numbers) - len(there) or "")


def _becomes(column: Column) -> str:
    if isinstance(column, Index):
        return counted(column.count, "id")
    if isinstance(column, Categorical):
        made = [counted(len(column.categories), "category", "categories")]
    else:
        made = [*column.parts] if isinstance(column, Dated) else ["a number"]
    return joined([*made, *(["whether it is missing"] if column.indicator else [])], "and")


def short(text: str, most: int = MAX_TEXT) -> str:
    """A text that is not longer than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
