"""Judges by the texts of a column how it writes numbers, and which texts mean a missing value there.

The rules are in ``docs/init.md``.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice, product
from math import isfinite
from typing import Any

from nngen.common.records import dataclass
from nngen.description.data.number_texts import PLAIN, even, plain
from nngen.description.model import SIGNS, NumberStyle

SHARE = 0.99
"""The share of the values that have to be numbers of one style."""

MAX_ODD = 20
"""Different texts of a column of numbers that are none and do not look like a missing value."""

MIN_NUMBERS = 12
"""Different numbers of a column in which a text such as ``>89`` is a number and no category."""

SAMPLE = 1_000
"""Different texts that are tried with every style; the others only with those that fit these."""

ENOUGH = 0.9
"""The share of the sample that a style has to fit."""

LONGEST = 100
"""Characters of a text that may be a number."""

MAX_SYMBOL = 4
"""Characters of the symbol of a currency, such as ``US$``."""

LOOKS_MISSING = frozenset(
    "#n/a #na n/a n.a. n.a na n/d n.d. nd - -- --- \u2013 \u2014 ? ?? none null (null) nil nan -nan <na> nat . .. ... "
    "missing unknown #null! #value! #div/0! #num! #ref! #name?".split()
)
"""Texts that mean a missing value between numbers, in small letters."""

_plain = partial(plain, strict=True)
"""The reading of a style alone, which the texts of its column must show."""

_CODES = frozenset(
    "AED ARS AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NGN NOK NZD PHP "
    "PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR Fr. Kr. Kč kr kr. zł Rs Rs.".split()
)
BOUNDS = frozenset("> < >= <= \u2265 \u2264 ~".split())
"""Marks before a number that say that the value is about it, or beyond it."""

_UNITS = frozenset("% \u2030 \u00b0 \u00b0C \u00b0F \u2103 \u2109 mg g kg t mm cm m km mi ft ml l h min s".split())

_SEPARATORS: Sequence[tuple[Any, Any]] = (
    (None, "."),
    (",", "."),
    (None, ","),
    (".", ","),
    (" ", "."),
    (" ", ","),
    ("'", "."),
    ("'", ","),
)
"""Characters between thousands and before decimals; of those that fit alike, the first is taken."""

_COMMA_FIRST = sorted(_SEPARATORS, key=lambda pair: (pair[1] != ",", pair[0] in (" ", "'")))
"""The same order where another column shows a decimal comma."""


@dataclass(frozen=True)
class Guess:
    """How a column writes numbers."""

    style: NumberStyle
    missing: tuple[str, ...]
    """The texts that mean a missing value besides the usual ones, in the order of the alphabet."""
    rows: int
    """The rows with such a text."""
    example: str
    """A text that has marks of the style; empty if there are none."""
    shows: str
    """The decimal mark that the texts allow alone; empty if they allow both."""
    other: NumberStyle | None
    """Another style that reads the example as another number, and fits all texts, too."""
    is_plain: bool
    """Whether no number needs a style."""
    grouped: bool = False
    """Whether the texts look like thousands: others, without a mark, have at most three digits, as 583 beside 9.117."""

    def value(self, *, other: bool = False) -> str:
        """The number that the example is in plain writing, by its style or by the other one."""
        style = self.other if other and self.other else self.style
        return f"{float(_plain(self.example, style)):.15g}" if self.example else ""


def guess(texts: Iterable[str], *, comma: bool = False) -> Guess | None:
    """How a column writes numbers; None if it is no column of numbers.

    ``comma`` says that a decimal comma is the likelier one where the texts allow both.
    """
    counts = Counter(texts)
    values = {text: count for text, count in counts.items() if even(text).casefold() not in LOOKS_MISSING | {""}}
    total = sum(values.values())
    first = dict(islice(values.items(), SAMPLE))
    separators = _COMMA_FIRST if comma else _SEPARATORS
    if not any(_read(first, style) >= ENOUGH * sum(first.values()) for style in _styles(first, separators)):
        return None
    styles = [style for style in _styles(values, separators) if _read(first, style) >= ENOUGH * sum(first.values())]
    found = [(_read(values, style), style) for style in styles]
    most = max(count for count, _ in found)
    best = [style for count, style in found if count == most]
    return _of(best, counts, values) if 0 < SHARE * total <= most else None


def _of(best: Sequence[NumberStyle], counts: Mapping[str, int], values: Mapping[str, int]) -> Guess | None:
    style = best[0]
    odd = [text for text in values if not _plain(text, style)]
    if len(odd) > MAX_ODD:
        return None
    gaps = sorted({*odd, *(text for text in counts if text not in values and even(text))})
    read = [text for text in values if text not in {*odd}]
    marked = [text for text in read if not PLAIN.fullmatch(text)]
    pointed = [text for text in read if style.decimal in even(text) or (style.thousands and style.thousands in text)]
    example = max(pointed or marked, key=lambda text: (len(text), text), default="")
    others = (each for each in best if example and float(_plain(example, each)) != float(_plain(example, style)))
    decimals = {each.decimal for each in best}
    other = next(others, None)
    short = {digits for text in {*read} - {*pointed} if (digits := re.sub("[^0-9]", "", text)).strip("0")}
    return Guess(
        style=style,
        missing=tuple(gaps),
        rows=sum(counts[text] for text in gaps),
        example=example,
        shows=style.decimal if len(decimals) == 1 and pointed else "",
        other=other,
        is_plain=not marked,
        grouped=other is not None and len(short) > 1 and max(map(len, short)) <= 3,
    )


def _read(values: Mapping[str, int], style: NumberStyle) -> int:
    """The rows whose text is a number of the style."""
    return sum(count for text, count in values.items() if _plain(text, style))


def _styles(values: Mapping[str, int], separators: Sequence[tuple[Any, Any]]) -> list[NumberStyle]:
    """The styles that some texts may have."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    ends = ["before"]
    marks = _CODES | BOUNDS if _has_bounds(values) else _CODES
    for text, count in values.items():
        digits = [*_DIGIT.finditer(text)] if len(text) <= LONGEST else []
        if digits:
            left, right = even(text[: digits[0].start()]), even(text[digits[-1].end() :])
            before[_known(left, marks)] += count
            after[_known(right, _CODES | _UNITS)] += count
            ends += ["after"] if right.endswith(tuple(SIGNS)) else []
            ends += ["parentheses"] if ")" in right else []
    prefix, suffix = (next((mark for mark, _ in found.most_common() if mark), None) for found in (before, after))
    ways: list[Any] = [*dict.fromkeys(reversed(ends if ends.count("after") < len(values) else ["before"]))]
    there = {character for text in values for character in even(text).replace("\u2019", "'")}
    return [
        NumberStyle(thousands=thousands, decimal=decimal, prefix=prefix, suffix=suffix, minus=minus)
        for (thousands, decimal), minus in product(separators, ways)
        if (thousands in there if thousands else decimal in there or (thousands, decimal) == separators[0])
    ]


def _has_bounds(values: Mapping[str, int]) -> bool:
    """Whether some texts of numbers may be bounds, such as ``>89`` among ages; few different ones are categories."""
    plain = [text for text in values if not text.startswith(tuple(BOUNDS))]
    return len(values) > len(plain) >= MIN_NUMBERS and 2 * sum(values[text] for text in plain) >= sum(values.values())


_DIGIT = re.compile(r"[0-9]")


def _known(around: str, listed: frozenset[str]) -> str:
    """The mark in what is around a number; empty if it is no currency and no unit."""
    bare = around.strip(f" (){SIGNS}")
    for mark in (bare, bare.strip(".,")):
        is_symbol = mark and unicodedata.category(mark[-1]) == "Sc"
        if mark in listed or (is_symbol and f"{mark[:-1]}A".isalpha() and len(mark) <= MAX_SYMBOL):
            return mark
    return ""


def written(style: NumberStyle) -> str:
    """A style as a spec states it, such as ``{thousands: ",", prefix: "$"}``."""
    marks = style.marks or {"minus": "before"}
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in marks.items() if name != "minus"}
    shown = (f"{name}: {quoted.get(name, value)}" for name, value in marks.items())
    return "{" + ", ".join(shown) + "}"


def advice_on_number(text: str, field: str) -> str:
    """The advice about a text in a column of plain numbers: the field that would read it; empty if none does."""
    if field == "number" and even(text).casefold() in LOOKS_MISSING:
        return f"if it means a missing value, list it: `missing_texts: [{json.dumps(text, ensure_ascii=False)}]`"
    readings: dict[str, str] = {}
    for style in () if PLAIN.fullmatch(text) else _styles({text: 1}, _SEPARATORS):
        read = _plain(text, style)
        if read and isfinite(float(read)):
            readings.setdefault(f"{float(read):.15g}", written(style))
    return "; ".join(f"`{field}: {style}` reads it as {value}" for value, style in readings.items())
