"""The examples of a spec as its rows or its file have them: inputs, targets and weights."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nngen.common import files
from nngen.common.text import joined
from nngen.description.data.cells import LARGEST, MISSING, NAMED, Expected, stripped
from nngen.description.data.floats import Array
from nngen.description.data.frame import Frame, frame_of_numbers
from nngen.description.data.properties import loss_of
from nngen.description.data.splits import also_read
from nngen.description.data.tables import read_frame
from nngen.description.model import Column, Dated, Index, LogScale, Numeric, Row, Rows, Spec, Table, Values

WITHOUT_TARGET, OF_OTHER_CLASSES = "without a target", "of other classes"
"""Why rows are left out."""

REPEATED = "of a pair that an earlier row has"
"""Why rows of pairs that occur are left out."""

MAX_LISTED = 20
"""Classes in a message."""


def data_of(spec: Spec) -> Rows | Table:
    """The rows or the file of a spec.

    Raises:
        ValueError: the spec has neither.
    """
    if spec.data is None or isinstance(spec.data, Values):
        raise ValueError(f"{spec.name} has no data")
    return spec.data


def classes_of(spec: Spec, data: Rows | Table) -> dict[str, Row]:
    """The targets of each class by its name; empty if the targets are numbers."""
    units = spec.layers[-1].unit_names
    if isinstance(data, Table):
        by_name = len(data.targets) == 1 and bool(len(units) > 1 or data.class_values)
    else:
        by_name = any(isinstance(example.y, str) for example in data.rows)
    if not by_name:
        return {}
    negative_target = loss_of(spec).negative_target
    if len(units) == 1:
        return dict(zip(data.class_values, ((negative_target,), (1.0,)), strict=False))
    one_hot = [tuple(1.0 if i == j else negative_target for j in range(len(units))) for i in range(len(units))]
    return dict(zip(data.class_values or units, one_hot, strict=True))


def read(spec: Spec, data: Rows | Table, folder: Path, further: str | None = None) -> tuple[Frame, Array, Array]:
    """The inputs as the data write them, the targets and the weights of all examples, in the order of the data.

    ``further`` names a column that is read, too.
    """
    classes = classes_of(spec, data)
    if isinstance(data, Table):
        least = 1 if data.split is None else 2
        return read_file(spec, data, folder / data.file, classes, least, also_read(spec, data, further))
    names = [column.column or column.name for column in spec.columns]
    xs = np.array([example.x for example in data.rows], np.float64)
    ys = [classes[example.y] if isinstance(example.y, str) else example.y for example in data.rows]
    _refuse_no_target("rows", np.array(ys, np.float64))
    weights = [1.0 if example.weight is None else example.weight for example in data.rows]
    return frame_of_numbers("rows", dict(zip(names, xs.T, strict=True))), np.array(ys, np.float64), np.array(weights)


def read_file(
    spec: Spec, data: Table, path: Path, classes: Mapping[str, Row], least: int, also: Sequence[Expected] = ()
) -> tuple[Frame, Array, Array]:
    """The same for another table, and further columns.

    Raises:
        SpecError: the file cannot be read, or has fewer rows than ``least``.
    """
    wanted = [*expected_columns(spec, data, classes), *also]
    frame = with_targets(spec, data, read_frame(path, wanted, least, data.encoding or ""))
    if len(frame) < least:
        raise files.refused(path, f"expected {least} or more examples with a target, got {len(frame) or 'none'}")
    ys, weights = targets_of(spec, data, frame, classes)
    _refuse_no_target(frame.where, ys)
    return frame, ys, weights


def with_targets(spec: Spec, data: Table, frame: Frame) -> Frame:
    """The rows of a table without those that the spec leaves out for their target; of equal pairs the first ones."""
    if data.negatives:
        users, items = (frame.coded(column.column or column.name) for column in spec.columns)
        first = np.unique(users.places.astype(np.int64) * len(items.known) + items.places, return_index=True)[1]
        kept = np.sort(first)
        return replace(frame.select(kept), dropped={REPEATED: len(frame) - len(kept)}, kept=kept)
    if "leave_out" not in (data.missing_target, data.unknown_class):
        return frame
    classes = classes_of(spec, data)
    if classes:
        texts = frame.coded(data.targets[0])
        missing = np.array([text is None for text in texts.known], bool)[texts.places]
        other = ~np.array([text is None or text in classes for text in texts.known], bool)[texts.places]
    else:
        some = np.all if spec.loss.missing == "ignore" else np.any
        missing = some([np.isnan(frame.numbers(name)) for name in data.targets], axis=0)
        other = np.zeros_like(missing)
    if not (missing | other).any():
        return frame
    reasons = {WITHOUT_TARGET: missing, OF_OTHER_CLASSES: other}
    first = sorted((int(np.argmax(rows)), reason) for reason, rows in reasons.items() if rows.any())
    dropped = {reason: int(reasons[reason].sum()) for _, reason in first}
    kept = np.flatnonzero(~(missing | other))
    return replace(frame.select(kept), dropped=dropped, kept=kept)


def _refuse_no_target(where: str, ys: Array) -> None:
    if np.isnan(ys).all():
        raise files.refused(Path(where), "every target is missing: there is nothing to learn from")


def expected_columns(spec: Spec, data: Table, classes: Mapping[str, Row]) -> list[Expected]:
    """The columns of a table with targets, and what they have to hold."""
    expected = [expected_of(column, spec.dtype("numpy")) for column in spec.columns]
    if classes:
        known = f"the classes are {joined(classes, 'and')}" if len(classes) <= MAX_LISTED else ""
        expected.append(
            Expected(
                data.targets[0],
                "class",
                known=classes,
                others=data.unknown_class == "leave_out",
                gaps=data.missing_target == "leave_out",
                help=known,
                empty=f"leave such rows out: `missing_target: leave_out`{known and '; '}{known}",
            )
        )
    else:
        logs = isinstance(data.scale_targets, LogScale)
        hint = "for two classes, name them: `classes: [first, second]`, for 0 and 1" if len(data.targets) == 1 else ""
        gaps = spec.loss.missing == "ignore" or data.missing_target == "leave_out"
        empty = "leave such rows out: `missing_target: leave_out`, or let the loss ignore them: `missing: ignore`"
        markers = (*MISSING, *map(stripped, data.target_missing_texts))
        number = Expected(
            "", "number", gaps=gaps, help=hint, empty=empty, markers=markers, stated="target_number", positive=logs
        )
        expected += [replace(number, name=name, style=data.target_style) for name in data.target_columns]
    if data.weight:
        expected.append(Expected(data.weight, "weight"))
    return expected


def targets_of(spec: Spec, data: Table, frame: Frame, classes: Mapping[str, Row]) -> tuple[Array, Array]:
    """The targets of the rows of a table, and their weights; zeros where inputs, once encoded, are the targets."""
    if data.of_inputs:
        ys = np.broadcast_to(0.0, (len(frame), len(spec.layers[-1].unit_names)))
    elif data.negatives:
        ys = np.ones((len(frame), 1))
    elif classes:
        order = {name: place for place, name in enumerate(classes)}
        texts = frame.coded(data.targets[0])
        ys = np.array([*classes.values()])[np.array([order[text] for text in texts], np.intp)[texts.places]]
    else:
        ys = np.column_stack([frame.numbers(name) for name in data.targets])
    return ys, frame.numbers(data.weight) if data.weight else np.ones(len(frame))


def expected_of(column: Column, dtype: str = "float64") -> Expected:
    """The expected content of an input column of a module with this type of numbers."""
    name = column.column or column.name
    if isinstance(column, Numeric):
        markers = (*MISSING, *map(stripped, column.missing_texts))
        gaps = column.missing != "error"
        largest = LARGEST[dtype]
        return Expected(
            name, "number", gaps=gaps, markers=markers, style=column.style, stated="number", largest=largest
        )
    if isinstance(column, Dated):
        return Expected(name, "date", gaps=column.missing != "error", form=column.date)
    if isinstance(column, Index):
        return _expected_id(name, column)
    listed = column.unknown == "error"
    advice = "list it under `categories`, or write `unknown: zeros`" if listed else ""
    return Expected(
        name,
        "category",
        known=dict.fromkeys(map(stripped, column.categories)),
        others=not listed,
        gaps=column.missing != "error",
        help=advice,
    )


def _expected_id(name: str, column: Index) -> Expected:
    """The expected content of a column of ids."""
    known = column.unknown == "error"
    first = "raise the number of `ids`" if isinstance(column.ids, int) else "list it under `ids`"
    advice = f"{first}, or give unknown ids one more row: `unknown: row`" if known else ""
    empty = "remove the rows without an id"
    if isinstance(column.ids, int):
        count, advice = (column.ids, advice) if known else (0, NAMED)
        return Expected(name, "number", count=count, help=advice, empty=empty)
    ids = dict.fromkeys(map(stripped, column.ids))
    return Expected(name, "id", known=ids, others=not known, help=advice, empty=empty)
