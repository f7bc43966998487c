"""Choices that may name a custom formula: the names that exist, and those that do not."""

from collections.abc import Iterable, Iterator, Mapping

from nngen.common.aliases import meant
from nngen.common.diagnostics import offered, show
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, Entry
from nngen.reading.document import Document, Loc

_KINDS: Mapping[str, tuple[str, Mapping[str, Entry]]] = {
    "activation": ("activations", ACTIVATIONS),
    "loss": ("losses", LOSSES),
}
"""For each field with such a choice, the field of the custom formulas, and the catalogue."""


def custom_names(document: Document, loc: Loc) -> tuple[str, ...]:
    """The custom names that may be chosen at a path."""
    fields = [_KINDS[step][0] for step in loc if isinstance(step, str) and step in _KINDS]
    formulas = document.value.get(fields[0]) if fields else None
    return tuple(formulas) if isinstance(formulas, dict) else ()


def unknown_choice(document: Document, loc: Loc) -> str:
    """The unknown name that is chosen at a path; empty if the name is known or not a text."""
    kind = next(step for step in reversed(loc) if isinstance(step, str))
    name = document.get(loc)
    if isinstance(name, dict):
        loc, name = (*loc, "name"), name.get("name")
    if not isinstance(name, str) or loc in document.refused:
        return ""
    return "" if name in _KINDS[kind][1] or name in custom_names(document, loc) else name


def unknown_choices(document: Document) -> Iterator[tuple[Loc, tuple[str, str, str]]]:
    """The paths of unknown names, each with message, label and advice."""
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
    """The message, label and advice about an unknown name."""
    known, custom = list(known), list(custom)
    advice = f"known: {', '.join([*known, *custom])}"
    return f"unknown {kind} {show(name)}", offered(meant(name, [*known, *custom], kind)), advice
