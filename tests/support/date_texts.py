"""Random texts of dates, right and wrong ones, for columns of each form, and what Python's datetime makes of them."""

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from nngen.description.data import encoding
from nngen.description.model import DateForm, Spec
from nngen.proof.reference import Encoder

FORMS: tuple[DateForm, ...] = get_args(DateForm)
NAMES = [f"d{place}" for place in range(len(FORMS))]
WIDTH = 8
"""Inputs of a column."""

SPEC = Spec.model_validate(
    {
        "name": "dated",
        "inputs": [
            {
                "name": name,
                "date": form,
                "parts": ["year", "days", "month", "weekday", "hour"],
                "since": "2000-02-29",
                "missing": "1969-07-20 20:17",
                "scale": {"name": "standardize", "mean": [2000.0, 7.5], "deviation": [4.0, 100.0]},
                "indicator": name == NAMES[-1],
            }
            for name, form in zip(NAMES, FORMS, strict=True)
        ],
        "layers": [{"name": "output", "units": ["answer"], "activation": "linear"}],
        "loss": "squared_error",
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
    }
)
ENCODING = encoding(SPEC, Path())
ENCODER = Encoder(SPEC, {})
_TIMES = ["", "", "T%H:%M", " %H:%M", " %H:%M:%S", "T%H:%M:%S.250", "T%H:%MZ", "T%H:%M:%S+02:00", " %H:%M-0530"]
_DAYS = ["0", "00", "29", "30", "31", "32", "1", "001"]
_MONTHS = ["0", "2", "02", "4", "12", "13", "\u0664"]
_YEARS = ["1900", "2000", "2023", "2024", "0000", "0001", "9999", "24", "10000"]
_ENDS = [
    "",
    "",
    "",
    "T24:00",
    " 23:59:59",
    " 12:60",
    " 1:05",
    " 12",
    "T12:30:60",
    "  12:30",
    " 12:30 PM",
    " 12:30+2",
    "x",
]


def moments(count: int, seed: int) -> list[datetime]:
    """Random moments of all years, and some around leap days and the turns of centuries."""
    source = random.Random(seed)
    spread = int((datetime.max - datetime.min).total_seconds()) - 86_400
    made = [datetime.min + timedelta(seconds=source.randrange(spread)) for _ in range(count)]
    for year in (4, 1582, 1600, 1900, 1970, 2000, 2023, 2024, 2100):
        made += [datetime(year, 3, 1) - timedelta(seconds=second) for second in (1, 0, 86_400, 86_401)]
        made += [datetime(year, 1, 1), datetime(year, 12, 31, 23, 59, 59)]
    return made


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """Rows with a text for each column."""
    source = random.Random(seed)
    for moment in moments(count, seed):
        yield [_text(form, moment, source) for form in FORMS]


def _text(form: str, moment: datetime, source: random.Random) -> str:
    """A date in a form or in ISO 8601, or a text that is near to one."""
    if source.random() < 0.3:
        parts = {"YYYY": source.choice(_YEARS), "MM": source.choice(_MONTHS), "DD": source.choice(_DAYS)}
        time = source.choice(_ENDS)
    else:
        digits = source.choice(["", "0"])
        parts = {"YYYY": f"{moment.year:04}", "MM": f"{moment.month:{digits}2}", "DD": f"{moment.day:{digits}2}"}
        parts = {name: digits.strip() for name, digits in parts.items()}
        time = moment.strftime(source.choice(_TIMES))
    text = source.choice([form, form, form, "YYYY-MM-DD"])
    for name, digits in parts.items():
        text = text.replace(name, digits)
    return source.choice(["", "", " ", "\t"]) + text + time


def inputs(moment: datetime) -> list[float]:
    """The inputs of a column for a moment, by the calendar of Python."""
    day = moment - moment.replace(hour=0, minute=0, second=0)
    circles = [(moment.month, 12), (moment.weekday(), 7), (day / timedelta(hours=1), 24)]
    points = [turn(2.0 * math.pi * value / period) for value, period in circles for turn in (math.sin, math.cos)]
    days = (moment - datetime(2000, 2, 29)) / timedelta(days=1)
    return [(moment.year - 2000.0) / 4.0, (days - 7.5) / 100.0, *points]


def right(row: list[str]) -> list[Any]:
    """The inputs for each text by the reference, and None where it refuses it."""
    found: list[Any] = []
    for place, (name, text) in enumerate(zip(NAMES, row, strict=True)):
        others = {other: [None] for other in NAMES}
        try:
            found.append(ENCODER.encode({**others, name: [text]})[0, place * WIDTH : (place + 1) * WIDTH].tolist())
        except ValueError:
            found.append(None)
    return found
