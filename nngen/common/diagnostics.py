"""A diagnostic: the position of a mistake, the message, the advice, and how they are printed."""

import difflib
from collections.abc import Iterable
from itertools import islice

from nngen.common.records import dataclass
from nngen.common.text import columns, printable

MAX_SHOWN = 100
"""Characters of a source line that are shown; longer lines would wrap in a terminal and displace the carets."""

BEFORE = 40
"""Characters before the caret in a line that is cut."""

MAX_VALUE = 40
"""Characters of a value that a message repeats; the longest name has as many."""

MAX_PRINTED = 100
"""Mistakes that are printed; a hostile file could have a hundred thousand."""


MAX_FOUND = 200
"""Mistakes of each kind that are searched for; suggestions for a hundred thousand names would take minutes."""

MAX_KNOWN = 1_000
"""Known words that are compared with a wrong one; each takes about ten microseconds."""


@dataclass(frozen=True)
class Diagnostic:
    """A mistake in a file; line and column count characters from 1 and are None for the whole file.

    ``source`` is the line of the file, and ``width`` the number of marked characters. ``label`` is printed beside the
    carets, and ``help`` below them.
    """

    path: str
    line: int | None
    column: int | None
    message: str
    label: str = ""
    help: str = ""
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        head = [f"error: {printable(self.message)}"]
        if self.line is None or self.column is None:
            pad = " "
            place = [f"{pad} --> {printable(self.path)}"]
        else:
            pad = " " * (len(str(self.line)) + 1)
            before, marked, after = _window(self.source, self.column - 1, self.width)
            carets = " " * columns(before) + "^" * max(1, columns(marked))
            place = [
                f"{pad}--> {printable(self.path)}:{self.line}:{self.column}",
                f"{pad} |",
                f" {self.line} | {before}{marked}{after}".rstrip(),
                f"{pad} | {carets} {printable(self.label)}".rstrip(),
            ]
        foot = [f"{pad} |"] if self.help and self.line is not None else []
        return "\n".join(head + place + foot + ([f"{pad} = help: {printable(self.help)}"] if self.help else []))


class SpecError(Exception):
    """A spec or another file cannot be used.

    ``diagnostics`` has all mistakes, in the order of the file. ``path``, ``line``, ``column`` and ``help`` are those of
    the first one.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)
        first = self.diagnostics[0] if self.diagnostics else Diagnostic("", None, None, "")
        self.path, self.line, self.column, self.help = first.path, first.line, first.column, first.help

    def __str__(self) -> str:
        shown = [str(diagnostic) for diagnostic in self.diagnostics[:MAX_PRINTED]]
        left = len(self.diagnostics) - len(shown)
        many = left if len(self.diagnostics) < MAX_FOUND else "many"  # the search ended early
        return "\n\n".join([*shown, f"and {many} more mistakes"] if left else shown)


class GivenError(SpecError, ValueError):
    """A ``SpecError`` that is a ``ValueError``, too: the Python interface raises it.

    The rest of nngen raises ``SpecError`` alone, since much of it catches ``ValueError``.
    """


def show(value: object) -> str:
    """A value in a few words: numbers and texts are shortened, lists and mappings only named."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case str():
            return repr(_short(value))
    return _short(str(value))


def closest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The most similar known word, ignoring case; empty if no similarity reaches ``cutoff``, from 0 to 1."""
    if not isinstance(word, str):
        return ""
    small = {name.lower(): name for name in reversed([*islice(known, MAX_KNOWN)])}
    found = difflib.get_close_matches(word[: 2 * MAX_VALUE].lower(), small, 1, cutoff)
    return small[found[0]] if found else ""


def offered(word: str) -> str:
    """The label that suggests a word; empty without a word."""
    return f"did you mean {word!r}?" if word else ""


def nearest(word: object, known: Iterable[str]) -> str:
    """The label that suggests the most similar known word; empty if there is none."""
    return offered(closest(word, known))


def _short(text: str) -> str:
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 3]}..."


def _window(source: str, start: int, width: int) -> tuple[str, str, str]:
    """The shown text before, above and after the carets."""
    left = 0 if len(source) <= MAX_SHOWN else max(0, min(start - BEFORE, len(source) - MAX_SHOWN))
    right = min(len(source), left + MAX_SHOWN)
    end = min(start + width, right)
    before, after = ("..." if left else ""), ("..." if right < len(source) else "")
    return before + printable(source[left:start]), printable(source[start:end]), printable(source[end:right]) + after
