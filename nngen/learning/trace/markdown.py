"""Worksheets as Markdown: general formulas as mathematics, those with numbers in code blocks that keep columns."""

from collections.abc import Iterator

from nngen.learning.trace.terminal import Lines
from nngen.learning.trace.worksheet import GENERAL, Section, Worksheet
from nngen.learning.typeset import Digits, LaTeX


def markdown(sheet: Worksheet, digits: Digits) -> str:
    """Write the whole worksheet."""
    return "\n".join(_lines(sheet, digits)) + "\n"


def _lines(sheet: Worksheet, digits: Digits) -> Iterator[str]:
    text, level = Lines(digits), "##"
    yield f"# {_plain(digits.says(sheet.title))}"
    yield ""
    yield f"`{digits.says(sheet.plan.summary)}`"
    yield ""
    for says in sheet.says(digits):
        yield f"- {_plain(digits.says(says))}"
    for kind, part in sheet.parts(digits):
        yield ""
        if isinstance(part, Section):
            yield from (f"**{_plain(digits.says(part.title))}**", "")
            general = part.part == GENERAL
            code = ("```text", *(line.removeprefix("  ") for line in text.section(part)), "```")
            yield from [_formulas(part, digits)] if general else code
        elif kind == "outcome":
            yield _plain(part)
        else:
            yield f"{'##' if kind == 'step' else level} {part}"
            level = "###" if kind == "step" else level


def _formulas(section: Section, digits: Digits) -> str:
    """The general equations of a section between dollar signs, as most readers of Markdown show them."""
    texts = [_plain(digits.says(note)) for note in section.notes]
    for line in section.lines:
        sign = r"\leftarrow" if line.again else "="
        written = " = ".join(LaTeX(digits).whole(form) for form in line.right_sides)
        texts.append(f"$${LaTeX().symbol(line.symbol)} {sign} {written}$$")
    return "\n\n".join(texts)


def _plain(text: str) -> str:
    """Escape all markup in a text."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~$" else character for character in text)
