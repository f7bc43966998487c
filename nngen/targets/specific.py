"""The fixed definitions of a language in the form that a network needs.

The runtime files of Python, NumPy and JavaScript are written for a network that has everything. A condition such as
``if DROPOUT:`` or ``if (DROPOUT) {`` is decided when a module is written: the module of a network without dropout has
neither the condition nor what it guards, nor the arguments that only this reads. ``EPOCHS`` becomes its number.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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


def specific(
    definitions: Sequence[Definition], settings: Settings, language: Language, names: Iterable[str] | None = None
) -> tuple[Definition, ...]:
    """Fixed definitions in the form that a network needs, without those that it has no use for.

    Args:
        definitions: those of a runtime file.
        settings: what the network has, and what words stand for.
        language: how the file is read and written.
        names: what the network names; others are left out unless these need them. Without it, all are made.
    """
    if names is None:
        return tuple(made for one in definitions for made in _of(one, settings, language))
    wanted, found = {*names}, dict[int, Sequence[Definition]]()
    while todo := {
        place
        for place, one in enumerate(definitions)
        if place not in found and (one.names & wanted or one.names == {one.text})  # the latter is a comment
    }:
        found |= {place: _of(definitions[place], settings, language) for place in todo}
        wanted = {name for place in todo for made in found[place] for name in made.uses}
    return tuple(made for place in sorted(found) for made in found[place])


def _of(one: Definition, settings: Settings, language: Language) -> Sequence[Definition]:
    named = _named(one.text, frozenset(settings))
    return _specific(one, frozenset((name, settings[name]) for name in named), language)


@cache
def _named(text: str, known: frozenset[str]) -> frozenset[str]:
    """The settings that a fixed definition names: those of others do not matter to it."""
    found = _words(known).findall(text)
    return frozenset([*found, "CHECKS"]) & known if found else frozenset()


@cache
def _words(names: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")


@cache
def _specific(one: Definition, given: frozenset[tuple[str, bool | str]], language: Language) -> Sequence[Definition]:
    if not given:
        return (one,)
    settings = dict(given)
    flags = {name: value for name, value in settings.items() if isinstance(value, bool)}
    decided = language.decided(one.text, flags)
    named = _words(frozenset(settings)).sub(lambda found: str(settings[found[0]]), decided)
    made = language.definitions(f"{language.tidied(named)}\n") if named else ()
    return [replace(part, gap=one.gap) for part in made]
