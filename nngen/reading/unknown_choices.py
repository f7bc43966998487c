"""Choices that a formula of the spec's own may be meant by: which of its names there are, and which there are not."""

from collections.abc import Iterable, Iterator, Mapping

from nngen.catalogue import ACTIVATIONS, LOSSES, Entry
from nngen.diagnostics import offered, show
from nngen.reading.aliases import meant
from nngen.reading.document import Document, Loc

_KINDS: Mapping[str, tuple[str, Mapping[str, Entry]]] = {
    "activation": ("activations", ACTIVATIONS),
    "loss": ("losses", LOSSES),
}
"""Of each field that has such a choice, the field with the formulas of the spec's own, and the catalogue."""


def custom_names(document: Document, loc: Loc) -> tuple[str, ...]:
    """The names of the spec's own that may be chosen at a place."""
    fields = [_KINDS[step][0] for step in loc if isinstance(step, str) and step in _KINDS]
    formulas = document.value.get(fields[0]) if fields else None
    return tuple(formulas) if isinstance(formulas, dict) else ()


def unknown_choice(document: Document, loc: Loc) -> str:
    """The name that is chosen at a place where nothing has that name; empty where it is known, or no name."""
    kind = next(step for step in reversed(loc) if isinstance(step, str))
    name = document.get(loc)
    if isinstance(name, dict):
        loc, name = (*loc, "name"), name.get("name")
    if not isinstance(name, str) or loc in document.refused:
        return ""
    return "" if name in _KINDS[kind][1] or name in custom_names(document, loc) else name


def unknown_choices(document: Document) -> Iterator[tuple[Loc, tuple[str, str, str]]]:
    """The places where a name is chosen that nothing has, each with what is to be said of it."""
    layers = document.value.get("layers")
    places: list[Loc] = [
        ("layers", index, "activation") for index in range(len(layers) if isinstance(layers, list) else 0)
    ]
    places.append(("loss",))
    for loc in places:
        if document.locate(loc) == loc and (name := unknown_choice(document, loc)):
            kind = "loss" if loc == ("loss",) else "activation"
            yield (*loc, "name"), unknown(kind, name, _KINDS[kind][1], custom_names(document, loc))


def unknown(kind: str, name: object, known: Iterable[str], custom: Iterable[str] = ()) -> tuple[str, str, str]:
    """The message, label and advice about a name that nothing has."""
    known, custom = list(known), list(custom)
    advice = f"known are {', '.join(known)}" + (f", and custom ones: {', '.join(custom)}" if custom else "")
    return f"unknown {kind} {show(name)}", offered(meant(name, [*known, *custom], kind)), advice
