"""Characters that deceive a reader: invisible ones, and letters that look like others."""

import unicodedata
from collections.abc import Mapping

# The characters of Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt 15.0) that Python calls printable,
# and the braille pattern without dots: all of them are part of a text, but invisible.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0").union(
    map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0))
)

# The letters of these scripts that look like Latin letters, from Unicode's confusables.txt (UTS 39).
# fmt: off
_LOOKS_LIKE: Mapping[int, str] = {
    # Cyrillic
    0x0410: "A", 0x0412: "B", 0x0415: "E", 0x0405: "S", 0x0406: "I", 0x0408: "J", 0x041A: "K", 0x041C: "M",
    0x041D: "H", 0x041E: "O", 0x0420: "P", 0x0421: "C", 0x0422: "T", 0x0423: "Y", 0x0425: "X", 0x0430: "a",
    0x0435: "e", 0x0455: "s", 0x0456: "i", 0x0458: "j", 0x043E: "o", 0x0440: "p", 0x0441: "c", 0x0443: "y",
    0x0445: "x", 0x0501: "d", 0x051B: "q", 0x051D: "w", 0x04BB: "h", 0x04CF: "l",
    # Greek
    0x0391: "A", 0x0392: "B", 0x0395: "E", 0x0396: "Z", 0x0397: "H", 0x0399: "I", 0x039A: "K", 0x039C: "M",
    0x039D: "N", 0x039F: "O", 0x03A1: "P", 0x03A4: "T", 0x03A5: "Y", 0x03A7: "X", 0x03BF: "o", 0x03BD: "v",
    0x03B3: "y",
    # Armenian
    0x0555: "O", 0x054D: "U", 0x0585: "o", 0x0578: "n", 0x057D: "u", 0x0581: "g", 0x0570: "h",
}
# fmt: on

_ALPHABETS = ("LATIN", "CYRILLIC", "ARMENIAN", "CHEROKEE")
"""Scripts with letters that look alike; others, such as Chinese, may be mixed with Latin (UTS 39, section 5.2)."""


def unseen(text: str) -> str | None:
    """The code point and name of the first invisible character of a text but line breaks; None if there is none."""
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if character != "\n" and (character in _UNSEEN or not character.isprintable()):
            name = unicodedata.name(character, "")
            return f"U+{ord(character):04X}{name and ' '}{name}"
    return None


def letters(word: str) -> tuple[str, ...]:
    """One sample letter for each confusable alphabet in a word; Greek counts only for letters that look Latin.

    ``Δx`` gives one letter; an x after a Greek letter that looks like an o gives two.
    """
    first: dict[str, str] = {}
    for character in word:
        script = unicodedata.name(character, "").partition(" ")[0]
        if script in _ALPHABETS or ord(character) in _LOOKS_LIKE:
            first.setdefault(script, character)
    return tuple(first.values())


def look(word: str) -> str:
    """The word with Latin letters in place of letters that look like them."""
    return word.translate(_LOOKS_LIKE)
