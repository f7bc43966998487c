"""Which columns of a table have ids, as those of users and items, by the rules in ``docs/init.md``."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from math import comb

import numpy as np
from numpy.typing import NDArray

from nngen.commands.inference import ID_NAME, LeftOut, input_of
from nngen.commands.number_columns import Written
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Array, Frame
from nngen.description.model import MAX_CHARACTERS, unseen

MIN_IDS = 10
"""Different ids of a column; with fewer, they are categories."""

MIN_ROWS = 2
"""Rows of an id, on average: one rating says nothing about an id."""

MIN_ROWS_OF_TEXTS = 3
"""The same, where only the texts of two columns tell that they are ids."""

MIN_EXPECTED = 10.0
"""Rows that would repeat a pair by chance, so that their lack tells that a pair is rated once."""

MAX_EXPLAINED = 0.2
"""The squared correlation of ids, as numbers, with a target, at most: that of sizes is higher."""

MAX_COLUMNS = 30
"""Columns of a table in which ids can have any names."""

USERS = frozenset(
    "account buyer client consumer critic customer judge listener member people person player profile rater reader "
    "respondent reviewer student subscriber u uid user viewer visitor voter".split()
)
ITEMS = frozenset(
    "album anime app article artist asin beer book business course film game hotel i iid isbn item joke movie paper "
    "podcast product recipe restaurant series sku song story track venue video wine".split()
)
TIMES = frozenset("at created date datetime day hour month time timestamp ts unixtime updated when year".split())

BESIDE = frozenset("code id idx index key name no number title".split())
"""Words beside those of users and items."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", re.ASCII)
_WHOLE = re.compile(r"-?\d+(\.0*)?", re.ASCII)
_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*|\d{1,2}:\d{2}.*", re.ASCII)
_EPOCH = (6e8, 2.1e9)
"""Seconds since 1970 for the years 1989 to 2036."""


@dataclass(frozen=True)
class Pair:
    """Two columns of ids, the users first."""

    frame: Frame
    users: str
    items: str
    ratings: Array
    """NaN where there is none."""

    @cached_property
    def _rows(self) -> list[NDArray[np.intp]]:
        """How many rows each user, each item and each pair has."""
        users, items = (self.frame.coded(name) for name in (self.users, self.items))
        pairs = users.places.astype(np.int64) * len(items.known) + items.places
        return [np.unique(places, return_counts=True)[1] for places in (users.places, items.places, pairs)]

    @property
    def repeated(self) -> int:
        """Rows whose pair an earlier row has."""
        return len(self.frame) - len(self._rows[2])

    @property
    def once(self) -> bool:
        """True if pairs show that whole numbers or texts are ids.

        Far fewer rows repeat a pair than in two columns that have nothing to do with each other: by chance, two of n
        rows have the same pair with the probability Σp²·Σq², p and q the shares of the ids. A table of at least half of
        all pairs tells nothing, because the settings of an experiment look like this, too. And as numbers, the ids tell
        little of the target, which has more than two values.
        """
        n = len(self.frame)
        users, items, pairs = self._rows
        expected = float(comb(n, 2))
        for column in (users, items):
            expected *= float(np.sum((column / n) ** 2))
        same = int(np.sum(pairs * (pairs - 1) // 2))
        once = expected >= MIN_EXPECTED and 10.0 * same <= expected and 2 * n <= len(users) * len(items)
        several = len(np.unique(self.ratings[~np.isnan(self.ratings)])) > 2
        return once and several and max(self._explained(self.users), self._explained(self.items)) <= MAX_EXPLAINED

    def _explained(self, column: str) -> float:
        """The squared correlation of a column with the target; 0 of texts."""
        if not self.frame.is_numeric(column):
            return 0.0
        x, y = self.frame.numbers(column), self.ratings
        both = ~np.isnan(x) & ~np.isnan(y)
        x, y = x[both] - x[both].mean(), y[both] - y[both].mean()
        spread = float(np.sum(x * x) * np.sum(y * y))
        return float(np.sum(x * y)) ** 2 / spread if spread else 1.0

    @property
    def named(self) -> bool:
        """True if the names of both columns are those of ids, and one is that of users."""
        both = is_named(self.users) and is_named(self.items)
        return both and bool((_words(self.users) | _words(self.items)) & USERS)


def pair_of(frame: Frame, target: str, ratings: Array, styled: Collection[str]) -> Pair | None:
    """The two columns of a table that may have ids; None if there are none, or more.

    The names decide, or else texts, or else whole numbers whose pairs come once.
    """
    wide = len(frame.names) > MAX_COLUMNS
    found: list[str] = []
    for name in frame.names:
        named = is_named(name)
        if name == target or name in styled or (wide and not named and frame.is_numeric(name)):
            continue
        if _may_be_ids(frame, name, named=named) and not any(frame.decides(other, name) for other in found):
            found.append(name)
    users, items = ([name for name in found if _words(name) & words] for words in (USERS, ITEMS))
    if len(users) == len(items) == 1 and users != items:
        return Pair(frame, users[0], items[0], ratings)
    strong = [name for name in found if is_named(name) or not _is_whole(frame.different(name))]
    for names in ([name for name in found if is_named(name)], strong, found):
        if len(names) == 2:
            first, second = sorted(names, key=lambda name: (name not in users, name in items))
            pair = Pair(frame, first, second, ratings)
            return pair if names is not found or pair.once else None
    return None


def is_named(column: str) -> bool:
    """Return True if the name of a column is that of users, of items, or of ids."""
    return bool(_words(column)) or ID_NAME.search(column) is not None


def reason(frame: Frame, column: str, pair: Pair, styles: Mapping[str, Written]) -> str:
    """Why a factorization needs no other column; empty if the column may say more than the ids."""
    for name in (pair.users, pair.items):
        if frame.decides(name, column):
            return f"{show(name)} decides it"
    if _is_time(frame, column):
        return "the time of a rating"
    found = input_of(frame, column, styles.get(column))
    return found.reason if isinstance(found, LeftOut) else ""


def unfit(frame: Frame, column: str) -> str:
    """Why a column cannot have ids; empty if it can."""
    texts = frame.counts(column)
    gaps = len(frame) - sum(texts.values())
    if gaps:
        return f"{show(column)} has {counted(gaps, 'row')} without an id"
    wrong = next((text for text in texts if not _is_short(text)), None)
    if wrong is not None:
        return f"{show(column)} has an id that is too long, or has invisible characters: {show(wrong[:50])}"
    if frame.is_numeric(column) and not _is_whole(texts):
        return f"{show(column)} has numbers that are not whole"
    return ""


def _words(column: str) -> set[str]:
    """The words for users and items in a name, empty if it has other words.

    ``userId``, ``User-ID``, ``user_id``, ``userid`` and ``users`` have user, and ``user_age`` has none.
    """
    words = [word.lower() for word in _WORD.findall(column)]
    forms = [{word, word.removesuffix("id"), word.removesuffix("s")} for word in words]
    if not all(form & (USERS | ITEMS | BESIDE) for form in forms):
        return set()
    return set().union(*forms) & (USERS | ITEMS)


def _may_be_ids(frame: Frame, column: str, *, named: bool) -> bool:
    """Return True if a column has texts or whole numbers as ids have; gaps only in a column that is named so."""
    if _is_time(frame, column) or (frame.is_numeric(column) and not _is_whole(frame.different(column))):
        return False
    different = frame.count(column)
    if named:
        return different >= MIN_IDS
    return MIN_IDS <= different <= len(frame) // MIN_ROWS and not unfit(frame, column)


def _is_whole(texts: Iterable[str]) -> bool:
    return all(map(_WHOLE.fullmatch, texts))


def _is_short(text: str) -> bool:
    return len(text) <= MAX_CHARACTERS and not unseen(text)


def _is_time(frame: Frame, column: str) -> bool:
    """Return True if a column has times, by its values, or by its name where no word says that it has ids."""
    if not is_named(column) and TIMES & {word.lower() for word in _WORD.findall(column)}:
        return True
    if not frame.is_numeric(column):
        return all(map(_TIME.fullmatch, frame.different(column)))
    if is_named(column) or not _is_whole(frame.different(column)):
        return False
    present = frame.numbers(column)[~np.isnan(frame.numbers(column))]
    if not len(present):
        return False
    low, high = present.min(), present.max()
    return any(_EPOCH[0] * unit <= low and high <= _EPOCH[1] * unit for unit in (1, 1e3, 1e6, 1e9))
