"""How well the best items for users are those of held-out ratings: precision, recall, NDCG and hit rate."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np

from nngen.commands.metrics import Places
from nngen.commands.recommend import ids_of, ranked, recommender
from nngen.commands.trained import BATCH
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted, table
from nngen.description.data import Array, Examples, in_units, read_examples
from nngen.description.model import Rows, Spec, Table

METRICS = ("precision", "recall", "NDCG", "hit rate")

Scores = Callable[[Places], Array]
"""The scores of all items for some users, shape ``(users, items)``."""


@dataclass(frozen=True)
class Ranking:
    """The mean metrics of the best items, and what they are the mean of."""

    metrics: Mapping[str, tuple[float, ...]]
    """The metrics in the order of ``METRICS``, by the name of what ranks the items."""
    users: int
    """Users with a relevant item."""
    relevant: int
    """The relevant items of all these users."""
    candidates: tuple[int, int]
    """The fewest and the most candidates of a user."""
    items: int
    """All items."""
    skipped: int
    """Held-out ratings that are not relevant: too low, of an id without a row, or of a pair that occurs before."""
    which: str
    """Which held-out ratings are relevant."""
    noun: str
    """The word for a row of the table: rating or pair."""
    top: int
    """How many items a user gets."""

    def __str__(self) -> str:
        """The metrics beside those of popularity, and what they are measured on."""
        (low, high), noun = self.candidates, self.noun
        relevant = f"{counted(self.relevant, 'item')} of {counted(self.users, 'user')}"
        lines = [
            f"relevant: held-out {noun}s{self.which}, {relevant}",
            f"candidates: the items without a {noun} of the user in training, {low} to {high} of {self.items}",
            *([f"not counted: {counted(self.skipped, f'held-out {noun}')}"] if self.skipped else []),
        ]
        rows = [[name, *(f"{value:.4f}" for value in values)] for name, values in self.metrics.items()]
        return "\n".join([*lines, "", table([f"top {self.top}", *METRICS], rows, range(1, len(METRICS) + 1))])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    @property
    def cautions(self) -> Iterator[str]:
        """A caution about a network whose items are not those that users take."""
        network, popular = (self.metrics[name][METRICS.index("NDCG")] for name in ("network", "popularity"))
        if network < popular:
            why = ": it predicts the ratings of items, not which ones a user takes" * (self.noun == "rating")
            yield f"the items with the most {self.noun}s are better than those of the network{why}"


def metrics_of(best: Sequence[int], relevant: Collection[int], count: int) -> tuple[float, ...]:
    """Precision, recall, NDCG and hit rate of the first items of a ranking for a user.

    The gain of a relevant item is 1, divided by log2(1 + place) with places from 1; NDCG divides their sum by that of
    the best ranking.

    Args:
        best: the ranking; items after the first ``count`` do not count.
        relevant: the relevant items, at least one.
        count: how many items, k; precision divides by it, also where there are fewer candidates.
    """
    places = [place for place, item in enumerate(best[:count], 1) if item in relevant]
    gain = math.fsum(1.0 / math.log2(1 + place) for place in places)
    ideal = math.fsum(1.0 / math.log2(1 + place) for place in range(1, min(count, len(relevant)) + 1))
    return len(places) / count, len(places) / len(relevant), gain / ideal, float(bool(places))


def ranking(spec: Spec, path: Path, params: Path | Sequence[float], count: int, least: float | None) -> Ranking:
    """The metrics of the best items by the network and by popularity, for the held-out ratings of a spec.

    The candidates for a user are all items without a rating of the user in training. Popular items have many ratings in
    training. Of equal items, the first one is better.

    Args:
        spec: a spec that has passed the checks, with two inputs with ids: users and items.
        path: its file.
        params: a file of parameters, or a flat list of them.
        count: how many items a user gets.
        least: the lowest rating of a relevant item; None if each held-out item is relevant, or of two classes those of
            the second.

    Raises:
        SpecError: the spec has no such inputs or no held-out ratings, ``least`` is given for classes, or a file cannot
            be read.
    """
    found = recommender(spec, path, params)
    noun = "pair" if isinstance(spec.data, Table) and spec.data.negatives else "rating"
    data = _occurring(read_examples(spec, path.parent), spec) if isinstance(spec.data, Rows | Table) else None
    if data is None or not len(data.test_x):
        advice = "hold some out: `data: {split: {test: 0.2}}`"
        raise files.refused(path, f"--top judges held-out {noun}s, and the spec holds none out", advice)
    if data.labels and least is not None:
        raise files.refused(Path("--relevant"), f"the target has classes: relevant is {show(data.labels[1])}")
    users, items = len(ids_of(found.users)), len(ids_of(found.items))
    seen = _by_user(data.train_x, users, items)
    relevant, total = _relevant(data, users, items, seen, least)
    if not relevant:
        raise files.refused(path, f"no held-out {noun} is of a relevant item without a {noun} of its user in training")
    popular = np.bincount(data.train_x[:, 1].astype(int), minlength=items)[:items].astype(np.float64)
    rankers: dict[str, Scores] = {
        "network": found.scores,
        "popularity": lambda rows: np.broadcast_to(popular, (len(rows), items)),
    }
    sizes = [items - len(seen.get(user, ())) for user in relevant]
    return Ranking(
        metrics={name: _means(scores, items, seen, relevant, count) for name, scores in rankers.items()},
        users=len(relevant),
        relevant=total,
        candidates=(min(sizes), max(sizes)),
        items=items,
        skipped=len(data.test_x) - total,
        which=f" of the class {show(data.labels[1])}"
        if data.labels
        else ""
        if least is None
        else f" of at least {least:g}",
        noun=noun,
        top=count,
    )


def _occurring(data: Examples, spec: Spec) -> Examples:
    """The examples without pairs that do not occur."""
    if not (isinstance(spec.data, Table) and spec.data.negatives):
        return data
    train, test = data.train_y[:, 0] == 1.0, data.test_y[:, 0] == 1.0
    return replace(data, train_x=data.train_x[train], test_x=data.test_x[test], test_y=data.test_y[test])


def _means(
    scores: Scores, items: int, seen: Mapping[int, set[int]], relevant: Mapping[int, Collection[int]], count: int
) -> tuple[float, ...]:
    """The mean metrics over users."""
    users, rows = np.array([*relevant]), []
    step = max(1, BATCH // items)
    for start in range(0, len(users), step):
        some = users[start : start + step]
        for user, values in zip(some.tolist(), scores(some), strict=True):
            without = np.array([*seen.get(user, ())], np.intp)
            rows.append(metrics_of(ranked(values, without, count), relevant[user], count))
    return tuple(math.fsum(column) / len(rows) for column in zip(*rows, strict=True))


def _relevant(
    data: Examples, users: int, items: int, seen: Mapping[int, set[int]], least: float | None
) -> tuple[dict[int, set[int]], int]:
    """The relevant items of each user with some, and how many they are together."""
    ratings = in_units(data.encoding, data.test_y)[:, 0]
    kept = ~np.isnan(ratings)
    if data.labels:
        kept = ratings == 1.0
    elif least is not None:
        kept = ratings >= least - 1e-9 * abs(least)  # scaling and back may round a rating down
    every = _by_user(data.test_x[kept], users, items)
    found = {user: held - seen.get(user, set()) for user, held in sorted(every.items())}
    found = {user: held for user, held in found.items() if held}
    return found, sum(map(len, found.values()))


def _by_user(x: Array, users: int, items: int) -> dict[int, set[int]]:
    """The items of each user; rows of unknown ids have no items."""
    found: dict[int, set[int]] = {}
    for user, item in x.astype(int).tolist():
        if user < users and item < items:
            found.setdefault(user, set()).add(item)
    return found
