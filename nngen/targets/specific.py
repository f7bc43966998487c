"""The fixed definitions of a language in the form that a network needs.

The runtime files of Python, NumPy and JavaScript are written for a network that has everything. A condition such as
``if DROPOUT:`` or ``if (DROPOUT) {`` is decided when a module is written: the module of a network without dropout has
neither the condition nor what it guards, nor the arguments that only this reads. ``EPOCHS`` becomes its number.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nngen.targets.definitions import Definition

Settings = Mapping[str, bool | str]
"""What a runtime file says in capital letters: whether a network has something, or the text that a word stands for."""


@dataclass(frozen=True)
class Language:
    """How a language is read and written."""

    definitions: Callable[[str], tuple[Definition, ...]]
    """The definitions of a text."""
    decided: Callable[[str, Mapping[str, bool]], str]
    """A definition without the conditions that settings decide."""
    tidied: Callable[[str], str]
    """A definition without the arguments that it does not read, laid out again."""


def specific(definitions: Sequence[Definition], settings: Settings, language: Language) -> tuple[Definition, ...]:
    """Fixed definitions in the form that a network needs, without those that it has no use for."""
    given = frozenset(settings.items())
    return tuple(made for one in definitions for made in _specific(one, given, language))


@cache
def _known(settings: frozenset[tuple[str, bool | str]]) -> tuple[Settings, re.Pattern[str]]:
    return dict(settings), re.compile(rf"\b(?:{'|'.join(sorted(name for name, _ in settings))})\b")


@cache
def _specific(one: Definition, given: frozenset[tuple[str, bool | str]], language: Language) -> Sequence[Definition]:
    settings, words = _known(given)
    if not words.search(one.text):
        return (one,)
    flags = {name: value for name, value in settings.items() if isinstance(value, bool)}
    named = words.sub(lambda found: str(settings[found[0]]), language.decided(one.text, flags))
    made = language.definitions(f"{language.tidied(named)}\n") if named else ()
    return [replace(part, gap=one.gap) for part in made]
