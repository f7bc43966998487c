"""Rows of whole numbers from the inputs of a network."""

import numpy as np

from nngen.description.data import Array, Encoding
from nngen.integers.network import MISSING, Codes, Inputs
from nngen.integers.running import Array as Ints


def whole_rows(inputs: Inputs, encoding: Encoding, x: Array) -> Ints:
    """The rows that have these inputs, ``(rows, columns)``.

    A missing value without a mark is the number that it was filled with, which counts as the same.

    Args:
        inputs: the inputs in integers.
        encoding: the encoding that made the inputs in float64.
        x: inputs of the network in float64, ``(rows, inputs)``.
    """
    numbers = {column.name: column for column in encoding.numeric}
    made = []
    for column in inputs.columns:
        if isinstance(column, Codes):
            ones = x[:, column.place : column.place + len(column.categories)] > 0.5
            whole = np.where(ones.any(axis=1), ones.argmax(axis=1), -1)
            missing = -2
        else:
            of = numbers[column.name]
            scaled = x[:, column.place]
            if of.clipped:  # 3 stands for any large number
                scaled = scaled / np.sqrt(np.maximum(1.0 - (scaled / 3.0) ** 2, 1e-9))
            units = (scaled * of.divide + of.subtract - column.offset) / column.resolution
            whole = np.floor(np.clip(units, MISSING + 1, -MISSING - 1) + 0.5).astype(np.int64)
            missing = MISSING
        if column.indicator is not None:
            whole = np.where(x[:, column.indicator] > 0.5, missing, whole)
        made.append(whole)
    return np.stack(made, axis=1)
