"""The parts of a module: what its user asks for."""

from collections.abc import Collection
from typing import Annotated, get_args

from pydantic import Field

from nngen.common.choices import Part
from nngen.description.model.fields import Short, listed

ASKED = frozenset({"sensitivity", "notes"})
"""Parts that only a user asks for: equations of derivatives by the inputs grow with outputs times weights."""

ALL = frozenset(get_args(Part)) - {"all", *ASKED}
"""Every other part."""

_NEEDS: dict[str, frozenset[str]] = {
    "gradient": frozenset({"forward"}),
    "training": frozenset({"forward", "gradient"}),
    "prediction": frozenset({"forward"}),
    "batches": frozenset({"forward", "gradient"}),
    "files": frozenset({"forward"}),
    "checks": frozenset({"forward"}),
    "sensitivity": frozenset({"forward"}),
    "notes": frozenset({"forward", "prediction"}),
}
"""The parts that a part needs."""

Contents = Annotated[
    tuple[Part, ...], Field(min_length=1, max_length=len(get_args(Part))), Short(listed, {"enum": list(get_args(Part))})
]


def parts(chosen: Collection[str]) -> frozenset[str]:
    """The parts of a module, with those that they need.

    >>> sorted(parts(["gradient"]))
    ['forward', 'gradient']
    """
    named = frozenset(chosen).union(*(_NEEDS.get(part, frozenset()) for part in chosen)) - {"all"}
    return named | ALL if "all" in chosen else named


def shortest(found: Collection[str]) -> list[str]:
    """The fewest names for these parts: without those that others need, in the order of the list.

    >>> shortest({"forward", "gradient", "files"})
    ['gradient', 'files']
    """
    if ALL.issubset(found):
        return ["all", *sorted(ALL.symmetric_difference(found))]
    needed = frozenset[str]().union(*(_NEEDS.get(part, frozenset()) for part in found))
    return [part for part in get_args(Part) if part in found and part not in needed]
