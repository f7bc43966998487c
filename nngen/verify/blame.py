"""Which equation is wrong: a module and the page that its spec gives, run on the same numbers, name by name."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from nngen.reference import Array
from nngen.verify.calls import Calls
from nngen.verify.cases import Case
from nngen.verify.child import CallError, Child, kept
from nngen.verify.module_text import Text, calls, difference
from nngen.verify.rows import Row, apart_in_words
from nngen.verify.ulps import apart
from nngen.verify.worker import RESULT

Record = tuple[str, int, list[float]]

TRACED = ("forward", "gradient", "batch_gradient", "loss", "step")
"""The functions whose equations are compared by what they give; of the others, the text is."""


@dataclass(frozen=True)
class Found:
    """What was found in the equations of a module: the line, 0 for none, its text, and a sentence.

    ``cause`` is the line that is not as nngen writes it, where that is another one.
    """

    line: int
    cause: int
    text: str
    says: str


class Comparison:
    """A module beside the fresh page of its spec. Neither is trusted: the reference has judged both before."""

    def __init__(self, mine: Text, fresh: Text, like: Calls, seconds: float) -> None:
        self.texts, self.seconds, self.like = (mine, fresh), seconds, like
        self.dtype = mine.dtype

    def of(self, row: Row, gradients: Sequence[Array], explained: Set[str]) -> Found | None:
        """The first equation that is wrong behind a row of the table; None where nothing differs.

        Args:
            row: a row that is wrong.
            gradients: those that steps are made by.
            explained: functions in which an equation is known to be wrong: what calls them is so for that reason.
        """
        mine, fresh = self.texts
        names = [name for name in row.functions if name in TRACED]
        for name in names:
            if row.case is None or row.ulps is None:
                break
            try:
                theirs, meant = (self._trace(text, name, row.case, gradients) for text in (mine, fresh))
            except CallError:
                break  # the row says why
            found = self._first(name, theirs, meant, row.allowed or 0.0)
            if found:
                return found
        if not explained.isdisjoint(calls(mine.functions, row.functions)):
            return None
        return self._by_text(row.functions)

    def _trace(self, text: Text, name: str, case: Case, gradients: Sequence[Array]) -> list[Record]:
        with Child(text.code((name,)), self.seconds, lives=1) as child:
            there = Calls(child, self.like.shapes, self.like.inputs, self.like.outputs)
            params = there.params(case.flat)
            if name != "step":
                arguments, named = there.seeded(name, case)
                given = arguments[: 1 if name == "forward" else 2]
                return there.call(name, params, *given, named=named, gives="nothing").records
            there.start(case.flat)
            records: list[Record] = []
            before, state = params, kept("state")
            for gradient in gradients:
                records += there.call(name, before, there.params(gradient), state, keep="step", gives="nothing").records
                before, state = kept("step", 0), kept("step", 1)
            return records

    def _first(self, function: str, mine: Sequence[Record], meant: Sequence[Record], allowed: float) -> Found | None:
        """The first value that differs, in the order in which the module computes them."""
        waiting: dict[str, list[list[float]]] = {}
        for name, _, numbers in meant:
            waiting.setdefault(name, []).append(numbers)
        seen: dict[str, int] = {}
        for name, line, numbers in mine:
            turn = seen[name] = seen.get(name, -1) + 1
            if turn >= len(waiting.get(name, ())):
                continue  # a name of the module's own
            expected = waiting[name][turn]
            if len(numbers) != len(expected):
                told = f"has {len(numbers)} numbers, the spec says {len(expected)}"
                return self._found(function, line, f"{_shown(name)}: line {line} {told}")
            far = apart(numbers, expected, self.dtype)
            if far.ulps > allowed:
                at = f", number {far.place + 1} of {len(numbers)}," if len(numbers) > 1 else ""
                left, right = apart_in_words(far.found, far.expected)
                told = f"{_shown(name)}: line {line} gives {left}{at and f' as{at[1:-1]}'}, the spec says {right}"
                return self._found(function, line, told)
        return None

    def _found(self, function: str, line: int, says: str) -> Found:
        """A line that gives a wrong value; where its function is as it should be, beside what it calls and is not."""
        mine, fresh = self.texts
        found = difference(mine, fresh, [function])
        if found is None or self._inside(function, found[0]):
            return Found(line, line, mine.line(line), says)
        return Found(line, found[0], mine.line(line), f"{says}; {_told(found)}")

    def _inside(self, function: str, line: int) -> bool:
        node = self.texts[0].functions.get(function)
        return node is not None and node.lineno <= line <= (node.end_lineno or node.lineno)

    def _by_text(self, functions: Sequence[str]) -> Found | None:
        mine, fresh = self.texts
        found = difference(mine, fresh, functions)
        if found is None:
            return None
        inside = next((name for name in mine.functions if self._inside(name, found[0])), functions[0])
        return Found(found[0], found[0], mine.line(found[0]), f"`{inside}`: {_told(found)}")


def _told(found: tuple[int, str, str]) -> str:
    line, said, meant = found
    if not meant:
        return f"line {line} is none that nngen writes"
    if not said:
        return f"after line {line}, nngen writes `{meant}`"
    return f"line {line} has `{said}`, where nngen writes `{meant}`"


def _shown(name: str) -> str:
    return "what it returns" if name == RESULT else f"`{name}`"
