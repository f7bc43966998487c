"""The table of a verification: a row for each thing that was looked at."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nngen.verify.cases import Case
from nngen.verify.child import CallError
from nngen.verify.ulps import Apart, Unjudged

RIGHT, WRONG, OPEN = "right", "wrong", "not judged"


@dataclass(frozen=True)
class Row:
    """What was looked at, the worst error and that which is allowed, in units of the last place, and the verdict.

    ``functions`` are those of the module that it looked at, ``case`` is where the error was.
    """

    what: str
    ulps: float | None
    allowed: float | None
    verdict: str
    note: str = ""
    functions: tuple[str, ...] = ()
    case: Case | None = None


def measured(
    what: str, functions: Sequence[str], allowed: float, cases: Sequence[Case], measure: Callable[[Case], Apart]
) -> Row:
    """The row of what is measured on several cases: the worst of them."""
    worst, at = Apart(0.0, 0, 0.0, 0.0), None
    for case in cases:
        try:
            found = measure(case)
        except CallError as failure:
            return Row(what, None, allowed, WRONG, str(failure), tuple(functions), case)
        except Unjudged as reason:
            return Row(what, None, allowed, OPEN, str(reason), tuple(functions))
        if found.ulps > worst.ulps:
            worst, at = found, case
    if worst.ulps <= allowed:
        return Row(what, worst.ulps, allowed, RIGHT, "", tuple(functions))
    note = f"gives {number(worst.found)}, the spec says {number(worst.expected)}"
    return Row(what, worst.ulps, allowed, WRONG, note, tuple(functions), at)


def checked(what: str, functions: Sequence[str], check: Callable[[], str]) -> Row:
    """The row of what is right or wrong: ``check`` says what is wrong with it, or nothing."""
    try:
        note = check()
    except CallError as failure:
        note = str(failure)
    return Row(what, None, None, WRONG if note else RIGHT, note, tuple(functions))


def number(value: float) -> str:
    """A number in a sentence."""
    return f"{value:.6g}"


def apart_in_words(found: float, expected: float) -> tuple[str, str]:
    """Two numbers, with as many digits as it takes to see that they differ."""
    for digits in range(4, 18):
        left, right = f"{found + 0.0:.{digits}g}", f"{expected + 0.0:.{digits}g}"  # -0 is 0
        if left != right or not math.isfinite(found):
            break
    return left, right
