"""Finds the wrong equation: runs a module and that of its spec on the same numbers and compares each value."""

from collections.abc import Sequence, Set

from nngen.common.records import dataclass
from nngen.proof.reference import Array
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case
from nngen.proof.verify.child import CallError, Child, kept
from nngen.proof.verify.module_text import Text, calls, difference
from nngen.proof.verify.rows import Row, distinguishable
from nngen.proof.verify.ulps import distance
from nngen.proof.verify.worker import RESULT

Record = tuple[str, int, list[float]]

TRACED = ("forward", "gradient", "batch_gradient", "loss", "step", "input_gradient", "jacobian")
"""The functions whose equations are compared by value. Other functions are compared by text."""


@dataclass(frozen=True)
class Finding:
    """A wrong equation: its line (0 for none), its text, and an explanation.

    ``cause`` is the line that differs from nngen's own module, if that is another one.
    """

    line: int
    cause: int
    text: str
    says: str


class Blame:
    """Compares a module with that of its spec. The reference has judged both before, in these two processes."""

    def __init__(self, mine: Text, fresh: Text, like: Calls, ours: Child) -> None:
        self.texts, self.children, self.like = (mine, fresh), (like.child, ours), like
        self.dtype = mine.dtype

    def of(self, row: Row, gradients: Sequence[Array], explained: Set[str]) -> Finding | None:
        """The first wrong equation behind a wrong row of the table; None if nothing differs.

        The callers of ``explained`` functions, which have a known wrong equation, are wrong for the same reason.
        """
        names = [name for name in row.functions if name in TRACED]
        for name in names:
            if row.case is None or row.ulps is None:
                break
            try:
                actual, expected = (self._trace(place, name, row.case, gradients) for place in (0, 1))
            except CallError:
                break  # the row says why
            found = self._first(name, actual, expected, row.allowed or 0.0)
            if found:
                return found
        if not explained.isdisjoint(calls(self.texts[0].functions, row.functions)):
            return None
        return self._by_text(row.functions)

    def _trace(self, place: int, name: str, case: Case, gradients: Sequence[Array]) -> list[Record]:
        """The values of a function of the module, or of that of its spec."""
        child = self.children[place]
        child.load(self.texts[place].code((name,)))
        there = self.like.another(child)
        params = there.params(case.flat)
        if name != "step":
            arguments, named = there.seeded(name, case)
            given = arguments[: 1 if name in ("forward", "jacobian") else 2]
            return there.call(name, params, *given, named=named, gives="nothing").records
        there.start(case.flat)
        records: list[Record] = []
        before, state = params, kept("state")
        for gradient in gradients:
            records += there.call(name, before, there.slopes(gradient), state, keep="step", gives="nothing").records
            before, state = kept("step", 0), kept("step", 1)
        return records

    def _first(
        self, function: str, actual: Sequence[Record], expected: Sequence[Record], allowed: float
    ) -> Finding | None:
        """The first value that differs, in the order of the module."""
        expected_values: dict[str, list[list[float]]] = {}
        for name, _, numbers in expected:
            expected_values.setdefault(name, []).append(numbers)
        seen: dict[str, int] = {}
        for name, line, numbers in actual:
            index = seen[name] = seen.get(name, -1) + 1
            if index >= len(expected_values.get(name, ())):
                continue  # a name that only the module has
            wanted = expected_values[name][index]
            if len(numbers) != len(wanted):
                text = f"has {len(numbers)} numbers, the spec says {len(wanted)}"
                return self._found(function, line, f"{_shown(name)}: line {line} {text}")
            error = distance(numbers, wanted, self.dtype)
            if error.ulps > allowed:
                at = f", number {error.place + 1} of {len(numbers)}," if len(numbers) > 1 else ""
                left, right = distinguishable(error.actual, error.expected)
                text = f"{_shown(name)}: line {line} gives {left}{at and f' as{at[1:-1]}'}, the spec says {right}"
                return self._found(function, line, text)
        return None

    def _found(self, function: str, line: int, says: str) -> Finding:
        """A line with a wrong value. If its function is right, the wrong function that it calls is named, too."""
        mine, fresh = self.texts
        differing = difference(mine, fresh, [function])
        if differing is None or self._inside(function, differing[0]):
            return Finding(line, line, mine.line(line), says)
        return Finding(line, differing[0], mine.line(line), f"{says}; {in_words(differing)}")

    def _inside(self, function: str, line: int) -> bool:
        node = self.texts[0].functions.get(function)
        return node is not None and node.lineno <= line <= (node.end_lineno or node.lineno)

    def _by_text(self, functions: Sequence[str]) -> Finding | None:
        mine, fresh = self.texts
        differing = difference(mine, fresh, functions)
        if differing is None:
            return None
        inside = next((name for name in mine.functions if self._inside(name, differing[0])), functions[0])
        return Finding(differing[0], differing[0], mine.line(differing[0]), f"`{inside}`: {in_words(differing)}")


def in_words(differing: tuple[int, str, str]) -> str:
    """A line of a module that differs from what nngen writes, in words."""
    line, actual, expected = differing
    if not expected:
        return f"nngen does not write line {line}"
    if not actual:
        return f"after line {line}, nngen writes `{expected}`"
    return f"line {line} is `{actual}`, but nngen writes `{expected}`"


def _shown(name: str) -> str:
    return "the returned value" if name == RESULT else f"`{name}`"
