"""Checks of the text before parsing: invisible characters, invalid JSON, and texts that break the YAML parser."""

import json
import re

from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.reading.document import Document, Span

# Characters that plain text does not have: control characters, line breaks that YAML 1.2 no longer treats as such, and
# changes of direction, which show a reader another text (Boucher and Anderson, Trojan Source, 2021).
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[{_TURNS}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

# Directives other than YAML 1.2. For other versions the parser raises unexpected errors.
_DIRECTIVE = re.compile(r"^%(?!YAML[ \t]+1\.2\s)", re.MULTILINE)

# The parser's time for a tag grows with the square of its length: a million characters take ten seconds.
_LONG_TAG = re.compile(r"(?<![^\s,\[{])!\S{100}")


def check_text(document: Document, *, is_json: bool) -> None:
    """Check a document's text before it is parsed.

    Raises:
        SpecError: with the first mistake.
    """
    check_characters(document, "a spec")
    if is_json:
        _check_json(document)
    else:
        _check_yaml(document)


def check_characters(document: Document, what: str) -> None:
    """Refuse control characters, and those that show a reader another text.

    Raises:
        SpecError: with the first one.
    """
    control = _CONTROL.search(document.text)
    if control:
        message = f"the control character U+{ord(control[0]):04X} is not allowed"
        raise SpecError([document.at(Span(control.start()), message, advice=f"remove it: {what} is plain text")])


def _check_yaml(document: Document) -> None:
    directive, tag = _DIRECTIVE.search(document.text), _LONG_TAG.search(document.text)
    if directive:
        advice = "remove the line that begins with %: a spec is YAML 1.2"
        raise SpecError([document.at(Span(directive.start()), "directives are not supported", advice=advice)])
    if tag:
        message = "tags are not supported"
        advice = "remove it: a spec has only plain values; a text that begins with ! needs quotes"
        raise SpecError([document.at(Span(tag.start()), message, advice=advice)])


def _check_json(document: Document) -> None:
    try:
        json.loads(document.text, parse_int=len, parse_float=len)  # the reader converts the numbers
    except json.JSONDecodeError as error:
        raise SpecError([_not_json(document, error)]) from None
    except RecursionError:
        pass  # the reader reports where it is too deep


def _not_json(document: Document, error: json.JSONDecodeError) -> Diagnostic:
    text, position = document.text, error.pos
    comma = position if text[position : position + 1] == "," else len(text[:position].rstrip()) - 1
    if re.compile(r",\s*[\]}]").match(text, comma):  # versions of Python report it at different positions
        return document.at(Span(comma), "invalid JSON: a comma after the last item", advice="remove the comma")
    return document.at(Span(position), f"invalid JSON: {error.msg[0].lower()}{error.msg[1:]}")


def key_without_space(text: str, index: int) -> re.Match[str] | None:
    """The key and the value of the line before an index, if only the space after the colon is missing there."""
    return re.search(r"^[ -]*(\w+):([^\s:/].*)\n\s*\Z", text[: text.rfind("\n", 0, index) + 1], re.MULTILINE)
