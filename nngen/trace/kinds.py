"""The general equations of embeddings, and of layers that join others without weights."""

from collections.abc import Iterator, Mapping

from nngen.plan import PAIRS, Layer, Plan
from nngen.trace.terms import line, name, slope, symbol
from nngen.trace.worksheet import GENERAL, Line, Section
from nngen.translation import message
from nngen.typeset import Call, Name, Node, Product, Series, Sum, Symbols, read, replaced

NOTES: Mapping[str, str] = {
    "embedding": message("An embedding has a row for each id. The example selects row r."),
    "product": message("A product joins the values u and v of two sources, unit by unit."),
    "dot": message("A dot product is the sum of the products of the values u and v of two sources."),
    "add": message("An add layer is the sum of the values u of its sources s, unit by unit."),
    "ratio": message("A ratio divides the values u of a source by the values v of another, unit by unit."),
}

FORWARD: Mapping[str, str] = {
    "embedding": message("forward: an embedding"),
    "product": message("forward: a product"),
    "dot": message("forward: a dot product"),
    "add": message("forward: an add layer"),
    "ratio": message("forward: a ratio"),
}

BACK: Mapping[str, str] = {
    "product": message("back through a product"),
    "dot": message("back through a dot product"),
    "add": message("back through an add layer"),
    "ratio": message("back through a ratio"),
}

RETURNED = message("A unit gets as ∂loss/∂a what comes back for its value; if it feeds several units, their sum.")


def of(plan: Plan, kind: str) -> list[Layer]:
    """The layers of a kind."""
    return [layer for layer in plan.layers if layer.kind == kind]


def forward(plan: Plan) -> Iterator[Section]:
    """What each kind other than dense computes."""
    for kind, note in NOTES.items():
        layers = of(plan, kind)
        if layers:
            left = symbol("z") if kind == "dot" else symbol("z", "j")
            value, bias = _value(plan, kind), name("b", *left.indices)
            shown = line(left, Sum((bias, value)) if any(layer.biases for layer in layers) else value)
            yield Section(GENERAL, FORWARD[kind], "", (shown,), notes=(note,))


def backward(plan: Plan) -> Iterator[Section]:
    """What the kinds of a network return to their sources."""
    feeding = {layer.name for layer in plan.layers}
    for kind in BACK:
        if any(source.name in feeding for layer in of(plan, kind) for source in layer.sources):
            yield Section(GENERAL, BACK[kind], "", tuple(_returned(plan, kind)))
    if not all(layer.kind == "dense" for layer in plan.layers):
        value = Product((Name(slope("a", "j")), Call("f", (name("z", "j"),), prime=True)))
        shown = line(symbol("δ", "j"), Name(slope("z", "j")), value)
        yield Section(GENERAL, message("δ of a unit that gets ∂loss/∂a"), "", (shown,), notes=(RETURNED,))


def gradient(plan: Plan) -> Iterator[Line]:
    """The derivative by the row of an embedding."""
    if of(plan, "embedding"):
        yield line(slope("w", "j", "r"), name("δ", "j"))


def _value(plan: Plan, kind: str) -> Node:
    match kind:
        case "embedding":
            return name("w", "j", "r")
        case "add":
            return Series("s", name("u", "s", "j"))
        case "dot":
            return Series("j", _read(plan, PAIRS[kind].value, "j"))
    return _read(plan, PAIRS[kind].value, "j")


def _returned(plan: Plan, kind: str) -> Iterator[Line]:
    if kind == "add":
        yield line(slope("u", "s", "j"), name("δ", "j"))
        return
    unit = () if kind == "dot" else ("j",)
    yield line(slope("u", "j"), _read(plan, PAIRS[kind].by_u, *unit))
    yield line(slope("v", "j"), _read(plan, PAIRS[kind].by_v, *unit))


def _read(plan: Plan, formula: str, *unit: str) -> Node:
    """A formula of ``u``, ``v`` and ``dz``, with the index of the unit that ``dz`` belongs to."""
    named = {"u": name("u", "j"), "v": name("v", "j"), "dz": name("δ", *unit)}

    def changed(node: Node) -> Node | None:
        return named.get(node.symbol.name) if isinstance(node, Name) else None

    return replaced(read(formula, Symbols(plan)), changed)
