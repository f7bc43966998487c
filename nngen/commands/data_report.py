"""A table about the columns of a table: what each holds, and what ``nngen init`` makes of it."""

import numpy as np

from nngen.commands.date_columns import Dates
from nngen.commands.id_texts import Ids
from nngen.commands.inference import Categories, LeftOut, Numbers, Role
from nngen.commands.number_columns import Written
from nngen.commands.target_column import Target
from nngen.common.diagnostics import show
from nngen.common.text import counted, joined, table
from nngen.description.data import Frame

MAX_COLUMNS = 60
"""Columns that are listed; of more, the first ones."""

MAX_TEXT, MAX_BECOMES = 20, 38
"""Characters of a name or of values, and of what a column becomes: a row fits a terminal. The spec has it all."""


def data_report(frame: Frame, target: Target, roles: dict[str, Role], without: int) -> str:
    """A row for each column of the file: its kind, its values, how many are missing, and what becomes of it.

    ``frame`` has the rows that are learned from; ``without`` is the number of others, which have no target.
    """
    names = [name for name in frame.names if name == target.column or name in roles]
    names += [name for name in roles if name not in frame.names]
    names.sort(key=lambda name: not (target.array and name == target.column))  # the target of several columns first
    rows = []
    for name in names[:MAX_COLUMNS]:
        kind, values, missing = (
            _holds(frame, name, roles.get(name), target.written) if name in frame.names else ("", "", 0)
        )
        becomes = _target(target) if name == target.column else _becomes(roles[name])
        missing += without if name == target.column else 0
        label = name
        if target.array and name == target.column:
            label, values = f"{name} to {target.array.names[-1]}", ""
        rows.append((_short(show(label)[1:-1]), kind, values, str(missing or ""), becomes))
    listed = table(("column", "kind", "values", "missing", "what it becomes"), rows, (3,))
    more = len(names) - len(rows)
    return f"{listed}\nand {counted(more, 'more column')}" if more else listed


def _holds(frame: Frame, name: str, role: Role | None, written: Written | None) -> tuple[str, str, int]:
    """The kind of a column, its values in a few words, and how many are missing."""
    if role is None and written is not None:
        numbers = frame.numbers(name, written.expected(name))
        return "numbers", f"{np.nanmin(numbers):g} to {np.nanmax(numbers):g}", int(np.isnan(numbers).sum())
    if isinstance(role, Numbers):
        return "numbers", f"{role.low:g} to {role.high:g}", role.gaps
    if isinstance(role, Dates):
        one_month = role.first[:7] == role.last[:7]
        values = f"{role.first} to {role.last[8:]}" if one_month else f"{role.first[:7]} to {role.last[:7]}"
        return "dates", values, role.gaps
    if frame.is_numeric(name) and not isinstance(role, Categories):
        numbers = frame.numbers(name)
        present = numbers[~np.isnan(numbers)]
        values = f"{present.min():g} to {present.max():g}" if len(present) else ""
        return "numbers" if len(present) else "empty", values, len(numbers) - len(present)
    counts = frame.counts(name)
    listed = ", ".join(sorted(counts)) if len(counts) <= 5 else ""
    values = listed if 0 < len(listed) <= MAX_TEXT else f"{len(counts):,} different"
    return "texts", _short(values), len(frame) - sum(counts.values())


def _target(target: Target) -> str:
    if target.array:
        return f"the target: {target.array.size:,} numbers"
    return f"the target: {counted(len(target.classes), 'class', 'classes')}" if target.classes else "the target"


def _becomes(role: Role) -> str:
    if isinstance(role, LeftOut):
        return _short(f"left out: {role.reason.partition(';')[0]}", MAX_BECOMES)
    if isinstance(role, Ids):
        return f"an embedding of {counted(len(role.ids), 'text')}"
    inputs = [counted(len(role.categories), "category", "categories")] if isinstance(role, Categories) else ["a number"]
    inputs = [*role.parts] if isinstance(role, Dates) else inputs
    return _short(joined([*inputs, *(["whether it is missing"] if role.indicator else [])], "and"), MAX_BECOMES)


def _short(text: str, most: int = MAX_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
