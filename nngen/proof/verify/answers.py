"""Checks of what a module makes of raw rows: ``encode`` and ``predict``, against the reference."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import joined
from nngen.description.data import date, in_form, in_style
from nngen.description.model import Categorical, Column, Dated, DateForm, Index, Numeric, Spec
from nngen.plan import Plan
from nngen.proof.reference import Array, Encoder, Network, bounds, contributions, sensitivity
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case, narrowed
from nngen.proof.verify.cells import UNKNOWN, cells, chosen, same
from nngen.proof.verify.child import CallError, value
from nngen.proof.verify.rows import Row, checked, measured
from nngen.proof.verify.ulps import Distance, distance, shaped

ALLOWED = 16.0
"""Allowed distance of an encoded row from the reference in units in the last place: its constants are means."""

UNDECIDED = 1e-5
"""Outputs so close to each other, or to the threshold, that rounding may decide the class."""


@dataclass(frozen=True)
class Answers:
    """Compares the answers of a module with those of the reference."""

    calls: Calls
    network: Network
    plan: Plan
    encoder: Encoder
    case: Case

    def rows(self) -> Iterator[Row]:
        """The rows of the checks, if the module has the functions."""
        if self.calls.child.declared.has("sensitivity"):
            yield checked("sensitivity", ("sensitivity", "_scores", "_rates"), self.sensitivity)
        if self.calls.child.declared.has("contributions"):
            yield checked("contributions", ("contributions", "_integrated_gradients"), self.contributions)
        if not self.calls.child.declared.has("encode", "decode", "predict"):
            return
        yield measured("encode", ("encode",), ALLOWED, [self.case], self.encode)
        yield checked("predict", ("predict", "decode"), self.predict)
        if self.plan.encoding is not None and self.plan.encoding.of_inputs:
            yield checked("anomalies", ("anomaly_score",), self.anomalies)
        data = self.network.spec.data
        if data is not None and data.score and self.calls.child.declared.has("predict_interval"):
            yield checked("predict_interval", ("predict_interval",), self.interval)
        yield checked("cells", ("encode",), self.cells)
        if self.calls.child.declared.has("notes"):
            yield checked("notes", ("notes",), self.notes)

    def encode(self, _: Case) -> Distance:
        """The inputs for rows of the data."""
        raw = made_up(self.network.spec)
        found = [shaped(self._ask(row), (self.calls.inputs,), "the encoded row") for row in raw]
        dtype = self.calls.child.code.dtype
        return distance(narrowed(np.array(found), dtype), narrowed(self._expected(raw), dtype), dtype)

    def predict(self) -> str:
        """The answers for these rows."""
        raw = made_up(self.network.spec)
        params = self.network.unpack(self.case.flat.tolist())
        outputs = self.network.forward(params, self._expected(raw))
        for row, output in zip(raw, outputs, strict=True):
            given = [row] if self.calls.batched else row
            answer = self.calls.call("predict", self.calls.params(self.case.flat), value(given)).result
            answer = answer[0] if self.calls.batched and isinstance(answer, list) and answer else answer
            right = self._answer(output)
            if right is not None and not self._agrees(answer, right):
                return f"for the row {row} it answers {answer!r}, and {right!r} is right"
        return ""

    def anomalies(self) -> str:
        """The anomaly scores of these rows."""
        raw = made_up(self.network.spec)
        x, params = self._expected(raw), self.network.unpack(self.case.flat.tolist())
        scores = self.encoder.anomaly_scores(x, self.network.forward(params, x)).tolist()
        for row, right in zip(raw, scores, strict=True):
            given = [row] if self.calls.batched else row
            score = self.calls.call("anomaly_score", self.calls.params(self.case.flat), value(given)).result
            score = score[0] if self.calls.batched else score
            if not self._agrees(score, right):
                return f"for the row {row} the score is {score!r}, and {right!r} is right"
        return ""

    def interval(self) -> str:
        """The intervals, or the sets of classes, for these rows."""
        raw, how = made_up(self.network.spec), self.plan.encoding
        outputs = self.network.forward(self.network.unpack(self.case.flat.tolist()), self._expected(raw))
        right = bounds(self.network.spec, self.encoder, outputs, classes=how is not None and bool(how.classes))
        for row, expected in zip(raw, right.tolist(), strict=True):
            given = [row] if self.calls.batched else row
            found = self.calls.call("predict_interval", self.calls.params(self.case.flat), value(given)).result
            found = found[0] if self.calls.batched and isinstance(found, list) and found else found
            listed = found.get("slopes") if isinstance(found, dict) else found  # of a dictionary by class
            listed = listed if isinstance(listed, list) else []
            plain = [float(one) if isinstance(one, bool) else one for one in listed]
            numbers = shaped(plain, (len(expected),), "the interval")
            decided = [(one, other) for one, other in zip(numbers, expected, strict=True) if not math.isnan(other)]
            if not self._agrees(*map(list, zip(*decided, strict=True))):
                return f"for the row {row} it gives {found!r}, and {expected!r} is right"
        return ""

    def sensitivity(self) -> str:
        """How the answers to these rows change with each column of numbers."""
        return self._by_columns("sensitivity", sensitivity)

    def contributions(self) -> str:
        """How much each column moves the answers to these rows."""
        return self._by_columns("contributions", contributions)

    def _by_columns(self, name: str, reference: Callable[..., dict[str, Array]]) -> str:
        """What is wrong with the numbers of each column that a function gives for these rows."""
        params, how = self.network.unpack(self.case.flat.tolist()), self.plan.encoding
        tolerance = 1e-3 if self.calls.child.code.dtype == "float32" else 1e-9
        classes, threshold = bool(how and how.classes), how.threshold if how else 0.5
        for row in made_up(self.network.spec):
            if self._answer(self.network.forward(params, self._expected([row]))[0]) is None:
                continue  # rounding decides the class
            table = {str(one.column): [cell] for one, cell in zip(self.encoder.columns, row, strict=True)}
            right = reference(self.network, self.encoder, params, table, classes=classes, threshold=threshold)
            given = value([row] if self.calls.batched else row)
            found = self.calls.call(name, self.calls.params(self.case.flat), given).result
            if not isinstance(found, dict) or found.get("rows") != [*right]:
                return f"for the row {row} it does not give the columns {joined(map(show, right), 'and')}"
            for column, slopes, meant in zip(right, found["slopes"], right.values(), strict=True):
                numbers = np.reshape(np.asarray(slopes, np.float64), -1)
                if numbers.shape != meant[0].shape or not np.allclose(numbers, meant[0], tolerance, 1e-12):
                    return f"for the row {row} it gives {slopes} of {show(column)}, and {meant[0].tolist()} is right"
        return ""

    def notes(self) -> str:
        """What is unusual about these rows, about rows without values, and near the limits of numbers."""
        columns = self.encoder.columns
        raw = [*made_up(self.network.spec), [None] * len(columns), [_strange(column) for column in columns]]
        for share in (-1.001, -0.999, 0.999, 1.001):
            raw.append([self._near(column, share, cell) for column, cell in zip(columns, raw[0], strict=True)])
        table = {str(column.column): cells for column, cells in zip(columns, zip(*raw, strict=True), strict=True)}
        for row, right in zip(raw, self.encoder.notes(table), strict=True):
            found = self.calls.call("notes", value([row] if self.calls.batched else row)).result
            if not isinstance(found, dict):
                return f"for the row {row} it gives {found!r}, which is no mapping of columns"
            words = [one[0] if isinstance(one, list) else one for one in found["slopes"]]
            notes = {name: word for name, word in zip(found["rows"], words, strict=True) if word}
            if notes != right:
                return f"for the row {row} it gives {notes!r}, and {right!r} is right"
        return ""

    def _near(self, column: Column, share: float, cell: Any) -> Any:
        """A number at a share of the way from the middle to a limit, if there is one; else the cell."""
        limits = self.encoder.limits(column) if isinstance(column, Numeric) else None
        if limits is None:
            return cell
        low, high = limits
        return (low + high) / 2.0 + share * (high - low) / 2.0

    def cells(self) -> str:
        """The first cell of a column that the module reads in another way than the reference, if any."""
        columns = self.encoder.columns
        row, names = made_up(self.network.spec)[0], [column.name for column in columns]
        for place, column in chosen(columns):
            for cell in cells(column, self.calls.child.code.dtype):
                given = [*row[:place], cell, *row[place + 1 :]]
                found, expected = self._read(given), self._meant(given)
                if found is None or expected is None:
                    if found is not expected:
                        return f"encode {'refuses' if found is None else 'accepts'} {cell!r} in {names[place]}"
                elif not same(found, expected):
                    return f"encode reads {cell!r} in {names[place]} in another way"
        return ""

    def _read(self, row: list[Any]) -> Any:
        """The encoded row; None if the module refuses it."""
        try:
            return shaped(self._ask(row), (self.calls.inputs,), "the encoded row")
        except CallError as failure:
            if failure.kind != "ValueError":
                raise
            return None

    def _meant(self, row: list[Any]) -> Any:
        """The encoded row of the reference; None if it refuses it."""
        try:
            return self._expected([row])[0]
        except ValueError:
            return None

    def _answer(self, output: Array) -> Any:
        """The answer that outputs stand for; None if rounding may decide it."""
        how = self.plan.encoding
        if how is None or not how.classes:
            numbers = self.encoder.answers(output[None])[0].tolist()
            return numbers if len(numbers) > 1 else numbers[0]
        if len(output) == 1:
            return None if abs(output[0] - how.threshold) < UNDECIDED else how.classes[int(output[0] > how.threshold)]
        first, second = np.sort(output)[::-1][:2]
        return None if first - second < UNDECIDED else how.classes[int(np.argmax(output))]

    def _agrees(self, answer: Any, right: Any) -> bool:
        if isinstance(right, str):
            return bool(answer == right)
        shaped(answer, np.shape(right), "the answer")
        tolerance = 1e-3 if self.calls.child.code.dtype == "float32" else 1e-9
        return bool(np.allclose(answer, right, rtol=tolerance, atol=tolerance))

    def _ask(self, row: list[Any]) -> Any:
        found = self.calls.call("encode", value([row] if self.calls.batched else row)).result
        return found[0] if self.calls.batched and isinstance(found, list) and found else found

    def _expected(self, raw: list[list[Any]]) -> Array:
        names = [str(column.column) for column in self.encoder.columns]
        return self.encoder.encode(dict(zip(names, zip(*raw, strict=True), strict=True)))


def _strange(column: Column) -> Any:
    """A cell that no training row has."""
    if isinstance(column, Numeric):
        return 1e9
    if isinstance(column, Dated):
        return None
    return column.count if isinstance(column, Index) and isinstance(column.ids, int) else UNKNOWN


def _missing(column: Numeric | Categorical | Dated) -> str | None:
    """A missing value: the last text that means one in this column, if it lists any."""
    return column.missing_texts[-1] if isinstance(column, Numeric) and column.missing_texts else None


def _dates(random: np.random.Generator, count: int, form: DateForm) -> list[Any]:
    """Leap days and turns of centuries, then random dates; half of them with a time."""
    turns = ["2024-02-29", "2000-02-29", "2100-03-01", "1999-12-31", "1900-02-28"]
    days = [date(day, "YYYY-MM-DD") for day in turns]
    days += [86_400 * day for day in random.integers(-100_000, 100_000, size=count).tolist()]
    times = random.integers(86_400, size=count).tolist()
    return [in_form(day + (0 if i % 2 else time), form) for i, (day, time) in enumerate(zip(days, times, strict=False))]


def made_up(spec: Spec) -> list[list[Any]]:
    """Rows of the data: each category, ids, numbers as the column writes them, missing values and unknown ones."""
    random, count = np.random.default_rng(8), 40 if spec.indices else 5
    columns: list[list[Any]] = []
    for column in spec.columns:
        values: list[Any]
        if isinstance(column, Index):
            known = range(column.ids) if isinstance(column.ids, int) else column.ids
            values = [known[i * (len(known) - 1) // (count - 1)] for i in range(count)]  # from the first to the last
            strange = column.count if isinstance(column.ids, int) else UNKNOWN
            values[3] = strange if column.unknown == "row" else values[3]
            columns.append(values)
            continue
        if isinstance(column, Dated):
            values = _dates(random, count, column.date)
        elif isinstance(column, Numeric):
            values = random.uniform(-3.0, 9.0, size=count).tolist()
            if column.style is not None:  # the last number is plain, as a program has it
                style = column.style
                values = [*(in_style(style, round(1_000.0 * value, 2)) for value in values[:-1]), values[-1]]
        else:
            values = [column.categories[i % len(column.categories)] for i in range(count)]
            values[4] = UNKNOWN if column.unknown == "zeros" else values[4]
        values[3] = values[3] if column.missing == "error" else _missing(column)
        columns.append(values)
    return [list(row) for row in zip(*columns, strict=True)]
