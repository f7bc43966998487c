"""The general equations of the kinds of layers that join vectors, from their formulas."""

from collections.abc import Iterator

from nngen.learning.typeset.parse import read
from nngen.learning.typeset.symbols import Symbols, slope, symbol
from nngen.learning.typeset.tree import Equation, Name, Node, Series, Sum, replaced
from nngen.mathematics.catalogue import LayerKind
from nngen.plan import Plan


def joined(plan: Plan, kind: LayerKind) -> Equation:
    """What a kind computes, with biases if a layer of the network has them."""
    unit = _unit(kind)
    value = _read(plan, kind, kind.value)
    value = Series("j", value) if kind.over_units else Series("s", value) if kind.total else value
    biases = any(layer.biases for layer in plan.layers if layer.kind == kind.name)
    return Equation(symbol("z", *unit), Sum((Name(symbol("b", *unit)), value)) if biases else value)


def joined_back(plan: Plan, kind: LayerKind) -> Iterator[Equation]:
    """What a kind returns to its sources."""
    for letter, formula in zip("uv", kind.slopes, strict=False):
        indices = ("s", "j") if kind.total else ("j",)
        yield Equation(slope(letter, *indices), _read(plan, kind, formula))


def _unit(kind: LayerKind) -> tuple[str, ...]:
    return () if kind.over_units else ("j",)


def _read(plan: Plan, kind: LayerKind, formula: str) -> Node:
    """A formula of ``u``, ``v`` and ``dz``, with the indices of units, and of a source among many."""
    u = symbol("u", "s", "j") if kind.total else symbol("u", "j")
    named = {"u": u, "v": symbol("v", "j"), "dz": symbol("δ", *_unit(kind))}

    def changed(node: Node) -> Node | None:
        found = named.get(node.symbol.name) if isinstance(node, Name) else None
        return Name(found) if found else None

    return replaced(read(formula, Symbols(plan)), changed)
