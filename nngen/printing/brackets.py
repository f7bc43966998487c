"""Brackets and commas of code, but for those within constants that are texts."""

import re

_TEXT = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
"""A constant that is a text or a letter."""


def opening(text: str) -> int:
    """The place of the bracket that the last one of a text closes; -1 if it ends with none, or nothing is between."""
    depth, text = 0, without_texts(text)
    for place in reversed(range(len(text) if text.endswith(")") and not text.endswith("()") else 0)):
        depth += (text[place] in ")]}") - (text[place] in "([{")
        if depth == 0:
            return place
    return -1


def separated(text: str) -> list[str]:
    """The arguments of a call."""
    found, plain, last = [], without_texts(text), 0
    for comma in re.finditer(", ", plain):
        part = plain[last : comma.start()]
        if all(part.count(one) == part.count(other) for one, other in ("()", "[]", "{}")):
            found.append(text[last : comma.start()])
            last = comma.end()
    return [*found, text[last:]]


def without_texts(text: str) -> str:
    """Code with as many letters, in which constants that are texts have no marks."""
    return _TEXT.sub(lambda found: "_" * len(found[0]), text)
