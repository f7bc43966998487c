"""Languages of one's own: a Python file that the user names, or an installed package, states a ``Target``.

Only an option of the command line, or a call of the Python interface, brings a language. A spec never does: it is
untrusted, and names built-in languages alone.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

from jinja2 import TemplateSyntaxError

from nngen.common import files
from nngen.common.aliases import meant
from nngen.common.diagnostics import Diagnostic, SpecError, offered
from nngen.common.languages import LANGUAGES
from nngen.common.records import dataclass
from nngen.description.model import ALL
from nngen.mathematics.formulas import Words
from nngen.targets import render
from nngen.targets.environments import environment
from nngen.targets.target import Target
from nngen.targets.targets import KINDS, OWN, TARGETS

GROUP = "nngen.targets"
"""The entry points of installed languages."""

MAX_FILE = 1_000_000
"""Bytes of a file that states a language."""

STATE = "state `TARGET = Target(...)`, with `from nngen.targets import Target, Words`"


@dataclass(frozen=True)
class _Origin:
    """Where a language comes from."""

    where: str
    """Its file, or the entry point that names it."""
    source: str = ""
    """The text of the file."""


_GIVEN = _Origin("target")
"""Of a language that a program gives."""

_ORIGINS: dict[str, _Origin] = {}
"""The languages that were added."""


def named(given: Sequence[str]) -> list[str]:
    """The targets that a command line names; it loads files and installed languages.

    Args:
        given: names of languages, or paths of Python files that state one.

    Raises:
        SpecError: there is no such language, or it cannot be loaded.
    """
    return list(dict.fromkeys(map(_named, given)))


def _named(given: str) -> str:
    if given in LANGUAGES:
        return given
    if given.endswith(".py") or os.path.basename(given) != given:
        return _of_file(Path(given))
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if given in installed:
        return _of_package(installed[given])
    known = [*LANGUAGES, *sorted(installed)]
    advice = [offered(meant(given, known, "target")), f"known: {', '.join(known)}; or a file such as ./my_language.py"]
    raise files.refused("--target", f"unknown target {given!r}", "; ".join(filter(None, advice)))


def _of_file(path: Path) -> str:
    """Run a Python file, and add the language that it states."""
    origin = _Origin(str(path), files.text(path, MAX_FILE))
    module = ModuleType(f"nngen_target_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where a dataclass looks for the names of its annotations
    with _blamed(origin):
        exec(compile(origin.source, str(path), "exec"), module.__dict__)  # noqa: S102 (the user named this file)
    if not hasattr(module, "TARGET"):
        raise files.refused(path, "the file states no language: it has no `TARGET`", STATE)
    return added(module.TARGET, path.name, origin)


def _of_package(point: EntryPoint) -> str:
    """Load an installed language."""
    origin = _Origin(f"{GROUP}: {point.name} = {point.value}")
    with _blamed(origin):
        target = point.load()
    return added(target, point.name, origin)


def added(target: object, option: str = "", origin: _Origin = _GIVEN) -> str:
    """Add a language to the targets, and return its name. One of the same name that was added before is replaced.

    Args:
        target: what should be a ``Target``.
        option: what ``--target`` takes for it, without folders; if empty, its name.
        origin: where it comes from.

    Raises:
        SpecError: it is no language, or a built-in one has its name, or something of it cannot be used.
    """
    if not isinstance(target, Target):
        what = f"this is no language, but an object of the type {type(target).__name__!r}"
        raise files.refused(origin.where, what, STATE)
    if target is not TARGETS.get(target.name):
        with _blamed(origin):
            wrong = list(_mistakes(target))
        if wrong:
            raise SpecError([Diagnostic(origin.where, None, None, what, help=advice) for what, advice in wrong])
        _ORIGINS[target.name], OWN[target.name] = origin, option or target.name
        TARGETS[target.name] = KINDS[target.name] = target
        from nngen.targets import printed

        for made in (environment, render.fixed, render.narrowed, printed.printed, printed.texts_so_far):
            made.cache_clear()  # what belongs to a language that had the name
    return target.name


def _mistakes(target: Target) -> Iterator[tuple[str, str]]:
    """What is wrong about a language, each with an advice."""
    name, template = target.name, f"module{target.suffix}.jinja"
    if not re.fullmatch("[a-z][a-z0-9_]*", str(name)):
        yield f"the language has the name {name!r}", "write small letters, digits and underscores"
    elif name in KINDS and name not in _ORIGINS:
        yield f"the name {name!r} exists already", "choose another name for the language"
    if not re.fullmatch(r"[\w.-]*\.\w+", str(target.suffix)) or not re.fullmatch(r"\w*", target.folder):
        yield "files have a suffix such as '.pl', and a folder has a plain name", ""
    if not isinstance(target.words, Words):
        yield f"{name}: `words` is no `Words`", STATE
    if not target.parts <= ALL or "forward" not in target.parts or not {*target.levels} <= {"weights", "layers"}:
        advice = f"`parts` has some of {', '.join(sorted(ALL))}, and `levels` some of weights, layers"
        yield f"{name}: each module has the part forward, at a level", advice
    place = target.templates
    if place is None or not (template in place if isinstance(place, Mapping) else Path(place, template).is_file()):
        yield f"{name}: it has no template {template!r}", "`templates` is a folder with this file, or has its text"
    target.file("a_network")


@contextmanager
def blamed(name: str) -> Iterator[None]:
    """What fails in this block is a mistake in a language that was added, if the target is one.

    Raises:
        SpecError: an exception in the file of the language, or in a template, with its place.
    """
    if name not in _ORIGINS:
        yield
        return
    with _blamed(_ORIGINS[name], TARGETS[name].templates):
        yield


@contextmanager
def _blamed(origin: _Origin, templates: Path | Mapping[str, str] | None = None) -> Iterator[None]:
    """The same for a language from a place, with its templates."""
    try:
        yield
    except SpecError:
        raise
    except (Exception, SystemExit) as error:
        what = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
        raise SpecError([_found(error, origin, templates, f"the language fails: {what}")]) from None


def _found(
    error: BaseException, origin: _Origin, templates: Path | Mapping[str, str] | None, message: str
) -> Diagnostic:
    """The message about an exception, at the last line of the language's own that led to it."""
    lines = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError | TemplateSyntaxError) and error.lineno:
        lines.append((error.filename or "", error.lineno))
    for file, line in reversed(lines):
        if file == origin.where and origin.source:
            return _at(file, origin.source, line, message)
        if isinstance(templates, Mapping) and file in templates:
            before, text, _ = origin.source.partition(templates[file])
            if text:  # the file has the template as it stands
                return _at(origin.where, origin.source, before.count("\n") + line, message)
            return _at(file, templates[file], line, message)
        if isinstance(templates, Path) and Path(file).is_relative_to(templates):
            return _at(file, files.text(Path(file), MAX_FILE), line, message)
    return Diagnostic(origin.where, None, None, message)


def _at(file: str, source: str, line: int, message: str) -> Diagnostic:
    """A message about a line."""
    text = [*source.split("\n"), *[""] * line][line - 1]
    return Diagnostic(file, line, len(text) - len(text.lstrip()) + 1, message, source=text, width=len(text.strip()))
