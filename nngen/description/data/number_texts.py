"""Numbers as people write them: the texts of a style, and what they are in plain writing."""

import re
from collections.abc import Sequence

from nngen.description.model import SIGNS, NumberStyle

SPACES = " \t\n\v\f\r"
"""Characters that do not count around a text."""

PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
"""A number in plain writing."""

_LIKE_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))
"""The no-break, thin and narrow no-break space, which stand between groups of digits, and before a mark."""

_DIGITS = "0123456789"

_PLAIN, _POINTS = NumberStyle(), NumberStyle(thousands=".", decimal=",")


def even(text: str) -> str:
    """A text of a column with a style: all its spaces are plain, and none are around it."""
    return text.translate(_LIKE_SPACES).strip(SPACES)


def plain(text: str, style: NumberStyle, *, strict: bool = False) -> str:
    """A number in plain writing, such as ``-1234.5`` for ``-$1,234.50``; empty if the text is no number of the style.

    Where decimals follow a comma, a point is read as programs write it, unless it may stand between thousands:
    ``1234.5``, but not ``1.234``. With ``strict`` there are only numbers of the style.

    It takes time in proportion to the length of the text.
    """
    text, sign = even(text), ""
    marks = [style.prefix, style.suffix]
    while True:
        text = text.strip(" ")
        if marks[0] and text.startswith(marks[0]):
            text, marks[0] = text[len(marks[0]) :], None
        elif marks[1] and text.endswith(marks[1]):
            text, marks[1] = text[: -len(marks[1])], None
        elif not sign and text.startswith(tuple(SIGNS)):
            text, sign = text[1:], "+" if text[0] == "+" else "-"
        elif not sign and style.minus == "after" and text.endswith(tuple(SIGNS)) and text[-2:-1] not in (".", ","):
            text, sign = text[:-1], "+" if text[-1] == "+" else "-"  # 5.- is a price without cents
        elif not sign and style.minus == "parentheses" and text.startswith("(") and text.endswith(")"):
            text, sign = text[1:-1], "-"
        else:
            break
    digits = _without_groups(text, style if strict else _as_written(text, style))
    return digits and sign + digits


def _as_written(text: str, style: NumberStyle) -> NumberStyle:
    """The style of a number without a sign: that of the column, or, after a decimal point, that of programs."""
    mantissa = text.replace("E", "e").partition("e")[0]
    whole, point, decimals = mantissa.partition(".")
    if style.decimal == "." or not point or "." in decimals or "," in mantissa:
        return style
    if _fit([whole, decimals], _POINTS):
        return style
    return _PLAIN


def _without_groups(text: str, style: NumberStyle) -> str:
    """A number without a sign in plain writing; empty if the text is none."""
    mantissa, mark, power = text.replace("E", "e").partition("e")
    if mark and not _all_digits(power[1:] if power[:1] in ("+", "-") else power):
        return ""
    whole, _, decimals = mantissa.partition(style.decimal)
    groups = [whole]
    if style.thousands:
        groups = (whole.replace("\u2019", "'") if style.thousands == "'" else whole).split(style.thousands)
    if len(groups) > 1 and not _fit(groups, style):
        return ""
    joined = "".join(groups)
    return f"{joined}.{decimals}{mark}{power}" if _all_digits(joined + decimals) else ""


def _fit(groups: Sequence[str], style: NumberStyle) -> bool:
    """Whether several groups of digits are a number: 1,234,567, or 12,34,567 as India writes it; not 0,123."""
    first, *middle, last = map(len, groups)
    if not first or groups[0][0] == "0" or last != 3:
        return False
    return (first <= 3 and {*middle} <= {3}) or (style.thousands == "," and first <= 2 and {*middle} == {2})


def _all_digits(text: str) -> bool:
    return text != "" and not text.strip(_DIGITS)


def in_style(style: NumberStyle, value: float = 1234.5) -> str:
    """A number as the style writes it, such as ``$1,234.5``; of a negative one the minus is where it belongs."""
    whole, _, decimals = f"{abs(value):.10f}".rstrip("0").partition(".")
    grouped = f"{int(whole):,}".replace(",", style.thousands or "")
    text = f"{style.prefix or ''}{grouped}{style.decimal + decimals if decimals else ''}{style.suffix or ''}"
    if value >= 0.0:
        return text
    return {"before": f"-{text}", "after": f"{text}-", "parentheses": f"({text})"}[style.minus]
