"""The chain rule behind each derivative of a page.

∂loss/∂X is the sum of ∂loss/∂Y · ∂Y/∂X over all values Y that are computed from X. The forward equations of the page
tell these values. If the page has no derivative with respect to such a Y, for example the largest z of a softmax,
the values computed from Y replace it.
"""

from collections.abc import Iterable, Sequence

from nngen.learning.trace.statements import WORDS, names_in, parsed, text_of
from nngen.learning.typeset import Symbol, Symbols, tree
from nngen.mathematics.catalogue import ACTIVATIONS, Activation
from nngen.plan import Plan, Scope, by_unit, derivative_of, equations, full_name

LOSS = "loss"

TERMS = 4
"""The number of terms that the rule shows if the equation of the page has fewer."""


class ChainRule:
    """The dependencies between the values of a page, by the equations of its plan."""

    def __init__(self, plan: Plan, symbols: Symbols) -> None:
        self.takers: dict[str, dict[str, None]] = {}  # for each name, those whose equations contain it, in their order
        self.slopes: set[str] = set()  # the names by which the page takes derivatives of the loss
        for section in by_unit(equations(plan, Scope.EXAMPLE), WORDS).gradient:
            for one in section.equations:
                symbol = symbols(one.name)
                if symbol.slope:
                    self.slopes.add(symbol.by.name)
                for name in names_in(parsed(text_of(one))) if not self.slopes else ():  # derivatives come last
                    self.takers.setdefault(name, {})[symbol.name] = None
        alone = [layer for layer in plan.layers if not _entry(layer.activation).across]  # one number for each unit
        self.activations = {unit: layer.activation for layer in alone for unit in layer.units}
        self.fused: dict[str, Sequence[str]] = {}  # for each weighted sum, the activations that depend on it
        output = plan.output
        if output.fusion_reason and output.error and _entry(output.activation).learns:
            name = output.error.name.removeprefix("d")
            each = {unit: [full_name("a", unit)] for unit in output.units if unit in self.activations}
            self.fused = {full_name(name, unit): each.get(unit, output.names("a")) for unit in output.units}

    def of(self, symbol: Symbol, symbols: Symbols, shown: tree.Node, *, whole: bool) -> tree.Node | None:
        """The chain rule for a derivative; None if there is none, or if the loss contains the value itself.

        Args:
            symbol: the derivative.
            symbols: the meanings of names.
            shown: the right side of its equation as shown. The rule has the same terms in the same order.
            whole: whether the rule shows all terms, even if ``shown`` has fewer.
        """
        if not symbol.slope:
            return None
        name = symbol.by.name
        takers = list(self.fused.get(name) or self._through(name))
        if not takers or LOSS in takers:
            return None
        parts = [one.by.name for one in tree.symbols(shown) if one.slope]
        named = [part for part in dict.fromkeys(parts) if part in takers]
        others = [taker for taker in takers if taker not in named]
        kept = named + (others if whole else others[: max(0, TERMS - len(named))])
        factors = [self._term(symbols(taker), symbol.by) for taker in kept]
        rest = (tree.Rest(len(takers) - len(kept)),) if len(takers) > len(kept) else ()
        terms = (*factors, *rest)
        return terms[0] if len(terms) == 1 else tree.Sum(terms)

    def _through(self, name: str) -> Iterable[str]:
        """The values that are computed from a value and have a derivative, each once."""
        takers: dict[str, None] = {}
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for taker in self.takers.get(waiting.pop(0), ()):
                if taker == LOSS or taker in self.slopes:
                    takers[taker] = None
                elif taker not in seen:
                    seen.add(taker)
                    waiting.append(taker)
        return takers

    def _term(self, of: Symbol, by: Symbol) -> tree.Node:
        slope = tree.Name(Symbol(derivative_of(of.name), of.base, of.indices, slope=True))
        activation = self.activations.get(of.indices[0]) if of.indices else None
        if activation and of.base in ("a", "f") and by.base in ("z", "s") and of.indices == by.indices:
            return tree.Product((slope, tree.Call(activation, (tree.Name(by),), prime=True)))
        return tree.Product((slope, tree.Partial(of, by)))


def _entry(activation: str) -> Activation:
    """The catalogue's entry of an activation. A custom one depends on one number, as linear does."""
    return ACTIVATIONS.get(activation, ACTIVATIONS["linear"])
