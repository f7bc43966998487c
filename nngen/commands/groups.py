"""The metrics of groups of rows, by the values of a column: a mean over all rows hides the groups that fare worse."""

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.commands.intervals import coverage
from nngen.commands.metrics import Metrics, Places
from nngen.commands.trained import Trained
from nngen.description.data import Array, Frame

MOST = 12
"""Groups: of more texts the least frequent ones are one group, of more numbers a quarter of the rows is a group."""

FEW = 30
"""Fewer rows than these have too wide bounds to compare groups."""

OTHERS, MISSING = "(others)", "(missing)"
"""The names of groups that no value names."""


class Group(NamedTuple):
    """Some rows of one value, or of some values."""

    name: str
    rows: int
    metrics: Metrics
    bounds: Mapping[str, tuple[float, float]]
    within: float | None
    """The share of the targets within their intervals or sets; None without these."""

    @property
    def few(self) -> bool:
        """Whether the rows are too few to compare them with others."""
        return self.rows < FEW

    def shown(self, metric: str) -> str:
        """A metric and its bounds; empty where the group has none, as the R² of equal targets."""
        if metric not in self.metrics:
            return ""
        low, high = self.bounds[metric]
        return f"{self.metrics[metric]:.4g} ({low:.4g} to {high:.4g})"


def groups(trained: Trained, outputs: Array, y: Array, rows: Frame, column: str) -> Iterator[Group]:
    """The metrics of the groups of some rows.

    Args:
        trained: the network.
        outputs: its outputs for the rows.
        y: their targets; both have the shape ``(rows, outputs)``.
        rows: the rows as the data have them.
        column: the name of the column that says the groups.
    """
    how = trained.examples.encoding
    codes, names = _codes(rows, column)
    known = ~np.isnan(y).all(axis=1)
    for code, name in enumerate(names):
        own = np.flatnonzero((codes == code) & known)
        if not len(own):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an output may have no target in a group
            metrics = trained.metrics(outputs[own], y[own])
        within = coverage(trained, outputs[own], y[own])[0] if how.scores or trained.ends else None
        yield Group(name, len(own), metrics, bounds(trained, outputs[own], y[own]), within)


def compared(found: Sequence[Group]) -> str:
    """A sentence about the groups that are not small: where a metric is lowest, and where it is highest."""
    large = [group for group in found if not group.few]
    if len(large) < 2:
        return f"At most one group has {FEW} examples or more: the groups cannot be compared."
    metric = next(iter(large[0].metrics))
    ordered = sorted(large, key=lambda group: group.metrics[metric])
    low, high = ordered[0], ordered[-1]
    if low.metrics[metric] == high.metrics[metric]:
        return f"{metric} is {low.metrics[metric]:.4g} in each group of {FEW} examples or more."
    return f"{metric} goes from {low.metrics[metric]:.4g} ({low.name}) to {high.metrics[metric]:.4g} ({high.name})."


def _codes(rows: Frame, column: str) -> tuple[Places, list[str]]:
    """The number of the group of each row, from 0, and the names of the groups."""
    if rows.is_numeric(column) and rows.has_more(column, MOST):
        return _quarters(rows.numbers(column))
    coded, counts = rows.coded(column), rows.counts(column)
    most = sorted(counts, key=lambda text: -counts[text])[: MOST if len(counts) <= MOST else MOST - 1]
    names = [text for text in counts if text in most]
    if not rows.is_numeric(column):
        names.sort()
    places = {text: place for place, text in enumerate(names)}
    all_names = [*names, OTHERS, MISSING]
    codes = [len(names) + 1 if text is None else places.get(text, len(names)) for text in coded.known]
    return np.array(codes, np.intp)[coded.places], all_names


def _quarters(numbers: Array) -> tuple[Places, list[str]]:
    """Quarters of the rows by a number, which are named after their ends."""
    gaps: NDArray[np.bool_] = np.isnan(numbers)
    edges = np.percentile(numbers[~gaps], (25.0, 50.0, 75.0), method="lower")
    codes = np.where(gaps, len(edges) + 1, np.searchsorted(edges, numbers))
    found = [numbers[codes == code] for code in range(len(edges) + 1)]
    names = [f"{part.min():.6g} to {part.max():.6g}" if len(part) else "" for part in found]
    return codes, [*names, MISSING]


SAMPLES = 200
"""Samples of the examples: the bounds vary by a tenth of their distance from one seed to another."""

NORMAL = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""


def bounds(trained: Trained, outputs: Array, y: Array) -> Mapping[str, tuple[float, float]]:
    """The bounds of each metric within which it is for 95 of 100 samples of as many examples, with replacement.

    They are percentiles of the bootstrap (Efron, Annals of Statistics 7, 1979). Those of the accuracy are Wilson's
    (JASA 22, 1927): where all examples are right, all samples of them are, too.
    """
    random, found = np.random.default_rng(0), dict[str, list[float]]()
    known = np.flatnonzero(~np.isnan(y).all(axis=1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an output may have no target in a sample
        for _ in range(SAMPLES if len(known) else 0):
            places = random.choice(known, len(known))
            for name, value in trained.metrics(outputs[places], y[places]).items():
                found.setdefault(name, []).append(value)
    ends = {name: np.percentile(values, [2.5, 97.5]).tolist() for name, values in found.items()}
    accuracy = {"accuracy": wilson(trained.metrics(outputs, y)["accuracy"], len(y))} if "accuracy" in ends else {}
    return {name: (low, high) for name, (low, high) in ends.items()} | accuracy


def wilson(share: float, count: int) -> tuple[float, float]:
    """The bounds of the share of all examples, of which a sample of so many has this share."""
    spread = NORMAL * math.sqrt(share * (1.0 - share) / count + (NORMAL / count) ** 2 / 4.0)
    middle, by = share + NORMAL**2 / (2.0 * count), 1.0 + NORMAL**2 / count
    return (middle - spread) / by, (middle + spread) / by
