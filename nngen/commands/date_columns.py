"""Columns of dates in a table: their form, judged by all values, and the parts that tell something."""

import re
from collections.abc import Collection, Iterable, Sequence

from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import printable
from nngen.description.data import FORMS, date, in_form, part_of
from nngen.description.model import DateForm, DatePart

_LIKE = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ]\d{1,2}:\d{2}.*)?", re.ASCII)

_TIME = re.compile(r"\d{1,3}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?", re.ASCII)

_MONTH = r"(Jan|Feb|Ma[ryi]|Apr|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])[a-z]*\.?"
_OTHERS = (
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}",
    r"\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}",
    rf"\d{{1,2}}[-/. ]+{_MONTH}[-/., ]*(\d{{4}}|\d{{2}})",
    rf"{_MONTH}[-/. ]*(\d{{1,2}},? )?\d{{4}}",
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?= .*[AP]\.?M)",
)
_OTHER = re.compile(rf"({'|'.join(_OTHERS)})([T ]+\d{{1,2}}:\d{{2}}.*)?", re.ASCII | re.IGNORECASE)
"""Dates with two digits of the year, without a day, with the name of a month, or with a time of twelve hours."""


@dataclass(frozen=True)
class Dates:
    """A column of dates."""

    column: str
    form: DateForm
    first: str
    """The first date, as ISO 8601 writes it; ``last`` is the last one."""
    last: str
    parts: tuple[DatePart, ...]
    """The parts that differ between its rows; the days also tell the year."""
    gaps: int
    indicator: bool
    """Whether an input says that the value is missing."""
    unclear: str
    """A sentence if the column can be read in two ways; otherwise empty."""


def like_dates(texts: Iterable[str]) -> bool:
    """Whether all texts look like dates, also in forms that nngen does not read."""
    return all(map(_LIKE.fullmatch, texts))


def written_otherwise(texts: Collection[str]) -> str:
    """Why a column of times, or of dates that are written as nngen does not read them, is no input; else empty."""
    if all(map(_TIME.fullmatch, texts)):
        return f"times such as {show(next(iter(texts)))}: write them as numbers, such as 14.5 for 14:30"
    if all(map(_OTHER.fullmatch, texts)):
        return f"dates such as {show(next(iter(texts)))}: write them as 2024-05-17, as `pandas.to_datetime` does"
    return ""


def dates_of(column: str, texts: Sequence[str], gaps: int, *, indicator: bool) -> Dates:
    """The form, the range and the parts of a column of dates, from its texts without missing ones.

    Raises:
        ValueError: a text is no date, or has another form than most; the message says so.
    """
    different = [*dict.fromkeys(texts)]
    fitting = [form for form in FORMS if _misfit(form, different) is None]
    if not fitting:
        form = min(FORMS, key=lambda form: sum(_misfit(form, [text]) is not None for text in different))
        raise ValueError(_misfit(form, different))
    form = fitting[0]
    moments = sorted({date(text, form) for text in different})
    parts: list[DatePart] = ["days", "month", "weekday", "hour"]
    low, high = (in_form(moment)[:10] for moment in (moments[0], moments[-1]))
    unclear = ""
    told = (text for text in different if len({date(text, each) for each in fitting[:2]}) > 1)
    text = next(told, None) if len(fitting) > 1 and different[0].find("-") != 4 else None
    if text is not None:
        meant, other = (in_form(date(text, each))[:10] for each in fitting[:2])
        example = printable(show(text))
        unclear = f"{example} is {meant}; if it means {other}, write `date: {fitting[1]}`"
    return Dates(
        column=column,
        form=form,
        first=low,
        last=high,
        parts=tuple(part for part in parts if len({part_of(part, moment, 0) for moment in moments}) > 1),
        gaps=gaps,
        indicator=indicator,
        unclear=unclear,
    )


def _misfit(form: DateForm, texts: Sequence[str]) -> str | None:
    """What is wrong with the first text that is no date of a form; None if there is none."""
    for text in texts:
        try:
            date(text, form)
        except ValueError as error:
            return str(error)
    return None
