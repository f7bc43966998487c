"""The encoding of raw rows to inputs and of outputs to answers, independent of ``nngen.description.data``.

Missing values are replaced first, numbers are scaled next, categories become one-hot vectors (scikit-learn's
SimpleImputer, StandardScaler, MinMaxScaler and OneHotEncoder; Pedregosa et al., JMLR 12, 2011).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from nngen.description.model import (
    AnswerRange,
    Column,
    Dated,
    Divide,
    FillCategory,
    Index,
    Interval,
    LogScale,
    Numeric,
    RobustScale,
    Spec,
    Standardize,
)
from nngen.proof.reference import date_texts
from nngen.proof.reference.cells import bare, floats, moments_of, text_of
from nngen.proof.reference.generator import Array

Table = Mapping[str, Sequence[object]]
"""Columns by name, each with a value for each row."""


class Encoder:
    """The encoding of rows to inputs, with constants measured on some rows.

    Args:
        spec: a spec that has passed the checks.
        train: the rows that constants are measured on; columns without anything to measure may be absent.
        targets: the targets of these rows, ``(n, outputs)``; needed where the spec scales them.
        largest: the largest number of a cell.
    """

    def __init__(self, spec: Spec, train: Table, targets: Array | None = None, largest: float = 1e100) -> None:
        self.columns = spec.columns
        self._train, self._largest = train, largest
        self._numbers = {}
        self._fills: dict[str, np.datetime64] = {}
        self._clipped: set[str] = set()
        common, shared = spec.data.scale if spec.data else None, 0
        for column in self.columns:
            if not isinstance(column, Numeric | Dated):
                continue
            scale, place = (common, shared) if column.scale is None else (column.scale, 0)
            if isinstance(scale, RobustScale):
                self._clipped.add(column.name)
            if column.scale is None:
                shared += len(column.numbers) if isinstance(column, Dated) else 1
            if isinstance(column, Dated):
                self._measure_dates(column, train, scale, place)
                continue
            values = floats(column, train.get(str(column.column), ()), largest)
            number = _fill(column.missing, values)
            filled = np.where(np.isnan(values), number, values)
            self._numbers[column.name] = (number, *_constants(scale, place, filled))
        learned_as = spec.data.scale_targets if spec.data else None
        count = len(spec.layers[-1].unit_names)
        columns = np.zeros((0, count)) if targets is None else targets
        self._logs = isinstance(learned_as, LogScale)
        learned = np.log(columns) if self._logs else columns
        self._targets = np.array([_constants(learned_as, place, learned[:, place]) for place in range(count)])
        self._ends = _ends(spec.data.answer_range if spec.data else None, columns)

    def _measure_dates(self, column: Dated, train: Table, scale: object, first: int) -> None:
        """The replacement of missing dates, and the constants of each part that is a number."""
        moments = moments_of(column, train.get(str(column.column), ()))
        there = np.sort(moments[~np.isnat(moments)].astype(np.int64))
        fill = np.datetime64("NaT" if column.missing in ("error", "median") else column.missing, "s")
        if column.missing == "median" and len(there):
            fill = np.datetime64(int(there[(len(there) - 1) // 2] + there[len(there) // 2]) // 2, "s")
        self._fills[column.name] = fill
        filled = np.where(np.isnat(moments), fill, moments)
        for place, part in enumerate(column.numbers, first):
            [values] = date_texts.inputs(column, part, filled[~np.isnat(filled)])
            self._numbers[f"{column.name}_{part}"] = (0.0, *_constants(scale, place, values))

    def encode(self, rows: Table) -> Array:
        """The inputs for some rows, ``(n, inputs)``.

        Raises:
            ValueError: a value is missing or unknown, and the spec refuses it.
        """
        return np.column_stack([inputs for column in self.columns for inputs in self._encode(column, rows)])

    def _encode(self, column: Column, rows: Table) -> list[Array]:
        values = rows[str(column.column)]
        if isinstance(column, Index):
            return [np.array([_place(column, value) for value in values], np.float64)]
        if isinstance(column, Dated):
            moments = moments_of(column, values)
            missing = np.isnat(moments)
            if missing.any() and column.missing == "error":
                raise ValueError(f"{column.column}: the value is missing")
            filled = np.where(missing, self._fills[column.name], moments)
            made = []
            for part in column.parts:
                _, subtract, divide = self._numbers.get(f"{column.name}_{part}", (0.0, 0.0, 1.0))
                clipped = part in column.numbers and column.name in self._clipped
                values = date_texts.inputs(column, part, filled)
                made += [_scaled(found, subtract, divide, clipped) for found in values]
        elif isinstance(column, Numeric):
            fill, subtract, divide = self._numbers[column.name]
            numbers = floats(column, values, self._largest)
            missing = np.isnan(numbers)
            if missing.any() and np.isnan(fill):
                raise ValueError(f"{column.column}: the value is missing")
            clipped = column.name in self._clipped
            made = [_scaled(np.where(missing, fill, numbers), subtract, divide, clipped)]
        else:
            categories = list(map(bare, column.categories))
            texts = [text_of(column, value, categories) for value in values]
            missing = np.array([text is None for text in texts])
            if missing.any() and column.missing == "error":
                raise ValueError(f"{column.column}: the value is missing")
            known = np.array([text is None or text in categories for text in texts])
            if not known.all() and column.unknown == "error":
                raise ValueError(f"{column.column}: an unknown category")
            fill_text = bare(column.missing.category) if isinstance(column.missing, FillCategory) else None
            chosen = [fill_text if text is None else text for text in texts]
            made = [np.array([float(text == category) for text in chosen]) for category in categories]
        return [*made, missing.astype(np.float64)] if column.indicator else made

    def typical(self) -> Array:
        """The inputs for a typical training row, ``(1, inputs)``: lower medians, and the most frequent categories."""
        return self.encode({str(column.column): [self._cell(column)] for column in self.columns})

    def _cell(self, column: Column) -> object:
        values = self._train[str(column.column)]
        if isinstance(column, Numeric):
            numbers = np.sort(floats(column, values, self._largest))
            known = int(np.sum(~np.isnan(numbers)))
            return numbers[(known - 1) // 2] if known else None
        if isinstance(column, Dated):
            moments = moments_of(column, values)
            known, order = int(np.sum(~np.isnat(moments))), np.argsort(moments)
            return values[order[(known - 1) // 2]] if known else None
        categories = list(map(bare, getattr(column, "categories", ())))
        texts = [text_of(column, value, categories) for value in values]
        counts = [texts.count(category) for category in categories]
        return categories[int(np.argmax(counts))] if any(counts) else None

    def notes(self, rows: Table) -> list[dict[str, str]]:
        """What is unusual about the cells of each row, by column."""
        words = {str(column.column): self._words(column, rows[str(column.column)]) for column in self.columns}
        each = zip(*words.values(), strict=True)
        return [{name: word for name, word in zip(words, row, strict=True) if word} for row in each]

    def limits(self, column: Numeric) -> tuple[float, float] | None:
        """The least and the greatest number that is not far from those of the training rows; None if all are usual."""
        _, subtract, divide = self._numbers[column.name]
        if (subtract, divide) == (0.0, 1.0) or np.isinf(divide):
            return None
        return subtract - 10.0 * divide, subtract + 10.0 * divide

    def _words(self, column: Column, values: Sequence[object]) -> list[str]:
        """What is unusual about each cell of a column."""
        if isinstance(column, Dated):
            return ["missing" if missing else "" for missing in np.isnat(moments_of(column, values))]
        if isinstance(column, Numeric):
            numbers = floats(column, values, self._largest)
            low, high = self.limits(column) or (-np.inf, np.inf)
            strange = np.where((numbers < low) | (numbers > high), "far", "")
            return list(np.where(np.isnan(numbers), "missing", strange))
        listed = column.ids if isinstance(column, Index) else column.categories
        if isinstance(listed, int):
            numbers = floats(column, values, self._largest)
            strange = np.where(np.isin(numbers, range(listed)), "", "unknown")
            return list(np.where(np.isnan(numbers), "missing", strange))
        known = list(map(bare, listed))
        texts = [text_of(column, value, known) for value in values]
        return ["missing" if text is None else "" if text in known else "unknown" for text in texts]

    def rates(self, column: Numeric, rows: Table) -> Array:
        """How much the input of a column changes with the column, ``(n,)``; 0 for a missing number."""
        _, subtract, divide = self._numbers[column.name]
        numbers = floats(column, rows[str(column.column)], self._largest)
        bend = ((numbers - subtract) / divide / 3.0) ** 2 if column.name in self._clipped else 0.0
        return np.where(np.isnan(numbers), 0.0, (1.0 + bend) ** -1.5 / divide)

    def targets(self, targets: Array) -> Array:
        """The scaled targets, ``(n, outputs)``."""
        learned = np.log(targets) if self._logs else targets
        scaled: Array = (learned - self._targets[:, 0]) / self._targets[:, 1]
        return scaled

    def answers(self, outputs: Array) -> Array:
        """The answers in the units of the data, ``(n, outputs)``."""
        answers, (low, high) = self._unkept(outputs), self._ends
        return np.where(answers < low, low, np.where(answers > high, high, answers))

    def widened(self, answers: Array, scores: Array) -> list[Array]:
        """The lower and the upper bound of answers, by the score of each output, a ratio if they are exponentials."""
        return [answers / scores, answers * scores] if self._logs else [answers - scores, answers + scores]

    def _unkept(self, outputs: Array) -> Array:
        """The answers before they are kept in their range."""
        lines: Array = outputs * self._targets[:, 1] + self._targets[:, 0]
        return np.exp(np.minimum(lines, 700.0)) if self._logs else lines

    def anomaly_scores(self, x: Array, outputs: Array) -> Array:
        """The anomaly scores of encoded rows by the outputs for them, ``(n,)``: their mean squared errors."""
        scores: Array = np.square(np.subtract(outputs, x)).sum(axis=1) / x.shape[1]
        return scores

    @property
    def units(self) -> Array:
        """How much the answers, or their logarithms, change with the outputs, ``(outputs,)``, where no range ends."""
        return np.array(self._targets[:, 1])

    def answer_rates(self, outputs: Array) -> Array:
        """How much the answers, or their logarithms, change with the outputs, ``(n, outputs)``; 0 beyond a range."""
        answers, (low, high) = self._unkept(outputs), self._ends
        return np.where((low < answers) & (answers < high), self._targets[:, 1], 0.0)


def _ends(asked: AnswerRange | float | None, targets: Array) -> tuple[Array, Array]:
    """The least and the greatest answer of each output."""
    count = targets.shape[1]
    if asked is None or (len(targets) == 0 and not isinstance(asked, AnswerRange)):
        return np.full(count, -np.inf), np.full(count, np.inf)
    if isinstance(asked, AnswerRange):
        return np.array(asked.low), np.array(asked.high)
    low, high = np.nanmin(targets, axis=0), np.nanmax(targets, axis=0)
    apart = asked * (high - low)
    # a range of one sign stays one: no price is negative
    return np.where(low < 0.0, low - apart, np.fmax(low - apart, 0.0)), np.where(
        high > 0.0, high + apart, np.fmin(high + apart, 0.0)
    )


def _place(column: Index, value: object) -> int:
    """The row of embeddings that an id selects."""
    row: int | None
    if isinstance(column.ids, int):
        [number] = floats(column, [value])
        missing = math.isnan(number)
        row = int(number) if number in range(column.ids) else None
    else:
        known = list(map(bare, column.ids))
        text = text_of(column, value, known)
        missing = text is None
        row = known.index(text) if text in known else None
    if missing:
        raise ValueError(f"{column.column}: the value is missing")
    if row is None and column.unknown == "error":
        raise ValueError(f"{column.column}: an unknown id")
    return column.count - 1 if row is None else row


def _constants(scale: object, place: int, values: Array) -> tuple[float, float]:
    """The constants to subtract from a column and to divide it by."""
    match scale:
        case Divide(by=by):
            return 0.0, by
        case (
            Standardize(mean=tuple(mean), deviation=tuple(deviation))
            | LogScale(mean=tuple(mean), deviation=tuple(deviation))
        ):
            return mean[place], deviation[place]
        case Interval(low=tuple(low), high=tuple(high)):
            return low[place], high[place] - low[place]
        case RobustScale(median=tuple(median), spread=tuple(spread)):
            return median[place], spread[place] or math.inf
        case RobustScale():
            spreads = np.diff(np.quantile(values, [0.25, 0.75])).item(), float(np.ptp(values)) / 2.0
            return float(np.median(values)), next((spread for spread in spreads if spread >= 1e-50), math.inf)
        case Standardize() | LogScale():
            return float(np.mean(values)), _not_0(float(np.std(values)), values)
        case Interval():
            return float(np.min(values)), _not_0(float(np.ptp(values)), values)
    return 0.0, 1.0


def _scaled(values: Array, subtract: float, divide: float, clipped: bool) -> Array:
    """Numbers that are scaled; a clip as that of RealMLP keeps them within ±3 (Holzmüller et al., NeurIPS 2024)."""
    scaled: Array = (values - subtract) / divide
    return scaled / np.hypot(1.0, scaled / 3.0) if clipped else scaled


def _not_0(spread: float, values: Array) -> float:
    """A constant column is divided by 1; rounding may give it a tiny deviation."""
    return 1.0 if np.ptp(values) == 0.0 else spread


def _fill(missing: str | float, values: Array) -> float:
    """The replacement of missing values; NaN if they are refused."""
    match missing:
        case "error":
            return math.nan
        case "mean":
            known = values[~np.isnan(values)]
            return float(known[0] if len({*known.tolist()}) == 1 else np.mean(known))
        case "median":
            return float(np.nanmedian(values))
    return float(missing)
