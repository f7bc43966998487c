"""Text in columns, as terminals and formatters count them."""

import unicodedata
from functools import cache

_JOINED = range(0x1160, 0x1200)
"""Vowels and last consonants of Hangul: they are part of the syllable before them."""


def columns(text: str) -> int:
    """The columns that a text takes: characters of East Asia are wide, combining and invisible ones take none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with spaces up to a width in columns, after it or, flush right, before it."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in _JOINED:
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")
