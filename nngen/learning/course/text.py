"""The text of a lesson's file, and where its parts are."""

from collections.abc import Iterable
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import MAX_FOUND, Diagnostic, SpecError
from nngen.common.records import dataclass
from nngen.reading import Document, Span, check_characters

MAX_BYTES = 50_000
"""Bytes of a lesson; the longest of the course has 10,000."""


@dataclass(frozen=True)
class Cut:
    """A part of a file: its text, and the place in the file where each of its lines begins."""

    text: str
    starts: tuple[int, ...]

    def at(self, index: int) -> int:
        """The place in the file of one of its characters."""
        line = self.text.count("\n", 0, index)
        return self.starts[line] + index - self.text.rfind("\n", 0, index) - 1

    def part(self, start: int, stop: int | None = None) -> "Cut":
        """A part of this part."""
        text = self.text[start:stop]
        line = self.text.count("\n", 0, start)
        return Cut(text, (self.at(start), *self.starts[line + 1 : line + 1 + text.count("\n")]))

    @property
    def bare(self) -> "Cut":
        """The same without space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))


def together(cuts: Iterable[Cut]) -> Cut:
    """Several lines as one part."""
    listed = [*cuts]
    return Cut("\n".join(cut.text for cut in listed), tuple(cut.starts[0] for cut in listed))


class Source:
    """A file while it is read, with the mistakes that have been found in it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.document = Document(str(path), text)
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._mistakes: dict[Diagnostic, None] = {}  # without repetition: a lesson may have several pages

    def line(self, number: int) -> Cut:
        """A line, from 0."""
        return Cut(self.lines[number], (self._starts[number],))

    def within(self, first: int, text: str) -> Cut:
        """A text that begins in a line, of which a reader of Markdown may have taken away what is around it."""
        found = []
        for number, one in enumerate(text.split("\n"), first):
            line = self.lines[min(number, len(self.lines) - 1)]
            found.append(Cut(one, (self._starts[number] + max(0, line.find(one)),)))
        return together(found)

    def wrong(self, cut: Cut, message: str, advice: str = "", label: str = "", width: int | None = None) -> None:
        """Note a mistake."""
        if len(self._mistakes) < MAX_FOUND:
            marked = len(cut.text.split("\n")[0]) if width is None else width
            self._mistakes[self.document.at(Span(cut.starts[0], marked), message, label, advice)] = None

    def note(self, mistake: Diagnostic) -> None:
        """Note a mistake that has its place already."""
        self._mistakes[mistake] = None

    @property
    def mistakes(self) -> list[Diagnostic]:
        """The mistakes in the order of the file."""
        return sorted(self._mistakes, key=lambda one: (one.line or 0, one.column or 0))


def read(path: Path) -> Source:
    """The file of a lesson.

    Raises:
        SpecError: it cannot be read, is too large, is not in UTF-8, or has control characters.
    """
    text = files.text(path, MAX_BYTES).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    made = Source(path, text)
    check_characters(made.document, "a lesson")
    return made


def refuse(sources: Iterable[Source]) -> None:
    """Report the mistakes of files, if there are any.

    Raises:
        SpecError: with all of them.
    """
    found = [mistake for source in sources for mistake in source.mistakes]
    if found:
        raise SpecError(found)
