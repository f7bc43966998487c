"""The general equations of embeddings, and of layers that join others without weights."""

from collections.abc import Iterator

from nngen.common.messages import message
from nngen.learning.trace.worksheet import GENERAL, Line, Section, line
from nngen.learning.typeset import joined, joined_back, kinds_of, slope, symbol, tree
from nngen.plan import Plan

RETURNED = message("A unit gets as ∂loss/∂a what comes back for its value; if it feeds several units, their sum.")


def forward(plan: Plan) -> Iterator[Section]:
    """What each kind other than dense computes."""
    for kind in kinds_of(plan):
        if not kind.dense:
            shown = _embedding(plan) if kind.of_ids else _line(joined(plan, kind))
            yield Section(GENERAL, kind.says.forward, "", (shown,), notes=(kind.says.note,))


def backward(plan: Plan) -> Iterator[Section]:
    """What the kinds of a network return to their sources."""
    feeding = {layer.name for layer in plan.layers}
    for kind in kinds_of(plan):
        layers = [layer for layer in plan.layers if layer.kind == kind.name]
        if kind.slopes and any(source.name in feeding for layer in layers for source in layer.sources):
            yield Section(GENERAL, kind.says.back, "", tuple(map(_line, joined_back(plan, kind))))
    if not all(layer.dense for layer in plan.layers):
        value = tree.Product((tree.Name(slope("a", "j")), tree.Call("f", (tree.name("z", "j"),), prime=True)))
        shown = line(symbol("δ", "j"), tree.Name(slope("z", "j")), value)
        yield Section(GENERAL, message("δ of a unit that gets ∂loss/∂a"), "", (shown,), notes=(RETURNED,))


def gradient(plan: Plan) -> Iterator[Line]:
    """The derivative with respect to the row of an embedding."""
    if any(layer.embedding for layer in plan.layers):
        yield line(slope("w", "j", "r"), tree.name("δ", "j"))


def _embedding(plan: Plan) -> Line:
    row, biases = tree.name("w", "j", "r"), any(layer.biases for layer in plan.layers if layer.embedding)
    return line(symbol("z", "j"), tree.Sum((tree.name("b", "j"), row)) if biases else row)


def _line(equation: tree.Equation) -> Line:
    return line(equation.symbol, equation.value)
