"""Recognizes a table of ratings, by the rules in ``docs/init.md``: two columns of ids, and a number for a pair."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import fsum

from nngen.commands.inference import LeftOut, Task
from nngen.common.diagnostics import show
from nngen.description.data import Frame, in_order
from nngen.description.identifiers import Identifiers
from nngen.description.model import MAX_CHARACTERS, unseen

MIN_IDS = 10
"""Different ids of a column; with fewer, they are categories."""

MIN_REPEATED = 3
"""Rows of an id, on average: one rating says nothing about an id."""

MAX_IDS = 1_000_000
"""Ids of both columns; the network has 21 parameters for each."""

MAX_LISTED = 1_000
"""Ids of a column that a spec lists; more are in the table only."""

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
    users: Ids
    items: Ids
    left_out: tuple[LeftOut, ...]
    encoding: str = ""
    """The encoding of the file, if it has to be stated; else empty."""
    said: tuple[str, ...] = ()
    """How the lines above the rows of a text were read, if not as usual."""
    unclear: tuple[str, ...] = ()
    """As in other specs; such tables have no numbers that can be read in two ways."""

    @property
    def short(self) -> "Ratings":
        """The same with few ids, which a text without its table can list."""
        users, items = (replace(each, ids=each.ids[:MAX_LISTED]) for each in (self.users, self.items))
        return replace(self, users=users, items=items)


def ratings_of(
    frame: Frame, target: str, task: Task | None, name: str, file: str, styled: Collection[str] = ()
) -> Ratings | None:
    """The ratings of a table; None if it is another kind of table.

    Args:
        frame: all columns of the table.
        target: the column of the ratings.
        task: whether it has classes or numbers; None to tell by its values.
        name: the name of the network.
        file: the file of the table, as the spec names it.
        styled: the columns of numbers that are not plain; they are no ids.
    """
    columns: list[str] = []
    for column in frame.names:
        if (
            column != target
            and column not in styled
            and _may_be_ids(column, frame)
            and not any(_decides(frame, each, column) for each in columns)
        ):
            columns.append(column)
    columns.sort(key=lambda column: "user" not in column.lower())
    if task == "classes" or len(columns) != 2 or not frame.is_numeric(target):
        return None
    pairs = [*zip(*(frame.texts(column) for column in columns), strict=True)]
    others = {column: _reason(column, frame, columns) for column in frame.names if column not in (target, *columns)}
    ratings = frame.numbers(target).tolist()
    known = [tuple(in_order(text or "" for text in frame.texts(column))) for column in columns]
    several = len(set(ratings)) > 1 and all(rating == rating for rating in ratings)
    if not several or not all(others.values()) or len(set(pairs)) < len(pairs) or sum(map(len, known)) > MAX_IDS:
        return None
    names = Identifiers(LAYERS)
    users, items = (Ids(c, names.make(c, "column"), ids) for c, ids in zip(columns, known, strict=True))
    return Ratings(
        name=name,
        file=file,
        rows=len(frame),
        target=target,
        unit=names.make(target, "target"),
        mean=fsum(ratings) / len(ratings),
        users=users,
        items=items,
        left_out=tuple(LeftOut(*other) for other in [*others.items(), *frame.left_out.items()]),
        said=frame.said,
    )


def _may_be_ids(column: str, frame: Frame) -> bool:
    """Return True if a column may have ids: texts that repeat, or whole numbers if its name ends in ``id``.

    Other whole numbers are sizes. Texts that all begin with a digit are dates, or numbers with a decimal comma.
    """
    texts = frame.texts(column)
    if frame.is_numeric(column):
        named = column.lower().endswith("id")
        return named and not any(text is None or not text.isdigit() for text in texts) and _repeats(texts)
    fit = all(text is not None and len(text) <= MAX_CHARACTERS and not unseen(text, allowed="\n") for text in texts)
    return fit and not all(text and text[0].isdigit() for text in texts) and _repeats(texts)


def _repeats(texts: Sequence[str | None]) -> bool:
    different = len(set(texts))
    return different >= MIN_IDS and different * MIN_REPEATED <= len(texts)


def _reason(column: str, frame: Frame, ids: Sequence[str]) -> str:
    """Why a factorization needs no other column; empty if the column may say more than the ids."""
    if column.lower() in ("timestamp", "time", "date"):
        return "the time of a rating"
    return next((f"{show(each)} decides it" for each in ids if _decides(frame, each, column)), "")


def _decides(frame: Frame, one: str, other: str) -> bool:
    """Return True if rows with equal values in one column also have equal values in the other."""
    values = frame.texts(one)
    return len({*zip(values, frame.texts(other), strict=True)}) == len(set(values))
