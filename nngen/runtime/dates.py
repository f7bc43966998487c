"""Dates, as seconds from the start of 1970, and what a network sees of them."""

from nngen.runtime.cells import _is_missing
from nngen.runtime.kit import (
    F64,
    I64,
    Cell,
    Title,
    bare,
    cos,
    dated,
    has,
    is_digits,
    is_text,
    parsed,
    pi,
    refuse,
    sin,
    text_in,
)
from nngen.runtime.network import SHOWS
from nngen.runtime.texts import _part_after, _part_before


def _date_of(column: Title, cell: Cell, form: Title, fill: I64 | None) -> I64:
    """The seconds from the start of 1970 to a date in this form or in ISO 8601, or what replaces a missing one."""
    if _is_missing(cell):
        if fill is None:
            refuse(column, "a value, but the value is missing")
        return fill
    if is_text(cell):
        whole = bare(text_in(cell))
        date = _part_before(_part_before(whole, "T"), " ")
        days = _days_to(column, date, form, cell)
        seconds = _seconds_of(column, whole[len(date) :], form, cell)
        return 86400 * days + seconds
    refuse(column, dated(form) if SHOWS else form, cell)


def _days_to(column: Title, date: str, form: Title, cell: Cell) -> I64:
    """The days from the start of 1970 to a date."""
    iso = len(_part_before(date, "-")) == 4
    pattern = "YYYY-MM-DD" if iso else form
    mark = pattern[4:5] if pattern.startswith("Y") else pattern[2:3]
    first = _part_before(date, mark)
    others = _part_after(date, mark)
    year = _part_after(others, mark)
    month = _part_before(others, mark)
    day = first
    if pattern.startswith("Y"):
        day = year
        year = first
    elif pattern.startswith("M"):
        day = month
        month = first
    if not _has_digits(year, 4, 4) or not _has_digits(month, 1, 2) or not _has_digits(day, 1, 2):
        refuse(column, dated(form) if SHOWS else form, cell)
    y = I64(parsed(year))
    m = I64(parsed(month))
    d = I64(parsed(day))
    start = _day_number(y, m)
    if y < 1 or m < 1 or m > 12 or d < 1 or d > _day_number(y, m + 1) - start:
        refuse(column, "a date that exists", cell)
    return start + d - 1


def _seconds_of(column: Title, time: str, form: Title, cell: Cell) -> I64:
    """The seconds of a time such as T13:45:00.5+02:00, whose zone does not count; 0 without one."""
    if time == "":
        return 0
    clock = _part_before(_part_before(_part_before(time, "Z"), "+"), "-")
    hour = _part_before(clock[1:], ":")
    minute = _part_after(clock, ":")
    second = "00"
    decimals = "0"
    if has(minute, ":"):
        second = _part_after(minute, ":")
        minute = _part_before(minute, ":")
    if has(second, "."):
        decimals = _part_after(second, ".")
        second = _part_before(second, ".")
    wrong = not is_digits(decimals) or not _is_zone(time[len(clock) :])
    wrong = wrong or not _has_digits(hour, 1, 2) or not _has_digits(minute, 2, 2)
    if wrong or not _has_digits(second, 2, 2):
        refuse(column, dated(form) if SHOWS else form, cell)
    h = I64(parsed(hour))
    m = I64(parsed(minute))
    s = I64(parsed(second))
    if h > 23 or m > 59 or s > 59:
        refuse(column, "a date that exists", cell)
    return 3600 * h + 60 * m + s


def _is_zone(zone: str) -> bool:
    """Whether a text is a zone such as Z, +02, -0530 or +05:30, or empty."""
    if zone == "" or zone.startswith("Z"):
        return len(zone) < 2
    offset = zone[1:]
    if has(offset, ":"):
        return _has_digits(_part_before(offset, ":"), 2, 2) and _has_digits(_part_after(offset, ":"), 2, 2)
    return _has_digits(offset, 2, 2) or _has_digits(offset, 4, 4)


def _has_digits(text: str, least: int, most: int) -> bool:
    """Whether a text has digits alone, at least and at most so many."""
    return is_digits(text) and len(text) >= least and len(text) <= most


def _day_number(year: I64, month: I64) -> I64:
    """The days from the start of 1970 to that of a month, by years that begin in March and end with the leap day."""
    y = year - 1 if month < 3 else year
    past = 365 * y + y // 4 - y // 100 + y // 400
    return past + (153 * ((month + 9) % 12) + 2) // 5 - 719468


def _since_start(seconds: I64) -> I64:
    """The seconds from the first of March of the year 0, which is before all dates."""
    return seconds + 62162035200


def _months_of(seconds: I64) -> I64:
    """The months from the start of the year 0, by eras of 400 years that begin in March."""
    days = _since_start(seconds) // 86400
    era = days // 146097
    day = days % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    rest = day - 365 * year - year // 4 + year // 100
    return 12 * (400 * era + year) + (5 * rest + 2) // 153 + 2


def _year_of(seconds: I64) -> F64:
    """The year of a date."""
    return F64(_months_of(seconds) // 12)


def _month_of(seconds: I64) -> F64:
    """The month of a date, from 1."""
    return F64(_months_of(seconds) % 12 + 1)


def _days_since(seconds: I64, since: F64) -> F64:
    """The days since another date; a time is a fraction of a day."""
    return (F64(seconds) - since) / 86400.0


def _weekday_of(seconds: I64) -> F64:
    """The day of the week, 0 for Monday."""
    return F64((_since_start(seconds) // 86400 + 2) % 7)


def _hour_of(seconds: I64) -> F64:
    """The hour of the day; minutes and seconds are a fraction of an hour."""
    return F64(_since_start(seconds) % 86400) / 3600.0


def _sine(value: F64, period: F64) -> F64:
    """The sine of a value that begins again after a period."""
    return sin(2.0 * pi() * (value / period))


def _cosine(value: F64, period: F64) -> F64:
    """The cosine of a value that begins again after a period."""
    return cos(2.0 * pi() * (value / period))
