"""Attributes in braces at the end of a line: ``{until=a_y quiet}`` of a scene, ``{fact="x1 == 1"}`` of a sentence."""

import re
from collections.abc import Collection, Iterator

from nngen.common.diagnostics import nearest
from nngen.common.records import dataclass
from nngen.common.text import joined
from nngen.learning.course.text import Cut, Source

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
    for one in unknown(found, (*OF_SENTENCES, *more), source, "here"):
        found.remove(one)
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
        condition=condition(found, source),
        right=next((_valued(one, source) for one in found if one.name.text == "right"), None),
    )
    if not made.text.text.strip():
        source.wrong(cut, "a text is missing here")
    return made


def unknown(found: Collection[Attribute], known: Collection[str], source: Source, where: str) -> list[Attribute]:
    """The attributes with another name, which are mistakes."""
    wrong = [one for one in found if one.name.text not in known]
    for one in wrong:
        advice = f"known {where}: {joined(known, 'and')}" if known else f"nothing is known {where}"
        source.wrong(one.name, f"unknown word {one.name.text!r}", advice, nearest(one.name.text, known))
    return wrong


def condition(found: Collection[Attribute], source: Source) -> Cut | None:
    """The condition among attributes."""
    return next((_valued(one, source) for one in found if one.name.text == "if"), None)


def _valued(one: Attribute, source: Source) -> Cut:
    if one.value is None:
        source.wrong(one.name, f"{one.name.text!r} needs a value", f'as in {one.name.text}="x1 == 1"')
        return one.name
    return one.value
