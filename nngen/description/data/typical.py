"""A typical row of the training examples."""

from collections import Counter
from pathlib import Path

import numpy as np

from nngen.description.data.cells import stripped
from nngen.description.data.date_texts import in_form
from nngen.description.data.floats import Array
from nngen.description.data.raw_examples import read
from nngen.description.data.splits import parted
from nngen.description.model import Categorical, Dated, Index, Numeric, Rows, Spec, Table


def typical_row(spec: Spec, folder: Path) -> tuple[float | str | None, ...]:
    """A cell for each column: of numbers and dates the lower median, of categories the most frequent one.

    Missing cells do not count; the cell of a column without any other is None. A network with ids, without data, or
    whose inputs are its targets has no typical row: an empty one.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    own, ids = spec.data, any(isinstance(column, Index) for column in spec.columns)
    if ids or not isinstance(own, Rows | Table) or (isinstance(own, Table) and own.of_inputs):
        return ()
    frame, ys, _ = read(spec, own, folder)
    train = frame.select(parted(own, frame, ys).train)
    cells: list[float | str | None] = []
    for column in spec.columns:
        name = column.column or column.name
        if isinstance(column, Numeric):
            cells.append(_median(train.numbers(name)))
        elif isinstance(column, Dated):
            moment = _median(train.numbers(name))
            cells.append(None if moment is None else in_form(moment, column.date))
        elif isinstance(column, Categorical):
            counts = Counter(train.counts(name))
            most = max(column.categories, key=lambda category: counts[stripped(category)])
            cells.append(most if counts[stripped(most)] else None)
    return tuple(cells)


def _median(numbers: Array) -> float | None:
    """The lower median of the numbers that are there; None without any."""
    known = np.sort(numbers[~np.isnan(numbers)])
    return float(known[(len(known) - 1) // 2]) if len(known) else None
