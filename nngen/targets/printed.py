"""The definitions of a module that are printed from the source of ``nngen.runtime``."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from nngen.printing import Function, Made, Printer, Program, hiding_none, made, program, there
from nngen.targets.activations import OWN
from nngen.targets.constants import constants
from nngen.targets.definitions import Definition, Syntax, used
from nngen.targets.network_functions import network_source
from nngen.targets.network_source import Source
from nngen.targets.records import record
from nngen.targets.settings import Settings, settings_of
from nngen.targets.targets import TARGETS

if TYPE_CHECKING:
    from nngen.targets.page import Page

_MARK = re.compile(r"(?://|--) source: ([\w ]+)")
"""A comment in whose place the definitions of some subjects stand."""

_NOTHING = Made((), {}, frozenset(), {})


def with_source(
    definitions: Iterable[Definition],
    target: str,
    settings: Settings,
    dtype: str,
    own: frozenset[str] = frozenset(),
) -> tuple[Definition, ...]:
    """Definitions with those of the source in place of the marks.

    Args:
        definitions: those of a template or of a runtime file.
        target: the language.
        settings: what the network has, and what words stand for.
        dtype: the width of its numbers.
        own: the functions of the spec's own formulas, which no local name hides.
    """
    found: list[Definition] = []
    for one in definitions:
        mark = _MARK.fullmatch(one.text)
        for subject in mark[1].split() if mark else ():
            found += _printed(target, subject, settings, dtype, own)
        found += [] if mark else [one]
    return tuple(found)


def _printed(target: str, subject: str, settings: Settings, dtype: str, own: frozenset[str]) -> Sequence[Definition]:
    """The definitions of a subject, which are the same for all networks that differ in nothing that it reads."""
    given = frozenset((name, settings[name]) for name in _named(target, subject) if name in settings)
    return printed(target, subject, given, dtype, own)


@cache
def _named(target: str, subject: str) -> frozenset[str]:
    """What the functions of a subject, or its printer, may read."""
    printer = TARGETS[target].printer
    return frozenset((*program(subject).names, *(printer.placeholders if printer else ())))


class Printed(Definition):
    """A function of the source in a language, which is printed when a module needs it: most modules need few."""

    bare = False
    _syntax: Syntax
    _write: Callable[[], str]

    def __init__(self, name: str, syntax: Syntax, write: Callable[[], str]) -> None:
        vars(self).update(gap=1, names=frozenset({name}), _syntax=syntax, _write=write)

    @cached_property
    def text(self) -> str:
        """What is printed."""
        return self._write()

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it uses."""
        return used(self.text, self._syntax) - self.names


@cache
def printed(
    target: str,
    subject: str,
    settings: frozenset[tuple[str, bool | str]],
    dtype: str,
    own: frozenset[str] = frozenset(),
) -> Sequence[Definition]:
    """The definitions of a subject in a language."""
    whole, given, language = program(subject), dict(settings), TARGETS[target]
    assert language.printer is not None  # noqa: S101 (a language that has the source prints it)
    assert language.syntax is not None  # noqa: S101 (and says how it states names)

    @cache
    def ready() -> Printer:
        return _printer(target, whole, given, dtype)

    def text(name: str) -> str:
        for read, known in (texts := texts_so_far(target, whole, flags, dtype, own, name)):
            if read.items() <= given.items():
                return known
        printer = ready()
        printer.stands = words = _Words(printer.stands)
        written = language.narrowed(printer.worded(_definition(printer, printer.made.known[name], own)), dtype)
        texts.append((words.read, written))
        return written

    flags = frozenset(_flags(language.printer, given).items())
    printer = language.printer(whole, _NOTHING, dtype == "float32")
    listed = [one.name for one in there(whole, dict(flags)) if not printer.has(one)]
    return [Printed(re.split(r"\W+", printer.cased(name))[-1], language.syntax, partial(text, name)) for name in listed]


class _Words(dict[str, str]):
    """What words stand for, and those that were looked up."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self.read: dict[str, str | bool] = {}

    def get(self, word: str, other: str) -> str:  # type: ignore[override]  # with another value only
        """What a word stands for, or another text."""
        if word in self:
            self.read[word] = self[word]
        return super().get(word, other)


@cache
def texts_so_far(
    target: str, whole: Program, flags: frozenset[tuple[str, bool]], dtype: str, own: frozenset[str], name: str
) -> list[tuple[Mapping[str, str | bool], str]]:
    """The texts of a function so far, each with the words that it has: networks differ in few of them."""
    return []


def network_function(target: str, page: "Page", name: str, *texts: str, x: str = "x", around: str = "") -> str:
    """A function that a network decides, such as ``encode``, in a language; others that only it calls follow it.

    Args:
        target: the language.
        page: the module.
        name: its name in ``network_functions``.
        texts: its equations, if a template writes them.
        x: the argument that has the inputs.
        around: what these equations lack, see ``by_inputs``.
    """
    language = TARGETS[target]
    source = network_source(name, page, language, texts, x, around)
    state = dict.fromkeys(page.plan.optimizer.memory, "list[Num]") | {"t": "Num"}
    given = settings_of(page, language.dialect)
    printer = _printer(target, source.program(state), given, page.dtype)
    printer.formulas, printer.tables = source.formulas, source.tables
    printer.texts, printer.kept, printer.rows = source.texts, source.kept, source.rows
    printer.own = {f"{OWN}{one.name}": page.words.own(one.name) for one in page.plan.page_functions}
    listed = (_definition(printer, one, page.own) for one in printer.made.functions if not printer.has(one))
    return language.narrowed("\n\n".join(listed), page.dtype)


def network_constant(target: str, page: "Page", name: str) -> str:
    """A constant of a module in a language, with its comment; empty if the network has none of this name."""
    one, language = constants(page).get(name), TARGETS[target]
    if one is None:
        return ""
    empty = Source((), page.words, page.words, "").program({})
    printer = _printer(target, empty, settings_of(page, language.dialect), page.dtype)
    return language.narrowed(printer.constant_of(one), page.dtype)


def network_record(target: str, page: "Page", name: str) -> str:
    """The type of a record of a module in a language, with its comments."""
    language = TARGETS[target]
    assert language.printer is not None  # noqa: S101 (a language that has the source prints it)
    printer = language.printer(program("training"), _NOTHING, page.dtype == "float32")
    return language.narrowed(printer.record_of(record(name, page)), page.dtype)


def _printer(target: str, whole: Program, settings: Settings, dtype: str) -> Printer:
    """What prints a program as a network needs it."""
    words = {name: value for name, value in settings.items() if isinstance(value, str)}
    language = TARGETS[target].printer
    assert language is not None  # noqa: S101 (a language that has the source prints it)
    return language(whole, made(whole, _flags(language, settings)), dtype == "float32", words)


def _definition(printer: Printer, function: Function, own: frozenset[str]) -> str:
    """A function of a program as a network needs it, whose own formulas no local name hides."""
    shown = hiding_none(printer.program, function, own)
    return printer.definition(replace(shown, says=printer.worded(shown.says)))


def _flags(language: type[Printer], settings: Settings) -> Mapping[str, bool]:
    """What a network has, and what a language has."""
    own = {name: value for name, value in settings.items() if isinstance(value, bool)}
    return {**Printer.flags, **language.flags, **own}
