"""The importance of columns: how much worse a network answers when the values of one column are shuffled."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nngen.commands.metrics import Places
from nngen.commands.trained import Trained
from nngen.description.data import AnyColumn, Array, DateColumn
from nngen.description.data import CategoryColumn as Categories

REPEATS = 5
"""How often each column is shuffled."""

MOST_ROWS = 1_000
"""The examples that a network answers after each shuffle."""

MOST_ANSWERS = 1_000_000
"""The answers for all columns together. A module without batches gives a tenth of them."""


class Importance(NamedTuple):
    """By how much a score falls, for each shuffle, and their mean."""

    column: str
    falls: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean fall."""
        return float(np.mean(self.falls))


def importances(trained: Trained, x: Array, y: Array) -> tuple[str, list[Importance]]:
    """The importance of each column of some examples for the accuracy or for R², the largest first.

    Inputs have the shape ``(n, inputs)``, targets ``(n, outputs)``; of many examples, the first ones count. Returns the
    name of the score and the importances; none where the score does not exist, as R² of equal targets.
    """
    inputs = inputs_of(trained)
    name = "accuracy" if trained.examples.labels else "R²"
    most = MOST_ANSWERS // (1 if trained.batches else 10) // (REPEATS * max(1, len(inputs)))
    x, y = x[: min(MOST_ROWS, max(50, most))], y[: min(MOST_ROWS, max(50, most))]

    def score(given: Array) -> float:
        return trained.metrics(trained.outputs(given), y).get(name, float("nan"))

    generator = random.Random(1)  # noqa: S311 (the same order on every machine; nothing is secret)
    found = [
        Importance(column, falls(score, x, places, shuffles(len(x), generator))) for column, places in inputs.items()
    ]
    known = [one for one in found if not np.isnan(one.mean)]
    return name, sorted(known, key=lambda one: -one.mean)


def falls(
    score: Callable[[Array], float], x: Array, places: Sequence[int], orders: Iterable[Places]
) -> tuple[float, ...]:
    """By how much a score falls when some inputs take the values of other examples: once for each order of them."""
    before, shuffled, made = score(x), x.copy(), []
    for order in orders:
        shuffled[:, places] = x[order][:, places]
        made.append(before - score(shuffled))
    return tuple(made)


def shuffles(count: int, generator: random.Random) -> Iterator[Places]:
    """Some random orders of examples, the same on every machine."""
    for _ in range(REPEATS):
        yield np.argsort([generator.random() for _ in range(count)], kind="stable")


def inputs_of(trained: Trained) -> Mapping[str, list[int]]:
    """The places of the inputs that each column of the data becomes."""
    found: dict[str, list[int]] = {}
    place = 0
    for column in trained.examples.encoding.columns:
        count = _width(column)
        found[column.column] = list(range(place, place + count))
        place += count
    return found


def _width(column: AnyColumn) -> int:
    """How many inputs a column becomes."""
    if isinstance(column, Categories):
        count = len(column.inputs)
    elif isinstance(column, DateColumn):
        count = sum(len(part.inputs) for part in column.parts)
    else:
        count = 1
    return count + bool(column.indicator)
