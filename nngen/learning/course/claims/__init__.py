"""What lessons say about their networks, as functions of the reference engine: a false sentence stops the build.

A message of a lesson names its claim, so that the mark moves with the text:
``{% trans fact=holds("h1_never_moves") %}…{% endtrans %}`` or ``_("…", fact=holds("first_example_is", (1, 0), 0))``.
A sentence that is true without the page has ``general=true``. Numbers come from ``numbers.py`` where they can.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from nngen.learning.course.claims import examples, hidden, ids, lines, losses
from nngen.learning.course.given import Given

SUBJECTS = (examples, lines, losses, hidden, ids)


@cache
def holds(given: Given, name: str, *values: Any, **named: Any) -> bool:
    """True, as the claim of this name is about the network.

    Raises:
        ValueError: it is false.
    """
    claim: Callable[..., bool] = next(getattr(one, name) for one in SUBJECTS if hasattr(one, name))
    if not claim(given, *values, **named):
        raise ValueError(
            f"{' '.join((given.lesson, *given.overrides))}: it is false that {name}{values or named or ''}"
        )
    return True
