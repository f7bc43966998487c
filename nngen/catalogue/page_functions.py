"""The functions that a page defines for itself: activations, and slopes of theirs, whose formulas are long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nngen.catalogue.activations import ACTIVATIONS, Activation
from nngen.formulas import Formula, Line, line


@dataclass(frozen=True)
class PageFunction:
    """A function of numbers: ``z``, and the options of an activation."""

    name: str
    arguments: tuple[str, ...]
    says: str
    """Its docstring."""
    lines: tuple[Line, ...]
    """What it computes first."""
    value: Formula

    @property
    def calls(self) -> tuple[str, ...]:
        """The functions called, once for each call."""
        return tuple(name for formula in (*(line.formula for line in self.lines), self.value) for name in formula.calls)


def _helper(name: str, says: str, text: str, entry: Activation, steps: tuple[str, ...] = ()) -> Iterator[PageFunction]:
    """The function, where the formula is long enough to get a name, and says no more than ``z`` and the options."""
    formula, lines = Formula(text), tuple(map(line, steps))
    variables = {variable for part in (*(made.formula for made in lines), formula) for variable in part.variables}
    given = variables.difference(made.name for made in lines)
    if lines or (len(formula.calls) > 1 and {"z"} <= given <= set(entry.arguments)):
        yield PageFunction(
            name, tuple(variable for variable in entry.arguments if variable in given), says, lines, formula
        )


def _of(entry: Activation) -> Iterator[PageFunction]:
    says = f"{entry.textbook}, {entry.remark}." if entry.remark else f"{entry.textbook}."
    yield from _helper(entry.name, says, entry.value, entry, entry.steps)
    if entry.slope is not None:
        yield from _helper(f"{entry.name}_slope", f"The derivative of {entry.name} by z.", entry.slope, entry)


def functions(entries: Iterable[Activation]) -> Mapping[str, PageFunction]:
    """All functions that a page can define for some activations, by name."""
    return {helper.name: helper for entry in entries for helper in _of(entry)}


PAGE_FUNCTIONS = functions(ACTIVATIONS.values())
"""Those of the catalogue."""


def formula(known: Mapping[str, PageFunction], name: str, text: str, options: Mapping[str, float]) -> Formula:
    """A formula with the options' numbers, or where a function of this name is known, its call."""
    if name in known:
        return Formula(f"{name}({', '.join(known[name].arguments)})", frozenset({name})).bind(options)
    return Formula(text).bind(options)


def needed(known: Mapping[str, PageFunction], formulas: Iterable[Formula]) -> tuple[PageFunction, ...]:
    """The known functions that formulas call, and those that these call, in the order in which they are known."""
    found: set[str] = set()
    names = {name for formula in formulas for name in formula.calls if name in known}
    while names:
        found |= names
        names = {call for name in names for call in known[name].calls if call in known} - found
    return tuple(helper for name, helper in known.items() if name in found)


def in_order(found: Sequence[PageFunction]) -> tuple[PageFunction, ...]:
    """The same functions, each behind those that it calls: some languages know nothing of what comes later."""
    known = {helper.name: helper for helper in found}

    def depth(helper: PageFunction) -> int:
        return max((1 + depth(known[call]) for call in helper.calls if call in known), default=0)

    return tuple(sorted(found, key=depth))
