"""The part of a large network that a worksheet shows: some units, some terms, and the sum of the rest."""

import ast
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import groupby
from operator import add

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.learning.trace.statements import Frame, compiled, names_in
from nngen.learning.trace.worksheet import Section
from nngen.learning.typeset import Reader, Symbol, Symbols, Term, tree, with_numbers
from nngen.plan import Plan

WHOLE = 40
"""The most parameters of a network that is shown completely, in about 400 lines, and the most terms of a sum."""

TERMS = 4
"""The number of terms of a sum, and of given numbers, in an excerpt."""

WEIGHTS = 2
"""The number of weights per unit and source whose derivatives and updates an excerpt shows."""

LAYERS = 3
"""An excerpt of a deep network shows a unit in this many layers at each end."""


@dataclass(frozen=True)
class Cut:
    """The equations of a network that are shown: those of ``units``, or all equations if that is None."""

    plan: Plan
    units: frozenset[str] | None

    @cached_property
    def _feeders(self) -> dict[str, frozenset[str]]:
        """The units and inputs of each unit whose weights are shown."""
        feeders = {}
        for layer in self.plan.layers:
            sources = [source.weights.inputs for source in layer.sources if source.weights]
            first = {name for names in sources for name in names[:WEIGHTS]}
            shown = frozenset(first.union(name for names in sources for name in names if self._asked(name)))
            feeders.update(dict.fromkeys(layer.units, shown))
        return feeders

    def _asked(self, name: str) -> bool:
        return self.units is None or name in self.units

    def shows(self, symbol: Symbol) -> bool:
        """Whether the equation of a symbol is shown. Values of whole layers always are."""
        if self.units is None or not symbol.indices or symbol.indices[0] not in self._feeders:
            return True
        unit, *feeders = symbol.indices
        return unit in self.units and all(feeder in self._feeders[unit] for feeder in feeders)

    def gives(self, place: int, name: str) -> bool:
        """Whether a given number is shown. ``place`` is its index among its kind."""
        return self._asked(name) or place < TERMS

    def forms(self, expression: ast.expr, symbols: Symbols, frame: Frame, about: Symbol) -> tuple[tree.Node, tree.Node]:
        """The right side of a symbol's equation: in symbols, and with the current numbers of a frame.

        Long sums are shortened. So are sums over a list of the module, ``sum(g * g for g in gradient)``, which have a
        term for each parameter.
        """

        def matters(term: ast.expr) -> bool:
            used = map(symbols, names_in(term))
            names = {name for symbol in used for name in (symbol.indices or (symbol.name,))}
            return any(self._asked(name) for name in names.difference(about.indices))

        reader = _Excerpt(symbols, matters if self.units is not None else lambda _: True, frame)
        node = _without_missing(reader.node(expression), frame)
        known = {symbol.name: frame.names.get(symbol.name) for symbol in tree.symbols(node)}
        numbers = with_numbers(node, {name: value for name, value in known.items() if isinstance(value, int | float)})
        return tree.replaced(node, lambda part: tree.Rest(part.count) if isinstance(part, tree.Rest) else None), numbers


def _without_missing(node: tree.Node, frame: Frame) -> tree.Node:
    """An expression where a choice by whether a target is missing, which is NaN, has been made."""

    def chosen(part: tree.Node) -> tree.Node | None:
        match part:
            case tree.Choice(((value, tree.Comparison((tree.Name(y), tree.Name(same)), ("=",))),), other) if y == same:
                return other if math.isnan(frame.names[y.name]) else value
        return None

    return tree.replaced(node, chosen)


class _Excerpt(Reader):
    """Reads an expression with the number and the value of omitted terms in their place."""

    def __init__(self, symbols: Symbols, matters: Callable[[ast.expr], bool], frame: Frame) -> None:
        super().__init__(symbols)
        self.matters, self.frame = matters, frame

    def added(self, listed: Sequence[Term], *more: tree.Node) -> tree.Node:
        kept = [term for place, term in enumerate(listed) if place < TERMS or self.matters(term[1])][:WHOLE]
        if len(listed) <= len(kept) + 1:  # a single omitted term is shown instead of its count
            return super().added(listed, *more)
        rest = [term for term in listed if term not in kept]
        values = (-self.frame.value(term) if negative else self.frame.value(term) for negative, term in rest)
        return super().added(kept, tree.Rest(len(rest), float(reduce(add, values))), *more)

    def call(self, name: str, arguments: list[ast.expr]) -> tree.Node:
        match name, arguments:
            case "sum", [ast.GeneratorExp(elt=term, generators=[ast.comprehension(ast.Name(variable), iter=loop)])]:
                names, node, code = self.frame.listed(loop), self.node(term), compiled(term)
                listed = [tree.renamed(node, {variable: tree.Name(self.symbols(name))}.get) for name in names]
                if len(listed) > TERMS + 1:
                    values = [self.frame.names[name] for name in names[TERMS:]]
                    rest = [eval(code, self.frame.names, {variable: value}) for value in values]  # noqa: S307 (our own page)
                    listed[TERMS:] = [tree.Rest(len(rest), reduce(add, rest))]
                return tree.Sum(tuple(listed)) if len(listed) > 1 else listed[0]
            case "max", [_, _, _, *_]:
                kept = [argument for place, argument in enumerate(arguments) if place < TERMS or self.matters(argument)]
                omitted = [argument for argument in arguments if argument not in kept]
                if len(omitted) > 1:
                    most = max(map(self.frame.value, omitted))
                    return tree.Call("max", (*map(self.node, kept), tree.Rest(len(omitted), most)))
        return super().call(name, arguments)


def folded(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections, with neighbouring layers merged if nothing of them is shown."""
    for (part, empty), group in groupby(sections, lambda section: (section.part, not section.lines)):
        members = list(group)
        if not empty or len(members) == 1:
            yield from members
            continue
        names = [section.layer for section in members if section.layer]
        title = members[0].title
        if len(names) > 1:
            title = message("{first} to {last}", first=names[0], last=names[-1])
        yield Section(part, title, "", (), sum(section.left for section in members))
