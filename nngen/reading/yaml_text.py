"""Text that is refused before it is parsed: what no reader sees, what is no JSON, and what the YAML parser fails at."""

import json
import re

from nngen.diagnostics import Diagnostic, SpecError
from nngen.reading.document import Document, Span

# What a line of plain text does not have: control characters, line breaks that YAML 1.2 no longer counts as such, and
# what turns the direction, so that a reader sees another text (Boucher and Anderson, Trojan Source, 2021).
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[{_TURNS}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

# Not those of YAML 1.2 itself. The parser raises errors of its own at other versions, and at those of 5,000 digits.
_DIRECTIVE = re.compile(r"^%(?!YAML[ \t]+1\.2\s)", re.MULTILINE)

# The parser's time for a tag grows with the square of its length: one of a million characters takes it ten seconds.
_LONG_TAG = re.compile(r"(?<![^\s,\[{])!\S{100}")


def check_text(document: Document, *, is_json: bool) -> None:
    """Check a document's text before it is parsed.

    Raises:
        SpecError: with the first mistake.
    """
    control = _CONTROL.search(document.text)
    if control:
        message = f"the control character U+{ord(control[0]):04X}"
        raise SpecError([document.at(Span(control.start()), message, advice="a spec is plain text: remove it")])
    if is_json:
        _check_json(document)
    else:
        _check_yaml(document)


def _check_yaml(document: Document) -> None:
    directive, tag = _DIRECTIVE.search(document.text), _LONG_TAG.search(document.text)
    if directive:
        advice = "a spec is YAML 1.2; remove the line that begins with %"
        raise SpecError([document.at(Span(directive.start()), "a directive", advice=advice)])
    if tag:
        message = "a tag of more than 100 characters"
        advice = "remove it: a spec holds plain values only; a text that begins with ! stands in quotes"
        raise SpecError([document.at(Span(tag.start()), message, advice=advice)])


def _check_json(document: Document) -> None:
    try:
        json.loads(document.text, parse_int=len, parse_float=len)  # numbers are the reader's
    except json.JSONDecodeError as error:
        raise SpecError([_not_json(document, error)]) from None
    except RecursionError:
        pass  # the reader says where it is too deep


def _not_json(document: Document, error: json.JSONDecodeError) -> Diagnostic:
    text, position = document.text, error.pos
    comma = position if text[position : position + 1] == "," else len(text[:position].rstrip()) - 1
    if re.compile(r",\s*[\]}]").match(text, comma):  # which versions of Python report at different places
        return document.at(Span(comma), "not JSON: a comma after the last item", advice="remove the comma")
    return document.at(Span(position), f"not JSON: {error.msg[0].lower()}{error.msg[1:]}")
