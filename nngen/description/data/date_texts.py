"""Dates and times as a column writes them, and their parts; a date is held as its seconds from the start of 1970."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any, get_args

from nngen.common.diagnostics import show
from nngen.description.model import DateForm, DatePart

FORMS: tuple[DateForm, ...] = get_args(DateForm)
"""The forms of dates."""

DAY = 86_400
"""Seconds of a day."""

_EPOCH = datetime(1970, 1, 1)

_NAMES = {"YYYY": "(?P<year>[0-9]{4})", "MM": "(?P<month>[0-9]{1,2})", "DD": "(?P<day>[0-9]{1,2})"}

_TIME = (
    "([T ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
"""A time; fractions of a second and a zone do not count."""


@cache
def _pattern(form: DateForm) -> re.Pattern[str]:
    pattern = re.escape(form)
    for letters, field in _NAMES.items():
        pattern = pattern.replace(letters, field)
    return re.compile(pattern + _TIME)


def date(text: str, form: DateForm) -> int:
    """The seconds from the start of 1970 to a date in a form, or in ISO 8601.

    Raises:
        ValueError: the text has another form, or is no date of the calendar.
    """
    found = _pattern("YYYY-MM-DD" if text.find("-") == 4 else form).fullmatch(text)
    if found is None:
        raise ValueError(f"expected a date such as {in_form(0, form)}, got {show(text or None)}")
    fields: dict[str, Any] = {name: int(digits) for name, digits in found.groupdict().items() if digits}
    try:
        return int((datetime(**fields) - _EPOCH) / timedelta(seconds=1))
    except ValueError:
        raise ValueError(f"there is no date {show(text)}") from None


def in_form(seconds: float, form: DateForm = "YYYY-MM-DD") -> str:
    """A date as a form writes it, with its time unless that is midnight."""
    moment = _EPOCH + timedelta(seconds=seconds)
    day = (
        form.replace("YYYY", f"{moment.year:04}").replace("MM", f"{moment.month:02}").replace("DD", f"{moment.day:02}")
    )
    return f"{day} {moment:%H:%M:%S}" if seconds % DAY else day


def part_of(part: DatePart, seconds: float, since: int) -> float:
    """A part of a date as a number; ``since`` are the seconds that ``days`` counts from. A weekday is 0 on Mondays."""
    moment = _EPOCH + timedelta(seconds=seconds)
    match part:
        case "year":
            return float(moment.year)
        case "days":
            return (seconds - since) / DAY
        case "month":
            return float(moment.month)
        case "weekday":
            return float(moment.weekday())
        case "hour":
            return seconds % DAY / 3_600.0
