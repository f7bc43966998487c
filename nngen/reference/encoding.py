"""The encoding of raw rows to inputs and of outputs to answers, independent of ``nngen.data``.

Missing values are replaced first, numbers are scaled next, categories become one-hot vectors (scikit-learn's
SimpleImputer, StandardScaler, MinMaxScaler and OneHotEncoder; Pedregosa et al., JMLR 12, 2011).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from nngen.reference.generator import Array
from nngen.spec import Column, Divide, FillCategory, Index, Interval, Numeric, Spec, Standardize

Table = Mapping[str, Sequence[object]]
"""Columns by name, each with a value for each row; None, NaN and an empty text are missing values."""


class Encoder:
    """The encoding of rows to inputs, with constants measured on some rows.

    Args:
        spec: a spec that has passed the checks.
        train: the rows that constants are measured on; columns without anything to measure may be absent.
        targets: the targets of these rows, ``(n, outputs)``; needed where the spec scales them.
    """

    def __init__(self, spec: Spec, train: Table, targets: Array | None = None) -> None:
        self.spec = spec
        self._numbers = {}
        numeric = [column for column in spec.columns if isinstance(column, Numeric)]
        common = spec.data.scale if spec.data else None
        shared = [column for column in numeric if column.scale is None]
        for column in numeric:
            values = _floats(train.get(str(column.column), ()))
            scale, place = (common, shared.index(column)) if column.scale is None else (column.scale, 0)
            number = _fill(column.missing, values)
            filled = np.where(np.isnan(values), number, values)
            self._numbers[column.name] = (number, *_constants(scale, place, filled))
        scale = spec.data.scale_targets if spec.data else None
        count = len(spec.layers[-1].unit_names)
        columns = np.zeros((0, count)) if targets is None else targets
        self._targets = np.array([_constants(scale, place, columns[:, place]) for place in range(count)])

    def encode(self, rows: Table) -> Array:
        """The inputs for some rows, ``(n, inputs)``.

        Raises:
            ValueError: a value is missing or unknown, and the spec refuses it.
        """
        return np.column_stack([inputs for column in self.spec.columns for inputs in self._encode(column, rows)])

    def _encode(self, column: Column, rows: Table) -> list[Array]:
        values = rows[str(column.column)]
        if isinstance(column, Index):
            return [np.array([_place(column, value) for value in values], np.float64)]
        if isinstance(column, Numeric):
            fill, subtract, divide = self._numbers[column.name]
            numbers = _floats(values)
            missing = np.isnan(numbers)
            if missing.any() and np.isnan(fill):
                raise ValueError(f"{column.column}: the value is missing")
            made = [(np.where(missing, fill, numbers) - subtract) / divide]
        else:
            texts = [_text(value, column.categories) for value in values]
            missing = np.array([text is None for text in texts])
            if missing.any() and column.missing == "error":
                raise ValueError(f"{column.column}: the value is missing")
            known = np.array([text is None or text in column.categories for text in texts])
            if not known.all() and column.unknown == "error":
                raise ValueError(f"{column.column}: an unknown category")
            fill_text = column.missing.category if isinstance(column.missing, FillCategory) else None
            chosen = [fill_text if text is None else text for text in texts]
            made = [np.array([float(text == category) for text in chosen]) for category in column.categories]
        return [*made, missing.astype(np.float64)] if column.indicator else made

    def targets(self, targets: Array) -> Array:
        """The scaled targets, ``(n, outputs)``."""
        scaled: Array = (targets - self._targets[:, 0]) / self._targets[:, 1]
        return scaled

    def answers(self, outputs: Array) -> Array:
        """The answers in the units of the data, ``(n, outputs)``."""
        answers: Array = outputs * self._targets[:, 1] + self._targets[:, 0]
        return answers


def _place(column: Index, value: object) -> int:
    """The row of embeddings that an id selects."""
    known = [str(i) for i in range(column.ids)] if isinstance(column.ids, int) else [*column.ids]
    text = _text(value, known)
    if text in known:
        return known.index(text)
    if column.unknown == "error":
        raise ValueError(f"{column.column}: an unknown id")
    return len(known)


def _constants(scale: object, place: int, values: Array) -> tuple[float, float]:
    """The constants to subtract from a column and to divide it by."""
    match scale:
        case Divide(by=by):
            return 0.0, by
        case Standardize(mean=tuple(mean), deviation=tuple(deviation)):
            return mean[place], deviation[place]
        case Interval(low=tuple(low), high=tuple(high)):
            return low[place], high[place] - low[place]
        case Standardize():
            return float(np.mean(values)), _not_0(float(np.std(values)), values)
        case Interval():
            return float(np.min(values)), _not_0(float(np.ptp(values)), values)
    return 0.0, 1.0


def _not_0(spread: float, values: Array) -> float:
    """A constant column is divided by 1; rounding may give it a tiny deviation."""
    return 1.0 if np.ptp(values) == 0.0 else spread


def _fill(missing: str | float, values: Array) -> float:
    """The replacement of missing values; NaN if they are refused."""
    match missing:
        case "error":
            return math.nan
        case "mean":
            return float(np.nanmean(values))
        case "median":
            return float(np.nanmedian(values))
    return float(missing)


def _floats(values: Sequence[object]) -> Array:
    return np.array([np.nan if value is None or value == "" else value for value in values], np.float64)


def _text(value: object, categories: Sequence[str]) -> str | None:
    """A value in the form of the categories; None if it is missing."""
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool):
        return next((category for category in categories if category.lower() == str(value).lower()), str(value))
    if isinstance(value, int | float):
        return next((category for category in categories if _number(category) == value), str(value))
    return str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
