"""Numbers as a column writes them, by a grammar: ``nngen.description.data`` takes a text apart from its ends."""

import re
from functools import cache

from nngen.description.model import NumberStyle

_SIGN = "[-+\u2212]"


def even(text: str) -> str:
    """A text with plain spaces for the no-break, thin and narrow no-break ones, and none at its ends."""
    return re.sub("[\u00a0\u2009\u202f]", " ", text).strip(" \t\n\v\f\r")


def number(text: str, style: NumberStyle) -> float | None:
    """The number in a text, whose spaces are even; None if the text is no number of the style.

    Before the digits are a mark and a sign, after them a mark and, in some styles, the sign; each at most once.
    """
    found = _grammar(style).fullmatch(text)
    if found is None and style.decimal == ",":  # it may be of a program
        found = _grammar(style.model_copy(update={"decimal": ".", "thousands": None})).fullmatch(text)
        found = None if found and re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", found[2] + (found[3] or "")) else found
    if found is None:
        return None
    before, whole, decimals, power, after = (part or "" for part in found.groups())
    if not whole and not decimals.strip(".,"):
        return None
    left, right = _tokens(before, style.prefix), _tokens(after, style.suffix)
    around = "(" in left or ")" in right
    if around and (style.minus != "parentheses" or "(" not in left or ")" not in right):
        return None
    signs = re.findall(f"{_SIGN}|[(]", "".join(left + right))
    if len(signs) > 1 or len({*left}) < len(left) or len({*right}) < len(right):
        return None
    size = float(re.sub("[^0-9]", "", whole) + "." + decimals[1:] + power)
    return -size if signs and signs[0] != "+" else size


def _tokens(text: str, mark: str | None) -> list[str]:
    """The mark, the signs and the brackets in what is around a number."""
    marks = [re.escape(mark)] if mark else []
    return re.findall("|".join([*marks, _SIGN, "[()]"]), text)


@cache
def _grammar(style: NumberStyle) -> re.Pattern[str]:
    """What is before a number, its whole part, its decimals, its exponent, and what is after it."""
    marks = [[re.escape(mark)] if mark else [] for mark in (style.prefix, style.suffix)]
    before = "|".join([*marks[0], _SIGN, r"\(", " "])
    signs = [rf"(?<![.,]){_SIGN}"] if style.minus == "after" else []
    after = "|".join([*marks[1], *signs, r"\)", " "])
    between = {None: "", "'": "['\u2019]"}.get(style.thousands, re.escape(style.thousands or ""))
    grouped = rf"[1-9][0-9]{{0,2}}(?:{between}[0-9]{{3}})+|" if between else ""
    grouped += "[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}|" if style.thousands == "," else ""  # lakhs and crores
    return re.compile(
        rf"((?:{before})*+)({grouped}[0-9]*)({re.escape(style.decimal)}[0-9]*)?([eE][-+]?[0-9]+)?((?:{after})*)"
    )
