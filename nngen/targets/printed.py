"""The definitions of a module that are printed from the source of ``nngen.runtime``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from nngen.printing import Printer, constants, hiding_none, made, program
from nngen.targets.definitions import Definition, brace_definitions
from nngen.targets.page import Page
from nngen.targets.specific import Settings
from nngen.targets.targets import TARGETS

_MARK = re.compile(r"(?://|--) source: (\w+)")
"""A comment in a runtime file in whose place the definitions of a subject stand."""


def with_source(
    definitions: Iterable[Definition], target: str, settings: Settings, page: Page
) -> tuple[Definition, ...]:
    """The fixed definitions of a language with those of the source in place of the marks.

    Args:
        definitions: those of the runtime file.
        target: the language.
        settings: what the network has, and what words stand for.
        page: its module.
    """
    known = constants()
    given = frozenset((name, value) for name, value in settings.items() if name in known)
    found: list[Definition] = []
    for one in definitions:
        subject = _MARK.fullmatch(one.text)
        found += printed(target, subject[1], given, page.dtype, page.own) if subject else [one]
    return tuple(found)


@cache
def printed(
    target: str,
    subject: str,
    settings: frozenset[tuple[str, bool | str]],
    dtype: str,
    own: frozenset[str] = frozenset(),
) -> Sequence[Definition]:
    """The definitions of a subject in a language, in which no local name hides one of the module's own functions."""
    whole = program(subject)
    flags = {name: value for name, value in settings if isinstance(value, bool)}
    words = {name: value for name, value in settings if isinstance(value, str)}
    language = TARGETS[target]
    assert language.printer is not None  # noqa: S101 (a language with such marks has one)
    functions = made(whole, {**Printer.flags, **language.printer.flags, **flags})
    printer = language.printer(whole, functions, dtype == "float32")
    needed = [one for one in functions.functions if one.name not in printer.calls]  # the language has the others itself
    shown = [hiding_none(whole, one, own) for one in needed]
    said = [replace(one, says=_worded(one.says, words)) for one in shown]
    text = _worded("\n\n".join(map(printer.definition, said)) + "\n", words)
    found = brace_definitions(language.narrowed(text, dtype), language.syntax) if language.syntax else ()
    return tuple(replace(one, gap=1) for one in found)


def _worded(text: str, words: Mapping[str, str]) -> str:
    """A text with what the words of a network stand for."""
    return re.sub(rf"\b(?:{'|'.join(words)})\b", lambda found: words[found[0]], text) if words else text
