"""The cells of a table as the rules for cells read them, independent of ``nngen.description.data``."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nngen.description.model import Column, Dated, Numeric
from nngen.proof.reference import date_texts, number_texts
from nngen.proof.reference.generator import Array

_GAPS = {"", "?", "NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan"}
"""Texts that are missing values, unless the column lists them."""


def bare(text: str) -> str:
    """A text without white space of ASCII at its ends."""
    return text.strip(" \t\n\v\f\r")


def _is_gap(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def moments_of(column: Dated, values: Sequence[object]) -> Any:
    """The dates of a column, as ``datetime64[s]``; NaT for missing ones."""
    texts = [None if _is_gap(value) else bare(str(value)) for value in values]
    found = [
        np.datetime64("NaT", "s") if text is None or text in _GAPS else date_texts.moment(text, column.date)
        for text in texts
    ]
    return np.array(found, "datetime64[s]")


def floats(column: Column, values: Sequence[object], largest: float = 1e100) -> Array:
    """The numbers of a column, NaN for missing ones. A text is a number of decimal digits, as in a table."""
    return np.array([_float(column, value, largest) for value in values], np.float64)


def _float(column: Column, value: object, largest: float) -> float:
    if isinstance(value, str) and isinstance(column, Numeric) and column.style is not None:
        written = number_texts.even(value)
        if written in _GAPS or written in map(bare, column.missing_texts):
            return math.nan
        value = number_texts.number(written, column.style)
    elif _is_gap(value) or (isinstance(value, str) and bare(value) in _GAPS):
        return math.nan
    text = bare(value) if isinstance(value, str) else None
    if text is not None and re.fullmatch(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        value = float(text)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -largest <= value <= largest:
        raise ValueError(f"{column.column}: no number: {value!r:.80}")
    return float(value)


def text_of(column: Column, value: object, known: Sequence[str]) -> str | None:
    """A value in the form of the known texts; None if it is missing."""
    if isinstance(value, str):
        text = bare(value)
        return None if text in _GAPS and text not in known else _truth(text, known)
    if _is_gap(value):
        return None
    if isinstance(value, bool):
        forms = [str(value), str(value).lower()]
    elif isinstance(value, int | float):
        is_whole = isinstance(value, int) or value.is_integer()
        forms = [f"{int(value)}", f"{int(value)}.0"] if is_whole else [repr(value)]
    else:
        raise ValueError(f"{column.column}: neither a text nor a number: {value!r:.80}")
    return next((form for form in forms if form in known), _truth(forms[0], known))


def _truth(text: str, known: Sequence[str]) -> str:
    """A text, or the known spelling of the truth value that it means where both are known."""
    sides = [[word, word.lower(), word.upper(), digit] for word, digit in (("True", "1"), ("False", "0"))]
    spelled = [[form for form in side[:3] if form in known] for side in sides]
    if text in known or not all(spelled):
        return text
    return next((forms[0] for side, forms in zip(sides, spelled, strict=True) if text in side), text)
