"""Characters that deceive a reader: those that are not seen, and those that look like others."""

import unicodedata
from collections.abc import Mapping

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt 15.0) as far as Python calls them printable, and the
# braille pattern without dots: all of them take part in a text, and none is seen.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0").union(
    map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0))
)

# Unicode's confusables.txt (UTS 39) as far as letters of these scripts look like Latin ones, which names are made of.
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
"""Scripts with letters that look the same; Chinese and Japanese, say, may stand beside Latin (UTS 39, section 5.2)."""


def unseen(text: str, allowed: str = "") -> str | None:
    """The first character of a text that is not seen, by its code point and name; None where there is none."""
    for character in text:
        if character not in allowed and (character in _UNSEEN or not character.isprintable()):
            name = unicodedata.name(character, "")
            return f"U+{ord(character):04X}{name and ' '}{name}"
    return None


def letters(word: str) -> tuple[str, ...]:
    """The first letter of each alphabet in a word that can be mistaken for another; of Greek, what looks like Latin.

    So ``Δx`` has one, and an x after a Greek letter that looks like an o is the second of two.
    """
    first: dict[str, str] = {}
    for character in word:
        script = unicodedata.name(character, "").partition(" ")[0]
        if script in _ALPHABETS or ord(character) in _LOOKS_LIKE:
            first.setdefault(script, character)
    return tuple(first.values())


def look(word: str) -> str:
    """The word as it looks: letters of other alphabets that look like Latin ones are replaced by these."""
    return word.translate(_LOOKS_LIKE)
