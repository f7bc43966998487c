"""Texts of comments, docstrings and string constants."""

import json
from collections.abc import Mapping, Sequence

from nngen.common.text import columns
from nngen.mathematics.formulas import MARKS
from nngen.targets.line_breaks import WIDTH

_ESCAPED = {ord(mark): f"\\u{ord(mark):04x}" for mark in MARKS}
"""Marks that stand in a user's text."""


def literal(text: str) -> str:
    """A string constant of Python and JavaScript, in the quotes that need fewer escapes; the text may be any."""
    double = json.dumps(text, ensure_ascii=False).translate(_ESCAPED)
    if text.count('"') <= text.count("'"):
        return double
    return "'" + double[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def keywords(values: Mapping[str, str], sign: str = "=") -> list[str]:
    """Texts as named arguments of Python, or with ``": "`` as fields of JavaScript."""
    return [f"{name}{sign}{literal(value)}" for name, value in values.items()]


def paragraphs(text: str, indent: int) -> str:
    """Wrapped paragraphs."""
    wrapped = [wrap(paragraph, WIDTH - indent) for paragraph in text.split("\n\n")]
    return f"\n\n{' ' * indent}".join(f"\n{' ' * indent}".join(lines) for lines in wrapped if lines)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns. A longer word gets its own line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        lines[-1:] = [longer] if columns(longer) <= width else [*lines[-1:], word]
    return lines


def pieces(parts: Sequence[str], width: int = 99) -> list[str]:
    """Split the parts of a text into pieces that fit on a line, with a space after all but the last."""
    lines = [line for part in parts for line in wrap(part, width)]
    spaced = [*(f"{line} " for line in lines[:-1]), lines[-1]]
    return [line[start : start + width + 1] for line in spaced for start in range(0, len(line), width + 1)]


def quote(text: str) -> str:
    """A string constant. The text has no quotes or control characters."""
    return f'"{text}"'


def span(names: Sequence[str]) -> str:
    """The names; if they are long, their number."""
    line = ", ".join(names)
    return line if len(line) <= 30 else f"{len(names)} numbers"
