"""Some rows of the data of a spec as the data write them, to begin from, and what its columns hold."""

from pathlib import Path
from typing import Any

import numpy as np

from nngen.common.records import dataclass
from nngen.description.data.date_texts import in_form
from nngen.description.data.frame import Frame
from nngen.description.data.raw_examples import data_of, read
from nngen.description.data.splits import parted
from nngen.description.model import Dated, Numeric, Spec


@dataclass(frozen=True)
class ShownRows:
    """Rows of the data: the input columns by name, and their targets."""

    columns: dict[str, list[Any]]
    """Numbers are floats, with NaN for a gap; categories and dates of ISO 8601 are texts, with None for a gap."""
    targets: list[list[float]]
    """For each row a target for each output, in the units of the data."""
    held_out: bool
    """Whether no training example is among them."""
    ranges: dict[str, tuple[float, float]]
    """The least and the most of each column of numbers, or of dates in seconds, in the training examples."""


def shown_rows(spec: Spec, folder: Path, most: int) -> ShownRows:
    """The first held-out rows, or the first rows if none are held out.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    data = data_of(spec)
    frame, ys, _ = read(spec, data, folder)
    train, test, _ = parted(data, frame, ys)
    places = np.asarray(test if len(test) else train, np.intp)[:most]
    ranges: dict[str, tuple[float, float]] = {}
    for column in spec.columns:
        if isinstance(column, Numeric | Dated):
            name = column.column or column.name
            values = frame.numbers(name)[np.asarray(train, np.intp)]
            known = values[~np.isnan(values)]
            if len(known):
                ranges[name] = float(known.min()), float(known.max())
    return ShownRows(as_written(spec, frame.select(places)), ys[places].tolist(), bool(len(test)), ranges)


def as_written(spec: Spec, frame: Frame) -> dict[str, list[Any]]:
    """The input columns of a table by name, as ``ShownRows`` has them."""
    columns: dict[str, list[Any]] = {}
    for column in spec.columns:
        name = column.column or column.name
        if isinstance(column, Dated):
            columns[name] = [None if at != at else in_form(at) for at in frame.numbers(name).tolist()]
        else:
            columns[name] = frame.numbers(name).tolist() if isinstance(column, Numeric) else frame.texts(name)
    return columns
