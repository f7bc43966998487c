"""Checks the arguments of Python functions at run time, by their annotations."""

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from nngen.common.aliases import meant
from nngen.common.diagnostics import Diagnostic, SpecError, offered, show
from nngen.common.text import joined

_KINDS: Mapping[Any, tuple[str, Callable[[Any], bool]]] = {
    str: ("a text", lambda value: isinstance(value, str)),
    bool: ("True or False", lambda value: isinstance(value, bool)),
    os.PathLike: ("a path", lambda value: isinstance(value, os.PathLike)),
    Mapping: ("a mapping", lambda value: isinstance(value, Mapping)),
    get_origin(Callable[[], None]): ("a function", callable),
    tuple: (
        "two texts",
        lambda value: isinstance(value, list | tuple) and [*map(type, value)] == [str, str],
    ),
}
"""For each annotation that is checked, its words and its test; ``tuple`` stands for two texts."""


def check(function: Callable[..., Any], where: str, given: Mapping[str, object]) -> None:
    """Check the arguments of a function: choices (``Literal``), numbers (``Within``) and the kinds in ``_KINDS``.

    Args:
        function: the function.
        where: its name, as messages have it.
        given: its arguments by name.

    Raises:
        SpecError: with all mistakes.
    """
    known = annotations(function)
    wrong = [
        Diagnostic(where, None, None, f"{name}: {message}", help=advice)
        for name, value in given.items()
        if name in known  # the call itself refuses others
        for message, advice in _mistakes(name, value, known[name])
    ]
    if wrong:
        raise SpecError(wrong)


@cache
def annotations(function: Callable[..., Any]) -> Mapping[str, Any]:
    """The annotation of each parameter, in their order."""
    return {name: one.annotation for name, one in inspect.signature(function).parameters.items()}


def _mistakes(name: str, value: object, annotation: Any) -> Iterator[tuple[str, str]]:
    """What is wrong about an argument, each with its advice."""
    optional, forms, choices, listed, tests = _checks(annotation)
    if value is None and optional:
        return
    if choices:
        if isinstance(value, forms[1:]):  # a name, or an object such as a language of one's own
            return
        yield from _of_choice(name, value, choices)
    elif listed:
        if isinstance(value, str) or not isinstance(value, Sequence):
            yield f"expected a list, got {show(value)}", f"write {name}=[{meant(value, listed, name) or listed[0]!r}]"
            return
        for each in value:
            yield from _of_choice(name, each, listed)
    elif tests and not any(fits(value) for _, fits in tests):
        yield f"expected {joined([words for words, _ in tests], 'or')}, got {show(value)}", ""


@cache
def _checks(annotation: Any) -> tuple[bool, tuple[Any, ...], tuple[str, ...], tuple[str, ...], list[Any]]:
    """Whether it may be None, its forms, the choices of a value or of a list, and the tests of other values."""
    forms = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    optional, forms = NoneType in forms, tuple(form for form in forms if form is not NoneType)
    inner = get_args(forms[0])
    if get_origin(forms[0]) is Literal:
        return optional, forms, inner, (), []
    if get_origin(forms[0]) is Sequence and get_origin(inner[0]) is Literal:
        return optional, forms, (), get_args(inner[0]), []
    tests = [_test(form) for form in forms]
    return optional, forms, (), (), [*filter(None, tests)] if all(tests) else []


def _of_choice(name: str, value: object, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not (isinstance(value, str) and value in known):
        yield f"expected {joined(known, 'or')}, got {show(value)}", offered(meant(value, known, name))


def _test(form: Any) -> tuple[str, Callable[[Any], bool]] | None:
    """The words for what fits a form of an argument, and the test; None if it is not checked."""
    if get_origin(form) is Annotated:
        within = form.__metadata__[0]
        return str(within), within.__contains__
    return _KINDS.get(get_origin(form) or form)
