"""The text of a lesson's file, and where its parts are; attributes in braces, such as ``{until=a_y quiet}``."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import MAX_FOUND, Diagnostic, SpecError, nearest
from nngen.common.records import dataclass
from nngen.common.text import joined
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

    @property
    def lines(self) -> list["Cut"]:
        """Its lines that are not empty."""
        pairs = zip(self.text.split("\n"), self.starts, strict=True)
        return [Cut(line, (start,)) for line, start in pairs if line.strip()]

    @property
    def words(self) -> list["Cut"]:
        """Its words."""
        return [self.part(*found.span()) for found in re.finditer(r"\S+", self.text)]


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


MAX_TEXT = 4_000
"""Characters of a paragraph; the time for one grows with the square of its length."""

_ATTRIBUTE = re.compile(r'\s*([a-z]\w*)(?:=(?:"([^"]*)"|([^\s"]+)))?(?=\s|$)', re.ASCII)
_VALUE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

OF_SENTENCES = ("fact", "general", "defines")
"""The attributes of a text: a claim to check, general knowledge, or the definition of a term."""


@dataclass(frozen=True)
class Attribute:
    """A name, and its value if it has one."""

    name: Cut
    value: Cut | None

    def __str__(self) -> str:
        return f"{self.name.text}={self.value.text if self.value else ''}"


@dataclass(frozen=True)
class Said:
    """A text of a lesson, and what it says of itself."""

    text: Cut
    facts: tuple[Cut, ...] = ()
    general: bool = False
    defines: str = ""
    condition: Cut | None = None
    """The comparison that decides whether the page has it; None if it always has it."""
    right: Cut | None = None
    """The comparison that decides whether it is the right answer."""

    @property
    def values(self) -> Iterator[tuple[int, int, Cut]]:
        """The values in it, ``{{ formula }}``: where each begins and ends, and its formula."""
        for found in _VALUE.finditer(self.text.text):
            yield found.start(), found.end(), self.text.part(*found.span(1)).bare


def parted(cut: Cut, source: Source) -> tuple[Cut, list[Attribute]]:
    """A text without the braces at its end, and the attributes in these."""
    text = cut.text.rstrip()
    start = text.rfind("{")
    if start < 0 or not text.endswith("}") or text.endswith("}}"):
        return cut, []
    return cut.part(0, len(text[:start].rstrip())), [*_attributes(cut.part(start + 1, len(text) - 1), source)]


def _attributes(cut: Cut, source: Source) -> Iterator[Attribute]:
    place = 0
    while cut.text[place:].strip():
        found = _ATTRIBUTE.match(cut.text, place)
        if found is None:
            source.wrong(cut.part(place).bare, "expected a name or name=value", 'a value with spaces needs quotes, "…"')
            return
        group = 2 if found[2] is not None else 3
        value = None if found[group] is None else cut.part(*found.span(group))
        yield Attribute(cut.part(*found.span(1)), value)
        place = found.end()


def said(cut: Cut, source: Source, *more: str) -> Said:
    """A text with what stands in braces at its end: that of a sentence, and ``more``, which is ``if`` or ``right``."""
    if len(cut.text) > MAX_TEXT:
        source.wrong(cut, f"this text is longer than {MAX_TEXT:,} characters", width=1)
        return Said(cut.part(0, 1))
    text, found = parted(cut, source)
    found = known(found, (*OF_SENTENCES, *more), source, "here")
    for opened in re.finditer(r"\{\{", text.text):
        if "}}" not in text.text[opened.end() :]:
            source.wrong(text.part(*opened.span()), "this value is never closed", "a value is written {{ formula }}")
            text = text.part(0, opened.start())
            break
    made = Said(
        text,
        facts=tuple(_valued(one, source) for one in found if one.name.text == "fact"),
        general=any(one.name.text == "general" for one in found),
        defines=next((one.value.text for one in found if one.name.text == "defines" and one.value), ""),
        condition=valued(found, "if", source),
        right=valued(found, "right", source),
    )
    if not made.text.text.strip():
        source.wrong(cut, "a text is missing here")
    return made


def known(found: Iterable[Attribute], names: Collection[str], source: Source, where: str) -> list[Attribute]:
    """The attributes with these names; the others are mistakes."""
    good = []
    for one in found:
        if one.name.text in names:
            good.append(one)
            continue
        advice = f"known {where}: {joined(names, 'and')}" if names else f"nothing is known {where}"
        source.wrong(one.name, f"unknown word {one.name.text!r}", advice, nearest(one.name.text, names))
    return good


def valued(found: Iterable[Attribute], name: str, source: Source) -> Cut | None:
    """The value of the attribute with a name."""
    return next((_valued(one, source) for one in found if one.name.text == name), None)


def _valued(one: Attribute, source: Source) -> Cut:
    if one.value is None:
        source.wrong(one.name, f"{one.name.text!r} needs a value", f'as in {one.name.text}="x1 == 1"')
        return one.name
    return one.value
