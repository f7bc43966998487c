"""Partial dependence: the mean answer if all rows had the same value of a column (Friedman, Ann. Stat. 29, 2001)."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nngen.commands.importance import inputs_of
from nngen.commands.metrics import Places
from nngen.commands.trained import Trained
from nngen.description.data import Array, CategoryColumn, DateColumn, Frame, IndexColumn, answers, in_form

COLUMNS = 6
"""The most important columns, which have a curve."""

POINTS = 30
"""Values of a column of numbers."""

MOST_TEXTS = 12
"""The most frequent categories of a column."""

MIDDLE = (0.025, 0.975)
"""The shares of the rows below the first and the last of many values: few rows say what a curve is beyond."""

MOST_ROWS = 1_000
"""The rows of a mean; of a module without batches a tenth."""

BINS = 20
"""Bars of a column of many numbers."""


class Dependence(NamedTuple):
    """The curves of a column, one for each answer."""

    column: str
    values: Array | tuple[str, ...]
    """The numbers, in their order, or the categories."""
    means: Array
    """The mean answers, shape ``(values, answers)``."""
    edges: Array
    """Between which numbers the rows are counted; empty for categories."""
    shares: Array
    """The share of the rows with each category, or between two edges."""
    names: tuple[str, ...]
    """The names of the answers: classes or outputs."""
    rows: int
    """The number of rows in each mean."""
    date: bool
    """Whether the numbers are dates, as seconds since 1970."""

    @property
    def says(self) -> str:
        """The lowest and the highest mean answer, of the answer that changes most."""
        curve = int(np.argmax(np.ptp(self.means, axis=0)))
        means = self.means[:, curve]
        low, high = int(np.argmin(means)), int(np.argmax(means))
        return (
            f"{self.names[curve]} between {means[low]:.4g}, at {self.shown(low)}, and {means[high]:.4g}, "
            f"at {self.shown(high)}"
        )

    def shown(self, place: int) -> str:
        """A value as a text."""
        value = self.values[place]
        return str(value) if isinstance(value, str) else in_form(float(value)) if self.date else f"{value:.6g}"


def dependences(
    trained: Trained, rows: Frame, x: Array, columns: Sequence[str], units: Sequence[str]
) -> Iterator[Dependence]:
    """The curves of some columns of the data.

    Args:
        trained: the network.
        rows: some rows, as the data have them.
        x: the same rows as inputs, shape ``(rows, inputs)``.
        columns: the names of the columns.
        units: the names of the outputs.
    """
    how, answer = trained.examples.encoding, _answers(trained)
    names = trained.examples.labels[-1:] if len(units) == 1 else trained.examples.labels
    kinds, inputs = {column.column: column for column in how.columns}, inputs_of(trained)
    for name in columns:
        kind = kinds[name]
        if isinstance(kind, CategoryColumn) or (isinstance(kind, IndexColumn) and kind.ids):
            texts, places, shares = _texts(rows, name)
            values: Array | tuple[str, ...] = texts
            edges = np.zeros(0)
        else:
            numbers = rows.numbers(name)
            places, edges, shares = _numbers(numbers)
            values = numbers[places]
        if len(places) > 1:
            some = x[: MOST_ROWS if trained.batches else MOST_ROWS // 10]
            means = partial_dependence(answer, some, inputs[name], x[places][:, inputs[name]])
            of = names or tuple(units)
            yield Dependence(name, values, means, edges, shares, of, len(some), isinstance(kind, DateColumn))


def partial_dependence(answer: Callable[[Array], Array], x: Array, places: Sequence[int], values: Array) -> Array:
    """The mean answers for rows that have the same values of some inputs, shape ``(values, answers)``.

    Args:
        answer: the answers ``(rows, answers)`` of rows.
        x: the rows, shape ``(rows, inputs)``.
        places: the places of the inputs.
        values: what they are, shape ``(values, places)``.
    """
    changed, found = x.copy(), []
    for value in values:
        changed[:, places] = value
        found.append(answer(changed).mean(axis=0))
    return np.array(found)


def _answers(trained: Trained) -> Callable[[Array], Array]:
    """The answers of a network: outputs for classes, or numbers in the units of the data."""
    return lambda given: (
        trained.outputs(given)
        if trained.examples.labels
        else answers(trained.examples.encoding, trained.outputs(given))
    )


def _texts(rows: Frame, name: str) -> tuple[tuple[str, ...], Places, Array]:
    """The most frequent texts of a column, a row that has each, and the share of the rows."""
    coded = rows.coded(name)
    known, first, counts = np.unique(coded.places, return_index=True, return_counts=True)
    there = [place for place, code in enumerate(known) if coded.known[code] is not None]
    most = sorted(there, key=lambda place: (-counts[place], str(coded.known[known[place]])))[:MOST_TEXTS]
    return (
        tuple(str(coded.known[known[place]]) for place in most),
        first[most],
        counts[most] / len(coded.places),
    )


def _numbers(numbers: Array) -> tuple[Places, Array, Array]:
    """Rows whose numbers are the values of a curve, and bars: the edges and the share of the rows between two."""
    there = np.flatnonzero(~np.isnan(numbers))
    order = there[np.argsort(numbers[there], kind="stable")]
    _, first = np.unique(numbers[order], return_index=True)
    if len(first) < 2:
        return order[first], np.zeros(0), np.zeros(0)
    if len(first) > POINTS:
        low, high = (share * (len(order) - 1) for share in MIDDLE)
        picked = order[np.rint(np.linspace(low, high, POINTS)).astype(np.intp)]
        _, first = np.unique(numbers[picked], return_index=True)
        places = picked[first]
        edges = np.linspace(numbers[places[0]], numbers[places[-1]], BINS + 1)
    else:
        places = order[first]
        values = numbers[places]
        middle = (values[1:] + values[:-1]) / 2.0
        edges = np.concatenate([2 * values[:1] - middle[:1], middle, 2 * values[-1:] - middle[-1:]])
    return places, edges, np.histogram(numbers[there], edges)[0] / max(len(numbers), 1)
