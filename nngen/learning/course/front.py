"""The head of a lesson's file: what the lesson is for, and its network."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from nngen.common.diagnostics import SpecError, nearest, show
from nngen.common.records import dataclass
from nngen.learning.course.text import Cut, Said, Source, said
from nngen.reading import Document, read

MAX_VARIANTS = 10

_NAME = re.compile(r"[a-z]\w*", re.ASCII)


@dataclass(frozen=True)
class Variant:
    """Another network for the text of a lesson, on a page of its own."""

    name: str
    title: str
    overrides: tuple[str, ...]
    """Values that replace those of the spec."""


@dataclass(frozen=True)
class Outline:
    """What a lesson is for, in the language of its file."""

    title: str = ""
    spec: str = ""
    """The file of its network, beside that of the lesson."""
    teaches: str = ""
    """What a learner can do afterwards."""
    room: str = ""
    """A question for the room, with its answer, for teachers."""
    worksheet: bool = False
    """Whether the course has a worksheet of its step, to compute by hand."""
    variant: str = ""
    """The title of its own network beside those of its variants."""
    variants: tuple[Variant, ...] = ()


KINDS: Mapping[str, type] = {**{one.name: type(one.default) for one in fields(Outline)}, "variants": dict}
"""The fields of a head, each with its type."""

TYPES = {str: "a text", bool: "true or false", dict: "a mapping of pages"}

TEXTS = ("title", "teaches", "room", "variant")
"""The fields that a translation has; it takes the others from the lesson."""


@dataclass
class Head:
    """A head that has been read: its outline, and the places of its fields."""

    outline: Outline
    length: int
    """The lines of the file that it takes."""
    spec: Cut
    """Where it names its spec; of a translation that leaves this out, its first line."""
    room: Said | None = None


def head(source: Source, other: Outline | None) -> Head:
    """Read the head of a file; ``other`` is that of the lesson of which it is a translation.

    Raises:
        SpecError: there is none, or it is no YAML.
    """
    if source.lines[0].strip() != "---" or "---" not in map(str.strip, source.lines[1:]):
        advice = "a lesson begins with a line ---, then its title: and spec:, then a line --- again"
        source.wrong(source.line(0), "the head of the lesson is missing", advice)
        raise SpecError(source.mistakes)
    length = next(number for number, line in enumerate(source.lines) if number and line.strip() == "---")
    blank = " " * len(source.lines[0])  # so that places are those of the file
    document = read("\n".join([blank, *source.lines[1:length]]), str(source.path))
    for mistake in document.diagnostics:
        source.note(mistake)
    found = Head(Outline(), length + 1, source.line(0))
    values = _fields(source, document, found)
    if other is None:
        for name in ("title", "spec"):
            if name not in values and not source.mistakes:
                source.wrong(source.line(0), f"the head has no {name}:", width=3)
    kept = {name: getattr(other, name) for name in KINDS if name not in TEXTS} if other else {}
    made = {**kept, **values}
    made["variants"] = _variants(source, document, values.get("variants", {}), other)
    found.outline = Outline(**made)
    return found


def _fields(source: Source, document: Document, found: Head) -> dict[str, Any]:
    """The fields of the right type; the others are mistakes."""
    values: Any = document.value
    if not isinstance(values, dict):
        source.wrong(source.line(1), "expected fields such as title: and spec:")
        return {}
    good: dict[str, Any] = {}
    for name, value in values.items():
        if name not in KINDS:
            advice = f"known: {', '.join(KINDS)}"
            source.note(document.about((name,), f"unknown field {show(name)}", nearest(name, KINDS), advice, key=True))
        elif type(value) is not KINDS[name] or value == "":
            source.note(document.about((name,), f"expected {TYPES[KINDS[name]]}, got {show(value)}"))
        else:
            good[name] = value
    if "room" in good:
        text = " ".join(good["room"].split())
        written = source.document.text.find(text)  # a folded text, or one with quotes within, may not be found
        found.room = said(Cut(text, (written if written >= 0 else document.values["room",].start,)), source)
        good["room"] = found.room.text.text
    if "spec" in good:
        found.spec = Cut(good["spec"], (document.values["spec",].start,))
    return good


def _variants(source: Source, document: Document, listed: dict[str, Any], other: Outline | None) -> tuple[Variant, ...]:
    """The other pages of a lesson. A translation names them again, with a title alone."""
    known = {one.name: one for one in other.variants} if other else {}
    made: list[Variant] = []
    for name, value in listed.items():
        fields = value if isinstance(value, dict) else {}
        title, changes = fields.get("title"), fields.get("set")
        if other and name in known and changes is None:
            changes = [*known[name].overrides]
        right = isinstance(title, str) and isinstance(changes, list) and all(isinstance(one, str) for one in changes)
        if not right or not _NAME.fullmatch(str(name)) or fields.keys() - {"title", "set"}:
            advice = "as in `page_two: {title: rate 1.0, set: [training.optimizer.rate=1.0]}`"
            source.note(document.about(("variants", name), "expected a page with a title and set:", "", advice))
        elif len(made) == MAX_VARIANTS:
            source.note(document.about(("variants", name), f"a lesson has at most {MAX_VARIANTS} variants"))
        else:
            made.append(Variant(str(name), str(title), tuple(changes or ())))
    if other and not source.mistakes and [one.name for one in made] != [*known]:
        source.wrong(source.line(0), f"the head needs variants: as the lesson has, {', '.join(known)}", width=3)
    return tuple(made)


def page_name(path: Path) -> str:
    """The name of a lesson's page: that of its file, without suffix, and without a number that orders the files."""
    return re.sub(r"^\d+[a-z]?[_-]", "", path.name.partition(".")[0])
