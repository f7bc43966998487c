"""A document as plain Python values, with the position of every key and value."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from nngen.common.diagnostics import Diagnostic, show
from nngen.common.records import dataclass

Loc = tuple[str | int, ...]
"""The path of keys and indices from the top of a document to a value."""


@dataclass(frozen=True)
class Span:
    """A position in the text: the index of the first character, and the number of marked characters."""

    start: int
    width: int = 1


@dataclass
class Document:
    """A document, during and after reading: its plain value, and the positions of keys and values.

    ``refused`` has the paths whose value is not what the user wrote; these have a diagnostic already.
    """

    path: str
    text: str
    value: Any = None
    keys: dict[Loc, Span] = field(default_factory=dict)
    values: dict[Loc, Span] = field(default_factory=dict)
    refused: set[Loc] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._breaks = [-1, *(match.start() for match in re.finditer("\n", self.text)), len(self.text)]
        self._lines = self.text.split("\n")  # once for all diagnostics: a file may be one long line

    def place(self, index: int) -> tuple[int, int]:
        """The line and column of a character, counted from 1."""
        line = bisect_right(self._breaks, index - 1, hi=len(self._breaks) - 1)
        return line, index - self._breaks[line - 1]

    def line(self, loc: Loc) -> int:
        """The line where a value begins."""
        return self.place(_known(self.values, loc).start)[0]

    def at(self, span: Span, message: str, label: str = "", advice: str = "") -> Diagnostic:
        """A diagnostic at a position of the text."""
        line, column = self.place(span.start)
        source = self._lines[line - 1]
        width = max(1, min(span.width, len(source) - column + 1))
        return Diagnostic(self.path, line, column, message, label, advice, source, width)

    def about(
        self,
        loc: Loc,
        message: str,
        label: str = "",
        advice: str = "",
        *,
        key: bool = False,
        part: tuple[int, int] | None = None,
    ) -> Diagnostic:
        """A diagnostic about a value or its key; the message begins with the path of the value.

        ``part`` marks a part of a text: its start and its number of characters.
        """
        span = _known(self.keys if key else self.values, loc)
        if part is not None:
            span = self._within(span, self.get(loc), *part)
        holder = loc[:-1] if key else loc
        return self.at(span, f"{dotted(holder)}: {message}" if holder else message, label, advice)

    def _within(self, span: Span, value: str, start: int, width: int) -> Span:
        """The position of a part of a text, if the document has the text without escapes or line breaks."""
        found = self.text.find(value.rstrip(), span.start, span.start + span.width)
        return Span(found + start, width) if found >= 0 and width else span

    def get(self, loc: Loc) -> Any:
        """The value at a path."""
        value = self.value
        for step in loc:
            value = value[step]
        return value

    def locate(self, loc: Loc) -> Loc:
        """The path in this document, without the steps that a short form omits."""
        value, found = self.value, []
        for step in loc:
            if _holds(value, step):
                value = value[step]
                found.append(step)
        return tuple(found)


def _known(spans: Mapping[Loc, Span], loc: Loc) -> Span:
    """The position of a value, or of what has it: the ids of a table have the place of their list."""
    while loc not in spans:
        loc = loc[:-1]
    return spans[loc]


def dotted(loc: Loc) -> str:
    """A path as messages show it, such as ``layers.1.activation``."""
    return ".".join(show(step)[1:-1] if isinstance(step, str) else str(step) for step in loc)


def _holds(value: object, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
