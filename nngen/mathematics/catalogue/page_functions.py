"""The functions that a page defines: activations with long formulas, and their slopes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nngen.common.messages import Message, message
from nngen.common.records import dataclass
from nngen.mathematics.catalogue.activation import Activation
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.formulas import Formula, Line, line


@dataclass(frozen=True)
class PageFunction:
    """A function of ``z`` and the options of an activation."""

    name: str
    arguments: tuple[str, ...]
    says: str
    """Its docstring."""
    lines: tuple[Line, ...]
    """The lines before the value."""
    value: Formula

    @property
    def calls(self) -> tuple[str, ...]:
        """The called functions, one entry per call."""
        return tuple(name for formula in (*(line.formula for line in self.lines), self.value) for name in formula.calls)


def _page_function(
    name: str, says: str, text: str, entry: Activation, steps: tuple[str, ...] = ()
) -> Iterator[PageFunction]:
    """The function of a formula that is long enough to get a name and depends only on ``z`` and the options."""
    formula, lines = Formula(text), tuple(map(line, steps))
    variables = {variable for part in (*(step.formula for step in lines), formula) for variable in part.variables}
    given = variables.difference(step.name for step in lines)
    if lines or (len(formula.calls) > 1 and {"z"} <= given <= set(entry.arguments)):
        arguments = tuple(argument for argument in entry.arguments if argument in given)
        yield PageFunction(name, arguments, says, lines, formula)


def _of(entry: Activation) -> Iterator[PageFunction]:
    says = Message("{formula}.", formula=Message(entry.textbook))
    if entry.remark:
        says = Message("{formula}, {remark}.", formula=Message(entry.textbook), remark=Message(entry.remark))
    yield from _page_function(entry.name, says, entry.value, entry, entry.steps)
    if entry.slope is not None:
        yield from _page_function(
            f"{entry.name}_slope",
            message("The derivative of {name} with respect to z.", name=entry.name),
            entry.slope,
            entry,
        )


def functions(entries: Iterable[Activation]) -> Mapping[str, PageFunction]:
    """The functions that a page may define for some activations, by name."""
    return {function.name: function for entry in entries for function in _of(entry)}


PAGE_FUNCTIONS = functions(ACTIVATIONS.values())
"""The functions of the catalogue's activations."""


def formula(known: Mapping[str, PageFunction], name: str, text: str, options: Mapping[str, float]) -> Formula:
    """The formula with the numbers of the options; if a function of this name is known, a call of it."""
    if name in known:
        return Formula(f"{name}({', '.join(known[name].arguments)})", frozenset({name})).bind(options)
    return Formula(text).bind(options)


def needed(known: Mapping[str, PageFunction], formulas: Iterable[Formula]) -> tuple[PageFunction, ...]:
    """The known functions that formulas call, directly or through other functions, in the order of ``known``."""
    found: set[str] = set()
    names = {name for formula in formulas for name in formula.calls if name in known}
    while names:
        found |= names
        names = {call for name in names for call in known[name].calls if call in known} - found
    return tuple(function for name, function in known.items() if name in found)


def in_order(functions: Sequence[PageFunction]) -> tuple[PageFunction, ...]:
    """Sort functions so that each comes after those that it calls, as C needs it."""
    known = {function.name: function for function in functions}

    def depth(function: PageFunction) -> int:
        return max((1 + depth(known[call]) for call in function.calls if call in known), default=0)

    return tuple(sorted(functions, key=depth))
