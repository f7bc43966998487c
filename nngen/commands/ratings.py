"""Recognizes a table of ratings, by the rules in ``docs/init.md``: two columns of ids, and a number for a pair.

Without numbers, the pairs themselves are what users chose.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import fsum, log

import numpy as np

from nngen.commands.held_out_rows import RANDOM
from nngen.commands.id_columns import MIN_ROWS, MIN_ROWS_OF_TEXTS, Pair, pair_of, reason, unfit
from nngen.commands.inference import MAX_CATEGORIES, LeftOut
from nngen.commands.number_columns import Written
from nngen.common.choices import Task
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Frame, in_order
from nngen.description.identifiers import Identifiers
from nngen.description.model import Split

MAX_IDS = 1_000_000
"""Ids of both columns; the network has 21 parameters for each."""

MAX_SCALE = 20
"""Different ratings of a scale, within which answers stay: counts and amounts have more."""

MAX_LISTED = 1_000
"""Ids of a column that a spec lists; more are in the table only."""

NEGATIVES = 10
"""Pairs that are drawn for each one of a table without ratings."""

CHOSEN = "chosen"
"""The name of the answer of such a table."""

LAYERS = ("factors_1", "factors_2", "bias_1", "bias_2", "both", "output")
"""The layers of the spec, whose names its inputs cannot have."""


@dataclass(frozen=True)
class Ids:
    """A column of ids, and the name of its input."""

    column: str
    name: str
    ids: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """True if the spec lists the ids, False if it says ``ids: data``."""
        return len(self.ids) <= MAX_LISTED


@dataclass(frozen=True)
class Ratings:
    """A spec that factorizes a table of ratings; the template ``init_ratings.yaml.jinja`` writes it."""

    name: str
    file: str
    rows: int
    target: str
    unit: str
    """The name of the output."""
    mean: float
    scale: tuple[float, float] | None
    """The lowest and the highest rating, where they are of a scale."""
    users: Ids
    items: Ids
    repeated: int
    """Rows whose pair an earlier row has."""
    written: Written | None
    """How the table writes the ratings, where they are not plain or can be read in two ways."""
    missing_target: int
    """Rows without a rating."""
    left_out: tuple[LeftOut, ...]
    encoding: str = ""
    """The encoding of the file, if it has to be stated; else empty."""
    said: tuple[str, ...] = ()
    """How the lines above the rows of a text were read, if not as usual."""
    split: Split = RANDOM
    """Which rows test what was learned."""
    negatives: int = 0
    """Pairs that are drawn for each one, if the table has no ratings."""

    @property
    def unclear(self) -> tuple[str, ...]:
        """What to know of ratings that can be read in two ways."""
        how = self.written
        return (f"{show(self.target)}: {how.said('target_number')}",) if how and how.unclear else ()

    @property
    def numbered(self) -> "Ratings":
        """The same with names that can meet nothing."""
        users, items = replace(self.users, name="column1"), replace(self.items, name="column2")
        return replace(self, users=users, items=items, unit="answer")

    @property
    def short(self) -> "Ratings":
        """The same with few ids, which a text without its table can list."""
        users, items = (replace(each, ids=each.ids[:MAX_LISTED]) for each in (self.users, self.items))
        return replace(self, users=users, items=items)


def ratings_of(
    frame: Frame,
    target: str,
    task: Task | None,
    name: str,
    file: str,
    styles: Mapping[str, Written],
    asked: tuple[str, str] | None = None,
) -> Ratings | str:
    """The ratings of a table; or why it has none that can be factorized, empty if it is another kind of table.

    Args:
        frame: all columns of the table.
        target: the column of the ratings.
        task: whether it has classes or numbers; None to tell by its values.
        name: the name of the network.
        file: the file of the table, as the spec names it.
        styles: how columns write numbers that are not plain; they are no ids.
        asked: the columns of users and items; all others but the target are left out. None to look for them.
    """
    how = styles.get(target)
    if task == "classes" or not (how or frame.is_numeric(target)):
        return f"{show(target)} has classes, not numbers" if asked else ""
    numbers = frame.numbers(target, how.expected(target) if how else None)
    pair = Pair(frame, *asked, numbers) if asked else pair_of(frame, target, numbers, styles)
    if pair is None:
        return ""
    others = [column for column in frame.names if column not in (target, pair.users, pair.items)]
    reasons = {column: "not asked for" if asked else reason(frame, column, pair, styles) for column in others}
    known = _known(pair)
    ratings = [rating for rating in numbers.tolist() if rating == rating]
    why = f"{show(target)} has a single value" if len(set(ratings)) < 2 else _unfit(pair, known)
    why = why or ("" if asked else _unlike(pair, known, reasons))
    if why:
        rows = len(frame) >= MIN_ROWS * min(map(len, known))
        likely = pair.named or (min(map(len, known)) > MAX_CATEGORIES and pair.once)
        return why if asked or (rows and likely) else ""
    names = Identifiers(LAYERS)
    users, items = _ids(pair, known, names)
    return Ratings(
        name=name,
        file=file,
        rows=len(ratings),
        target=target,
        unit=names.make(target, "target"),
        mean=fsum(ratings) / len(ratings),
        scale=(min(ratings), max(ratings)) if len(set(ratings)) <= MAX_SCALE else None,
        users=users,
        items=items,
        repeated=pair.repeated,
        written=how,
        missing_target=len(frame) - len(ratings),
        left_out=tuple(LeftOut(*other) for other in [*reasons.items(), *frame.left_out.items()]),
        said=frame.said,
    )


def choices_of(
    frame: Frame, name: str, file: str, styles: Mapping[str, Written], asked: tuple[str, str] | None
) -> Ratings | str:
    """The pairs of a table as ratings of 1, beside which others are drawn; or why there are none.

    The arguments are those of ``ratings_of``.
    """
    ones = np.ones(len(frame))
    pair = Pair(frame, *asked, ones) if asked else pair_of(frame, "", ones, styles)
    if pair is None:
        return "no two columns have the names of users and items, or are the only texts"
    known = _known(pair)
    if why := _unfit(pair, known):
        return why
    others = [column for column in frame.names if column not in (pair.users, pair.items)]
    names = Identifiers(LAYERS)
    users, items = _ids(pair, known, names)
    return Ratings(
        name=name,
        file=file,
        rows=len(frame),
        target=CHOSEN,
        unit=names.make(CHOSEN, "target"),
        mean=-log(NEGATIVES),
        scale=None,
        users=users,
        items=items,
        repeated=pair.repeated,
        written=None,
        missing_target=0,
        left_out=tuple(LeftOut(column, "each pair counts the same") for column in (*others, *frame.left_out)),
        said=frame.said,
        negatives=NEGATIVES,
    )


def _known(pair: Pair) -> list[list[str]]:
    """The ids of users and of items, in their order."""
    return [in_order(text or "" for text in pair.frame.coded(one).known) for one in (pair.users, pair.items)]


def _ids(pair: Pair, known: list[list[str]], names: Identifiers) -> tuple[Ids, Ids]:
    """The columns of users and items, with their names in the spec."""
    users, items = (
        Ids(column, names.make(column, "column"), tuple(ids))
        for column, ids in zip((pair.users, pair.items), known, strict=True)
    )
    return users, items


def _unfit(pair: Pair, known: list[list[str]]) -> str:
    """Why no spec can factorize the pairs, also if it is asked for."""
    if sum(map(len, known)) > MAX_IDS:
        return f"there are more than {MAX_IDS:,} ids"
    return unfit(pair.frame, pair.users) or unfit(pair.frame, pair.items)


def _unlike(pair: Pair, known: list[list[str]], reasons: Mapping[str, str]) -> str:
    """Why a table is not one of ratings, or no good one."""
    for column, ids in zip((pair.users, pair.items), known, strict=True):
        if len(pair.frame) < MIN_ROWS * len(ids):
            return f"{show(column)} has {counted(len(ids), 'id')}, fewer than {MIN_ROWS} rows for each"
    more = next((column for column, why in reasons.items() if not why), None)
    if more is not None:
        return f"{show(more)} may say more than the ids"
    if pair.named or pair.once:
        return ""
    if pair.repeated:
        return f"{counted(pair.repeated, 'row')} repeat a pair"
    few = len(pair.frame) < MIN_ROWS_OF_TEXTS * max(map(len, known))
    return f"there are fewer than {MIN_ROWS_OF_TEXTS} rows for each id" if few else ""
