"""The table of a verification: a row for each check."""

import math
from collections.abc import Callable, Sequence

from nngen.common.records import dataclass
from nngen.proof.verify.cases import Case
from nngen.proof.verify.child import CallError
from nngen.proof.verify.ulps import Distance, NotJudged

RIGHT, WRONG, OPEN = "right", "wrong", "not judged"


@dataclass(frozen=True)
class Row:
    """A check, its largest error, the allowed error in units in the last place, and the verdict.

    ``functions`` are the checked functions of the module; ``case`` is the case with the error.
    """

    what: str
    ulps: float | None
    allowed: float | None
    verdict: str
    note: str = ""
    functions: tuple[str, ...] = ()
    case: Case | None = None


def measured(
    what: str, functions: Sequence[str], allowed: float, cases: Sequence[Case], measure: Callable[[Case], Distance]
) -> Row:
    """Measure several cases and return the row of the worst."""
    worst, at = Distance(0.0, 0, 0.0, 0.0), None
    for case in cases:
        try:
            current = measure(case)
        except CallError as failure:
            return Row(what, None, allowed, WRONG, str(failure), tuple(functions), case)
        except NotJudged as reason:
            return Row(what, None, allowed, OPEN, str(reason), tuple(functions))
        if current.ulps > worst.ulps:
            worst, at = current, case
    if worst.ulps <= allowed:
        return Row(what, worst.ulps, allowed, RIGHT, "", tuple(functions))
    actual, expected = distinguishable(worst.actual, worst.expected)
    note = f"gives {actual}, the spec says {expected}"
    return Row(what, worst.ulps, allowed, WRONG, note, tuple(functions), at)


def checked(what: str, functions: Sequence[str], check: Callable[[], str]) -> Row:
    """The row of a check that passes or fails. ``check`` returns what is wrong, or an empty text."""
    try:
        note = check()
    except CallError as failure:
        note = str(failure)
    except NotJudged as reason:
        return Row(what, None, None, OPEN, str(reason), tuple(functions))
    return Row(what, None, None, WRONG if note else RIGHT, note, tuple(functions))


def distinguishable(actual: float, expected: float) -> tuple[str, str]:
    """Two numbers with enough digits to show that they differ."""
    for digits in range(4, 18):
        left, right = f"{actual + 0.0:.{digits}g}", f"{expected + 0.0:.{digits}g}"  # -0 is 0
        if left != right or not math.isfinite(actual):
            break
    return left, right
