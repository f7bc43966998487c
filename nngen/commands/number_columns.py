"""How the columns of a table write numbers, judged by all of them: the decimal mark of one tells that of another.

A user may also state it, in place of what a spec states.
"""

import json
import re
from collections.abc import Iterator, Mapping

from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import printable
from nngen.description.data import MISSING, Expected, Frame, Guess, classes_of, guess, in_style, is_number, number_style
from nngen.description.model import MAX_MISSING_TEXTS, NumberStyle, Numeric, Spec, Table

_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A plain number whose point may be between thousands."""


@dataclass(frozen=True)
class Written:
    """How a column of numbers writes them, where they are not plain or can be read in two ways."""

    style: NumberStyle | None
    """None if the numbers are plain."""
    stated: str
    """The style as a spec states it; empty if the numbers are plain."""
    example: str
    """A text of the column, and the number that it is."""
    missing: tuple[str, ...]
    """The texts that mean a missing value besides the usual ones."""
    rows: int
    """The rows with such a text."""
    unclear: str
    """What it means in the other way, of a column that can be read in two ways; empty for others."""
    other: str
    """The style of the other way as a spec states it."""

    def said(self, field: str) -> str:
        """What to know of a column that can be read in two ways; ``field`` states the style in a spec."""
        return f"{self.example}; if it means {self.unclear}, write `{field}: {self.other}`"

    def expected(self, name: str, advice: str = "") -> Expected:
        """What the column has to hold; with advice about them, missing values are mistakes."""
        gaps, markers = not advice, (*MISSING, *self.missing)
        style = self.style or NumberStyle()
        return Expected(name, "number", gaps=gaps, help=advice, empty=advice, markers=markers, style=style)


def number_columns(frame: Frame, decimal: str | None = None) -> Mapping[str, Written]:
    """The columns of numbers that are not plain or can be read in two ways, by their names.

    ``decimal`` is the sign that a user states for columns that can be read in two ways; None to judge.
    """
    found: dict[str, Guess] = {}
    marks: set[str] = set()
    for name in frame.names:
        if frame.is_numeric(name):
            if not frame.has_points(name):
                continue  # there is nothing to guess, as in most columns of numbers
            if any("." in text and not _GROUPED.fullmatch(text) for text in frame.different(name)):
                marks.add(".")
                continue
        guessed = guess(frame.counts(name))
        if guessed is not None:
            found[name] = guessed
            marks.add("," if guessed.grouped and frame.separator != "," else guessed.shows)
    if decimal == "," or (decimal is None and marks - {""} == {","}):
        again = {name for name, each in found.items() if each.other or not each.is_plain}
        found |= {name: better for name in again if (better := guess(frame.counts(name), comma=True))}
    if decimal is None and (frame.separator == "," or "." in marks):  # a decimal comma needs quotes between commas
        decimal = "."
    every = {
        name: _written(each, clear=each.style.decimal == decimal and not (each.grouped and each.is_plain))
        for name, each in found.items()
    }
    return {name: each for name, each in every.items() if each.stated or each.missing or each.unclear}


def with_commas(frame: Frame, styles: Mapping[str, Written]) -> Written | None:
    """How a later table may write whole numbers of this one, if it has decimal commas: with points between thousands.

    None if another way is possible: a column has decimal points, or no column has a decimal comma.
    """
    commas = [each.style for each in styles.values() if each.style and each.style.decimal == ","]
    plain = [name for name in frame.names if name not in styles and frame.is_numeric(name)]
    if not frame.separator or not commas or any(map(frame.has_points, plain)):
        return None
    style = NumberStyle(thousands=next(filter(None, (each.thousands for each in commas)), "."), decimal=",")
    return Written(style, number_style(style), f"a later {show(in_style(style, 1200.0))} is 1200", (), 0, "", "")


def numbers_but_for(whole: Frame, kept: Frame, styles: Mapping[str, Written]) -> dict[str, Written]:
    """Columns of plain numbers with other texts in rows that are left out, as units below the names of columns.

    Training reads and checks the ``whole`` table, and learns from the rows that are ``kept``.
    """
    found = {}
    for name in whole.names if len(kept) < len(whole) else ():
        if name in styles or whole.is_numeric(name) or not kept.is_numeric(name):
            continue
        counts = whole.counts(name)
        others = tuple(text for text in counts if not is_number(text))
        if len(others) <= MAX_MISSING_TEXTS:
            rows = sum(counts[text] for text in others)
            found[name] = Written(NumberStyle(), "", "", others, rows, "", "")
    return found


def _written(found: Guess, *, clear: bool) -> Written:
    stated = "" if found.is_plain and not found.style.marks else number_style(found.style)
    other = None if clear else found.other
    return Written(
        style=found.style if stated or found.missing else None,
        stated=stated,
        example=f"{printable(show(found.example))} is {found.value()}",
        missing=found.missing,
        rows=found.rows,
        unclear=found.value(other=True) if other else "",
        other=number_style(other) if other and other.marks else '{decimal: "."}',
    )


OTHER = {",": ".", ".": ","}
"""The sign between thousands where the other one is the decimal sign."""


def in_decimal(spec: Spec, sign: str) -> Iterator[str]:
    """Values of a spec, as ``--set`` takes them, by which its columns of numbers have this decimal sign."""
    columns = [_styled(column, sign) if isinstance(column, Numeric) else None for column in spec.columns]
    if any(columns) and not isinstance(spec.inputs, tuple):  # a group of columns that are all alike
        yield f"inputs=[{', '.join(filter(None, columns))}]"
    else:
        yield from (f"inputs.{place}={text}" for place, text in enumerate(columns) if text)
    if isinstance(spec.data, Table) and not classes_of(spec, spec.data):
        yield f"data.target_number={json.dumps(_style(spec.data.target_number, sign))}"


def _styled(column: Numeric, sign: str) -> str:
    stated = column.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return json.dumps({**stated, "number": _style(column.number, sign)}, ensure_ascii=False)


def _style(style: NumberStyle | None, sign: str) -> dict[str, str]:
    """A style with another decimal sign. Between thousands is the other one, if it was one of them or nothing."""
    stated = {} if style is None else dict(style.marks)
    between = stated.get("thousands") or OTHER[sign]
    return {**stated, "decimal": sign, "thousands": OTHER[sign] if between in OTHER else between}
