"""Rows of a table as a network takes them: encoded inputs and scaled targets."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.common import files
from nngen.description.data.cells import stripped
from nngen.description.data.date_texts import part_of
from nngen.description.data.encoded_columns import AnyColumn, DateColumn, IndexColumn, NumberColumn, PartOfDate
from nngen.description.data.encoding import Encoding
from nngen.description.data.exact import logarithms
from nngen.description.data.floats import Array
from nngen.description.data.frame import Frame
from nngen.description.data.scaling import MAX_EXPONENT, Scaling


def inputs(encoding: Encoding, frame: Frame, unknown: Counter[str] | None = None) -> Array:
    """The inputs of the network for the rows of a table, shape ``(rows, inputs)``.

    ``unknown`` receives for each column how many rows have an unknown value in it.
    """
    strange: Counter[str] = Counter() if unknown is None else unknown
    parts = [values for column in encoding.columns for values in _encoded(column, frame, strange)]
    return np.asarray(np.column_stack(parts), np.float64)


def _encoded(column: AnyColumn, frame: Frame, unknown: Counter[str]) -> Iterator[Array | NDArray[np.bool_]]:
    """The inputs of a column. Categories and gaps are booleans here, which take an eighth of the memory."""
    if isinstance(column, IndexColumn):
        rows = _indices(column, frame)
        unknown[column.column] += int(np.sum(rows == column.count - 1)) if column.unknown else 0
        yield rows
        return
    if isinstance(column, NumberColumn):
        numbers = frame.numbers(column.column)
        gaps = np.isnan(numbers)
        filled = numbers if column.fill is None else np.where(gaps, column.fill, numbers)
        yield _scaled(column, filled)
    elif isinstance(column, DateColumn):
        numbers = frame.numbers(column.column)
        gaps = np.isnan(numbers)
        yield from _parts(column, np.where(gaps, column.fill or 0, numbers))
    else:
        texts = frame.coded(column.column)
        gaps = np.array([text is None for text in texts.known], bool)[texts.places]
        places = {stripped(category): place for place, category in enumerate(column.categories)}
        fill = stripped(column.fill or "")
        chosen = np.array([places.get(fill if text is None else text, -1) for text in texts.known], int)[texts.places]
        unknown[column.column] += int(np.sum((chosen == -1) & ~gaps))
        yield chosen[:, None] == np.arange(len(places))
    if column.indicator:
        yield gaps


def _parts(column: DateColumn, seconds: Array) -> Iterator[Array]:
    """The inputs for the parts of some dates."""
    known, places = np.unique(seconds, return_inverse=True)
    for each in column.parts:
        values = np.array([part_of(each.part, at, column.since) for at in known.tolist()], np.float64)[places]
        if each.circle:
            yield np.sin(2.0 * np.pi * (values / each.circle))
            yield np.cos(2.0 * np.pi * (values / each.circle))
        else:
            yield _scaled(each, values)


def _scaled(how: NumberColumn | PartOfDate, numbers: Array) -> Array:
    """Some numbers as inputs, which a clip keeps within ±3."""
    scaled: Array = (numbers - how.subtract) / how.divide
    return scaled / np.sqrt(1.0 + (scaled / 3.0) ** 2) if how.clipped else scaled


def _indices(column: IndexColumn, frame: Frame) -> Array:
    """The rows of embeddings that the ids of a column select; unknown ids are refused before, or select the last."""
    if column.ids:
        places = {stripped(text): place for place, text in enumerate(column.ids)}
        texts = frame.coded(column.column)
        strange = next((text for text in texts.known if text not in places), None)
        if strange is not None and not column.unknown:  # rows of the spec are no table, whose cells are checked
            advice = "in the rows of a spec an id is a number; write other ids into a file"
            raise files.refused(Path(frame.where), f"{column.column}: unknown id {strange!r}", advice)
        return np.array([places.get(t or "", column.count - 1) for t in texts.known], np.float64)[texts.places]
    numbers = frame.numbers(column.column)
    known = (numbers >= 0.0) & (numbers < column.count) & (numbers == np.rint(numbers))
    if not known.all() and not column.unknown:  # rows of the spec are no table, whose cells are checked
        wrong = f"expected whole numbers from 0 to {column.count - 1}, got {numbers[~known][0]:g}"
        raise files.refused(Path(frame.where), f"{column.column}: {wrong}")
    return np.where(known, numbers, column.count - 1.0)


def in_units(encoding: Encoding, values: Array) -> Array:
    """Numeric targets or outputs in the units of the data, shape ``(rows, outputs)``."""
    scale = encoding.targets
    if scale is None:
        return values
    found: Array = values * scale.divide + scale.subtract
    return np.exp(np.minimum(found, MAX_EXPONENT)) if scale.log else found


def answers(encoding: Encoding, outputs: Array) -> Array:
    """Numeric outputs as answers in the units of the data and in their range, shape ``(rows, outputs)``."""
    found = in_units(encoding, outputs).copy()
    for place, (low, high) in enumerate(encoding.ends):
        found[:, place] = np.clip(found[:, place], low, high)
    return found


def network_targets(encoding: Encoding, ys: Array, x: Array) -> Array:
    """Targets as the network has them, shape ``(rows, outputs)``: the inputs, or the scaled targets of the data."""
    return x if encoding.of_inputs else scaled_targets(encoding.targets, ys)


def scaled_targets(scale: Scaling | None, ys: Array) -> Array:
    """Numeric targets as a network learns them, shape ``(rows, outputs)``."""
    if scale is None:
        return ys
    return ((logarithms(ys) if scale.log else ys) - scale.subtract) / scale.divide
