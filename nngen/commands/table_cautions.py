"""What a table may mean otherwise than it is read: cautions of ``nngen init``, by the rules in ``docs/init.md``."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nngen.commands.inference import Categories, LeftOut, Numbers, Role, Target
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.text import counted, joined
from nngen.description.data import Array, Frame, in_form

SENTINELS = frozenset(sign * (10**digits - 1) for digits in range(1, 7) for sign in (-1, 1)) - {9}
"""Numbers that some programs write for a missing value, such as -999."""

TOTALS = frozenset("total totals sum average mean summe gesamt insgesamt durchschnitt 합계 총계 평균".split())
"""Words of a last row that sums up the others."""

COUNTS = (
    ("days as Excel counts them", 86_400.0, 25_569),
    ("seconds since 1970", 1.0, 0),
    ("milliseconds since 1970", 0.001, 0),
)
"""What numbers of times count, in seconds, and from which number on 1970 begins."""

SINCE, UNTIL = 631_152_000, 3_155_760_000
"""The seconds from the start of 1970 to 1990 and to 2070."""

_TIME_NAME = re.compile(r"date|datum|fecha|time|zeit|_(at|on)$|날짜|일자|일시", re.IGNORECASE)

MAX_ROWS, MAX_COLUMNS = 20_000, 50
"""The largest table whose rows are compared with one another."""

REPEATED = 0.25
"""The share of rows that repeat others from which on that is said."""


def refuse_names_again(frame: Frame, target: str) -> None:
    """Refuse a table with rows that repeat the names of the columns, as joined files have them.

    Raises:
        SpecError: there are such rows.
    """
    if frame.is_numeric(target) or target not in frame.coded(target).known:
        return
    again = np.ones(len(frame), bool)
    for name in frame.names:
        texts = None if frame.is_numeric(name) else frame.coded(name)
        if texts is None or name not in texts.known:
            return
        again &= texts.places == texts.known.index(name)
    if again.any():
        message = f"{counted(int(again.sum()), 'row')} repeat the names of the columns"
        advice = "remove them: `awk 'NR == 1 {names = $0} NR == 1 || $0 != names' FILE > rows.csv`"
        raise files.refused(frame.where, message, advice)


def cautions(frame: Frame, target: Target, roles: Mapping[str, Role], numbers: Array | None) -> Iterator[str]:
    """Sentences about the rows that are learned from; ``numbers`` are targets, shape ``(rows,)``, None for classes."""
    yield from _alike(target.column, target.classes, "classes")
    for name, role in roles.items():
        if isinstance(role, Categories):
            yield from _alike(name, role.categories, "categories")
        elif isinstance(role, Numbers):
            yield from _of_numbers(frame, role)
        elif isinstance(role, LeftOut):
            yield from [f"{show(name)} is left out, for it has {role.reason}"] if role.has_times else []
            continue
        if gives_away(frame, name, target.column, numbers):
            yield f"{show(name)} gives the target alone: leave it out if it is not known before the target"
    yield from _total(frame)
    repeated = _repeated(frame)
    if repeated >= REPEATED * len(frame):
        rows = counted(repeated, "row")
        yield f"{rows} repeat others: held-out rows are among those that it trains on, and look better than new ones"


def _alike(name: str, texts: Sequence[str], what: str) -> Iterator[str]:
    """Texts that differ in case alone."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(text.casefold(), []).append(text)
    group = next((group for group in groups.values() if len(group) > 1), None)
    if group:
        listed = joined(map(show, group), "and")
        yield f"{show(name)} has {listed}, which differ in case alone: they are different {what}"


def _of_numbers(frame: Frame, role: Numbers) -> Iterator[str]:
    name, written = role.column, role.written
    if written is None and (example := frame.code(name)):
        yield f"{show(name)} has codes such as {example}, which become numbers: most are too rare for categories"
    if not SENTINELS.isdisjoint((role.low, role.high)):
        values = frame.numbers(name, written.expected(name) if written else None)
        yield from _sentinel(name, values[~np.isnan(values)])
    yield from _counted(role)
    in_years = role.low >= 19000101 and role.high <= 21001231
    if written is None and in_years and _are_dates(frame.numbers(name)):
        yield f"{show(name)} has numbers such as {role.high:.0f}: written as 2024-05-17, they are dates with months"


def _counted(role: Numbers) -> Iterator[str]:
    """A column with the name of a date whose numbers are times of the last decades, in a usual count."""
    for what, seconds, start in COUNTS if role.written is None and _TIME_NAME.search(role.column) else ():
        first, last = ((value - start) * seconds for value in (role.low, role.high))
        if first >= SINCE and last <= UNTIL:
            example = f"numbers such as {role.high:.15g}, {what}"
            yield f"{show(role.column)} has {example}: written as {in_form(round(last))}, they are dates with months"


def _sentinel(name: str, values: Array) -> Iterator[str]:
    for end in (values.min(), values.max()):
        others = values[values != end]
        apart = min(abs(end - others.min()), abs(end - others.max()))
        if end in SENTINELS and len(values) - len(others) > 1 and apart > others.max() - others.min():
            rows = counted(len(values) - len(others), "row")
            yield f"{show(name)} has {end:.0f} in {rows}, far from the others: empty these cells if it means no value"


def _are_dates(values: Array) -> bool:
    """Whether all numbers are dates such as 20240517."""
    there = values[~np.isnan(values)]
    month, day = there // 100 % 100, there % 100
    return bool(np.all((there % 1 == 0) & (month > 0) & (month <= 12) & (day > 0) & (day <= 31)))


def _total(frame: Frame) -> Iterator[str]:
    """A last row that sums up the others."""
    for name in frame.names:
        if frame.is_numeric(name):
            continue
        column = frame.coded(name)
        text = column.known[column.places[-1]]
        if text is not None and text.casefold().strip(" :") in TOTALS and frame.counts(name)[text] == 1:
            yield f"the last row has {show(text)} in {show(name)}: remove it if it sums up the others"
            return


def _repeated(frame: Frame) -> int:
    """How many rows repeat another; 0 where no column has numbers with decimals, as rows of categories come again."""
    if len(frame) > MAX_ROWS or len(frame.names) > MAX_COLUMNS or not any(map(frame.has_points, frame.names)):
        return 0
    groups = np.zeros(len(frame), np.int64)
    for name in frame.names:
        values = frame.numbers(name) if frame.is_numeric(name) else frame.coded(name).places
        places = np.unique(values, return_inverse=True)[1]
        groups = np.unique(groups * len(frame) + places, return_inverse=True)[1]
    return len(frame) - len(np.unique(groups))


MIN_ROWS = 5
"""Rows for each value of a column, on average: values that do not come again always give the target."""

EXACT = 1e-9
"""How far the correlation with a target of numbers may be from 1."""


def gives_away(frame: Frame, column: str, target: str, numbers: Array | None) -> bool:
    """Whether the values of a column give the target of each row.

    Each value has one target, and comes in ``MIN_ROWS`` rows on average. Or each class has an interval of numbers of
    its own. Or a target of numbers, shape ``(rows,)``, is a multiple of the column, plus a constant; None for classes.
    """
    if not frame.has_more(column, len(frame) // MIN_ROWS) and frame.decides(column, target):
        return True
    if not frame.is_numeric(column):
        return False
    x = frame.numbers(column)
    if np.isnan(x).any():
        return False
    if numbers is not None:
        return abs(float(np.corrcoef(x, numbers)[0, 1])) > 1.0 - EXACT
    targets = frame.coded(target)
    order = np.argsort(targets.places, kind="stable")
    starts = np.searchsorted(targets.places[order], np.arange(len(targets.known)))
    lows, highs = (of.reduceat(x[order], starts) for of in (np.minimum, np.maximum))
    by_size = np.argsort(lows)
    return bool(np.all(highs[by_size][:-1] < lows[by_size][1:]))
