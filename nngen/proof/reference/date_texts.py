"""Dates and times as a column writes them, by the calendar of NumPy: modules compute theirs by an integer formula."""

import re
from typing import Any

import numpy as np

from nngen.description.model import Dated
from nngen.proof.reference.generator import Array

_TIME = re.compile(
    r"(?:[T ]([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)?)?"
)
"""What may follow a date; fractions of a second and the zone do not count."""


def moment(text: str, form: str) -> np.datetime64:
    """The date and time in a text without spaces around it, of a form or of ISO 8601.

    Raises:
        ValueError: it is none.
    """
    order, mark = {
        "YYYY-MM-DD": ("ymd", "-"),
        "YYYY/MM/DD": ("ymd", "/"),
        "DD.MM.YYYY": ("dmy", "."),
        "DD/MM/YYYY": ("dmy", "/"),
        "MM/DD/YYYY": ("mdy", "/"),
        "DD-MM-YYYY": ("dmy", "-"),
        "MM-DD-YYYY": ("mdy", "-"),
    }[form]
    if re.match("[0-9]{4}-", text):
        order, mark = "ymd", "-"
    sizes = {"y": "{4}", "m": "{1,2}", "d": "{1,2}"}
    found = re.match(re.escape(mark).join(f"([0-9]{sizes[letter]})" for letter in order), text)
    time = _TIME.fullmatch(text, found.end()) if found else None
    if found is None or time is None:
        raise ValueError(f"no date: {text!r:.80}")
    fields = dict(zip(order, map(int, found.groups()), strict=True))
    if fields["y"] == 0:
        raise ValueError("there is no year 0")
    day = np.datetime64(f"{fields['y']:04}-{fields['m']:02}-{fields['d']:02}", "s")
    hour, minute, second = (int(part or 0) for part in time.groups())
    return day + np.timedelta64(3600 * hour + 60 * minute + second, "s")


def inputs(column: Dated, part: str, moments: Any) -> list[Array]:
    """The numbers of a part, or the two coordinates of its points on a circle; each has the shape of ``moments``."""
    days = moments.astype("datetime64[D]")
    months = moments.astype("datetime64[M]").astype(np.int64)
    time = (moments - days).astype(np.int64)
    match part:
        case "year":
            return [np.floor_divide(months, 12) + 1970.0]
        case "days":
            return [(moments - np.datetime64(column.since, "s")).astype(np.int64) / 86_400.0]
        case "month":
            share = (np.mod(months, 12) + 1.0) / 12.0
        case "weekday":
            share = np.mod(days.astype(np.int64) - 4, 7) / 7.0  # the first Monday was the fifth day of 1970
        case _:
            share = time / 3_600.0 / 24.0
    return [np.sin(2.0 * np.pi * share), np.cos(2.0 * np.pi * share)]
