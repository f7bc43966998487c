"""Worksheets as Markdown: general formulas as mathematics, those with numbers in code blocks that keep columns."""

from collections.abc import Iterator, Sequence

from nngen.learning.trace.terminal import Text
from nngen.learning.trace.worksheet import GENERAL, Section, Worksheet
from nngen.learning.typeset import Digits, latex_pieces, latex_symbol

CHANGED = r"\leftarrow"


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
    for head, section in sheet.headed(sections):
        if head:
            yield from ("", f"{level} {text.digits.says(head)}")
        yield from ("", f"**{_plain(text.digits.says(section.title))}**", "")
        if section.part == GENERAL:
            yield from _formulas(section, text.digits)
            continue
        yield "```text"
        yield from (line.removeprefix("  ") for line in text.section(section))
        yield "```"


def _formulas(section: Section, digits: Digits) -> Iterator[str]:
    """The general equations of a section between dollar signs, as most readers of Markdown show them."""
    texts = [_plain(digits.says(note)) for note in section.notes]
    for line in section.lines:
        forms = [*([line.rule] if line.rule else []), *line.forms]
        written = " = ".join("".join(sign + piece for sign, piece in latex_pieces(form, digits)) for form in forms)
        texts.append(f"$${latex_symbol(line.symbol)} {CHANGED if line.again else '='} {written}$$")
    yield "\n\n".join(texts)


def _plain(text: str) -> str:
    """Escape all markup in a text."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~$" else character for character in text)
