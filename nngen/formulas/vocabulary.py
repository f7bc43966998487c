"""How a target says the functions of a formula."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Words:
    """A target's words.

    ``calls`` holds a pattern for each function, such as ``"math.exp({})"``; a pattern that is not closed in itself
    (``"{1} if {0} else {2}"``) gets parentheses where its place needs them.
    """

    calls: Mapping[str, str]
    alone: Mapping[str, str] = field(default_factory=dict)
    """Patterns for calls of a letter and a number that are a whole formula, where another form is faster."""
    both: str | None = None
    """What joins two comparisons of a chain, where there are no chains."""
    compared: str = "{}"
    """A pattern for each comparison of a chain."""
    equal: str = "=="
    hugs: bool = True
    """Whether a power of two short operands is written without spaces, as Python's formatter does."""
    prefix: str = ""
    """What the names of the page's own functions begin with."""
    number: str | None = None
    """A pattern for numbers, which then all have a point or an exponent; without it they stay as they are."""
    power: str | None = None
    """A pattern for powers, where there is no operator or it raises an error for a result that is too large.

    Squares and cubes of what calls nothing but ``abs`` are products then.
    """
    small: bool = False
    """Whether powers that cannot be too large are written with the operator all the same."""
    mask: str | None = None
    """A pattern for a choice between 1 and 0 that multiplies an array, where the condition itself will do."""
    modulo: str | None = None
    """A pattern for remainders, where there is no operator for these numbers."""


PLAIN = Words(calls={})
"""The words of the catalogue itself: every function is called by its own name."""
