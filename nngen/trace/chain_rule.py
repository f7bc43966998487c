"""The chain rule, as each derivative of a page follows from it.

A value ``X`` moves the loss by the values that are computed from it: ∂loss/∂X is the sum of ∂loss/∂Y · ∂Y/∂X over all Y
that take X. Which these are, the page's own forward equations say; where the page has no derivative by such a Y, as by
the largest z of a softmax, those that take Y stand for it.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nngen.catalogue import ACTIVATIONS, Activation
from nngen.plan import Plan, derivative_of, full_name
from nngen.typeset import (
    Call,
    Name,
    Node,
    Partial,
    Product,
    Rest,
    Sum,
    Symbol,
    Symbols,
    walk,
)

LOSS = "loss"

TERMS = 4
"""Terms of the rule that are named where the page's own line has not as many."""


@dataclass(frozen=True)
class ChainRule:
    """How the values of a page depend on one another."""

    takers: Mapping[str, Sequence[str]]
    """The names whose equations take a name, in the order of the page."""
    slopes: frozenset[str]
    """The names that the page has a derivative of the loss by."""
    activations: Mapping[str, str]
    """The activation of each unit that has one by itself."""
    fused: Mapping[str, Sequence[str]]
    """For each weighted sum at which loss and activation are one, the activations that take it."""

    def of(self, symbol: Symbol, symbols: Symbols, shown: Node, *, whole: bool) -> Node | None:
        """The chain rule for a derivative; None where it is none, or the loss takes its value directly.

        Args:
            symbol: the derivative.
            symbols: what names mean.
            shown: what the page says of it, as far as it is shown: the rule has the terms that this has, in its order.
            whole: whether the rule is written with all its terms, even where this has not as many.
        """
        if not symbol.slope:
            return None
        name = symbol.by.name
        found = list(self.fused.get(name) or self._through(name))
        if not found or LOSS in found:
            return None
        parts = [node.symbol.by.name for node in walk(shown) if isinstance(node, Name) and node.symbol.slope]
        named = [part for part in dict.fromkeys(parts) if part in found]
        others = [taker for taker in found if taker not in named]
        kept = named + (others if whole else others[: max(0, TERMS - len(named))])
        factors = [self._term(symbols(taker), symbol.by, alone=len(found) == 1) for taker in kept]
        rest = (Rest(len(found) - len(kept)),) if len(found) > len(kept) else ()
        terms = (*factors, *rest)
        return terms[0] if len(terms) == 1 else Sum(terms)

    def _through(self, name: str) -> Iterable[str]:
        """What takes a value, or stands for what takes it, once each."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for taker in self.takers.get(waiting.pop(0), ()):
                if taker == LOSS or taker in self.slopes:
                    found[taker] = None
                elif taker not in seen:
                    seen.add(taker)
                    waiting.append(taker)
        return found

    def _term(self, of: Symbol, by: Symbol, *, alone: bool) -> Node:
        slope = Name(Symbol(derivative_of(of.name), of.letter, of.indices, slope=True))
        activation = self.activations.get(of.indices[0]) if of.indices else None
        if activation and of.letter in ("a", "f") and by.letter in ("z", "s") and of.indices == by.indices:
            return Product((slope, Call(activation, (Name(by),), prime=True)))
        return Product((slope, Partial(of, by)))


def chain_rule(plan: Plan, statements: Iterable[ast.stmt], symbols: Symbols) -> ChainRule:
    """Read from the statements of a page's ``gradient`` how its values depend on one another."""
    takers: dict[str, dict[str, None]] = {}
    slopes: set[str] = set()
    for statement in statements:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            continue
        symbol = symbols(statement.targets[0].id)
        if symbol.slope:
            slopes.add(symbol.by.name)
            continue
        for node in ast.walk(statement.value) if not slopes else ():  # the way forward ends where derivatives begin
            if isinstance(node, ast.Name):
                takers.setdefault(node.id, {})[symbol.name] = None
    by_itself = {
        unit: layer.activation for layer in plan.layers for unit in layer.units if not _entry(layer.activation).across
    }
    output = plan.output
    fused: dict[str, Sequence[str]] = {}
    if output.fusion_reason and output.error and _entry(output.activation).learns:
        letter = output.error.name.removeprefix("d")
        for unit in output.units:
            fused[full_name(letter, unit)] = [full_name("a", unit)] if unit in by_itself else output.names("a")
    return ChainRule({name: tuple(found) for name, found in takers.items()}, frozenset(slopes), by_itself, fused)


def _entry(activation: str) -> Activation:
    """What the catalogue says of an activation; one of the user's own is a function of one number, as linear is."""
    return ACTIVATIONS.get(activation, ACTIVATIONS["linear"])
