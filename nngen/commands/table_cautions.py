"""What a table may mean otherwise than it is read: cautions of ``nngen init``, by the rules in ``docs/init.md``."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nngen.commands.inference import SINCE, UNTIL, Categories, LeftOut, Numbers, Role, code_of
from nngen.commands.leaks import LEAST, explained, gives_away, same_order, sums
from nngen.commands.target_column import Target
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.text import counted, joined
from nngen.description.data import BOUNDS, Array, Frame, extremes, in_form, is_number

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

_EXPONENT = re.compile(r"\d+[eE]\d+", re.ASCII)
"""A whole number with an exponent, as few programs write a measurement: an id may look so by chance."""

_TIME_NAME = re.compile(r"date|datum|fecha|time|zeit|_(at|on)$|날짜|일자|일시", re.IGNORECASE)

MAX_ROWS, MAX_COLUMNS = 20_000, 50
"""The largest table whose rows are compared with one another."""

KNOWN_BEFORE = "leave it out if it is not known before the target"
THEY_KNOWN_BEFORE = "leave them out if they are not known before the target"

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


def cautions(
    frame: Frame, target: Target, roles: Mapping[str, Role], numbers: Array | None, whole: Frame
) -> Iterator[str]:
    """Sentences about the rows that are learned from.

    Args:
        frame: these rows.
        target: what is predicted.
        roles: what becomes of each column.
        numbers: the targets, shape ``(rows,)``; None for classes.
        whole: all rows, by which cells are named.
    """
    yield from _alike(target.column, target.classes, "classes")
    for name, role in roles.items():
        if isinstance(role, Categories):
            yield from _alike(name, role.categories, "categories")
            if frame.is_numeric(name) and not frame.code(name):
                yield f"{show(name)} has codes such as {role.categories[0]}, by its name, which become categories"
            yield from _rare(frame, role, target, numbers)
        elif isinstance(role, Numbers):
            yield from _of_numbers(frame, role, whole)
        elif isinstance(role, LeftOut):
            yield from _left_out(frame, role, target, numbers)
            continue
        if gives_away(frame, name, target.column, numbers):
            yield f"{show(name)} gives the target alone: {KNOWN_BEFORE}"
        elif isinstance(role, Numbers) and numbers is not None and same_order(numbers_of(frame, role), numbers):
            yield f"{show(name)} puts the rows in the order of the target, as its logarithm does: {KNOWN_BEFORE}"
    if numbers is not None:
        columns = {name: numbers_of(frame, role) for name, role in roles.items() if isinstance(role, Numbers)}
        for one, other in sums(columns, numbers):
            yield f"{show(one)} and {show(other)} give the target together, as a sum does: {THEY_KNOWN_BEFORE}"
    yield from _two_signs(frame, roles)
    yield from _total(frame)
    repeated = _repeated(frame)
    if repeated >= REPEATED * len(frame):
        rows = counted(repeated, "row")
        yield f"{rows} repeat others: held-out rows are among those that it trains on, and look better than new ones"


def numbers_of(frame: Frame, role: Numbers) -> Array:
    """The numbers of a column, shape ``(rows,)``."""
    return frame.numbers(role.column, role.written.expected(role.column) if role.written else None)


def has_tails(whole: Frame, role: Role) -> bool:
    """Whether a column of numbers has cells that are far from all others of the table."""
    return isinstance(role, Numbers) and any(extremes(role.column, numbers_of(whole, role)))


def _left_out(frame: Frame, role: LeftOut, target: Target, numbers: Array | None) -> Iterator[str]:
    """A caution about a column that is left out, if it helps to predict the target."""
    name = role.column
    if role.said:
        yield f"{show(name)} is left out, for it has {role.reason}"
    elif name in frame.names and not frame.is_numeric(name):
        share = _explains(frame, frame.coded(name).places, target, numbers)
        if share > 0.0:
            told = f"alone it explains {share:.0%} of the variance of the target in held-out rows"
            yield f"{show(name)} is left out, and {told}: `ids` and an embedding read it, see docs/spec.md"


def _rare(frame: Frame, role: Categories, target: Target, numbers: Array | None) -> Iterator[str]:
    """A caution about texts that are too rare for categories, if they help to predict the target."""
    if not role.others or frame.is_numeric(role.column):
        return
    column = frame.coded(role.column)
    frequent = np.isin(np.array([*map(str, column.known)]), role.categories)[column.places]
    most = _explains(frame, np.where(frequent, column.places, len(column.known)), target, numbers)
    more = _explains(frame, column.places, target, numbers) - most
    if more > LEAST:
        told = f"explain {more:.0%} of the variance of the target in held-out rows"
        advice = "`ids` and an embedding read them, see docs/spec.md"
        yield f"{show(role.column)} has texts that are too rare for categories, and they {told}: {advice}"


def _explains(frame: Frame, places: NDArray[np.int32], target: Target, numbers: Array | None) -> float:
    """The share of the variance of the target that a column explains in held-out rows."""
    values = frame.coded(target.column).places if numbers is None else numbers
    return explained(places, values, classes=numbers is None)


def _alike(name: str, texts: Sequence[str], what: str) -> Iterator[str]:
    """Texts that differ in case alone."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(text.casefold(), []).append(text)
    group = next((group for group in groups.values() if len(group) > 1), None)
    if group:
        listed = joined(map(show, group), "and")
        yield f"{show(name)} has {listed}, which differ in case alone: they are different {what}"


def _of_numbers(frame: Frame, role: Numbers, whole: Frame) -> Iterator[str]:
    name, written = role.column, role.written
    if written is None and (example := code_of(frame, name)):
        yield f"{show(name)} has codes such as {example}, which become numbers: most are too rare for categories"
    values = numbers_of(frame, role)
    found = [] if SENTINELS.isdisjoint((role.low, role.high)) else [*_sentinel(name, values[~np.isnan(values)])]
    yield from found or extremes(name, numbers_of(whole, role))
    yield from _counted(role)
    yield from _with_percent(frame, role)
    yield from _bounds(frame, role)
    for low, high, days in ((190001, 210012, False), (19000101, 21001231, True)):
        if written is None and low <= role.low <= role.high <= high and _are_dates(frame.numbers(name), days):
            yield f"{show(name)} has numbers such as {role.high:.0f}: written as 2024-05-17, they are dates with months"
    if written is None and frame.has_exponents(name):
        short = next((text for text in frame.different(name) if _EXPONENT.fullmatch(text)), "")
        if short:
            yield f"{show(name)} has {show(short)}, which is the number {float(short):.15g}: if it is an id, rename it"


def _with_percent(frame: Frame, role: Numbers) -> Iterator[str]:
    """A column with and without percent signs, in which numbers without may be shares of 1."""
    texts = [*frame.counts(role.column)] if role.written and role.written.style and role.written.style.suffix else []
    signed = next((text for text in texts if text.endswith("%")), "")
    others = [text for text in texts if "%" not in text and is_number(text)]
    if signed and others and role.high > 1.0 >= max(abs(float(text)) for text in others):
        example = max(others, key=len)
        pair = f"{show(signed)} and {show(example)}"
        yield f"{show(role.column)} has {pair}, which is read as {example} %: write both in percent, or both as shares"


def _bounds(frame: Frame, role: Numbers) -> Iterator[str]:
    """A column with bounds, such as ``>89`` among ages."""
    style = role.written.style if role.written else None
    before = (style.prefix or "") if style and style.prefix in BOUNDS else ""
    after = "+" if style and style.minus == "after" else ""
    counts = frame.counts(role.column) if before or after else {}
    found = [text for text in counts if (before and text.startswith(before)) or (after and text.endswith(after))]
    if found:
        rows = counted(sum(counts[text] for text in found), "row")
        yield f"{show(role.column)} has bounds in {rows}, such as {show(found[0])}: each is read as its number"


def _two_signs(frame: Frame, roles: Mapping[str, Role]) -> Iterator[str]:
    """Columns with decimal commas beside columns with decimal points."""
    numbers = [role for role in roles.values() if isinstance(role, Numbers)]
    commas = [
        role.column for role in numbers if role.written and role.written.style and role.written.style.decimal == ","
    ]
    points = [role.column for role in numbers if not role.written and frame.has_points(role.column)]
    if commas and points:
        has = f"{show(commas[0])} has decimal commas, and {show(points[0])} decimal points"
        yield f"{has}: a number such as 1.200 in {show(points[0])} is read as 1.2, not as 1200"


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


def _are_dates(values: Array, days: bool) -> bool:
    """Whether all numbers are dates such as 20240517, or without ``days`` months such as 202405."""
    there = values[~np.isnan(values)] * (1 if days else 100) + (not days)
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
