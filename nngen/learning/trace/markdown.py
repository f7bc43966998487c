"""Worksheets as Markdown, with equations in code blocks that keep their columns."""

from collections.abc import Iterator, Sequence

from nngen.learning.trace.terminal import Text
from nngen.learning.trace.worksheet import Section, Worksheet
from nngen.learning.typeset import Digits


def markdown(sheet: Worksheet, digits: Digits) -> str:
    """Write the whole worksheet."""
    return "\n".join(_lines(sheet, digits)) + "\n"


def _lines(sheet: Worksheet, digits: Digits) -> Iterator[str]:
    steps, text = len(sheet.steps), Text(digits)
    yield f"# {_plain(digits.says(sheet.title))}"
    yield ""
    yield f"`{digits.says(sheet.plan.summary)}`"
    yield ""
    for says in sheet.says(digits):
        yield f"- {_plain(digits.says(says))}"
    yield from _sections(sheet, sheet.general, text, "##")
    for step in sheet.steps:
        level = "##"
        if steps > 1:
            yield from ("", f"## {digits.says(step.title)}")
            level = "###"
        yield from _sections(sheet, step.sections, text, level)
        yield from ("", _plain(digits.says(step.outcome(digits))))


def _sections(sheet: Worksheet, sections: Sequence[Section], text: Text, level: str) -> Iterator[str]:
    part = ""
    for section in sections:
        if section.part != part:
            yield from ("", f"{level} {text.digits.says(sheet.heads[section.part])}")
            part = section.part
        yield from ("", f"**{_plain(text.digits.says(section.title))}**", "", "```text")
        yield from (line.removeprefix("  ") for line in text.section(section))
        yield "```"


def _plain(text: str) -> str:
    """Escape all markup in a text."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~$" else character for character in text)
