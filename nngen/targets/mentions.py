"""The names that a text has."""

import re


def uses(body: str, name: str) -> bool:
    """Whether a text has this name."""
    return name in names_in(body)


def names_in(text: str) -> set[str]:
    """The names in a text; those of users may have marks, too."""
    return set(re.findall(r"[\w\x80-\U0010ffff]+", text))
