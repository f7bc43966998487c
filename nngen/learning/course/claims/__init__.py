"""What lessons say about their networks, as functions of the reference engine: a false sentence stops the build.

A sentence of a lesson names its claim, so that the mark moves with the text: ``{fact=h1_never_moves()}`` or
``{fact="first_example_is((1, 0), 0)"}``. A sentence that is true without the page has ``{general}``. Numbers are values
of the network where they can, ``{{ a_h1 }}``.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from nngen.learning.course.claims import examples, hidden, ids, lines, losses
from nngen.learning.course.given import Given

SUBJECTS = (examples, lines, losses, hidden, ids)

CLAIMS: Mapping[str, Callable[..., bool]] = {
    name: claim
    for subject in SUBJECTS
    for name, claim in vars(subject).items()
    if callable(claim) and not name.startswith("_") and claim.__module__ == subject.__name__
}
"""All claims by their names."""


@cache
def holds(given: Given, name: str, *values: Any, **named: Any) -> bool:
    """Whether the claim of this name is true of the network."""
    return CLAIMS[name](given, *values, **named)
