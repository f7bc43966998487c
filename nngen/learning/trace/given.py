"""The values of the options of a worksheet: inputs, targets, and the messages that show what they look like."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.text import counted, joined
from nngen.description.data import MISSING, AnyColumn, CategoryColumn, DateColumn, Encoding, IndexColumn, date, number
from nngen.description.model import Row, Rows, Spec, Table
from nngen.plan import Plan

MAX_LISTED = 20
"""The most classes that a message lists."""


def like(names: Sequence[str]) -> str:
    """A sample number for each name."""
    return ",".join(["1", "0", "0", "0", "..."][: len(names)])


def numbers_like(option: str, names: Sequence[str]) -> str:
    """The values that an option takes, with a sample: a number for each name."""
    return f"{_counted(names)}, such as `{option} {like(names)}`"


def targets_like(spec: Spec, plan: Plan) -> str:
    """The values that ``--y`` takes: a class if classes have names, or a number for each output."""
    labels = _labels(spec, plan)
    classes = f"a class, {joined(labels, 'or')}, or " if 0 < len(labels) <= MAX_LISTED else ""
    return classes + numbers_like("--y", plan.output.units)


def _counted(names: Sequence[str]) -> str:
    listed = ", ".join(names) if len(names) <= MAX_LISTED else f"{names[0]} to {names[-1]}"
    return f"{counted(len(names), 'number')} ({listed})"


def numbers(option: str, text: str, names: Sequence[str]) -> Row:
    """A number for each name, separated by commas or spaces, in their order or each as ``name=value``."""
    parts = [part for part in re.split(r"[,\s]+", re.sub(r"\s*=\s*", "=", text.strip())) if part]
    if all("=" in part for part in parts):
        values = dict(part.split("=", 1) for part in parts)
        unknown = next((name for name in values if name not in names), None)
        if unknown is not None:
            refuse(option, f"there is no {show(unknown)}", nearest(unknown, names) or f"expected {_counted(names)}")
        parts = [values[name] for name in names if name in values]
    if len(parts) != len(names):
        refuse(option, f"expected {_counted(names)}, got {len(parts)}")
    return tuple(read_value(option, part, number) for part in parts)


def raw_values(text: str, encoding: Encoding) -> dict[str, object]:
    """The values of a row in the order of the columns, or each as ``name=value``; cells are those of CSV."""
    try:
        [cells] = csv.reader([text], strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        refuse("--x", "expected values separated by commas, each plain or completely in quotes")
    columns = {column.column: column for column in encoding.columns}
    pairs = [cell.partition("=") for cell in cells]
    if any(name.strip() in columns for name, sign, _ in pairs if sign):
        unknown = next((name.strip() for name, _, _ in pairs if name.strip() not in columns), None)
        if unknown is not None:
            refuse("--x", f"there is no column {show(unknown)}", nearest(unknown, columns) or _columns(columns))
        values = {name.strip(): value.strip() for name, _, value in pairs}
    elif len(cells) == len(columns):
        values = dict(zip(columns, map(str.strip, cells), strict=True))
    else:
        advice = f"also as NAME=VALUE: {_columns(columns)}"
        refuse("--x", f"expected {counted(len(columns), 'value')}, one for each column, got {len(cells)}", advice)
    return {name: _value(columns[name], value) for name, value in values.items()}


def _value(column: AnyColumn, text: str) -> object:
    """A number, a category or an id; None for a missing value."""
    if isinstance(column, IndexColumn) and column.ids:
        return text
    if isinstance(column, CategoryColumn):
        return text if text in column.categories or text not in MISSING else None
    if isinstance(column, DateColumn) and text not in MISSING:
        read_value("--x", text, lambda given: date(given, column.form))
        return text
    return None if text in MISSING else read_value("--x", text, number)


def _columns(columns: Iterable[str]) -> str:
    return f"the columns are {joined(columns, 'and')}"


def read_value(option: str, text: str, value: Callable[[str], float]) -> float:
    """The number that an option gives; what ``value`` refuses is refused with the option."""
    try:
        return value(text)
    except ValueError as error:
        refuse(option, str(error))


def targets_of(spec: Spec, text: str, plan: Plan) -> Row:
    """A number for each output, or the name of a class."""
    units, labels = plan.output.units, _labels(spec, plan)
    if text.strip() in labels:
        chosen = labels.index(text.strip())
        places = [1] if len(units) == 1 else range(len(units))  # a single output is that of the second class
        return tuple(1.0 if place == chosen else plan.loss.negative_target for place in places)
    if labels and "=" not in text and not re.fullmatch(r"[-+\d.,\seE]+", text):
        known = f"the classes are {joined(labels, 'and')}" if len(labels) <= MAX_LISTED else ""
        refuse("--y", f"unknown class {show(text)}", nearest(text, labels) or known)
    return numbers("--y", text, units)


def _labels(spec: Spec, plan: Plan) -> Sequence[str]:
    """The names of the classes, from the data or the outputs."""
    if isinstance(spec.data, Rows | Table) and spec.data.class_values:
        return spec.data.class_values
    return plan.output.units if len(plan.output.units) > 1 else ()


def refuse(where: Path | str, message: str, advice: str = "") -> NoReturn:
    """Raise the error for a file or an option."""
    raise files.refused(where, message, advice)
