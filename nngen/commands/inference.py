"""Infers the types of a table's columns, by the rules in ``docs/init.md``."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nngen.commands.date_columns import Dates, dates_of, like_dates, written_otherwise
from nngen.commands.id_texts import Ids
from nngen.commands.number_columns import Written
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.description.data import Array, Frame, is_number
from nngen.description.model import MAX_CHARACTERS, category_names, part_names, unseen

MAX_CATEGORIES = 300
"""Categories of a column that become inputs, the most frequent ones; there are about 200 countries."""

MIN_ROWS = 5
"""Rows that a category, or the lack of a value, needs to become an input."""

MIN_COVERED = 0.5
"""The share of the values that the listed categories make up; below it, the column is no column of categories."""

MAX_NUMBERED = 10
"""Different whole numbers of a target up to which they are classes."""

CODE_NAME = re.compile(r"zip|postal|post_?code|plz|postleit|우편", re.IGNORECASE)
"""The name of a column of ZIP codes."""

MEANS_ID = re.compile(r"phone|mobile|fax|account|konto|iban|ssn|serial|card_?n|전화|계좌", re.IGNORECASE)
"""The name of a column of numbers that say who or what a row is about."""

SINCE, UNTIL = 631_152_000, 3_155_760_000
"""The seconds from the start of 1970 to 1990 and to 2070."""

MANY_DIGITS, DIFFERENT = 9, 0.9
"""Digits of numbers, all alike many, that say the same under any name, and the share of them that differ."""

ID_NAME = re.compile(r"(^|[^A-Za-z])[Ii][Dd]$|[a-z]I[Dd]$", re.ASCII)
"""The end of the name of a column of ids, as in ``id``, ``user_id`` and ``PassengerId``, but not ``humid``."""

_POSITIVE = ("1", "yes", "y", "true", "t", "positive", "pos")
"""Names of the second of two classes, even if the alphabet puts it first."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers."""

    column: str
    low: float
    high: float
    gaps: int
    written: Written | None = None
    """How it writes numbers, where they are not plain or can be read in two ways."""

    @property
    def indicator(self) -> bool:
        """Whether enough values are missing for an input that says so."""
        return self.gaps >= MIN_ROWS


@dataclass(frozen=True)
class Categories:
    """A column of categories: those that become inputs, and the rows of the others."""

    column: str
    categories: tuple[str, ...]
    others: int
    gaps: int

    @property
    def indicator(self) -> bool:
        """Whether an input marks missing values: enough are missing, and there are several categories."""
        return self.gaps >= MIN_ROWS and len(self.categories) > 1


@dataclass(frozen=True)
class LeftOut:
    """A column that is no input, and why."""

    column: str
    reason: str
    said: bool = False
    """Whether a caution names it, because it may help to predict the target."""
    texts: bool = False
    """Whether it has too many different texts for categories."""


Role = Numbers | Categories | Dates | Ids | LeftOut
"""What becomes of a column."""

Used = Numbers | Categories | Dates | Ids
"""A column that becomes inputs."""


def input_of(frame: Frame, name: str, written: Written | None, *, whole: bool = False) -> Role:
    """The role of a column as an input; ``whole`` says that it is part of an input of numbers."""
    if not_in_a_spec(name):
        return LeftOut(name, f"a spec cannot have its name: {not_in_a_spec(name)}")
    if written or frame.is_numeric(name):
        unfit = next((text for text in written.missing if not_in_a_spec(text)), None) if written else None
        if unfit is not None:
            return LeftOut(name, f"a spec cannot have its text {show(unfit)}: {not_in_a_spec(unfit)}")
        found = _numbers(name, frame.numbers(name, written.expected(name) if written else None), whole)
        if isinstance(found, Numbers) and written is None and code_of(frame, name):  # such as 02139, a ZIP code
            counts = Counter(frame.counts(name))
            codes = _categories(name, counts, len(frame) - counts.total())
            return codes if isinstance(codes, Categories) else found
        return replace(found, written=written) if isinstance(found, Numbers) else found
    counts = Counter(frame.counts(name))
    gaps = len(frame) - counts.total()
    if len(counts) == 1 and min(gaps, counts.total()) < MIN_ROWS:
        return LeftOut(name, f"every value is {show(next(iter(counts)))}")
    if like_dates(counts):
        try:
            return dates_of(name, [*counts], gaps, indicator=gaps >= MIN_ROWS)
        except ValueError as error:
            return LeftOut(name, written_otherwise(counts) or f"dates, but {error}", said=True)
    categories = _categories(name, counts, gaps)
    reason = written_otherwise(counts) if isinstance(categories, LeftOut) else ""
    return LeftOut(name, reason, said=True) if reason else categories


def code_of(frame: Frame, name: str) -> str:
    """A code such as 02139 of a column of whole numbers, also without a zero if its name is that of ZIP codes."""
    values = frame.numbers(name) if CODE_NAME.search(name) else np.zeros(0)
    present = values[~np.isnan(values)]
    if len(present) and np.all(present == np.rint(present)) and _digits(present.min()) == _digits(present.max()) > 3:
        return f"{present[0]:.0f}"
    return frame.code(name)


def _digits(value: float) -> int:
    """The digits of a whole number from 0."""
    return len(f"{value:.0f}")


def in_style(role: Used, later: Written | None) -> Used:
    """A column of plain numbers in the style of a later table, if there is one; others as they are."""
    return replace(role, written=role.written or later) if isinstance(role, Numbers) else role


def names_of(name: str, column: Used) -> Iterable[str]:
    """The names of the inputs that a column becomes."""
    match column:
        case Numbers() | Ids():
            yield name
        case Categories(categories=categories):
            yield from category_names(name, categories)
        case Dates(parts=parts):
            yield from (each for part in parts for each in part_names(name, part))
    if column.indicator:
        yield f"{name}_missing"


def not_in_a_spec(text: str) -> str:
    """Why a text cannot be in a spec; empty if it can."""
    if len(text) > MAX_CHARACTERS:
        return f"it has more than {MAX_CHARACTERS:,} characters"
    found = unseen(text)
    return f"it has the invisible character {found}" if found else "" if text else "it is empty"


def _numbers(name: str, values: Array, whole: bool) -> Numbers | LeftOut:
    present = values[~np.isnan(values)]
    if not len(present):
        return LeftOut(name, "every value is missing")
    low, high, gaps = float(present.min()), float(present.max()), len(values) - len(present)
    if low == high and not whole:
        return LeftOut(name, f"every value is {low:g}")
    if not gaps and not whole and _identifies(name, present):
        return LeftOut(name, "it numbers the rows")
    if not whole and (reason := _of_ids(name, present)):
        return LeftOut(name, reason, said=True)
    return Numbers(name, low, high, gaps)


def _of_ids(name: str, values: Array) -> str:
    """Why numbers that say who or what a row is about, such as those of phones, are no input; empty for others."""
    low, high = float(values.min()), float(values.max())
    digits = _digits(high)
    times = any(SINCE <= low * seconds <= high * seconds <= UNTIL for seconds in (1.0, 0.001))
    alike = low >= 0.0 and _digits(low) == digits >= MANY_DIGITS and not times
    if not (alike or MEANS_ID.search(name)) or not np.all(values == np.rint(values)):
        return ""
    if len(np.unique(values)) < DIFFERENT * len(values):
        return ""
    return f"whole numbers such as {values[0]:.0f}, nearly all different, as of phones or accounts"


def _identifies(name: str, values: Array) -> bool:
    """Whether each row has a whole number of its own, in order, or in a column of ids by its name.

    Equal steps other than 1 are not those of ids: they are settings of an experiment.
    """
    if not np.all(values == np.rint(values)):
        return False
    steps = np.diff(values)
    in_order = np.all(steps > 0.0) or np.all(steps < 0.0)
    if in_order and abs(steps[0]) != 1.0 and np.all(steps == steps[0]):
        return False
    return bool(in_order) or (ID_NAME.search(name) is not None and len(np.unique(values)) == len(values))


def _categories(name: str, counts: Counter[str], gaps: int) -> Categories | LeftOut:
    most = [text for text, count in counts.most_common(MAX_CATEGORIES) if count >= MIN_ROWS and not not_in_a_spec(text)]
    covered, total = sum(counts[text] for text in most), counts.total()
    if covered < MIN_COVERED * total:
        wrong = [text for text in counts if not is_number(text)]
        rows = sum(counts[text] for text in wrong)
        if wrong and 2 * rows < total:
            return LeftOut(
                name, f"numbers, but {rows:,} of {total:,} cannot be read, such as {show(wrong[0])}", said=True
            )
        if len(counts) == total:
            return LeftOut(name, "each row has a text of its own")
        such = show(next(iter(counts)))
        reason = f"{len(counts):,} different texts such as {such}, most of them too rare for categories"
        return LeftOut(name, reason, texts=True)
    return Categories(name, in_order(most), total - covered, gaps)


def in_order(texts: Iterable[str]) -> tuple[str, ...]:
    """Numbers by size, then texts by the alphabet; of two, the positive one last."""
    ordered = sorted(texts, key=_order)
    return tuple(sorted(ordered, key=lambda text: text.lower() in _POSITIVE) if len(ordered) == 2 else ordered)


def _order(text: str) -> tuple[bool, float, str]:
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) is not None
    return not is_number, float(text) if is_number else 0.0, text
