"""Values that replace those of a document: ``training.optimizer.rate=0.01``."""

from collections.abc import Iterable
from typing import Any, NoReturn

from nngen.common.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.reading.document import Document, Loc, Span
from nngen.reading.yaml_reader import read

OPTION = "--set"


def override(document: Document, assignments: Iterable[str]) -> None:
    """Replace values of a document. A message about one of them points to where the document had the old value.

    Args:
        document: a document that has been read.
        assignments: each a place and a value in YAML, such as ``layers.0.units=8``.

    Raises:
        SpecError: an assignment is none, or the document has no such place.
    """
    for assignment in assignments:
        place, equals, text = assignment.partition("=")
        if not equals or not place:
            _refuse(f"expected a place and a value, such as training.epochs=100, got {show(assignment)}")
        given = read(f"value: {text}\n", OPTION)
        if given.diagnostics:
            raise SpecError(given.diagnostics)
        _put(document, place.split("."), given.value.get("value"))


def _put(document: Document, steps: list[str], value: Any) -> None:
    holder, span = document.value, Span(0)
    loc: Loc = ()
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        key: str | int = step
        if isinstance(holder, list):
            if not step.isascii() or not step.isdigit() or int(step) >= len(holder):
                _refuse(f"there is no {show('.'.join(steps[: number + 1]))}: {len(holder)} are listed, from 0")
            key = int(step)
        elif not isinstance(holder, dict):
            _refuse(f"{show('.'.join(steps[:number]))} is {show(holder)}, which has no parts")
        elif key not in holder and not last:
            _refuse(f"there is no {show('.'.join(steps[: number + 1]))}", nearest(step, holder))
        loc = (*loc, key)
        span = document.values.get(loc, span)
        if last:
            holder[key] = value
            mark(document, loc, value, span)
        elif isinstance(holder[key], str):  # a choice by its bare name, which gets an option
            holder[key] = {"name": holder[key]}
            mark(document, loc, holder[key], span)
        holder = holder[key]


def mark(document: Document, loc: Loc, value: Any, span: Span) -> None:
    """Give a value and all its parts the place of the old value."""
    document.values[loc] = span
    document.keys.setdefault(loc, span)
    document.refused.discard(loc)
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        mark(document, (*loc, key), part, span)


def _refuse(message: str, label: str = "") -> NoReturn:
    raise SpecError([Diagnostic(OPTION, None, None, message, help=label)])
