"""Plain scalars: the core schema of YAML 1.2.2, section 10.3.2, which includes those of JSON."""

import math
import re

from nngen.common.diagnostics import show

MAX_DIGITS = 30
"""Digits of a whole number; a float has 17, and Python reads at most 4,300."""

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NOT_FINITE_IN_JSON = re.compile(r"-?Infinity|NaN")


def scalar(text: str, *, is_json: bool) -> object:
    """The value of a scalar without quotes: None, a bool, a number, or else the text itself.

    Raises:
        ValueError: a number is not finite or is too long.
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"the number has more than {MAX_DIGITS} digits")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        if math.isinf(float(text)):
            raise ValueError(f"{show(text)[1:-1]} is too large: the largest number is 1.8e308")
        return float(text)
    if (_NOT_FINITE_IN_JSON if is_json else _NOT_FINITE).fullmatch(text):
        raise ValueError(f"{text} is not a finite number")
    return text
