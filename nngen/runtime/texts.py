"""Parts of texts."""

from nngen.runtime.kit import find


def _part_before(text: str, mark: str) -> str:
    """The part of a text before a mark; all of it without one."""
    place = find(text, mark)
    if place is None:
        return text
    return text[:place]


def _part_after(text: str, mark: str) -> str:
    """The part of a text after a mark; empty without one."""
    place = find(text, mark)
    if place is None:
        return ""
    return text[place + len(mark) :]
